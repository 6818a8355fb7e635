"""What a case says without anybody typing it: read from the procedure's details and the conversation it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rapport.connectors.contracts import JsonDict, Principal
from rapport.connectors.models import ActionCall
from rapport.connectors.pointing import plain_text
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageType

PRIORITIES = ("low", "medium", "high", "urgent")
ORDER_DETAILS = ("order", "order_id", "order_number")
PRODUCT_DETAILS = ("product", "products", "item", "items")
URGENT_REASONS = frozenset({"safety", "legal_threat"})
MAX_WORDS_CHARS = 240


@dataclass(frozen=True, slots=True)
class CaseFields:
    """One case as a ticket system asks for it."""

    subject: str
    reason: str
    """Name of the procedure."""
    priority: str
    order: str
    product: str
    language: str
    summary: str
    """What the customer asked for, in their own words; empty where no conversation is known."""
    conversation: str
    """Number of the conversation it came from."""

    def as_json(self) -> dict[str, str]:
        """Those that are known."""
        return {name: value for name, value in asdict(self).items() if value}


def read_fields(arguments: JsonDict, principal: Principal | None, key: str) -> CaseFields:
    """The fields of a case: what the procedure says counts before what the conversation shows."""
    source = source_of(key)
    details = arguments.get("details")
    known: Mapping[str, Any] = details if isinstance(details, dict) else {}
    words = _customer_words(source) if source else ()
    subject = _line(arguments.get("subject") or arguments.get("summary") or (words[0] if words else ""))
    return CaseFields(
        subject=subject[:200],
        reason=str(arguments.get("procedure") or ""),
        priority=_priority(arguments, known, source),
        order=_first(known, ORDER_DETAILS),
        product=_first(known, PRODUCT_DETAILS),
        language=source.language if source else principal.language if principal else "",
        summary="\n".join(words),
        conversation=f"#{source.display_id}" if source else "",
    )


def source_of(key: str) -> ConversationInfo | None:
    """The conversation a call was made in: its intent is on record before the call."""
    found = ActionCall.objects.filter(key=key).values_list("conversation_id", flat=True).first()
    return conversations.find_conversation(found) if found else None


def _customer_words(source: ConversationInfo) -> tuple[str, ...]:
    """The first and the latest thing the customer wrote; what they clicked where they wrote nothing."""
    messages = conversations.list_messages(source.id, limit=400, with_private=False)
    said = [m for m in messages if m.type is MessageType.INCOMING and m.content]
    written = [m for m in said if not m.is_click] or said
    texts = [_line(m.content)[:MAX_WORDS_CHARS] for m in written]
    return tuple(dict.fromkeys([*texts[:1], *texts[-1:]]))


def _priority(arguments: JsonDict, details: Mapping[str, Any], source: ConversationInfo | None) -> str:
    given = str(arguments.get("priority") or details.get("priority") or "").lower()
    if given in PRIORITIES:
        return given
    if source is None:
        return "medium"
    if source.priority in PRIORITIES:
        return str(source.priority)
    if source.briefing.get("reason") in URGENT_REASONS:
        return "urgent"
    return "high" if source.sentiment == "very_negative" else "medium"


def _first(details: Mapping[str, Any], names: Iterable[str]) -> str:
    found = next((details[name] for name in names if details.get(name)), "")
    return ", ".join(dict.fromkeys(text for text in map(_named, _each(found)) if text))[:200]


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(value: Any) -> str:
    """A record by what people call it."""
    if isinstance(value, dict):
        value = next((value[n] for n in ("name", "title", "id", "value") if value.get(n)), "")
    return _line(value)


def _line(value: Any) -> str:
    return " ".join(plain_text(str(value)).split())
