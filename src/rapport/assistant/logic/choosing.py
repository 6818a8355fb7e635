"""Which step answers a free text: candidates are scored, rules filter, the best allowed one is taken.

The order of rules, strongest first: signs that always need a person; moves of the dialogue itself (yes, no,
cancel, a person, please); an answer to the open question; the offer of a person where the conversation goes badly;
a new request that understanding accepts at its calibrated threshold, with an answer to what the message asks beside
it; an answer from knowledge above its relevance floor; a choice among the likely meanings; and, when nothing of this
holds, a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rapport.knowledge.contracts import Hit
from rapport.understanding.contracts import LANGUAGE_MODEL, IntentScore, Understanding

StepKind = Literal[
    "hand_over",
    "continue",
    "start",
    "answer",
    "clarify",
    "reply",
    "person_offer",
    "identify",
    "affirm",
    "deny",
    "cancel",
    "menu",
    "resume",
    "undo",
    "wake",
    "withdraw",
]

REPLIES = {
    "small_talk": "small_talk_reply",
    "greeting": "greeting_again",
    "thanks": "thanks_reply",
    "goodbye": "goodbye_reply",
}
MAX_CLARIFY = 3
MIN_CLARIFY_SHARE = 0.1
"""A meaning is offered as a choice when it holds at least this share of the probability (usability, not accuracy:
the customer decides)."""
MISSES_BEFORE_PERSON = 2
ESCALATION = "escalation"
QUESTION = "question"
"""The meaning of a text that asks for knowledge rather than for something to be done."""
PERSON = "talk_to_person"
PLAIN_SHARE = 0.5
"""A text is nothing but an answer when at least this share of its words belongs to what it chose."""
MORE_LIKELY_THAN_NOT = 0.5
HIGH_RISK = 0.6
"""From this risk of a complaint on a person is offered before anything else is begun; a score, not a probability."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible step with what speaks for it."""

    step: StepKind
    target: str
    """Procedure, article, reply or reason, depending on the step."""
    score: float
    """0..1: probability, relevance or 1 for what is certain from words alone."""
    is_allowed: bool
    reason: str
    """Which rule allowed or forbade it."""
    text: str = ""
    """The part of the message it belongs to."""

    def as_json(self) -> dict[str, object]:
        return {
            "step": f"{self.step}:{self.target}" if self.target else self.step,
            "score": round(self.score, 4),
            "allowed": self.is_allowed,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Situation:
    """What the choice depends on besides the text."""

    has_open_question: bool
    active_procedure: str
    is_confirming: bool
    takes_free_text: bool
    """The open question takes any words (a description, a name)."""
    fills_open_question: bool
    """A trial run showed that the text answers the open question or corrects an earlier answer."""
    answer_share: float
    """Which share of the text's words belongs to what it chose [0..1]."""
    is_identifying: bool
    identifies: bool
    """The text holds what the check of identity asks for."""
    procedures: frozenset[str]
    misses: int
    hits: Sequence[Hit] = field(default_factory=tuple)
    risk: float = 0.0
    """Of a complaint or escalation, by the conversation's mood [0..1]."""
    was_person_offered: bool = False
    """Because of that risk, earlier in this conversation."""
    can_undo: bool = False
    """Something was answered or done that may be taken back."""
    offered: str = ""
    """A procedure, or `PERSON`: what a yes to the last message means, where nothing is open."""
    is_waiting: bool = False
    """Nothing is open, and something waits that may be stopped."""
    asides: Sequence[tuple[str, Hit]] = field(default_factory=tuple)
    """Parts of the message that ask something beside its requests, each with the passage that fits best."""


def choose(read: Understanding, now: Situation) -> tuple[list[Candidate], list[Candidate]]:
    """(steps to take, in order; all candidates considered, best first)."""
    considered: list[Candidate] = []

    def take(*steps: Candidate) -> tuple[list[Candidate], list[Candidate]]:
        rest = [
            c
            for c in _background(read, now)
            if not any((c.step, c.target) == (s.step, s.target) for s in steps)
        ]
        return list(steps), [*steps, *considered, *rest]

    for sign in ("safety", "legal_threat", "vulnerability", "contract_cancellation"):
        if getattr(read.signals, sign):
            return take(Candidate("hand_over", sign, 1.0, True, "signs of this kind always reach a person"))
    move = _move(read, now)
    if move is not None:
        return take(move)
    if now.is_identifying and now.identifies:
        return take(
            Candidate("identify", "", 1.0, True, "the text holds what the check of identity asked for")
        )
    requests = _requests(read, now)
    is_same = all(r.target == now.active_procedure for r in requests)
    wins = now.takes_free_text or now.answer_share >= PLAIN_SHARE or is_same
    if now.has_open_question and now.fills_open_question and wins:
        return take(
            Candidate("continue", now.active_procedure, 1.0, True, "the text answers the open question"),
            *_asides(now),
        )
    opened = _person_first(now) or (requests and [*requests, *_asides(now)])
    if opened:
        return take(*opened)
    answer = _answer(read, now)
    if answer is not None:
        return take(answer)
    only = _only_likely(read, now)
    if only is not None:
        return take(only)
    if now.has_open_question:
        other = _digression(read, now)
        again = Candidate("continue", now.active_procedure, 0.0, True, "the open question is asked again")
        return take(other or again)
    if now.is_identifying:
        return take(Candidate("identify", "", 0.0, True, "the check of identity is asked again"))
    return take(_last_resort(read, now))


def _move(read: Understanding, now: Situation) -> Candidate | None:
    """Moves recognised from words alone."""
    words = "the words say so"
    match read.act:
        case "human":
            return Candidate("hand_over", "customer_asked", 1.0, True, "a person is always in reach")
        case "affirm":
            return _agreed(now)
        case "deny" if now.is_confirming:
            return Candidate("deny", now.active_procedure, 1.0, True, words)
        case "cancel" | "undo" | "back":
            return _move_back(read.act, now, words)
        case "skip" if now.has_open_question:
            return Candidate("continue", now.active_procedure, 1.0, True, words)
        case "menu":
            return Candidate("menu", "", 1.0, True, words)
        case "repeat" if now.has_open_question:
            return Candidate("resume", now.active_procedure, 1.0, True, words)
        case "greeting" | "thanks" | "goodbye":
            return Candidate("reply", read.act, 1.0, True, words)
    return None


def _agreed(now: Situation) -> Candidate | None:
    """What a yes agrees to: a summary, or what was offered first where nothing is open."""
    if now.is_confirming and not now.fills_open_question:
        return Candidate("affirm", now.active_procedure, 1.0, True, "the words say so")
    if now.offered == PERSON:
        return Candidate("hand_over", "customer_asked", 1.0, True, "a yes to the offer of a person")
    if now.offered in now.procedures:
        reason = "a yes to what was offered first, and it asks before it acts"
        return Candidate("start", now.offered, 1.0, True, reason)
    return None


def _move_back(act: str, now: Situation, words: str) -> Candidate | None:
    """Stop what is open, ask what of that under way is to be stopped, or take back what was said or done."""
    if act == "cancel" and ((now.has_open_question and not now.fills_open_question) or now.is_identifying):
        return Candidate("cancel", now.active_procedure, 1.0, True, words)
    if act != "back" and now.is_waiting:
        return Candidate("withdraw", "", 1.0, True, "what is under way is stopped only when it is named")
    if act != "cancel" and now.can_undo:
        return Candidate("undo", now.active_procedure, 1.0, True, words)
    return None


def _requests(read: Understanding, now: Situation) -> list[Candidate]:
    """What understanding accepts as a request, in the order said."""
    found: list[Candidate] = []
    for segment in read.segments:
        if not segment.accepted or not segment.intents:
            continue
        best = segment.intents[0]
        reason = _accepted(read)
        if best.name in now.procedures:
            if not any(c.target == best.name for c in found):
                found.append(Candidate("start", best.name, best.probability, True, reason, segment.text))
        elif best.name == PERSON:
            found.append(
                Candidate("hand_over", "customer_asked", best.probability, True, reason, segment.text)
            )
        elif best.name == "complaint" and not now.has_open_question:
            found.append(Candidate("person_offer", "complaint", best.probability, True, reason, segment.text))
        elif best.name in REPLIES and len(read.segments) == 1 and not now.has_open_question:
            found.append(Candidate("reply", best.name, best.probability, True, reason, segment.text))
    return found


def _person_first(now: Situation) -> list[Candidate]:
    """The offer of a person, once in a conversation that is going badly."""
    if now.risk < HIGH_RISK or now.was_person_offered:
        return []
    reason = "the risk of a complaint is high: a person first"
    return [Candidate("person_offer", ESCALATION, now.risk, True, reason)]


def _accepted(read: Understanding) -> str:
    """What an accepted request rests on."""
    if read.model.name == LANGUAGE_MODEL:
        return "accepted at the language model's own confidence, which is not calibrated"
    return "accepted at the calibrated threshold"


def _answer(read: Understanding, now: Situation) -> Candidate | None:
    """An article above the relevance floor, unless the text clearly belongs to another domain."""
    best = read.segments[0].intents[0] if read.segments and read.segments[0].intents else None
    if not now.hits or not now.hits[0].is_relevant:
        return None
    hit = now.hits[0]
    if best is not None and best.name == "out_of_scope" and read.segments[0].accepted:
        return None
    if best is not None and best.name in now.procedures and best.probability >= MORE_LIKELY_THAN_NOT:
        return None  # a request rather than a question: the procedure does what the article only describes
    return Candidate("answer", hit.slug, hit.score, True, "the passage is above the relevance floor")


def _asides(now: Situation) -> list[Candidate]:
    """Answers to what a message asks beside its requests; each passage once."""
    found: dict[str, Candidate] = {}
    reason = "asked beside a request, and the passage is above the relevance floor"
    for text, hit in now.asides:
        if hit.is_relevant:
            found.setdefault(hit.slug, Candidate("answer", hit.slug, hit.score, True, reason, text))
    return list(found.values())


def _only_likely(read: Understanding, now: Situation) -> Candidate | None:
    """The one procedure that is likely, though below the threshold, where no question is open.

    Starting it does nothing by itself: it asks and has everything confirmed, so a wrong guess costs one word,
    less than a choice between one thing and nothing.
    """
    likely = likely_meanings(read, now.procedures)
    if now.has_open_question or now.is_identifying or len(likely) != 1 or len(read.segments) != 1:
        return None
    if likely[0].probability < MORE_LIKELY_THAN_NOT:
        return None
    reason = "the only likely meaning, and it asks before it acts"
    return Candidate("start", likely[0].name, likely[0].probability, True, reason, read.segments[0].text)


def _digression(read: Understanding, now: Situation) -> Candidate | None:
    """Another request in the middle of a procedure that is more likely than not, yet below the threshold."""
    likely = [i for i in likely_meanings(read, now.procedures) if i.name != now.active_procedure]
    if now.takes_free_text or not likely or likely[0].probability < MORE_LIKELY_THAN_NOT:
        return None
    return Candidate(
        "clarify", likely[0].name, likely[0].probability, True, "more likely than not: the customer decides"
    )


def _last_resort(read: Understanding, now: Situation) -> Candidate:
    """Choices among the likely meanings, else what we can do, else a person."""
    likely = likely_meanings(read, now.procedures)
    top = read.segments[0].intents[0] if read.segments and read.segments[0].intents else None
    if now.misses >= MISSES_BEFORE_PERSON:
        return Candidate("person_offer", "not_understood", 0.0, True, "not understood several times in a row")
    if top is not None and top.name == "out_of_scope" and read.segments[0].accepted:
        return Candidate("reply", "out_of_scope", top.probability, True, _accepted(read))
    if likely:
        return Candidate(
            "clarify",
            likely[0].name,
            likely[0].probability,
            True,
            "below the threshold: the customer decides",
        )
    if top is not None and top.name == QUESTION:
        return Candidate(
            "person_offer",
            "no_answer",
            top.probability,
            True,
            "a question without an article above the floor",
        )
    return Candidate("reply", "not_understood", 0.0, True, "no meaning is likely enough to offer")


def likely_meanings(read: Understanding, known: frozenset[str]) -> list[IntentScore]:
    """Procedures likely enough to be offered as choices, best first."""
    if not read.segments:
        return []
    return [i for i in read.segments[0].intents if i.name in known and i.probability >= MIN_CLARIFY_SHARE][
        :MAX_CLARIFY
    ]


def _background(read: Understanding, now: Situation) -> list[Candidate]:
    """What else was weighed, for the record."""
    seen: list[Candidate] = []
    for segment in read.segments:
        for rank, intent in enumerate(segment.intents[:4]):
            first = "accepted" if segment.accepted else (segment.abstention or "below the threshold")
            reason = "less likely" if rank else first
            step: StepKind = "start" if intent.name in now.procedures else "reply"
            seen.append(Candidate(step, intent.name, intent.probability, False, reason))
    for hit in now.hits[:3]:
        floor = "weighed" if hit.is_relevant else "below the relevance floor"
        seen.append(Candidate("answer", hit.slug, hit.score, False, floor))
    return seen
