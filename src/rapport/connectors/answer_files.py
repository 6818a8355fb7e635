"""Answers that other systems leave as files: a procedure may wait for one as for an event."""

from __future__ import annotations

from rapport.connectors import limits, opening
from rapport.connectors.contracts import ActionEffect, JsonDict
from rapport.connectors.declared import declared_actions
from rapport.connectors.kinds.file_drop.system import FileDropSystem
from rapport.connectors.models import Connector
from rapport.connectors.remembering import once


def list_answer_events() -> frozenset[str]:
    """Names of events that are answers: those of the actions that read them (``warehouse.book_return_answer``)."""
    return frozenset(_readers())


def read_answer_file(event: str, file_name: str) -> JsonDict | None:
    """What was answered to a dropped file, ``{text, data}``; None while it is not whole. Raises ConnectorDown."""
    row = _readers().get(event)
    system = opening.open_system(row) if row else None
    if not isinstance(system, FileDropSystem) or limits.find_limits(event).is_revoked:
        return None
    return system.find_answer(event, file_name)


def _readers() -> dict[str, Connector]:
    """Action that reads an answer → its connected system."""
    return once("answer readers", _find_readers)


def _find_readers() -> dict[str, Connector]:
    rows = Connector.objects.filter(kind="file_drop", is_enabled=True).order_by("key")
    return {
        action.name: row
        for row in rows
        for action in declared_actions(row.settings).values()
        if action.effect is ActionEffect.READ
    }
