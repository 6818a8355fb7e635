"""Frozen values of governance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from rapport.governance.personal_data.redacting import REDACTED, Pseudonymised
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan

__all__ = [
    "REDACTED",
    "AppealInfo",
    "ConsentInfo",
    "DecisionDraft",
    "DecisionInfo",
    "PersonalKind",
    "PersonalSpan",
    "Pseudonymised",
]


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision about to be recorded; field meanings as in `models.Decision`."""

    kind: str
    chosen: str
    conversation_id: int | None = None
    customer_id: int | None = None
    generation: int = 0
    candidates: tuple[dict[str, Any], ...] = ()
    rules: tuple[dict[str, Any], ...] = ()
    understanding: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[dict[str, Any], ...] = ()
    model_name: str = ""
    model_version: str = ""
    confidence: float | None = None
    threshold: float | None = None
    counterfactual: str = ""
    explanation: dict[str, Any] = field(default_factory=dict)
    consent_basis: str = "service"
    latency_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A recorded decision."""

    id: int
    at: dt.datetime
    draft: DecisionDraft
    appeals: tuple[AppealInfo, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnReading:
    """What a turn of the assistant read and chose."""

    decision_id: int
    chosen: str
    confidence: float | None
    """None for clicks."""
    understanding: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AppealInfo:
    """An objection."""

    id: int
    decision_id: int
    reason: str
    state: str
    answer: str
    created_at: dt.datetime
    due_at: dt.datetime
    conversation_id: int | None = None
    closed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentInfo:
    """The state of consent for one purpose."""

    purpose: str
    is_given: bool
    wording_version: str
    at: dt.datetime
    source: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model version that was put to use."""

    name: str
    version: str
    provider: str
    report: dict[str, Any]
    """Figures of its training: rows, accuracy, coverage, threshold, problems."""
    created_at: dt.datetime
    is_newest: bool
    """The latest version under its name."""
