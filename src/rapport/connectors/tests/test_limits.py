"""Limits of actions: refused before the intent is written, counted with calls that were done or may have been."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from rapport.connectors import api as connectors
from rapport.connectors import services
from rapport.connectors.contracts import ActionLimits, ActionRequest, CallOutcome, JsonDict, Principal
from rapport.connectors.models import ActionCall
from rapport.kernel.clock import SteppedClock, use_clock
from rapport.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db

ANA, BOB = Principal("ana_1", "hmac"), Principal("bob_1", "hmac")
REFUND = "shop.cancel_order"


class Shop:
    """Does what it is told, and remembers it."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def call(self, _: str, __: JsonDict, ___: Principal | None, key: str) -> CallOutcome:
        self.keys.append(key)
        return CallOutcome(ok=True, data={"key": key})

    def find_outcome(self, _: str) -> None:
        return None


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop()
    monkeypatch.setattr(services, "shop", lambda: made)
    return made


def call(
    key: str, who: Principal = ANA, *, amount: float | None = None, approved: bool = False
) -> CallOutcome:
    request = ActionRequest(REFUND, {"order_id": "#W1"}, key, who, 7, "assistant", amount, approved)
    return connectors.perform(request)


def allow(**limits: object) -> None:
    connectors.save_limits(ActionLimits(REFUND, **limits))  # type: ignore[arg-type]


def test_without_limits_everything_is_done(shop: Shop) -> None:
    assert call("k1", amount=10_000).ok
    assert connectors.find_limits(REFUND) == ActionLimits(REFUND)


def test_more_than_the_largest_amount_is_refused_even_with_approval(shop: Shop) -> None:
    allow(max_amount=Decimal(100))
    assert call("k1", amount=100).ok
    assert call("k2", amount=100.01) == CallOutcome(
        ok=False, code="limit:amount", data={"limit": 100.0, "amount": 100.01}
    )
    assert call("k3", amount=-500, approved=True).code == "limit:amount"
    assert shop.keys == ["k1"]
    assert list(ActionCall.objects.values_list("key", flat=True)) == ["k1"]


def test_an_amount_nobody_knows_needs_approval(shop: Shop) -> None:
    allow(max_amount=Decimal(100))
    assert call("k1").code == "needs_approval"
    assert call("k2", amount=float("nan")).code == "needs_approval"
    assert call("k1", approved=True).ok


def test_calls_of_a_customer_are_counted_over_24_hours(shop: Shop) -> None:
    allow(per_customer_per_day=2)
    with use_clock(SteppedClock(dt.datetime(2026, 5, 20, 12, tzinfo=dt.UTC))):
        assert [call(f"k{n}").code for n in range(3)] == ["", "", "limit:customer_per_day"]
        assert call("b1", BOB).ok
    with use_clock(SteppedClock(dt.datetime(2026, 5, 21, 18, tzinfo=dt.UTC))):
        assert call("k9").ok


def test_calls_of_all_customers_are_counted(shop: Shop) -> None:
    allow(per_day=2)
    assert [call("a", ANA).code, call("b", BOB).code, call("c", BOB).code] == ["", "", "limit:per_day"]


def test_what_was_refused_by_the_shop_does_not_count(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(per_day=1)
    monkeypatch.setattr(shop, "call", lambda *_: CallOutcome(ok=False, code="order_not_pending"))
    assert call("a").code == "order_not_pending"
    monkeypatch.undo()
    monkeypatch.setattr(services, "shop", lambda: shop)
    assert call("b").ok


def test_a_call_repeated_with_its_key_is_not_counted_twice(shop: Shop) -> None:
    allow(per_day=1)
    assert call("a").data == call("a").data == {"key": "a"}
    assert shop.keys == ["a"]


def test_above_the_limit_a_person_must_say_yes(shop: Shop) -> None:
    allow(approve_above=Decimal(50), approve_team="care")
    assert call("small", amount=50).ok
    asked = call("large", amount=51)
    assert asked.code == "needs_approval"
    assert asked.data == {"action": REFUND, "title": "Cancel an order", "amount": 51.0, "team": "care"}
    assert call("large", amount=51, approved=True).ok


def test_a_revoked_action_is_not_done_and_not_read(shop: Shop) -> None:
    allow(is_revoked=True)
    connectors.save_limits(ActionLimits("shop.get_order", is_revoked=True))
    assert call("a", approved=True).code == "revoked"
    read = ActionRequest("shop.get_order", {"order_id": "#W1"}, "", ANA, 7, "assistant")
    assert connectors.perform(read).code == "revoked"
    assert shop.keys == []
    assert not ActionCall.objects.exists()


def test_an_action_revoked_after_a_crash_is_not_repeated(shop: Shop) -> None:
    ActionCall.objects.create(key="a", action=REFUND, customer_ref="ana_1", attempts=1)
    allow(is_revoked=True)
    assert call("a").code == "revoked"
    assert shop.keys == []
    assert ActionCall.objects.get().state == "refused"


@pytest.mark.parametrize(
    "wrong", [{"per_day": -1}, {"max_amount": Decimal(-1)}, {"approve_above": Decimal(10**9)}]
)
def test_limits_without_meaning_are_refused(db: None, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        allow(**wrong)
