"""Limits hold when many ask at once; what cannot be counted is not spent."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import DatabaseError

from rapport.kernel.clock import use_clock
from rapport.understanding.language_model.breaker import Breaker
from rapport.understanding.language_model.budget import Budget
from rapport.understanding.language_model.contracts import CallRecord, Spent
from rapport.understanding.language_model.ledger import (
    DatabaseLedger,
    MemoryLedger,
    forget_conversation,
    forget_texts,
)
from rapport.understanding.language_model.settings import Limits, Prices
from rapport.understanding.models import LanguageModelCall

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def call(conversation: str = "c-1", cost: int = 0, output: str = "{}") -> CallRecord:
    return CallRecord(
        "understand", "s", "m", conversation, "0" * 64, "words\x00", output, "answered", cost_micros=cost
    )


def test_threads_together_spend_no_more_than_one_alone() -> None:
    ledger = MemoryLedger()
    budget = Budget(Limits(3, 100, 100, 100), ledger)
    gate, covered = threading.Barrier(8), []

    def ask() -> None:
        gate.wait(5)
        with budget.reserve("c-1", 10) as is_covered:
            if is_covered:
                covered.append(1)
                ledger.record(call())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(covered) == len(ledger.calls) == 3


def test_calls_under_way_count_at_their_highest_price() -> None:
    budget = Budget(Limits(100, 1.0, 100, 1.0), MemoryLedger())
    with budget.reserve("c-1", 600_000) as first, budget.reserve("c-2", 600_000) as second:
        assert (first, second) == (True, False)
    with budget.reserve("c-2", 600_000) as later:
        assert later


def test_the_budget_of_the_day_begins_anew_at_midnight() -> None:
    ledger = MemoryLedger()
    budget = Budget(Limits(1, 1.0, 100, 100), ledger)
    with use_clock(lambda: NOON):
        ledger.record(call())
        with budget.reserve("c-9", 1) as same_day:
            assert not same_day
    with use_clock(lambda: NOON + dt.timedelta(hours=12)), budget.reserve("c-9", 1) as next_day:
        assert next_day


def test_what_cannot_be_counted_is_not_spent() -> None:
    class Broken(MemoryLedger):
        def spent(self, *, since: dt.datetime | None = None, conversation: str = "") -> Spent:
            raise DatabaseError

    with Budget(Limits(), Broken()).reserve("c-1", 0) as is_covered:
        assert not is_covered


@pytest.mark.django_db
def test_both_ledgers_count_alike() -> None:
    for ledger in (MemoryLedger(), DatabaseLedger()):
        with use_clock(lambda: NOON - dt.timedelta(days=1)):
            ledger.record(call("c-1", 5))
        with use_clock(lambda: NOON):
            ledger.record(call("c-1", 7))
            ledger.record(call("c-2", 11))
            assert ledger.spent() == Spent(3, 23)
            assert ledger.spent(since=NOON) == Spent(2, 18)
            assert ledger.spent(conversation="c-1") == Spent(2, 12)


@pytest.mark.django_db
def test_texts_are_forgotten_after_a_month_and_rows_after_three_years() -> None:
    ledger = DatabaseLedger()
    for days in (1, 31, 1100):
        with use_clock(lambda days=days: NOON - dt.timedelta(days=days)):
            ledger.record(call(cost=days))
    with use_clock(lambda: NOON):
        assert forget_texts() == 2
        assert forget_texts() == 0
    kept = LanguageModelCall.objects.order_by("id").values_list("cost_micros", "prompt", "output")
    assert list(kept) == [(1, "words", "{}"), (31, "", "")]


@pytest.mark.django_db
def test_a_customers_erasure_blanks_the_texts_of_their_conversations() -> None:
    DatabaseLedger().record(call("c-1", 3))
    DatabaseLedger().record(call("c-2", 4))
    assert forget_conversation("c-1") == 1
    assert list(LanguageModelCall.objects.order_by("id").values_list("cost_micros", "prompt")) == [
        (3, ""),
        (4, "words"),
    ]


def test_prices_are_of_a_million_tokens() -> None:
    assert Prices(0.15, 0.6).cost_micros(1_000_000, 500_000) == 450_000


def test_after_the_pause_one_call_tries_for_all() -> None:
    clock = [0.0]
    breaker = Breaker(failures=2, pause_s=10, clock=lambda: clock[0])
    for _ in range(2):
        assert breaker.lets_through()
        breaker.note(ok=False)
    assert breaker.is_open
    assert not breaker.lets_through()
    clock[0] = 10.0
    assert breaker.lets_through()
    assert not breaker.lets_through()
    breaker.note(ok=True)
    assert breaker.lets_through()
    assert not breaker.is_open
