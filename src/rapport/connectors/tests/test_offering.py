"""Systems connected by filling in a form; the examples of the how-to pages are such forms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from rapport.connectors import api as connectors
from rapport.connectors.forms import FIELD_KINDS
from rapport.connectors.kinds.sql.statements import read_queries
from rapport.kernel.errors import InvalidInput

HOWTO = Path(__file__).parents[4] / "docs" / "howto"
PAGES = {
    "table": "connect-a-table.md",
    "mail": "send-a-mail-as-an-action.md",
    "sql": "query-a-database.md",
    "case": "open-cases.md",
    "document": "fill-documents.md",
    "file_drop": "drop-files.md",
    "browser": "robotic-steps.md",
    "woocommerce": "connect-woocommerce-or-shopify.md",
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(PAGES))
def test_the_example_of_the_page_connects_a_system(kind, tmp_path):
    block = re.findall(r"```yaml\n(.*?)```", (HOWTO / PAGES[kind]).read_text(encoding="utf-8"), re.DOTALL)[0]
    given = yaml.safe_load(re.sub(r"/srv/\w+", str(tmp_path), block))
    key = {"woocommerce": "shop", "case": "case"}.get(kind, "letter")
    assert set(given) <= {field.name for field in connectors.FORMS[kind].fields}
    connectors.connect_by_form(kind, key, {**given, "secret": "s"})
    info = connectors.find_connector(key)
    assert (info.kind, info.has_secret, info.base_url) == (kind, True, given.get("base_url", ""))
    assert any(action.name.startswith(f"{key}.") for action in connectors.list_actions())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "key"), [("table", "shop"), ("woocommerce", "woo"), ("shop", "shop"), ("case", "Case")]
)
def test_a_kind_has_its_place(kind, key):
    with pytest.raises(InvalidInput):
        connectors.connect_by_form(
            kind, key, {"base_url": "https://shop.example", "user": "ck_a", "sinks": "default: ticket"}
        )
    assert connectors.list_connectors() == []


ROUTINES = """
note:
  effect: read
  personal: false
  steps:
    - open: /
    - read: {css: h1, into: note}
"""


@pytest.mark.django_db
def test_a_password_is_entered_again_before_it_may_go_to_another_host():
    given = {"base_url": "https://erp.example", "actions": ROUTINES, "user": "robot"}
    connectors.connect_by_form("browser", "erp", {**given, "secret": "s"})
    for change in ({"base_url": "https://other.example"}, {"hosts": "other.example"}):
        with pytest.raises(InvalidInput) as refusal:
            connectors.connect_by_form("browser", "erp", {**given, **change})
        assert refusal.value.facts == {"field": "secret"}
    connectors.connect_by_form("browser", "erp", {**given, "user": "walker"})
    connectors.connect_by_form("browser", "erp", {**given, "hosts": "other.example", "secret": "s"})
    assert connectors.find_connector("erp").settings["form"]["hosts"] == "other.example"


@pytest.mark.parametrize(
    "text", ["a: [", "day: 2026-02-30", "[" * 5000, "", "- a", "{}", "{a: {b: &c [*c]}}"]
)
def test_what_is_no_entry_by_name_is_refused_in_words(text):
    with pytest.raises(InvalidInput) as refusal:
        read_queries(text)
    assert refusal.value.facts == {"field": "queries"}


def test_every_form_can_be_shown_by_any_page():
    for form in connectors.FORMS.values():
        assert all(field.kind in FIELD_KINDS and field.label for field in form.fields)
        assert all(field.choices for field in form.fields if field.kind == "choice")
