"""Customers: who may look, what the profile shows, what a correction changes, and what is on record."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.accounts.models import AuditEntry
from rapport.conversations import api as conversations
from rapport.customers import api as customers
from rapport.desk import panels
from rapport.desk.contexts import OrdersContext
from rapport.desk.tests.conftest import Desk
from rapport.governance import api as governance

FORM = {"name": "Mia Berg", "email": "MIA@example.com ", "phone_number": "+49 30 123456", "language": "cs"}


@pytest.fixture
def mia(desk: Desk) -> int:
    """A customer with a conversation."""
    return desk.conversation("Mia Hoffmann").customer_id


def _pages(customer_id: int) -> list[str]:
    return ["/customers/", *(f"/customers/{customer_id}{rest}" for rest in ("", "/edit", "/orders"))]


def test_only_those_who_answer_customers_may_look(desk: Desk, mia: int, browser: Client) -> None:
    analyst = Client()
    analyst.force_login(desk.analyst)
    for path in _pages(mia):
        assert Client().get(path)["Location"].startswith("/sign-in?next=/customers/"), path
        assert analyst.get(path).status_code == 403, path
        assert browser.get(path).status_code == 200, path


@pytest.mark.parametrize("who", ["anonymous", "analyst"])
def test_nothing_changes_for_those_who_may_not(desk: Desk, mia: int, who: str) -> None:
    client = Client()
    if who == "analyst":
        client.force_login(desk.analyst)
    before = customers.find_customer(mia)
    answer = client.post(f"/customers/{mia}/edit", FORM)
    assert answer.status_code == (302 if who == "anonymous" else 403)
    assert customers.find_customer(mia) == before
    assert not AuditEntry.objects.filter(kind__startswith="customer_").exists()


def test_search_finds_parts_of_names_and_whole_identities(desk: Desk, browser: Client) -> None:
    otto = desk.conversation("Otto Юрьев").customer_id
    desk.conversation("Mia Hoffmann")
    customers.attach_identity(otto, "shop", "otto_77", verified_by="hmac")
    for query in ("otto", "юрьев", "otto_77"):
        text = browser.get("/customers/", {"q": query}).content.decode()
        assert ("Otto Юрьев" in text, "Mia Hoffmann" in text) == (True, False), query
    assert "Nobody found" in browser.get("/customers/", {"q": "otto_7"}).content.decode()


def test_pages_of_25(desk: Desk, browser: Client) -> None:
    for number in range(27):
        customers.create_customer(name=f"Customer {number:02d}")
    first = browser.get("/customers/").content.decode()
    second = browser.get("/customers/?page=2").content.decode()
    assert (first.count('class="row-link'), second.count('class="row-link')) == (25, 2)
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second
    assert 'rel="next"' not in second
    assert browser.get("/customers/?page=nonsense").status_code == 200
    assert "Nobody found" in browser.get("/customers/?page=99999").content.decode()


def test_the_profile_shows_what_is_known_and_who_looked_is_on_record(
    desk: Desk, mia: int, browser: Client
) -> None:
    customers.attach_identity(mia, "shop", "mia_12", verified_by="order_and_email")
    governance.record_consent(
        mia, "profiling", is_given=True, wording_version="2026-03", language="de", source="widget"
    )
    customers.add_timeline(mia, "order_returned", "Order #W1 returned", source="shop")
    text = browser.get(f"/customers/{mia}").content.decode()
    for part in ("mia_12", "order number and e-mail", "Personal profile", "2026-03", "Order #W1 returned"):
        assert part in text, part
    assert "/desk/conversations/1" in text
    entry = AuditEntry.objects.get(kind="customer_viewed")
    assert (entry.actor, entry.subject) == (desk.agent, f"customer:{mia}")


def test_a_merged_customer_leads_to_the_holder(desk: Desk, mia: int, browser: Client) -> None:
    customers.attach_identity(mia, "shop", "mia_12", verified_by="hmac")
    double = customers.create_customer(name="Mia again")
    customers.attach_identity(double, "shop", "mia_12", verified_by="hmac")
    assert browser.get(f"/customers/{double}")["Location"] == f"/customers/{mia}"
    assert browser.get("/customers/999999").status_code == 404


def test_orders_are_asked_for_the_verified_customer_of_the_shop_only(
    mia: int, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def list_records(_: str, principal: object, __: object) -> list[object]:
        asked.append(principal.customer_ref)  # type: ignore[attr-defined]
        return []

    monkeypatch.setattr(panels.connectors, "list_records", list_records)
    assert "once the customer is verified" in browser.get(f"/customers/{mia}/orders").content.decode()
    customers.attach_identity(mia, "shop", "mia_12", verified_by="hmac")
    assert "No orders in the shop" in browser.get(f"/customers/{mia}/orders").content.decode()
    assert asked == ["mia_12"]
    assert panels.orders_of("") == OrdersContext("unverified")


def test_a_correction_is_saved_shown_on_the_desk_and_on_record(desk: Desk, mia: int, browser: Client) -> None:
    answer = browser.post(f"/customers/{mia}/edit", {**FORM, "is_blocked": "1"})
    assert answer["Location"] == f"/customers/{mia}"
    found = customers.find_customer(mia)
    assert found is not None
    assert (found.name, found.email, found.language) == ("Mia Berg", "mia@example.com", "cs")
    assert (found.phone_number, found.is_blocked) == ("+49 30 123456", True)
    assert [c.customer_name for c in conversations.list_customer_conversations(mia)] == ["Mia Berg"]
    entry = AuditEntry.objects.get(kind="customer_changed")
    assert entry.detail == {
        "fields": ["email", "is_blocked", "language", "name", "phone_number"],
        "before": {"language": "de", "is_blocked": False},
        "after": {"language": "cs", "is_blocked": True},
    }
    browser.post(f"/customers/{mia}/edit", {**FORM, "is_blocked": "1"})
    assert AuditEntry.objects.filter(kind="customer_changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "not an address"), ("phone_number", "call me"), ("language", "tlh"), ("name", "x" * 201)],
)
def test_what_is_not_valid_is_refused_with_its_reason(
    mia: int, browser: Client, field: str, value: str
) -> None:
    before = customers.find_customer(mia)
    answer = browser.post(f"/customers/{mia}/edit", {**FORM, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()
    assert customers.find_customer(mia) == before
