"""What connected systems offer, and the actions an administrator makes of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rapport.connectors import opening
from rapport.connectors.contracts import ActionEffect, JsonDict, Principal, Trial
from rapport.connectors.declared import (
    DeclaredAction,
    FieldSpec,
    Offer,
    check_declared,
    declared_actions,
    to_json,
)
from rapport.connectors.kinds.mcp.system import McpSystem, known_servers
from rapport.connectors.kinds.mcp.tools import Tool
from rapport.connectors.kinds.openapi.document import MAX_DOCUMENT_BYTES, read_document
from rapport.connectors.kinds.openapi.operations import Description, Operation
from rapport.connectors.models import Catalogue, Connector
from rapport.connectors.outbound import Outbound, Outgoing
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound

FETCH_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class CatalogueInfo:
    """What a system said it offers, and when."""

    title: str
    version: str
    offers: tuple[Offer, ...]
    read_at: Any

    def find(self, key: str) -> Offer | None:
        """One offer."""
        return next((offer for offer in self.offers if offer.key == key), None)


def fetch_document(url: str) -> bytes:
    """The document behind an address a person gave. Raises ConnectorDown, InvalidInput."""
    http = Outbound(url, FETCH_TIMEOUT_S, max_bytes=MAX_DOCUMENT_BYTES)
    try:
        answer = http.read(
            Outgoing("GET", url, {"Accept": "application/json, application/yaml, text/yaml, */*"})
        )
    finally:
        http.close()
    if answer.status != 200:
        raise InvalidInput(
            _("The address answers HTTP %(status)s.") % {"status": answer.status}, field="document_url"
        )
    return answer.content


def describe_document(content: bytes | str, source_url: str = "") -> Description:
    """What a document offers. Raises InvalidInput."""
    return read_document(content, source_url=source_url)


def keep_document(key: str, found: Description) -> None:
    """Keep what a document offers as the system's catalogue."""
    _keep(key, found.title, found.version, [_operation_offer(o) for o in found.operations])


def refresh_tools(key: str) -> CatalogueInfo:
    """Ask an MCP server for its tools and keep them. Raises ConnectorDown, NotFound."""
    row = Connector.objects.filter(key=key, kind="mcp").first()
    system = opening.open_system(row) if row else None
    if not isinstance(system, McpSystem):
        raise NotFound
    _keep(key, "", "", [_tool_offer(tool) for tool in system.list_tools()])
    found = find_catalogue(key)
    assert found is not None
    return found


def list_servers() -> tuple[str, ...]:
    """Names of the servers the machine's operator allows to be started."""
    return tuple(sorted(known_servers()))


def _keep(key: str, title: str, version: str, offers: list[Offer]) -> None:
    row = Connector.objects.get(key=key)
    kept = [{**asdict(o), "likely_effect": o.likely_effect.value} for o in offers]
    values = {"title": title, "version": version, "offers": kept, "read_at": now()}
    Catalogue.objects.update_or_create(connector=row, defaults=values)


def find_catalogue(key: str) -> CatalogueInfo | None:
    """What a system offers, as last read."""
    row = Catalogue.objects.filter(connector__key=key).first()
    if row is None:
        return None
    return CatalogueInfo(row.title, row.version, tuple(_offer(kept) for kept in row.offers), row.read_at)


def _offer(kept: JsonDict) -> Offer:
    return Offer(
        **{
            **kept,
            "fields": tuple(FieldSpec(**{**f, "choices": tuple(f["choices"])}) for f in kept["fields"]),
            "places": tuple((path, type_) for path, type_ in kept["places"]),
            "likely_effect": ActionEffect(kept["likely_effect"]),
        }
    )


def _operation_offer(operation: Operation) -> Offer:
    return Offer(
        key=operation.key,
        title=operation.summary or operation.operation_id,
        description="",
        target={"method": operation.method, "path": operation.path, "body": operation.body_type},
        fields=operation.fields,
        places=tuple((place.path, place.type) for place in operation.results),
        likely_effect=operation.likely_effect,
        key_header=operation.key_header,
        is_idempotent=operation.method == "PUT",
        problem=operation.problem,
        group=operation.tag,
    )


def _tool_offer(tool: Tool) -> Offer:
    return Offer(
        key=tool.name,
        title=tool.title,
        description=tool.description,
        target={"tool": tool.name, "digest": tool.digest},
        fields=tool.fields,
        places=tuple((place.path, place.type) for place in tool.results),
        likely_effect=tool.likely_effect,
        is_idempotent=tool.is_idempotent,
    )


def list_declared(key: str) -> dict[str, DeclaredAction]:
    """The actions made of what a system offers, by name."""
    row = Connector.objects.filter(key=key).first()
    return declared_actions(row.settings) if row else {}


@transaction.atomic
def save_declared(key: str, action: DeclaredAction, former_name: str = "") -> None:
    """Add or change an action. Raises InvalidInput, NotFound."""
    row = Connector.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise NotFound
    known = declared_actions(row.settings)
    others = {name: a for name, a in known.items() if name not in {former_name, action.name}}
    if action.name != former_name and action.name in known:
        raise InvalidInput(_("%(name)s exists already.") % {"name": action.name}, field="name")
    check_declared(action, key, others)
    if former_name and former_name != action.name:
        _refuse_used(others, former_name)
    _store(row, {**others, action.name: action})


@transaction.atomic
def remove_declared(key: str, name: str) -> None:
    """Take an action away; procedures that name it hand over from now on. Raises InvalidInput, NotFound."""
    row = Connector.objects.select_for_update().filter(key=key).first()
    known = declared_actions(row.settings) if row else {}
    if row is None or name not in known:
        raise NotFound
    del known[name]
    _refuse_used(known, name)
    _store(row, known)


def _refuse_used(others: dict[str, DeclaredAction], name: str) -> None:
    users = sorted(a.name for a in others.values() if name in {a.find, a.guard})
    if users:
        raise InvalidInput(
            _("%(name)s is used by %(users)s.") % {"name": name, "users": ", ".join(users)}, field="name"
        )


def _store(row: Connector, actions: dict[str, DeclaredAction]) -> None:
    row.settings = {**row.settings, "actions": [to_json(actions[name]) for name in sorted(actions)]}
    row.updated_at = now()
    row.save(update_fields=["settings", "updated_at"])


def may_try(kind: str, action: DeclaredAction) -> bool:
    """Whether an action may be tried out: it reads, or its kind has a dry run."""
    return action.effect is ActionEffect.READ or kind in opening.DRY_KINDS


def try_read(name: str, arguments: JsonDict, principal: Principal | None) -> Trial:
    """Perform a reading action, or try one out without effect where the kind can; what was sent and answered.

    Raises ConnectorDown, NotFound.
    """
    row = Connector.objects.filter(key=name.partition(".")[0]).first()
    action = declared_actions(row.settings).get(name) if row else None
    if row is None or action is None or not may_try(row.kind, action):
        raise NotFound
    return opening.open_system(row).trial(name, arguments, principal, "")


@transaction.atomic
def remove_connector(key: str) -> None:
    """Take a connected system away with its credential and actions; the record of calls stays."""
    Connector.objects.filter(key=key).exclude(kind="shop").delete()
