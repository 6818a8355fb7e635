"""Past conversations with the version in force and with a text that somebody wants to publish: what would differ."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import ClassVar

from rapport.connectors.contracts import ConnectorDown, JsonDict
from rapport.conversations import api as conversations
from rapport.kernel.errors import NotFound
from rapport.procedures import api as procedures
from rapport.testing.rehearsal.recording import list_recorded
from rapport.testing.rehearsal.replaying import KINDS, Compared, Kind, compare_replays
from rapport.understanding.contracts import Engine


@dataclass(frozen=True, slots=True)
class PastReplay:
    """What came of it."""

    DIFFERENT: ClassVar[frozenset[Kind]] = frozenset(KINDS) - {"same", "records_changed"}

    procedure: str
    compared: tuple[Compared, ...]
    left: int = 0
    """Conversations there was no time for, or whose connected system did not answer."""

    @property
    def different(self) -> int:
        """How many come out differently."""
        return sum(one.kind in self.DIFFERENT for one in self.compared)

    def by_kind(self) -> dict[Kind, list[Compared]]:
        """The kinds that occur, what weighs most first."""
        found = {kind: [one for one in self.compared if one.kind == kind] for kind in ORDER}
        return {kind: ones for kind, ones in found.items() if ones}


WORSE: frozenset[Kind] = frozenset({"other_action", "other_outcome", "refused"})
"""What a release must be answered for."""
SUMMARY_LIMIT, SUMMARY_PATIENCE_S, EXAMPLES = 50, 20.0, 5


def summarise(source: str) -> JsonDict | None:
    """The newest conversations with a text, in figures; None where no version is in force, or they cannot be read."""
    try:
        found = replay_past(source, SUMMARY_LIMIT, patience_s=SUMMARY_PATIENCE_S)
    except (NotFound, ConnectorDown):
        return None
    worse = [one.conversation_id for one in found.compared if one.kind in WORSE]
    return {
        "compared": len(found.compared),
        "left": found.left,
        "worse": len(worse),
        "different": found.different - len(worse),
        "examples": [_number(one) for one in worse[:EXAMPLES]],
    }


def _number(conversation_id: int) -> int:
    """A conversation's number, as staff know it."""
    found = conversations.find_conversation(conversation_id)
    return found.display_id if found else 0


ORDER: tuple[Kind, ...] = (
    "other_action",
    "other_outcome",
    "refused",
    "other_question",
    "other_words",
    "same",
    "records_changed",
)


def replay_past(
    source: str, limit: int, *, engine: Engine | None = None, patience_s: float | None = None
) -> PastReplay:
    """The newest conversations that ran the procedure, with the version in force and with this text.

    Raises InvalidDefinition, and NotFound where no version is in force.
    """
    new = procedures.parse_definition(source)
    book = procedures.load_book()
    if new.name not in book:
        raise NotFound(f"No version of {new.name} is in force.")
    started = time.monotonic()
    recorded = list_recorded(new.name, limit)
    comparing = compare_replays(book[new.name], new, book.values(), recorded, engine)
    found: list[Compared] = []
    while len(found) < len(recorded):
        if patience_s is not None and time.monotonic() - started > patience_s:
            break
        try:
            found.append(next(comparing))
        except ConnectorDown:
            break
    return PastReplay(new.name, tuple(found), len(recorded) - len(found))
