"""The editor's pages: the draft is changed, taken back, tried, tested and published; nothing reaches customers before."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import User
from rapport.procedures import api as procedures
from rapport.studio.models import Draft
from rapport.studio.queries import find_draft

pytestmark = pytest.mark.django_db

EDIT = "/settings/procedures/cancel_order/edit"


@pytest.fixture(autouse=True)
def published() -> None:
    for template in procedures.list_templates():
        if template.name in ("cancel_order", "order_status", "refund_status", "return_items"):
            procedures.publish(template.source, cases=template.cases)
    procedures.forget_book()


def _client(role: str, name: str = "Robin Keller") -> tuple[Client, User]:
    user = accounts.create_staff(f"{role}-{name[0]}@example.com".lower(), name, role, "a-long-enough-secret")
    client = Client()
    client.force_login(user)
    return client, user


@pytest.fixture
def admin() -> tuple[Client, User]:
    return _client("administrator")


def _draft(user: User):
    found = find_draft(user.pk, "cancel_order")
    assert found is not None
    return found


def test_the_flow_shows_every_card_in_plain_words(admin):
    browser, _user = admin
    page = browser.get(EDIT).content.decode()
    assert "Which order would you like to cancel?" in page
    assert "only where order › status is “pending”" in page
    assert "Go on only if reason is not “other”" in page
    assert "Draft saved" not in page
    assert Draft.objects.count() == 0


def test_every_card_has_a_form(admin):
    browser, _user = admin
    for path in (
        "",
        "slots/order",
        "slots/reason",
        "let/item_titles",
        "rules/0",
        "confirm",
        "do/0",
        "done/0",
        "done/1",
    ):
        answer = browser.get(f"{EDIT}/form?card={path}")
        assert answer.status_code == 200, path
        assert 'id="card-form"' in answer.content.decode(), path


def test_a_changed_text_is_kept_as_a_draft_and_can_be_taken_back(admin):
    browser, user = admin
    before = _draft(user).source
    form = {"card": "slots/order", "#form": "1", "ask/en": "Which one shall go?"}
    answer = browser.post(f"{EDIT}/change", form)
    assert answer["HX-Trigger"] == "draft-changed"
    assert "Which one shall go?" in answer.content.decode()
    changed = _draft(user).source
    assert changed == before.replace("Which order would you like to cancel?", "Which one shall go?", 1)
    assert (
        procedures.load_book()["cancel_order"].slot("order").ask["en"]
        == "Which order would you like to cancel?"
    )
    browser.post(f"{EDIT}/step", {"do": "undo"})
    assert _draft(user).source == before
    browser.post(f"{EDIT}/step", {"do": "redo"})
    assert _draft(user).source == changed


def test_saving_a_form_as_it_is_shown_changes_nothing(admin):
    """Whatever a card's form shows is what the document says: sent back untouched, no byte changes."""
    browser, user = admin
    before = _draft(user).source
    for path in (
        "",
        "slots/order",
        "slots/reason",
        "let/item_titles",
        "rules/0",
        "confirm",
        "do/0",
        "done/0",
        "done/1",
        "offer",
    ):
        page = browser.get(f"{EDIT}/form?card={path}").content.decode()
        browser.post(f"{EDIT}/change", _fields(page))
        assert _draft(user).source == before, path


def _fields(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form."""
    from html.parser import HTMLParser

    found: dict[str, list[str]] = {}

    class Reader(HTMLParser):
        area: str | None = None
        select: str | None = None

        def handle_starttag(self, tag, attributes):
            given = dict(attributes)
            name = given.get("name")
            if tag == "input" and name:
                is_box = given.get("type") == "checkbox"
                if not is_box or "checked" in given:
                    found.setdefault(name, []).append(given.get("value") or "")
            elif tag == "textarea":
                self.area = name
                found.setdefault(name, []).append("")
            elif tag == "select":
                self.select = name
            elif tag == "option" and self.select and ("selected" in given or self.select not in found):
                found[self.select] = [given.get("value") or ""]

        def handle_endtag(self, tag):
            if tag == "textarea":
                self.area = None
            elif tag == "select":
                self.select = None

        def handle_data(self, data):
            if self.area:
                found[self.area][-1] += data

    Reader().feed(page)
    return found
