"""Reads about calls to connected systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rapport.connectors.call_files import files_in, kept_files
from rapport.connectors.contracts import ConnectorInfo
from rapport.connectors.models import ActionCall, Connector


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action on record."""

    key: str
    action: str
    arguments: dict[str, Any]
    actor: str
    state: str
    code: str
    intended_at: Any
    finished_at: Any
    files: tuple[dict[str, Any], ...] = ()
    """What it left: a document made, pictures of a page."""


def list_calls(conversation_id: int) -> list[ActionRow]:
    """Actions triggered in a conversation, oldest first."""
    rows = ActionCall.objects.filter(conversation_id=conversation_id).order_by("id")
    return [
        ActionRow(
            r.key,
            r.action,
            r.arguments,
            r.actor,
            r.state,
            r.code,
            r.intended_at,
            r.finished_at,
            tuple(files_in(r.result) or ([] if r.state == "done" else kept_files(r.key))),
        )
        for r in rows
    ]


def find_call_file(conversation_id: int, ref: str) -> dict[str, Any] | None:
    """What is known of a file, only if an action of that conversation left it."""
    files = [file for row in list_calls(conversation_id) for file in row.files]
    return next((file for file in files if file["ref"] == ref), None)


def has_intent(key: str) -> bool:
    """Whether an action with this key was begun before: what became of it is asked, not judged again."""
    return ActionCall.objects.filter(key=key).exists()


def find_connector(key: str) -> ConnectorInfo | None:
    """One connected system, enabled or not."""
    row = Connector.objects.filter(key=key).first()
    if row is None:
        return None
    return ConnectorInfo(row.key, row.kind, row.base_url, bool(row.secret), row.is_enabled, row.settings)


def list_connectors() -> list[tuple[str, str, str, bool]]:
    """Key, kind, address and whether enabled, of every connected system."""
    return list(Connector.objects.order_by("key").values_list("key", "kind", "base_url", "is_enabled"))
