"""Reads the register of decisions for texts worth a label: clarified, resolved, uncertain, and a few at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db import transaction

from rapport.conversations import api as conversations
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionInfo
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.understanding.learning import state
from rapport.understanding.learning.logic.selecting import RANDOM_SHARE, VALUES, is_drawn, reason_to_ask
from rapport.understanding.learning.services import check_label, may_learn_from, propose_example
from rapport.understanding.learning.values import Proposal
from rapport.understanding.models import ExampleChange, TrainingExample

MAX_DECISIONS = 2000
"""Read in one run; the first run reads no further back."""
_PAGE = 100
_SURE = 0.9
"""A resolution of a request that was read this surely teaches nothing."""
_UNDECIDED = ("clarify", "reply:not_understood", "reply:out_of_scope", "answer", "person_offer", "start")
"""Steps after which a customer's choice says what the text before meant."""
_ABOUT_TEXT = (*_UNDECIDED, "reply", "hand_over:customer_asked")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a decision says was read in a customer's own words."""

    decision: DecisionInfo
    ranked: tuple[tuple[str, float], ...]
    is_accepted: bool
    language: str


def collect() -> int:
    """Propose what the decisions since the last run have to teach; how many texts were put up."""
    cursor = int(state.read_state(state.CURSOR).get("decision", 0))
    found = sorted(_since(cursor), key=lambda d: d.id)
    proposed = sum(_propose_from(decision) for decision in found)
    if found:
        state.write_state(state.CURSOR, {"decision": found[-1].id})
    return proposed


def _since(cursor: int) -> Iterator[DecisionInfo]:
    before, read = None, 0
    while read < MAX_DECISIONS:
        page, before = governance.list_recent_decisions(before=before, limit=_PAGE)
        for decision in page:
            if decision.id <= cursor:
                return
            yield decision
        read += len(page)
        if before is None:
            return


def reading_of(decision: DecisionInfo) -> Reading | None:
    """What was read of one free text; None for clicks, answers to questions, and several requests at once."""
    draft = decision.draft
    read = draft.understanding
    intents = [i for i in read.get("intents", []) if isinstance(i, dict)]
    if draft.kind != "turn" or not intents or any(int(i.get("segment", 0)) for i in intents):
        return None
    if not draft.chosen.startswith(_ABOUT_TEXT):
        return None
    ranked = tuple((str(i["name"]), float(i["probability"])) for i in intents)
    return Reading(decision, ranked, not read.get("abstention"), str(read.get("language", "")))


def text_of(decision: DecisionInfo) -> str:
    """The customer's words a decision was about."""
    conversation = decision.draft.conversation_id
    ids = [item.get("ref") for item in decision.draft.evidence if item.get("kind") == "message"]
    found = [conversations.find_message(conversation, int(ref)) for ref in ids if conversation and ref]
    return "\n".join(message.content for message in found if message is not None)


def _propose_from(decision: DecisionInfo) -> int:
    if not may_learn_from(decision.draft.customer_id):
        return 0
    reading = reading_of(decision)
    if reading is not None:
        return _propose_uncertain(reading)
    return _propose_confirmed(decision)


def _propose_uncertain(reading: Reading) -> int:
    decision = reading.decision
    name = f"decision:{decision.id}"
    if is_drawn(name, RANDOM_SHARE):
        asked: tuple[str, float] | None = ("random", VALUES["random"])
    else:
        asked = reason_to_ask(reading.ranked, is_accepted=reading.is_accepted)
    if asked is None:
        return 0
    return int(_put_up(reading, "message", "", asked[0], asked[1]) > 0)


def _propose_confirmed(decision: DecisionInfo) -> int:
    """A click on a meaning, or an action that went through, confirms what the words before it meant."""
    clicked = decision.draft.understanding.get("click") and decision.draft.chosen.startswith("start:")
    is_done = any(i.get("kind") == "action" and i.get("ok") for i in decision.draft.evidence)
    if not (clicked or is_done) or decision.draft.conversation_id is None:
        return 0
    earlier = [d for d in governance.list_decisions(decision.draft.conversation_id) if d.id < decision.id]
    if clicked:
        before = reading_of(earlier[-1]) if earlier else None
        if before is None or not before.decision.draft.chosen.startswith(_UNDECIDED):
            return 0
        label = decision.draft.chosen.removeprefix("start:").partition(" ")[0]
        return int(_put_up(before, "clarification", label, "clarified", VALUES["clarified"]) > 0)
    return _propose_resolved(earlier)


def _propose_resolved(earlier: list[DecisionInfo]) -> int:
    started = next((r for d in reversed(earlier) if (r := reading_of(d))), None)
    if started is None or not started.decision.draft.chosen.startswith("start:"):
        return 0
    if started.ranked[0][1] >= _SURE:
        return 0
    label = started.decision.draft.chosen.removeprefix("start:").partition(" ")[0]
    return int(_put_up(started, "resolution", label, "resolved", VALUES["resolved"]) > 0)


def correct_decision(decision_id: int, label: str, actor_id: int) -> int:
    """A member of staff says what the customer's words really meant; it waits for review.

    Raises: NotFound: no such decision. InvalidInput: it was not about a text of a customer.
    """
    decision = governance.find_decision(decision_id)
    if decision is None:
        raise NotFound
    read = decision.draft.understanding
    ranked = tuple((str(i["name"]), float(i["probability"])) for i in read.get("intents", []))
    reading = Reading(decision, ranked, not read.get("abstention"), str(read.get("language", "")))
    if not may_learn_from(decision.draft.customer_id):
        raise InvalidInput(
            "This customer does not want their words to improve the assistant.", field="decision"
        )
    found = _put_up(reading, "agent", check_label(label), "correction", VALUES["correction"], actor_id)
    if not found:
        raise InvalidInput("This decision was not about a text of the customer.", field="decision")
    return found


@transaction.atomic
def _put_up(
    reading: Reading, source: str, label: str, reason: str, value: float, actor_id: int | None = None
) -> int:
    """Propose the text, or add what is known now to a proposal that waits; its id, 0 for none."""
    decision = reading.decision
    origin = f"decision:{decision.id}"
    waiting = TrainingExample.objects.filter(origin=origin).first()
    if waiting is not None:
        return waiting.pk if _strengthen(waiting, source, label, reason, value, actor_id) else 0
    proposal = Proposal(
        text=text_of(decision),
        label=label,
        language=reading.language,
        source=source,
        origin=origin,
        reason=reason,
        value=value,
        suggested=reading.ranked,
        conversation_id=decision.draft.conversation_id,
        decision_id=decision.id,
    )
    return propose_example(replace(proposal), actor_id) or 0


def _strengthen(
    row: TrainingExample, source: str, label: str, reason: str, value: float, actor_id: int | None
) -> bool:
    """Add a label to a text that waits; a random one stays in the sample it was drawn for."""
    is_reopened = source == "agent" and row.status != TrainingExample.PROPOSED
    if not label or (row.status != TrainingExample.PROPOSED and not is_reopened) or row.label == label:
        return bool(label) and row.label == label
    before = {"label": row.label, "status": row.status, "reason": row.reason, "value": row.value}
    row.label, row.value, row.status = label, max(row.value, value), TrainingExample.PROPOSED
    if row.reason != "random":
        row.reason, row.source = reason, source
    row.save(update_fields=["label", "value", "status", "reason", "source"])
    after = {"label": row.label, "status": row.status, "reason": row.reason, "value": row.value}
    ExampleChange.objects.create(
        example=row, actor_id=actor_id, action="proposed", before=before, after=after
    )
    return True
