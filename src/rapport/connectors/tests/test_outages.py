"""Connected systems that are away: calls fail at once, a probe finds them back, and no effect comes twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import httpx2
import pytest
from django.core import mail

from rapport.accounts.models import Role, User
from rapport.connectors import api as connectors
from rapport.connectors import outages, services
from rapport.connectors.contracts import (
    ActionRequest,
    CallOutcome,
    ConnectorDown,
    Principal,
    RateLimited,
    Thresholds,
)
from rapport.connectors.jobs import run_probe
from rapport.connectors.kinds.shop.client import ShopClient
from rapport.connectors.kinds.shop.system import Shop
from rapport.connectors.models import ActionCall, Outage
from rapport.connectors.tests.test_calls import FakeShop
from rapport.kernel.clock import SteppedClock, use_clock

pytestmark = pytest.mark.django_db
ANA = Principal("ana_1", "hmac")
START = dt.datetime(2026, 11, 20, 10, 5, tzinfo=dt.UTC)


@pytest.fixture
def clock(settings: object) -> Iterator[SteppedClock]:
    settings.SYSTEM_THRESHOLDS = Thresholds(failures=3, pause_s=30, slow_s=4, alarm_s=600)  # type: ignore[attr-defined]
    stepped = SteppedClock(START)
    with use_clock(stepped):
        yield stepped


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, clock: SteppedClock) -> FakeShop:
    fake = FakeShop()  # type: ignore[no-untyped-call]
    system = Shop(ShopClient("http://shop.test", "s", transport=httpx2.MockTransport(fake)))
    connectors.save_connector("shop", "shop", "http://shop.test", "s")
    monkeypatch.setattr(services, "shop", lambda: system)
    monkeypatch.setattr(services, "RETRY_PAUSE_S", 0)
    monkeypatch.setattr(services, "_open", lambda *_: system)
    return fake


def _gone(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("refused", request=request)


def _cancel(key: str, *, gives_up: bool = False) -> CallOutcome:
    arguments = {"order_id": "#W1", "reason": "no longer needed"}
    request = ActionRequest("shop.cancel_order", arguments, key, ANA, None, "assistant", gives_up=gives_up)
    return connectors.perform(request)


def _state(key: str) -> tuple[str, bool]:
    row = ActionCall.objects.get(key=key)
    return row.state, row.is_unsure


def test_after_three_failures_calls_fail_at_once_until_a_probe_finds_the_system_back(
    shop: FakeShop, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.connectors.probing.check_connector", lambda _: "")
    shop.on_write = _gone
    for n in range(3):
        assert _cancel(f"k{n}") == services.UNAVAILABLE
    assert len(shop.writes) == 6, "a call that did not arrive is made once more at once"
    assert connectors.is_resting("shop")
    assert _cancel("k3") == services.UNAVAILABLE
    assert len(shop.writes) == 6
    assert not ActionCall.objects.filter(key="k3").exists()
    with pytest.raises(ConnectorDown, match="shop is left alone until 10:05:30"):
        connectors.list_records("shop.order", ANA, {})
    [found] = connectors.list_current_outages()
    assert (found.system, found.kind, found.began_at, found.failures, found.spared) == (
        "shop",
        "away",
        START,
        3,
        1,
    )
    assert found.problem == "ConnectorDown: no connection"
    shop.on_write = None
    clock.advance(dt.timedelta(seconds=9))
    run_probe({}, None)  # type: ignore[arg-type]
    assert connectors.is_resting("shop"), "not yet"
    clock.advance(dt.timedelta(seconds=3))
    run_probe({}, None)  # type: ignore[arg-type]
    assert connectors.list_current_outages() == []
    assert Outage.objects.get().ended_at == START + dt.timedelta(seconds=12)
    assert _cancel("k3").ok


def test_a_probe_that_fails_keeps_calls_away_and_comes_back_seldomer(
    shop: FakeShop, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.on_write = _gone
    for n in range(3):
        _cancel(f"k{n}")
    asked: list[dt.datetime] = []

    def check(system: str) -> str:
        asked.append(clock())
        raise ConnectorDown(system)

    monkeypatch.setattr("rapport.connectors.probing.check_connector", check)
    for _ in range(720):
        clock.advance(dt.timedelta(seconds=10))
        run_probe({}, None)  # type: ignore[arg-type]
    assert connectors.is_resting("shop") or clock() - asked[-1] > dt.timedelta(seconds=30)
    assert 20 < len(asked) < 80
    assert asked[-1] - asked[-2] == dt.timedelta(minutes=5)


def test_without_a_worker_calls_are_let_through_when_the_pause_is_over(
    shop: FakeShop, clock: SteppedClock
) -> None:
    shop.on_write = _gone
    for n in range(3):
        _cancel(f"k{n}")
    clock.advance(dt.timedelta(seconds=31))
    assert not connectors.is_resting("shop")
    shop.on_write = None
    assert _cancel("k0").ok
    assert connectors.list_current_outages() == []


def test_a_system_that_asks_to_wait_is_left_alone_for_as_long(
    shop: FakeShop, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    outages.note_failure("shop", RateLimited(120))
    clock.advance(dt.timedelta(seconds=119))
    assert connectors.is_resting("shop")
    clock.advance(dt.timedelta(seconds=2))
    assert not connectors.is_resting("shop")


def test_an_unclear_attempt_stays_unsure_until_the_system_was_asked(
    shop: FakeShop, clock: SteppedClock
) -> None:
    def lost(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("lost", request=request)

    shop.on_write = lost
    outcome = _cancel("k", gives_up=True)
    assert outcome.data == {"is_unsure": True}
    assert _state("k") == ("intended", True), "it may have happened: nothing else may be done instead"
    shop.on_write = _gone
    outcome = _cancel("k", gives_up=True)
    assert outcome == services.UNAVAILABLE
    assert _state("k") == ("given_up", False), "the system was asked: it did not happen"
    shop.on_write = None
    assert _cancel("k") == services.UNAVAILABLE, "what was given up is never done"
    assert len({key for _, _, key in shop.writes}) == 1


def test_what_is_given_up_while_the_system_rests_is_on_record(shop: FakeShop, clock: SteppedClock) -> None:
    shop.on_write = _gone
    for n in range(3):
        _cancel(f"k{n}")
    written = len(shop.writes)
    _cancel("k9", gives_up=True)
    assert _state("k9") == ("given_up", False)
    shop.on_write = None
    outages.end("shop")
    assert _cancel("k9", gives_up=True) == services.UNAVAILABLE
    assert len(shop.writes) == written


def test_what_never_happened_may_still_be_done_once(shop: FakeShop, clock: SteppedClock) -> None:
    shop.on_write = _gone
    _cancel("k")
    assert connectors.settle_open_intents(older_than_s=-300) == 1
    assert ActionCall.objects.get(key="k").code == "never_happened"
    shop.on_write = None
    written = len(shop.writes)
    assert _cancel("k").ok
    assert _cancel("k").ok
    assert len(shop.writes) == written + 1


def test_supervisors_are_told_once_of_what_does_not_mend_itself(
    shop: FakeShop, clock: SteppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user("sue@example.com", name="Sue", role=Role.SUPERVISOR)
    User.objects.create_user("alan@example.com", name="Alan", role=Role.AGENT)
    outages.note_failure("shop", ConnectorDown("gone"))
    monkeypatch.setattr("rapport.connectors.probing.check_connector", _refuse)
    for _ in range(3):
        clock.advance(dt.timedelta(minutes=6))
        run_probe({}, None)  # type: ignore[arg-type]
    assert [(m.to, m.subject) for m in mail.outbox] == [(["sue@example.com"], "shop does not answer")]
    assert "since 2026-11-20 10:05 UTC" in str(mail.outbox[0].body)


def _refuse(system: str) -> str:
    raise ConnectorDown(f"{system} is away")


def test_a_system_nobody_connected_has_no_outages(clock: SteppedClock) -> None:
    outages.note_failure("ghost", ConnectorDown("gone"))
    assert Outage.objects.count() == 0
