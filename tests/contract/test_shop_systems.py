"""What every `ShopSystem` promises: the demonstration shop's adapter over HTTP, and the twin in memory."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from tests.acceptance.support.shop import SECRET, RunningShop

from rapport.connectors.contracts import ConnectorDown, Principal, ShopSystem
from rapport.connectors.kinds.shop.client import ShopClient
from rapport.connectors.kinds.shop.system import Shop
from rapport.testing.shop_twin import TwinShop

_KEYS = (f"contract-{n}" for n in itertools.count(1))


@dataclass
class Case:
    """A shop, one customer of it with a pending and a delivered order, and somebody else."""

    shop: ShopSystem
    me: Principal
    email: str
    pending: str
    delivered: str
    their_order: str
    dead: ShopSystem

    def order(self, order_id: str) -> dict[str, Any]:
        """An order of mine now."""
        return self.shop.call("shop.get_order", {"order_id": order_id}, self.me, "").data

    def returning(self, order_id: str) -> dict[str, Any]:
        """Arguments of returning everything in an order."""
        order = self.order(order_id)
        lines = [item["id"] for item in order["items"]]
        return {"order_id": order_id, "item_ids": lines, "payment_method_id": order["payment_method_id"]}


def demo_case(running: RunningShop) -> Case:
    sql = """
        SELECT customer_id FROM orders GROUP BY 1
        HAVING SUM(status = 'pending') = 1 AND SUM(status = 'delivered') > 0 ORDER BY 1
    """
    refs = [r["customer_id"] for r in running.rows(sql) if r["customer_id"] not in running._used]
    mine, theirs = running.find(refs[0]), running.find(refs[-1])
    running._used.add(mine.ref)
    return Case(
        Shop(ShopClient(running.url, SECRET)),
        Principal(mine.ref, "hmac"),
        mine.email,
        mine.order("pending").id,
        next(o.id for o in mine.orders if o.status == "delivered"),
        theirs.order("pending").id,
        Shop(ShopClient("http://127.0.0.1:9/api/v1", SECRET)),
    )


def twin_case() -> Case:
    shop = TwinShop()
    shop.add_customer("ada_1", "Ada Young", "ada@example.com")
    shop.add_customer("ben_2", "Ben Fox", "ben@example.com")
    shop.add_order("ada_1", "#W1000001", "delivered", ("Lamp", 10.0), ("Lamp", 10.0), ("Pan", 20.2))
    shop.add_order("ada_1", "#W1000002", "pending", ("Pan", 20.2))
    shop.add_order("ben_2", "#W1000003", "pending", ("Lamp", 10.0))
    dead = TwinShop(is_down=True)
    return Case(
        shop, Principal("ada_1", "hmac"), "ada@example.com", "#W1000002", "#W1000001", "#W1000003", dead
    )


@pytest.fixture(params=["demo", "twin"])
def case(request: pytest.FixtureRequest) -> Case:
    return twin_case() if request.param == "twin" else demo_case(request.getfixturevalue("shop"))


CUSTOMER_FIELDS = {
    "id", "name", "first_name", "last_name", "email", "language", "country", "address", "currency", "payment_methods",
}  # fmt: skip
ORDER_FIELDS = {
    "id", "status", "status_title", "total", "currency", "placed_at", "delivered_at", "promised_at", "item_count",
    "items", "payment_method_id", "payment_method", "address", "was_modified", "tracking_ids", "latest_event",
    "refunds", "has_claim",
}  # fmt: skip
ITEM_FIELDS = {"id", "variant_id", "product_id", "name", "title", "price", "currency", "options"}


def test_a_customer_is_found_by_reference_email_or_order_and_email(case: Case) -> None:
    found = case.shop.find_customer(customer_ref=case.me.customer_ref)
    assert found is not None
    assert set(found) == CUSTOMER_FIELDS
    assert found["id"] == case.me.customer_ref
    assert case.shop.find_customer(email=f" {case.email.upper()} ") == found
    assert case.shop.find_customer(order_id=case.pending, email=case.email.upper()) == found


@pytest.mark.parametrize(
    "wanted",
    [
        {"customer_ref": "nobody_1"},
        {"email": "nobody@example.com"},
        {"email": ""},
        {"order_id": "#W0000000", "email": "nobody@example.com"},
        {"order_id": "../customers", "email": "nobody@example.com"},
        {"order_id": "' OR 1=1 --", "email": "' OR 1=1 --"},
        {"customer_ref": "😀"},
        {"customer_ref": "../../healthz"},
    ],
)
def test_nobody_is_found_by_nonsense(case: Case, wanted: dict[str, str]) -> None:
    assert case.shop.find_customer(**wanted) is None


def test_a_customer_is_found_by_an_order_and_the_postal_code_it_goes_to(case: Case) -> None:
    found = case.shop.find_customer(customer_ref=case.me.customer_ref)
    assert found is not None
    code = found["address"]["zip"]
    assert case.shop.find_customer(order_id=case.pending, zip_code=f" {code} ") == found
    for other in ("00000", " ", "-"):
        assert case.shop.find_customer(order_id=case.pending, zip_code=other) is None
    assert case.shop.find_customer(order_id="#W0000000", zip_code=code) is None


def test_an_order_number_without_its_customer_s_email_finds_nobody(case: Case) -> None:
    for email in ("", "mallory@example.com"):
        assert case.shop.find_customer(order_id=case.pending, email=email) is None
    assert case.shop.find_customer(order_id=case.their_order, email=case.email) is None


@pytest.mark.parametrize(
    "number",
    [
        "../customers/{ref}",
        "x/../../customers/{ref}",
        "..%2fcustomers%2f{ref}",
        "../orders/{number}",
        "#{number}?language=cs",
        "{number}#",
        "..",
    ],
)
def test_an_order_number_cannot_lead_elsewhere_in_the_shop(case: Case, number: str) -> None:
    """Otherwise an e-mail address and a guess would be enough to be taken for a customer."""
    crafted = number.format(ref=case.me.customer_ref, number=case.pending.lstrip("#"))
    assert case.shop.find_customer(order_id=crafted, email=case.email) is None
    assert case.shop.call("shop.get_order", {"order_id": crafted}, case.me, "").code == "not_owner"


def test_own_orders_are_listed_and_nobody_else_s(case: Case) -> None:
    records = case.shop.list_records("shop.order", case.me, {})
    assert {case.pending, case.delivered} <= {r.value for r in records}
    assert case.their_order not in {r.value for r in records}
    for record in records:
        assert set(record.data) == ORDER_FIELDS
        assert (record.value, bool(record.title)) == (record.data["id"], True)
        assert record.value.lstrip("#") in record.aliases
        assert all(set(item) == ITEM_FIELDS for item in record.data["items"])


def test_items_of_own_orders_are_listed_and_nobody_else_s(case: Case) -> None:
    order = case.order(case.delivered)
    items = case.shop.list_records("shop.order_item", case.me, {"order": {"id": case.delivered}})
    assert [i.value for i in items] == [i["id"] for i in order["items"]]
    assert case.shop.list_records("shop.order_item", case.me, {"order": {"id": case.their_order}}) == []


def test_variants_belong_to_the_item_s_product(case: Case) -> None:
    item = case.order(case.delivered)["items"][0]
    variants = case.shop.list_records("shop.variant", case.me, {"item": item})
    assert item["variant_id"] in {v.value for v in variants}
    assert {v.data["product_id"] for v in variants} == {item["product_id"]}


def test_payment_methods_are_the_customer_s(case: Case) -> None:
    customer = case.shop.find_customer(customer_ref=case.me.customer_ref)
    assert customer is not None
    methods = case.shop.list_records("shop.payment_method", case.me, {})
    assert [m.value for m in methods] == [m["id"] for m in customer["payment_methods"]]
    assert case.shop.list_records("shop.payment_method", Principal("nobody_1", "hmac"), {}) == []


def test_reading_somebody_else_s_order_is_refused(case: Case) -> None:
    outcome = case.shop.call("shop.get_order", {"order_id": case.their_order}, case.me, "")
    assert (outcome.ok, outcome.code, outcome.data) == (False, "not_owner", {})


@pytest.mark.parametrize("action", ["cancel_order", "change_address", "return_items", "report_problem"])
def test_changing_somebody_else_s_order_is_refused_and_changes_nothing(case: Case, action: str) -> None:
    arguments = {
        "order_id": case.their_order,
        "reason": "no longer needed",
        "address": {"address1": "1 Mine Street", "city": "Mine", "zip": "1", "country": "GB"},
        "item_ids": ["1"],
        "payment_method_id": "card_1",
        "problem": "damaged",
        "description": "x",
        "remedy": "refund",
    }
    key = next(_KEYS)
    outcome = case.shop.call(f"shop.{action}", arguments, case.me, key)
    assert (outcome.ok, outcome.code) == (False, "not_owner")
    remembered = case.shop.find_outcome(key)
    assert remembered is None or not remembered.ok


def test_a_key_performs_once_and_is_remembered(case: Case) -> None:
    key, arguments = next(_KEYS), {"order_id": case.pending, "reason": "no longer needed"}
    assert case.shop.find_outcome(key) is None
    first = case.shop.call("shop.cancel_order", copy.deepcopy(arguments), case.me, key)
    assert first.ok
    assert set(first.data) == ORDER_FIELDS
    assert first.data["status"] == "cancelled"
    assert case.shop.call("shop.cancel_order", copy.deepcopy(arguments), case.me, key) == first
    assert case.shop.find_outcome(key) == first
    assert case.order(case.pending)["status"] == "cancelled"


def test_a_key_used_for_something_else_is_refused(case: Case) -> None:
    key = next(_KEYS)
    assert case.shop.call("shop.return_items", case.returning(case.delivered), case.me, key).ok
    outcome = case.shop.call(
        "shop.cancel_order", {"order_id": case.pending, "reason": "no longer needed"}, case.me, key
    )
    assert (outcome.ok, outcome.code) == (False, "idempotency_key_reused")
    assert case.order(case.pending)["status"] == "pending"


def test_refusals_name_their_rule_and_change_nothing(case: Case) -> None:
    cancel = {"order_id": case.delivered, "reason": "no longer needed"}
    before = case.order(case.delivered)
    assert case.shop.call("shop.cancel_order", cancel, case.me, next(_KEYS)).code == "order_not_pending"
    assert case.order(case.delivered) == before
    before = case.order(case.pending)
    returning = case.returning(case.pending)
    assert case.shop.call("shop.return_items", returning, case.me, next(_KEYS)).code == "order_not_delivered"
    assert case.order(case.pending) == before


def test_a_return_works_once_per_order(case: Case) -> None:
    arguments = case.returning(case.delivered)
    assert case.shop.call("shop.return_items", copy.deepcopy(arguments), case.me, next(_KEYS)).ok
    again = case.shop.call("shop.return_items", copy.deepcopy(arguments), case.me, next(_KEYS))
    assert (again.ok, case.order(case.delivered)["status"]) == (False, "return requested")


def test_a_claim_is_registered_on_the_order(case: Case) -> None:
    arguments = {
        "order_id": case.delivered,
        "item_ids": ["1"],
        "problem": "damaged",
        "description": "a crack",
        "remedy": "refund",
    }
    assert case.shop.call("shop.report_problem", arguments, case.me, next(_KEYS)).ok
    assert case.order(case.delivered)["has_claim"] is True


def test_an_address_is_changed_as_given(case: Case) -> None:
    address = {
        "address1": "7 Birch Road",
        "address2": "",
        "city": "Leeds",
        "country": "GB",
        "state": "",
        "zip": "LS1 4DY",
    }
    arguments = {"order_id": case.pending, "address": address}
    assert case.shop.call("shop.change_address", arguments, case.me, next(_KEYS)).ok
    assert case.order(case.pending)["address"] == address


def test_a_shop_that_does_not_answer_raises_connector_down(case: Case) -> None:
    for ask in (
        lambda: case.dead.find_customer(email=case.email),
        lambda: case.dead.list_records("shop.order", case.me, {}),
        lambda: case.dead.call("shop.get_order", {"order_id": case.pending}, case.me, ""),
        lambda: case.dead.find_outcome("x"),
    ):
        with pytest.raises(ConnectorDown):
            ask()


def test_a_lost_answer_is_settled_by_asking(case: Case, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The service's promise on top of the port: in doubt the system is asked, and nothing happens twice."""
    from rapport.connectors import services
    from rapport.connectors.models import ActionCall

    twin = twin_case().shop
    assert isinstance(twin, TwinShop)
    twin.lose_answers = 1
    monkeypatch.setattr(services, "shop", lambda: twin)
    me = Principal("ada_1", "hmac")
    for _ in range(2):
        outcome = services.call_action(
            "shop.cancel_order",
            {"order_id": "#W1000002", "reason": "no longer needed"},
            key="k1",
            principal=me,
            conversation_id=None,
            actor="assistant",
        )
        assert (outcome.ok, outcome.data["status"]) == (True, "cancelled")
    assert [(c.state, c.attempts) for c in ActionCall.objects.all()] == [("done", 1)]
    assert len(twin.operations) == 1
