"""Calls to connected systems: each effect once, intents and results on record, own records only."""

from __future__ import annotations

import datetime as dt
import json

import httpx2
import pytest

from rapport.connectors import api as connectors
from rapport.connectors import services
from rapport.connectors.contracts import Principal
from rapport.connectors.kinds.shop.client import ShopClient
from rapport.connectors.kinds.shop.system import Shop
from rapport.connectors.models import ActionCall
from rapport.kernel.clock import SteppedClock, use_clock

pytestmark = pytest.mark.django_db

ANA = Principal("ana_1", "hmac")
CUSTOMER = {
    "customer_id": "ana_1",
    "name": {"first_name": "Ana", "last_name": "Ruiz"},
    "email": "ana@example.com",
    "address": {
        "address1": "1 Way",
        "address2": "",
        "city": "Vigo",
        "country": "ES",
        "state": "",
        "zip": "1",
    },
    "payment_methods": [{"id": "card_1", "source": "credit_card", "brand": "visa", "last_four": "4242"}],
    "language": "es",
}


def _order(customer_id="ana_1", status="pending"):
    return {
        "order_id": "#W1",
        "customer_id": customer_id,
        "status": status,
        "display_status": status,
        "currency": "EUR",
        "total": 10.0,
        "address": CUSTOMER["address"],
        "items": [
            {
                "name": "Lamp",
                "product_id": "p",
                "item_id": "v1",
                "price": 10.0,
                "options": {},
                "display_name": "Lamp",
                "display_options": {},
            }
        ],
        "fulfillments": [],
        "payment_history": [],
        "payment_method_id": "card_1",
        "latest_carrier_event": None,
        "claims": [],
    }


class FakeShop:
    """A shop whose behaviour a test decides per path; remembers every write."""

    def __init__(self):
        self.order = _order()
        self.writes = []
        self.on_write = None
        self.operations = {}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path.startswith("/operations/"):
            known = self.operations.get(path.rsplit("/", 1)[-1])
            return httpx2.Response(200, json=known) if known else httpx2.Response(404, json={})
        if request.method != "GET":
            body = json.loads(request.content)
            self.writes.append((path, body, request.headers["Idempotency-Key"]))
            if self.on_write is not None:
                return self.on_write(request)
            return httpx2.Response(200, json={**self.order, "status": "cancelled"})
        if path.startswith("/customers/"):
            return httpx2.Response(200, json=CUSTOMER)
        return httpx2.Response(200, json=self.order)


@pytest.fixture
def shop(monkeypatch):
    fake = FakeShop()
    system = Shop(ShopClient("http://shop.test", "s", transport=httpx2.MockTransport(fake)))
    monkeypatch.setattr(services, "shop", lambda: system)
    return fake


def _cancel(key="k1", principal=ANA):
    arguments = {"order_id": "#W1", "reason": "no longer needed"}
    return connectors.call_action(
        "shop.cancel_order", arguments, key=key, principal=principal, conversation_id=None, actor="assistant"
    )


def test_an_action_leaves_an_intent_and_a_result(shop):
    outcome = _cancel()
    assert outcome.ok
    assert outcome.data["status"] == "cancelled"
    row = ActionCall.objects.get()
    assert (row.state, row.attempts, row.customer_ref) == ("done", 1, "ana_1")
    assert row.finished_at is not None


def test_the_same_key_acts_once_and_returns_the_stored_result(shop):
    first, again = _cancel(), _cancel()
    assert first.data == again.data
    assert len(shop.writes) == 1


def test_without_a_verified_customer_nothing_personal_happens(shop):
    assert _cancel(principal=None).code == "not_verified"
    assert _cancel(principal=Principal("", "none")).code == "not_verified"
    assert shop.writes == []
    assert ActionCall.objects.count() == 0


def test_another_customer_s_order_is_neither_shown_nor_touched(shop):
    shop.order = _order(customer_id="bob_2")
    assert _cancel().code == "not_owner"
    read = connectors.call_action(
        "shop.get_order", {"order_id": "#W1"}, key="r", principal=ANA, conversation_id=None, actor="assistant"
    )
    assert (read.ok, read.data) == (False, {})
    assert shop.writes == []


def test_a_refusal_names_the_rule_and_is_final(shop):
    shop.on_write = lambda r: httpx2.Response(
        409, json={"error": {"code": "order_not_pending", "message": "no"}}
    )
    assert _cancel().code == "order_not_pending"
    assert ActionCall.objects.get().state == "refused"
    assert _cancel().code == "order_not_pending"
    assert len(shop.writes) == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda r: httpx2.Response(500, text="boom"),
        lambda r: httpx2.Response(200, text="<html>not json</html>"),
        lambda r: (_ for _ in ()).throw(httpx2.ReadTimeout("slow")),
    ],
    ids=["500", "garbage", "time-out"],
)
def test_an_unclear_answer_is_cleared_up_by_asking_never_by_guessing(shop, answer):
    shop.on_write = answer
    assert _cancel().code == "unavailable"
    assert ActionCall.objects.get().state == "intended"
    shop.operations["k1"] = {
        "status_code": 200,
        "succeeded": True,
        "response": {**shop.order, "status": "cancelled"},
    }
    shop.on_write = None
    outcome = _cancel()
    assert (outcome.ok, outcome.data["id"]) == (True, "#W1")
    assert len(shop.writes) == 1, "the second attempt asked instead of acting again"


def test_an_unclear_call_that_never_happened_is_made_again(shop):
    shop.on_write = lambda r: httpx2.Response(500)
    _cancel()
    shop.on_write = None
    assert _cancel().ok
    assert len(shop.writes) == 2


def test_a_shop_that_is_down_is_unavailable(shop, monkeypatch):
    def refuse(_):
        raise httpx2.ConnectError("down")

    system = Shop(ShopClient("http://shop.test", "s", transport=httpx2.MockTransport(refuse)))
    monkeypatch.setattr(services, "shop", lambda: system)
    assert _cancel().code == "unavailable"
    with pytest.raises(connectors.ConnectorDown):
        connectors.find_shop_customer(email="ana@example.com")


def test_open_intents_are_settled_by_asking_the_system(shop):
    shop.on_write = lambda r: httpx2.Response(500)
    clock = SteppedClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with use_clock(clock):
        _cancel("k1")
        _cancel("k2")
        shop.operations["k1"] = {"status_code": 200, "succeeded": True, "response": shop.order}
        assert connectors.settle_open_intents() == 0
        clock.advance(dt.timedelta(minutes=2))
        assert connectors.settle_open_intents() == 2
    assert dict(ActionCall.objects.values_list("key", "state")) == {"k1": "done", "k2": "refused"}
    assert ActionCall.objects.get(key="k2").code == "never_happened"


def test_an_unknown_action_is_refused(shop):
    outcome = connectors.call_action(
        "shop.delete_everything", {}, key="k", principal=ANA, conversation_id=None, actor="assistant"
    )
    assert outcome.code == "unknown_action"


def test_order_number_and_email_must_belong_together(shop):
    assert connectors.find_shop_customer(order_id="#W1", email="ANA@example.com ")["id"] == "ana_1"
    assert connectors.find_shop_customer(order_id="#W1", email="bob@example.com") is None


def test_a_connector_s_secret_is_stored_sealed():
    connectors.save_connector("shop", "shop", "http://shop.test", "open sesame")
    from rapport.connectors.models import Connector

    row = Connector.objects.get()
    assert "open sesame" not in row.secret
    assert services.unseal(row.secret) == "open sesame"


def test_a_call_that_may_still_be_under_way_is_not_settled():
    steps = "go: {personal: false, steps: [{click: {button: Go}, commits: true}]}"
    given = {"base_url": "https://erp.example", "actions": steps, "timeout_s": "60"}
    connectors.connect_by_form("browser", "erp", given)
    clock = SteppedClock(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with use_clock(clock):
        ActionCall.objects.create(key="slow", action="erp.go", attempts=1, intended_at=clock.at)
        clock.advance(dt.timedelta(seconds=150))
        assert connectors.settle_open_intents() == 0
        clock.advance(dt.timedelta(seconds=60))
        assert connectors.settle_open_intents() == 1
    assert ActionCall.objects.get().code == "never_happened"
