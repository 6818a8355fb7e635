"""Where a call stands between two requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

Step = Literal["language", "talk", "callback", "dialled", "over"]


@dataclass(frozen=True, slots=True)
class Position:
    """State of the dialogue that is only spoken; what was said is in the conversation."""

    step: Step = "talk"
    message_id: int = 0
    """The message being answered."""
    page: int = 0
    """Which part of a list of choices, or of a long text, was read last."""
    parts: int = 1
    """In how many parts the message's text is read."""
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field → values so far, of a form or of several choices."""
    skipped: tuple[str, ...] = ()
    """Fields the caller left out."""
    others: bool = False
    """Whether what can be done instead of filling in a field was read."""
    misses: int = 0
    """How often in a row nothing usable came."""
    doubt: str = ""
    """Words, or a field's value, that were read back and wait for a yes."""
    awaiting: int = 0
    """Sequence of the caller's message whose answer is awaited; 0 for none."""
    is_menu_asked: bool = False
    """Whether that message asked for the menu: no words are needed before it."""
    since: float = 0.0
    """When it was stored [s of the epoch]."""
    polls: int = 0
    """How often the platform asked for it in vain."""
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Menu entry → place, for a caller whose orders are known."""
    knows_keys: bool = False
    """Whether the caller was told what the standing keys do."""
    has_files: bool = False
    """Whether the last message came with files that can be sent by e-mail."""
    callback: Mapping[str, str] = field(default_factory=dict)
    """Of a call back: ``number`` and ``when``, as far as they are known."""

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def position_from_json(kept: Mapping[str, Any]) -> Position:
    """A stored position; an empty one is the beginning."""
    known = {f.name: kept[f.name] for f in fields(Position) if f.name in kept}
    if "given" in known:
        known["given"] = {name: tuple(values) for name, values in known["given"].items()}
    if "skipped" in known:
        known["skipped"] = tuple(known["skipped"])
    return Position(**known)
