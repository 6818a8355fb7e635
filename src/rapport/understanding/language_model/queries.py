"""What was asked of the language model and what it cost: for the register of models and the doctor."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Avg, Count, Sum

from rapport.understanding.language_model.budget import start_of_day
from rapport.understanding.language_model.settings import MICROS, LanguageModelSettings
from rapport.understanding.models import LanguageModelCall

RECENT = 20


@dataclass(frozen=True, slots=True)
class CallInfo:
    """One call as staff see it."""

    id: int
    at: dt.datetime
    purpose: str
    model: str
    outcome: str
    problem: str
    tokens: int
    cost: float
    """In the configured currency."""
    latency_ms: float
    dropped: int


@dataclass(frozen=True, slots=True)
class Usage:
    """A day of calls beside what is allowed."""

    calls: int
    answered: int
    cost: float
    latency_ms: float | None
    """Mean wall time; None without calls."""
    outcomes: tuple[tuple[str, int], ...]
    """Most frequent first."""


def usage_since(since: dt.datetime | None = None) -> Usage:
    """What was asked since a moment; since midnight UTC without one."""
    rows = LanguageModelCall.objects.filter(at__gte=since or start_of_day())
    figures = rows.aggregate(cost=Sum("cost_micros"), latency=Avg("latency_ms"))
    counted = Counter(
        {
            r["outcome"]: int(r["n"])
            for r in rows.values("outcome").annotate(n=Count("id")).order_by("outcome")
        }
    )
    return Usage(
        calls=sum(counted.values()),
        answered=counted["answered"],
        cost=float(figures["cost"] or 0) / MICROS,
        latency_ms=figures["latency"],
        outcomes=tuple(counted.most_common()),
    )


def list_recent_calls(limit: int = RECENT) -> list[CallInfo]:
    """The latest calls, newest first."""
    return [
        CallInfo(
            id=int(row.pk),
            at=row.at,
            purpose=row.purpose,
            model=row.model,
            outcome=row.outcome,
            problem=row.problem,
            tokens=row.tokens_in + row.tokens_out,
            cost=row.cost_micros / MICROS,
            latency_ms=row.latency_ms,
            dropped=row.dropped,
        )
        for row in LanguageModelCall.objects.order_by("-id")[:limit]
    ]


def describe(settings: LanguageModelSettings) -> str:
    """One line about the configuration, without the key."""
    prices = settings.prices
    costs = f"{prices.per_million_in:g}/{prices.per_million_out:g} {prices.currency} a million tokens"
    return f"{settings.server.model} at {settings.server.name}, {settings.use}, {costs}"
