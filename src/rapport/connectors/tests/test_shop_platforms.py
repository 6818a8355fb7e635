"""What every shop on a platform promises, held against small shops in memory that answer as the platforms document."""

from __future__ import annotations

import httpx2
import pytest

from rapport.connectors.contracts import ConnectorDown, Principal, RateLimited, UnknownOutcome
from rapport.connectors.kinds.shopify import system as shopify
from rapport.connectors.kinds.shopify.tests.fake_shop import FakeShopify
from rapport.connectors.kinds.woocommerce import system as woocommerce
from rapport.connectors.kinds.woocommerce.tests.fake_shop import FakeWoo
from rapport.connectors.selling.platform import NOT_OFFERED
from rapport.connectors.tests.opened_shop import ADA, ADDRESS, Opened
from rapport.kernel.errors import InvalidInput

BEN = Principal("8", "hmac")
OPENERS = {
    "woocommerce": (woocommerce, FakeWoo, "cs_b", {"base_url": "https://shop.example", "user": "ck_a"}),
    "shopify": (shopify, FakeShopify, "shpat_b", {"base_url": "https://ada.myshopify.com"}),
}


def open_shop(kind, **form):
    module, fake, secret, base = OPENERS[kind]
    return Opened(kind, module, fake(), secret, **{**base, **form})


@pytest.fixture(params=list(OPENERS))
def opened(request):
    return open_shop(request.param)


def test_a_customer_is_found_by_reference_email_or_order_and_email(opened):
    found = opened.shop.find_customer(customer_ref="7")
    assert (found["id"], found["name"], found["address"]["zip"]) == ("7", "Ada Young", "YO1 7")
    assert [m["kind"] for m in found["payment_methods"]] == ["credit_card"]
    assert opened.shop.find_customer(email=" ADA@shop.example ") == found
    assert opened.shop.find_customer(order_id="#501", email="ada@Shop.example") == found
    for wanted in (
        {"order_id": "503", "email": "ada@shop.example"}, {"order_id": "501"}, {"email": ""}, {"email": "a@shop.example"},
        {"customer_ref": "../../orders/501"}, {"customer_ref": "7?x"}, {"order_id": "../orders/501", "email": "ada@shop.example"},
        {"email": 'x" OR email:ada@shop.example'}, {"customer_ref": "email:"}, {"customer_ref": "9"},
    ):  # fmt: skip
        assert opened.shop.find_customer(**wanted) is None


def test_own_orders_have_the_shape_procedures_know(opened):
    records = opened.shop.list_records("shop.order", ADA, {})
    assert {r.value for r in records} == {"#501", "#502"}
    order = next(r for r in records if r.value == "#502").data
    assert (order["status"], order["status_title"], order["total"], order["currency"]) == (
        "delivered",
        "Delivered",
        12.0,
        "GBP",
    )
    assert [(i["id"], i["price"], i["variant_id"]) for i in order["items"]] == [
        ("12.1", 4.0, "301"), ("12.2", 4.0, "301"), ("12.3", 4.0, "301"),
    ]  # fmt: skip
    assert (order["tracking_ids"], order["payment_method"]["id"]) == (["PP7"], order["payment_method_id"])
    assert next(iter(order["items"][0]["options"].values())) == "black"
    outcome = opened.call("get_order", order_id="#502")
    assert outcome.data["shipments"][0]["tracking_id"] == "PP7"
    assert opened.shop.list_records("shop.order", Principal("", "none"), {}) == []
    assert {o["id"] for o in opened.call("list_orders").data["orders"]} == {"#501", "#502"}


def test_variants_and_products(opened):
    variants = opened.shop.list_records("shop.variant", ADA, {"item": {"product_id": "30"}})
    assert [(v.value, v.title, v.data["available"]) for v in variants] == [
        ("301", "black", True),
        ("302", "red", False),
    ]
    assert [p.title for p in opened.shop.list_records("shop.product", ADA, {})] == ["Lamp"]
    assert opened.call("find_product", query="30").data["products"][0]["variant_titles"] == ["black: £4.00"]
    assert opened.shop.list_records("shop.variant", ADA, {"item": {"product_id": "../orders"}}) == []


@pytest.mark.parametrize(
    "action", ["get_order", "cancel_order", "change_address", "refund_order", "refund_items", "return_items"]
)
def test_somebody_else_s_order_is_neither_shown_nor_touched(opened, action):
    outcome = opened.call(action, order_id="#503", address=ADDRESS, item_ids=["13.1"])
    assert (outcome.ok, outcome.code, outcome.data) == (False, "not_owner", {})
    assert opened.fake.writes == []


def test_an_order_is_cancelled_once_and_not_after_it_was_sent(opened):
    assert opened.shop.find_call("shop.cancel_order", {"order_id": "#501"}, ADA, "k1") is None
    assert (
        opened.call("cancel_order", order_id="#501", reason="no longer needed").data["status"] == "cancelled"
    )
    assert (
        opened.shop.find_call("shop.cancel_order", {"order_id": "#501"}, ADA, "k1").data["status"]
        == "cancelled"
    )
    assert opened.call("cancel_order", order_id="#501", key="k2").code == "order_not_pending"
    assert opened.call("cancel_order", order_id="#502", key="k3").code == "order_not_pending"
    assert len(opened.fake.writes) == 1


def test_an_address_is_changed_as_given(opened):
    assert opened.call("change_address", order_id="#501", address=ADDRESS).data["address"] == ADDRESS
    assert (
        opened.call("change_address", order_id="#502", address=ADDRESS, key="k2").code == "order_not_pending"
    )
    assert opened.shop.find_call(
        "shop.change_address", {"order_id": "#501", "address": ADDRESS}, ADA, "k1"
    ).ok
    assert opened.call("change_customer_address", address=ADDRESS).ok
    assert opened.shop.find_customer(customer_ref="7")["address"] == ADDRESS
    assert opened.shop.find_call("shop.change_customer_address", {"address": ADDRESS}, ADA, "k").ok
    if opened.kind == "shopify":
        kept = opened.fake.orders[9501]["note_attributes"]
        assert kept[0] == {"name": "gift", "value": "yes"}


def test_pieces_are_refunded_once(opened):
    order = opened.call("refund_items", order_id="#502", item_ids=["12.1", "12.2"]).data
    assert [r["amount"] for r in order["refunds"]] == [8.0]
    again = opened.call("refund_items", order_id="#502", item_ids=["12.1", "12.2"])
    assert (again.ok, len(opened.fake.writes)) == (True, 1)
    for items, code in ((["12.1", "12.3"], "already_refunded"), (["99.1"], "item_not_in_order"), ([], "item_not_in_order"),
                        (["12.3", "12.3"], "item_not_in_order")):  # fmt: skip
        assert opened.call("refund_items", order_id="#502", item_ids=items, key="k2").code == code
    assert [r["amount"] for r in opened.call("refund_order", order_id="#502", key="k3").data["refunds"]] == [
        8.0,
        4.0,
    ]
    assert opened.call("refund_order", order_id="#502", key="k4").code == "nothing_left_to_refund"
    assert len(opened.fake.writes) == 2


def test_a_return_goes_to_the_original_payment_only(opened):
    other = opened.call("return_items", order_id="#502", item_ids=["12.1"], payment_method_id="gift_1")
    assert other.code == "refund_to_original_only"
    assert opened.call("return_items", order_id="#501", item_ids=["11.1"]).code == "order_not_delivered"
    assert opened.fake.writes == []
    assert opened.call("return_items", order_id="#502", item_ids=["12.1"]).data["refunds"][0]["amount"] == 4.0


def test_a_lost_answer_of_a_refund_is_found_by_its_mark(opened):
    opened.fake.lose_answers = 1
    arguments = {"order_id": "#502", "item_ids": ["12.1"]}
    with pytest.raises(UnknownOutcome):
        opened.call("refund_items", **arguments)
    found = opened.shop.find_call("shop.refund_items", arguments, ADA, "k1")
    assert found.data["refunds"][0]["amount"] == 4.0
    assert opened.shop.find_call("shop.refund_items", arguments, ADA, "k2") is None
    assert opened.shop.find_call("shop.refund_items", arguments, BEN, "k1") is None
    assert len(opened.fake.writes) == 1
    with pytest.raises(UnknownOutcome):
        opened.shop.find_outcome("k1")


def test_what_the_platform_or_the_shop_does_not_allow_is_not_offered(opened):
    for action in NOT_OFFERED:
        assert opened.shop.call(action, {"order_id": "#501"}, ADA, "k").code == "not_offered"
        assert action not in {a.name for a in opened.shop.actions}
    careful = open_shop(opened.kind, refunds="no")
    for action in ("refund_order", "refund_items", "return_items"):
        assert careful.call(action, order_id="#502", item_ids=["12.1"]).code == "not_offered"
    assert careful.fake.writes == []


def test_a_busy_platform_is_asked_again_a_little_later(opened):
    answers = [httpx2.Response(429, headers={"Retry-After": "2"}), httpx2.Response(503)]
    opened.fake.trouble = lambda _: answers.pop(0) if answers else None
    assert opened.call("get_order", order_id="#501").ok
    assert opened.pauses == [2.0, 0.3]
    opened.fake.trouble = lambda _: httpx2.Response(429, headers={"Retry-After": "60"})
    with pytest.raises(RateLimited, match="60 s"):
        opened.call("get_order", order_id="#501")


def test_a_platform_that_fails_or_talks_nonsense_is_down(opened):
    for answer in (
        httpx2.Response(500),
        httpx2.Response(401),
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json={}),
    ):
        opened.fake.trouble = lambda _, answer=answer: answer
        with pytest.raises(ConnectorDown):
            opened.shop.list_records("shop.order", ADA, {})


def test_a_change_without_key_of_its_own_is_not_repeated_but_a_put_is(opened):
    def failing(request):
        return (
            httpx2.Response(502) if request.method != "GET" and "calculate" not in request.url.path else None
        )

    opened.fake.trouble = failing
    with pytest.raises(UnknownOutcome):
        opened.call("refund_items", order_id="#502", item_ids=["12.1"])
    assert opened.pauses == []
    with pytest.raises(UnknownOutcome):
        opened.call("change_address", order_id="#501", address=ADDRESS)
    assert opened.pauses == [0.3, 0.3]


def test_a_refusal_of_the_platform_is_named(opened):
    body = (
        {"code": "woocommerce_rest_cannot_edit", "message": "No."}
        if opened.kind == "woocommerce"
        else {"errors": {"base": ["No."]}}
    )
    opened.fake.trouble = lambda r: httpx2.Response(422, json=body) if r.method == "PUT" else None
    outcome = opened.call("change_address", order_id="#501", address=ADDRESS)
    assert outcome.code == ("woocommerce_rest_cannot_edit" if opened.kind == "woocommerce" else "http_422")
    assert "No." in outcome.message


def test_pages_are_followed_on_the_same_host_only(opened):
    pages = []

    def answer(request):
        pages.append(str(request.url))
        items = [] if opened.kind == "woocommerce" else {"orders": []}
        if len(pages) == 1:
            whole = opened.fake._read(["orders"], {"customer": "7", "customer_id": "7"})
            base = str(request.url).split("?")[0]
            return httpx2.Response(
                200,
                content=whole.content,
                headers={"Link": f'<{base}?page=0>; rel="previous", <{base}?page=2>; rel="next"'},
            )
        return httpx2.Response(200, json=items)

    opened.fake.trouble = answer
    assert len(opened.shop.list_records("shop.order", ADA, {})) == 2
    assert pages[1].endswith("?page=2")

    def elsewhere(request):
        whole = opened.fake._read(["orders"], {"customer": "7", "customer_id": "7"})
        return httpx2.Response(
            200, content=whole.content, headers={"Link": '<https://evil.example/x>; rel="next"'}
        )

    opened.fake.trouble = elsewhere
    with pytest.raises(ConnectorDown):
        opened.shop.list_records("shop.order", ADA, {})


@pytest.mark.parametrize("kind", list(OPENERS))
@pytest.mark.parametrize(
    "changes", [{"base_url": "http://shop.example"}, {"currency": "euro"}, {"refunds": "maybe"}]
)
def test_what_cannot_work_is_refused_when_entered(kind, changes):
    module, _, _, base = OPENERS[kind]
    with pytest.raises(InvalidInput):
        module.compose("shop", {**base, **changes})


@pytest.mark.django_db
def test_a_call_through_the_house_is_settled_by_the_order_s_mark(opened, monkeypatch):
    from rapport.connectors import services, shops
    from rapport.connectors.models import ActionCall

    services.save_connector("shop", opened.kind, "https://shop.example", "x", {"currency": "GBP"})
    monkeypatch.setitem(shops.PLATFORMS, opened.kind, lambda *_: opened.shop)
    shops._open_platform.cache_clear()
    opened.fake.lose_answers = 1

    def refund():
        return services.call_action(
            "shop.refund_items", {"order_id": "#502", "item_ids": ["12.1"]}, key="k1", principal=ADA, conversation_id=None,
            actor="assistant",
        )  # fmt: skip

    assert refund().data["refunds"][0]["amount"] == 4.0
    assert refund().ok
    assert (len(opened.fake.writes), ActionCall.objects.get().state) == (1, "done")
    names = {action.name for action in services.list_actions()}
    assert {"shop.refund_items", "shop.exchange_items"} & names == {"shop.refund_items"}
    assert services.check_connector("shop") == "1 products"
    exchange = services.call_action(
        "shop.exchange_items",
        {"order_id": "#502"},
        key="k2",
        principal=ADA,
        conversation_id=None,
        actor="assistant",
    )
    assert exchange.code == "not_offered"
    shops._open_platform.cache_clear()
