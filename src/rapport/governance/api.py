"""What other packages may ask of governance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.governance.logic.redaction import redact as redact_text
from rapport.governance.logic.redaction import redact_traceback
from rapport.governance.personal_data.finding import find_personal_data
from rapport.governance.personal_data.people import find_people
from rapport.governance.personal_data.redacting import pseudonymise, restore

if TYPE_CHECKING:
    from rapport.governance.erasing import erase_customer
    from rapport.governance.queries import (
        find_appeal,
        find_decision,
        has_consent,
        list_closed_appeals,
        list_consent_history,
        list_consents,
        list_decisions,
        list_models,
        list_open_appeals,
        list_recent_decisions,
        list_turn_readings,
        list_understandings,
    )
    from rapport.governance.revealing import reveal, seal_mapping
    from rapport.governance.services import (
        close_appeal,
        open_appeal,
        record_consent,
        record_decision,
        record_model,
    )
    from rapport.governance.tracing import DecisionTrace, list_broken_rules, list_decision_traces

__all__ = [
    "DecisionTrace",
    "close_appeal",
    "erase_customer",
    "find_appeal",
    "find_decision",
    "find_people",
    "find_personal_data",
    "has_consent",
    "list_broken_rules",
    "list_closed_appeals",
    "list_consent_history",
    "list_consents",
    "list_decision_traces",
    "list_decisions",
    "list_models",
    "list_open_appeals",
    "list_recent_decisions",
    "list_turn_readings",
    "list_understandings",
    "open_appeal",
    "pseudonymise",
    "record_consent",
    "record_decision",
    "record_model",
    "redact_text",
    "redact_traceback",
    "restore",
    "reveal",
    "seal_mapping",
]


def __getattr__(name: str) -> Any:
    """Rows are imported on first use: logging needs `redact_text` before Django's apps are ready."""
    if name not in __all__:
        raise AttributeError(name)
    from rapport.governance import erasing, queries, revealing, services, tracing  # noqa: PLC0415 - see above

    held = next(m for m in (services, queries, erasing, revealing, tracing) if hasattr(m, name))
    return getattr(held, name)
