"""Frozen values of learning, as screens and jobs see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Proposal:
    """A text somebody, or the course of a conversation, says something about."""

    text: str
    label: str
    """Empty when nobody said what it means."""
    language: str
    source: str
    """``agent``, ``clarification``, ``resolution``, ``message`` or ``procedure``."""
    origin: str
    """Names the occasion; a second proposal with the same origin is ignored."""
    reason: str
    value: float = 0.0
    suggested: tuple[tuple[str, float], ...] = ()
    conversation_id: int | None = None
    decision_id: int | None = None


@dataclass(frozen=True, slots=True)
class ExampleInfo:
    """A stored example."""

    id: int
    text: str
    label: str
    language: str
    source: str
    origin: str
    status: str
    reason: str
    is_held_out: bool
    value: float
    suggested: tuple[tuple[str, float], ...]
    conversation_id: int | None
    decision_id: int | None
    reviewer_id: int | None
    created_at: dt.datetime
    reviewed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ChangeInfo:
    """One line of the correction log."""

    id: int
    at: dt.datetime
    actor_id: int | None
    action: str
    before: dict[str, Any]
    after: dict[str, Any]
    example: ExampleInfo


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A trained version."""

    version: str
    state: str
    created_at: dt.datetime
    published_at: dt.datetime | None
    actor_id: int | None
    risk: float
    report: dict[str, Any]
    comparison: dict[str, Any]
    compared_with: str
    override_reason: str
    is_current: bool
    is_kept: bool
    """Its file is still there: it can be put into force."""
    examples: int


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """What one version knows that the other does not."""

    added: tuple[tuple[ExampleInfo, str], ...] = ()
    """Examples and their label."""
    removed: tuple[tuple[ExampleInfo, str], ...] = ()
    relabelled: tuple[tuple[ExampleInfo, str, str], ...] = ()
    """Examples with the label before and after."""
    counts: tuple[int, int, int] = (0, 0, 0)
    """Added, removed, relabelled: the lists above may be cut."""


@dataclass(frozen=True, slots=True)
class AlarmInfo:
    """A change in what customers write that is beyond chance."""

    id: int
    at: dt.datetime
    day: dt.date
    measure: str
    value: float
    limit: float
    detail: dict[str, Any]
    closed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """What a training came to."""

    state: str
    """``published``, ``held`` (did not pass), ``refused`` (findings), ``unchanged`` or ``none`` so far."""
    version: str = ""
    at: dt.datetime | None = None
    findings: tuple[str, ...] = ()
    """What is wrong with the data."""
    failures: tuple[str, ...] = ()
    """Why it was not published."""
    report: dict[str, Any] = field(default_factory=dict)
    comparison: dict[str, Any] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)
    """CPU time by stage [s]."""
