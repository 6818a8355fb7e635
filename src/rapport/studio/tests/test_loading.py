"""What the editor reads from the database: what its page shows, however long a procedure's history is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.accounts import api as accounts
from rapport.procedures import api as procedures

pytestmark = pytest.mark.django_db

EDIT = "/settings/procedures/cancel_order/edit"
CHANGE = {"card": "slots/order", "#form": "1"}


@pytest.fixture
def browser() -> Client:
    template = procedures.find_template("cancel_order")
    assert template is not None
    for number in range(6):
        text = template.source.replace("Which order would you like to cancel?", f"Which one ({number})?", 1)
        procedures.publish(text, cases=template.cases)
    procedures.forget_book()
    client = Client()
    client.force_login(accounts.create_staff("r@example.com", "Robin", "administrator", "a-long-secret-42"))
    return client


def _texts_read(browser: Client, question: str) -> list[str]:
    """The statements of one change that read texts of versions."""
    with CaptureQueriesContext(connection) as seen:
        assert browser.post(f"{EDIT}/change", {**CHANGE, "ask/en": question}).status_code == 200
    return [q["sql"] for q in seen.captured_queries if '"procedures_procedureversion"."source"' in q["sql"]]


def test_a_change_of_the_draft_reads_no_text_of_any_version(browser: Client) -> None:
    browser.post(f"{EDIT}/change", {**CHANGE, "ask/en": "Which one shall go?"})
    procedures.load_book()
    assert _texts_read(browser, "Which one then?") == []


def test_versions_are_listed_without_their_texts_and_compared_with_them(browser: Client) -> None:
    procedures.load_book()
    with CaptureQueriesContext(connection) as seen:
        page = browser.get(f"{EDIT}/versions?from=2&to=4").content.decode()
    assert "Which one (1)?" in page
    assert "Which one (3)?" in page
    texts = [q for q in seen.captured_queries if '"procedures_procedureversion"."source"' in q["sql"]]
    assert len(texts) == 3, "the draft's, which is that in force, and the two that are compared"


def test_the_version_in_force_is_found_without_the_others(browser: Client) -> None:
    procedures.roll_back("cancel_order", 3)
    found = procedures.find_in_force("cancel_order")
    assert found is not None
    assert (found.version, found.is_published) == (3, True)
    assert found.digest == procedures.digest_of(procedures.read_version("cancel_order", 3))
    assert [v.version for v in procedures.list_versions("cancel_order")] == [6, 5, 4, 3, 2, 1]
    assert [v.version for v in procedures.list_versions("cancel_order") if v.is_published] == [3]
    procedures.withdraw("cancel_order")
    assert procedures.find_in_force("cancel_order") is None
