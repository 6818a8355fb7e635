"""The shop's services over HTTP: records in the customer's language, each write once, nobody else's things."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from tests.acceptance.support.shop import SECRET, RunningShop

from rapport.connectors.contracts import ActionEffect, Principal
from rapport.connectors.kinds.shop.client import ShopClient
from rapport.connectors.kinds.shop.services import OPERATIONS, RECORD_TYPES, SERVICE_ACTIONS
from rapport.connectors.kinds.shop.system import Shop
from rapport.kernel.languages import LANGUAGES

_KEYS = (f"service-{n}" for n in itertools.count(1))


@pytest.fixture(scope="module")
def system(shop: RunningShop) -> Shop:
    return Shop(ShopClient(shop.url, SECRET))


@pytest.fixture(scope="module")
def me(shop: RunningShop) -> Principal:
    """A showcase customer: the one with something of everything."""
    ids = json.loads(shop.rows("SELECT value FROM meta WHERE key = 'showcase'")[0]["value"])
    return Principal(ids[1], "hmac", "de")


@pytest.fixture(scope="module")
def other(shop: RunningShop) -> Principal:
    rows = shop.rows("SELECT customer_id FROM customer ORDER BY position DESC LIMIT 1")
    return Principal(rows[0]["customer_id"], "hmac", "en")


def call(system: Shop, action: str, principal: Principal, **arguments: Any):
    return system.call(action, arguments, principal, next(_KEYS))


@pytest.mark.parametrize("type_", RECORD_TYPES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_is_listed_in_every_language(
    system: Shop, me: Principal, type_: str, language: str
) -> None:
    principal = Principal(me.customer_ref, me.method, language)
    appointments = system.list_records("shop.appointment", principal, {})
    of = {"appointment": appointments[0].data} if type_ == "shop.delivery_window" else {}
    found = system.list_records(type_, principal, of)
    assert found, type_
    for record in found:
        assert record.title
        assert record.data["id"] == record.value
    assert len({record.value for record in found}) == len(found)


@pytest.mark.parametrize("type_", sorted(set(RECORD_TYPES) - {"shop.category", "shop.callback_window"}))
def test_a_stranger_has_none(system: Shop, type_: str) -> None:
    for reference in ("", "nobody_1", "../orders"):
        assert system.list_records(type_, Principal(reference, "test"), {"order": {"id": "#W1"}}) == []


def test_windows_of_another_s_order_are_not_shown(system: Shop, me: Principal, other: Principal) -> None:
    mine = system.list_records("shop.appointment", me, {})[0].data
    assert system.list_records("shop.delivery_window", me, {"appointment": mine})
    assert system.list_records("shop.delivery_window", other, {"appointment": mine}) == []


def test_titles_are_in_the_customer_s_language(system: Shop, me: Principal) -> None:
    subscription = system.list_records("shop.subscription", me, {})[0]
    assert subscription.data["rhythm"] == "alle 30 Tage"
    reward = system.list_records("shop.reward", me, {})[0]
    assert (reward.title, reward.description) == ("100 Punkte", "5,00\N{NO-BREAK SPACE}€")
    categories = {r.value: r.title for r in system.list_records("shop.category", me, {})}
    assert categories["lighting"] == "Beleuchtung"


def test_a_write_happens_once_per_key_and_is_found_again(system: Shop, me: Principal) -> None:
    issued = next(r for r in system.list_records("shop.invoice", me, {}) if r.data["is_issued"])
    arguments = {"order_id": issued.value, "delivery": "link"}
    first = system.call("shop.send_invoice", arguments, me, "invoice-1")
    assert first.ok
    assert first.data["link"].endswith(first.data["path"])
    assert system.call("shop.send_invoice", arguments, me, "invoice-1") == first
    assert system.find_outcome("invoice-1") == first
    assert system.find_outcome("invoice-2") is None


def test_what_is_not_theirs_is_refused(system: Shop, me: Principal, other: Principal) -> None:
    invoice = next(r for r in system.list_records("shop.invoice", me, {}) if r.data["is_issued"])
    item = system.list_records("shop.warranty_item", me, {})[0].data
    subscription = system.list_records("shop.subscription", me, {})[0]
    attempts = (
        ("shop.send_invoice", {"order_id": invoice.value, "delivery": "email"}),
        ("shop.make_payment_link", {"order_id": invoice.value}),
        ("shop.claim_warranty", {**item, "fault": "noise", "description": "-"}),
        ("shop.book_appointment", {"order_id": invoice.value, "starts_at": "2026-05-22T08:00:00Z"}),
        ("shop.skip_delivery", {"subscription_id": subscription.value}),
    )
    for action, given in attempts:
        wanted = {name: given[name] for name in OPERATIONS[action].arguments}
        assert call(system, action, other, **wanted).code == "not_owner", action


def test_ids_from_outside_never_lead_elsewhere(system: Shop, me: Principal) -> None:
    for evil in ("../customers", "S1/../../x", "?x=1", "#W1 OR 1=1"):
        skipped = call(system, "shop.skip_delivery", me, subscription_id=evil)
        assert skipped.code in {"subscription_not_found", "not_found"}
        linked = call(system, "shop.make_payment_link", me, order_id=evil)
        assert linked.code in {"order_not_found", "not_found"}


def test_points_become_a_card(system: Shop, me: Principal) -> None:
    before = system.call("shop.get_loyalty", {}, me, "").data["points"]
    done = call(system, "shop.redeem_points", me, points=100.0)
    assert (done.data["points_left"], done.data["amount"]) == (before - 100, 5.0)
    assert call(system, "shop.redeem_points", me, points=100_000.0).code == "points_not_enough"


def test_searching_needs_nobody(system: Shop) -> None:
    found = system.call("shop.search_products", {"category": "lighting", "max_price": 60.0}, None, "").data
    assert found["count"] == len(found["products"]) > 0
    assert {p["category"] for p in found["products"]} == {"lighting"}


def test_effects_are_declared() -> None:
    effects = {action.name: action.effect for action in SERVICE_ACTIONS}
    assert effects["shop.redeem_points"] is ActionEffect.MONEY
    assert effects["shop.get_loyalty"] is ActionEffect.READ
    assert all(action.is_personal for action in SERVICE_ACTIONS if action.name != "shop.search_products")
