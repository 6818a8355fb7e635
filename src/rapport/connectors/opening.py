"""Opens the class of a connected system's kind and keeps it open until the system is changed."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from dataclasses import replace

from rapport.connectors.contracts import Action, ActionSystem, ConnectorDown, JsonDict
from rapport.connectors.declared import DeclaredAction, declared_actions
from rapport.connectors.kinds.browser.system import BrowserSystem
from rapport.connectors.kinds.case.system import CaseSystem, Target
from rapport.connectors.kinds.document.system import DocumentSystem
from rapport.connectors.kinds.file_drop.system import FileDropSystem
from rapport.connectors.kinds.mail.system import TIMEOUT_S as MAIL_TIMEOUT_S
from rapport.connectors.kinds.mail.system import MailSystem
from rapport.connectors.kinds.mcp.system import McpSystem
from rapport.connectors.kinds.openapi.system import OpenApiSystem
from rapport.connectors.kinds.sql.databases import TIMEOUT_S as SQL_TIMEOUT_S
from rapport.connectors.kinds.sql.system import SqlSystem
from rapport.connectors.kinds.table.system import TableSystem
from rapport.connectors.models import Connector
from rapport.connectors.sealing import unseal


def _find_target(name: str) -> Target:
    """An action of another connected system, as a sink of cases. Raises ConnectorDown."""
    row = Connector.objects.filter(key=name.partition(".")[0], is_enabled=True).exclude(kind="case").first()
    declared = declared_actions(row.settings).get(name) if row else None
    if row is None or declared is None:
        raise ConnectorDown(f"{name} is not connected")
    return declared, open_system(row)


def _open_cases(_base_url: str, _secret: str, settings: JsonDict) -> CaseSystem:
    return CaseSystem(settings, _find_target)


KINDS: dict[str, Callable[[str, str, JsonDict], ActionSystem]] = {
    "openapi": OpenApiSystem,
    "mcp": McpSystem,
    "table": TableSystem,
    "mail": MailSystem,
    "sql": SqlSystem,
    "case": _open_cases,
    "browser": BrowserSystem,
    "document": DocumentSystem,
    "file_drop": FileDropSystem,
}
DRY_KINDS = frozenset({"browser", "document", "file_drop"})
"""Kinds whose trial of a changing action changes nothing."""
TIMEOUTS_S: dict[str, float] = {"mail": MAIL_TIMEOUT_S, "sql": SQL_TIMEOUT_S}
"""Of kinds whose settings name none [s]."""
DEFAULT_TIMEOUT_S = 8.0
_open: dict[str, tuple[tuple[int, object], ActionSystem]] = {}
_lock = threading.Lock()


def open_system(row: Connector) -> ActionSystem:
    """The system behind a row: as last opened, or opened anew after a change. Raises ConnectorDown."""
    version = (row.pk, row.updated_at)
    with _lock:
        kept = _open.get(row.key)
        if kept is not None and kept[0] == version:
            return kept[1]
        make = KINDS.get(row.kind)
        if make is None:
            raise ConnectorDown(f"no kind {row.kind}")
        if kept is None and not _open:
            atexit.register(close_systems)
        system = make(row.base_url, unseal(row.secret), row.settings)
        _open[row.key] = (version, system)
    if kept is not None:
        kept[1].close()
    return system


def declared_as_action(row: Connector, declared: DeclaredAction) -> Action:
    """What is declared of an action, with how long its system is waited for."""
    timeout_s = TIMEOUTS_S.get(row.kind) or float(row.settings.get("timeout_s", DEFAULT_TIMEOUT_S))
    return replace(declared.as_action(), timeout_s=timeout_s)


def close_systems() -> None:
    """End every connection and process."""
    with _lock:
        systems = [system for _, system in _open.values()]
        _open.clear()
    for system in systems:
        system.close()
