"""Settings: systems connected by a form."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import AuditEntry
from rapport.connectors import api as connectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(accounts.create_staff("admin@example.com", "Robin Keller", "administrator"))
    return client


@pytest.fixture
def table(tmp_path: Path) -> dict[str, str]:
    return {"place": "csv", "folder": str(tmp_path), "file": "cases.csv", "columns": "order_id\r\nsummary"}


def test_an_argument_named_items_can_be_given_too(browser: Client) -> None:
    browser.post(
        "/settings/systems/new/document", {"key": "papers", "shop": "Lamp Shop", "shipped": "return_label"}
    )
    trial = "/settings/systems/papers/actions/papers.return_label/try"
    page = browser.get(trial).content.decode()
    assert [name in page for name in ("argument-order", "argument-items", "argument-address")] == [True] * 3


def test_a_document_that_was_tried_can_be_looked_at(browser: Client, settings: Any, tmp_path: Path) -> None:
    settings.CALL_FILES_DIR = tmp_path
    browser.post(
        "/settings/systems/new/document", {"key": "papers", "shop": "Lamp Shop", "shipped": "return_label"}
    )
    trial = "/settings/systems/papers/actions/papers.return_label/try"
    given = {"argument-order": '{"id": "#W1"}', "customer_ref": "ana", "move": "dry"}
    page = browser.post(trial, given).content.decode()
    (address,) = re.findall(r'href="(/settings/systems/trial-files/[^"]+)"', page)
    answer = browser.get(address)
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer.content.startswith(b"%PDF")
    assert browser.get(address[:-3] + "xxx").status_code == 404
    assert Client().get(address).status_code == 302


def test_every_kind_is_offered_and_has_its_form(browser: Client) -> None:
    listed = browser.get("/settings/systems/").content.decode()
    for kind, form in connectors.FORMS.items():
        assert f"/settings/systems/new/{kind}" in listed
        page = browser.get(f"/settings/systems/new/{kind}").content.decode()
        assert form.description in page
        assert all(f'name="{field.name}"' in page for field in form.fields), kind
    assert browser.get("/settings/systems/new/abacus").status_code == 404


def test_a_table_is_connected_tested_changed_and_removed(
    browser: Client, table: dict[str, str], tmp_path: Path
) -> None:
    answer = browser.post("/settings/systems/new/table", {**table, "key": "cases"})
    assert (answer.status_code, answer["Location"]) == (302, "/settings/systems/cases/form")
    page = browser.get("/settings/systems/cases/form").content.decode()
    assert "cases.append_row" in page
    assert "cases" in browser.get("/settings/systems/").content.decode()
    assert (
        "notice-bad"
        not in browser.post("/settings/systems/cases/test", headers={"HX-Request": "true"}).content.decode()
    )

    trial = "/settings/systems/cases/actions/cases.append_row/try"
    assert "argument-summary" in browser.get(trial).content.decode()
    done = browser.post(
        trial, {"argument-order_id": "#W1", "argument-summary": "Broken", "is_confirmed": "1"}
    )
    assert "Done" in done.content.decode()
    assert '"#W1","Broken"' in (tmp_path / "cases.csv").read_text(encoding="utf-8")

    browser.post("/settings/systems/cases/form", {**table, "columns": "order_id"})
    (action,) = connectors.list_declared("cases").values()
    assert action.arguments == ("order_id",)
    assert AuditEntry.objects.filter(subject="connector:cases").count() == 2
    browser.post("/settings/systems/cases/remove")
    assert connectors.find_connector("cases") is None


def test_what_does_not_fit_is_said_and_nothing_is_kept(browser: Client, table: dict[str, str]) -> None:
    wrong = browser.post("/settings/systems/new/table", {**table, "key": "cases", "folder": "somewhere"})
    assert wrong.status_code == 422
    assert "A folder that exists" in wrong.content.decode()
    assert "somewhere" in wrong.content.decode()
    for key in ("shop", "Cases", ""):
        assert browser.post("/settings/systems/new/table", {**table, "key": key}).status_code == 422
    browser.post("/settings/systems/new/table", {**table, "key": "cases"})
    again = browser.post("/settings/systems/new/table", {**table, "key": "cases"})
    assert "exists" in again.content.decode()


def test_a_secret_is_never_shown_again(browser: Client) -> None:
    browser.post(
        "/settings/systems/new/woocommerce",
        {"key": "shop", "base_url": "https://shop.example", "secret": "ck_1:cs_very_secret"},
    )
    page = browser.get("/settings/systems/shop/form")
    assert "very_secret" not in page.content.decode()


def test_only_who_configures_may(browser: Client) -> None:
    agent = Client()
    agent.force_login(accounts.create_staff("agent@example.com", "Ada Agent", "agent"))
    assert agent.get("/settings/systems/new/table").status_code == 403
    assert agent.post("/settings/systems/new/table").status_code == 403


def test_a_refusal_speaks_the_readers_language(browser: Client) -> None:
    given = {"key": "sheet", "place": "csv", "folder": "relative", "file": "rows.csv", "columns": "one"}
    page = browser.post("/settings/systems/new/table", given, headers={"accept-language": "de"})
    assert page.status_code == 422
    assert "Ein vorhandener Ordner mit vollem Pfad." in page.content.decode()
