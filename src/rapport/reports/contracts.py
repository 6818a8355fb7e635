"""Frozen values of reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from rapport.reports.logic.facts import MEASURES
from rapport.reports.logic.metrics import BY_ID, METRICS, Metric
from rapport.reports.logic.periods import Period
from rapport.reports.logic.shares import Share, Spread

__all__ = [
    "BY_ID",
    "MEASURES",
    "METRICS",
    "ContactCell",
    "EffortRow",
    "Figure",
    "GroupLine",
    "Metric",
    "Period",
    "ProcedureLine",
    "RunCell",
    "SelfService",
    "Share",
    "Spread",
    "VersionLine",
    "WeekLine",
]


@dataclass(frozen=True, slots=True)
class ContactCell:
    """Contacts that are alike, counted."""

    week: int
    """Place among the period's weeks."""
    inbox_id: int
    reason: str
    outcome: str
    is_answered: bool
    is_confirmed: bool
    is_reopened: bool
    came_back: bool
    count: int
    bursts: int
    """How often their customers wrote, all together."""


@dataclass(frozen=True, slots=True)
class RunCell:
    """Runs of procedures that are alike, counted."""

    week: int
    procedure: str
    version: int
    changes: bool
    outcome: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class EffortRow:
    """What one run that came to its end cost its customer."""

    procedure: str
    version: int
    values: tuple[int, ...]
    """In the order of `MEASURES`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric with its value now and in the period before."""

    metric: Metric
    share: Share
    before: Share
    target: float | None


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week's shares, in the order of `METRICS`."""

    period: Period
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Contacts of one reason or inbox."""

    key: str
    name: str
    contacts: int
    outcomes: Mapping[str, int]
    digital: Share
    before: Share


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a procedure in the period."""

    version: int
    """0 where it is not known any more."""
    share: Share
    effort: Mapping[str, Spread]
    """By measure; empty of too few cases."""


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """Runs of one procedure."""

    name: str
    changes: bool
    runs: int
    share: Share
    """Straight through, or told where it only looks something up."""
    before: Share
    weekly: tuple[Share, ...]
    outcomes: Mapping[str, int]
    reasons: tuple[tuple[str, str, int], ...]
    """Outcome, reason and count of those that ended otherwise, the most frequent first."""
    effort: Mapping[str, Spread]
    effort_before: Mapping[str, Spread]
    versions: tuple[VersionLine, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class SelfService:
    """The figures of self-service in one period."""

    period: Period
    inbox_id: int | None
    made_at: dt.datetime
    contacts: int
    outcomes: Mapping[str, int]
    """How many contacts came to what."""
    figures: tuple[Figure, ...]
    automation: float | None
    automation_before: float | None
    interactions: float | None
    interactions_before: float | None
    stage: str
    weeks: tuple[WeekLine, ...]
    reasons: tuple[GroupLine, ...]
    inboxes: tuple[GroupLine, ...]
    procedures: tuple[ProcedureLine, ...]
    effort: Mapping[str, Spread]
    effort_before: Mapping[str, Spread]
