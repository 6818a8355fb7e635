"""What the choice of a step depends on: the dialogue's state, and what a text would do to it as an answer."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.assistant.driver import Driver, Run, held_values, open_slot_type
from rapport.assistant.gathering import Gathered
from rapport.assistant.logic.choosing import Situation
from rapport.assistant.logic.inputs import START, answer_share, is_plain_move
from rapport.assistant.outcome import Outcome
from rapport.knowledge.contracts import Hit
from rapport.procedures.contracts import DialogueState, Say
from rapport.understanding.api import follow, mood_of
from rapport.understanding.contracts import Understanding


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer's text, and what was made of it so far."""

    text: str
    read: Understanding
    hits: list[Hit]
    is_identifying: bool
    """Whether the check of identity waits for an answer."""
    identifies: bool
    """Whether the text holds what that check asks for."""
    asides: tuple[tuple[str, Hit], ...] = ()
    """What parts of the message ask beside its requests, with the passages found for them."""


def situation_of(heard: Heard, gathered: Gathered, out: Outcome, driver: Driver) -> Situation:
    """Where a text meets the dialogue, for `choose`; nothing is done or kept."""
    state = out.run.state
    frame = state.stack[-1] if state.stack else None
    has_question = (
        frame is not None and not heard.is_identifying and frame.status in {"collecting", "confirming"}
    )
    question = open_slot_type(driver.book, state) if has_question else ""
    trial = _try_answer(heard, state, driver, question) if has_question else None
    return Situation(
        has_open_question=has_question,
        active_procedure=frame.procedure if frame else "",
        is_confirming=has_question and frame is not None and frame.status == "confirming",
        takes_free_text=question in {"text", "address"},
        fills_open_question=trial is not None,
        answer_share=answer_share(heard.text, frame, trial.state if trial else None),
        is_identifying=heard.is_identifying,
        identifies=heard.identifies,
        procedures=frozenset(driver.book),
        misses=out.misses,
        hits=heard.hits,
        risk=follow([*gathered.moods, *map(mood_of, out.reads)]).risk,
        was_person_offered=gathered.was_person_offered,
        can_undo=bool(state.stack) or any(f.completed for f in state.finished),
        offered="" if has_question or heard.is_identifying else gathered.offered.removeprefix(START),
        is_waiting=bool(state.waiting) and not state.stack,
        asides=heard.asides,
    )


def _try_answer(heard: Heard, state: DialogueState, driver: Driver, question: str) -> Run | None:
    """A trial run without actions: what becomes of the text as an answer or a correction; None for nothing.

    "No longer needed" stops a procedure, unless it is one of the answers that were just offered; "yes, return
    the lamp" agrees to a summary, unless that holds more than the lamp.
    """
    act = heard.read.act
    is_offered = act == "cancel" and question == "choice"
    if is_plain_move(act, heard.text) and not is_offered:
        return None
    driver.may_act = False
    try:
        trial = driver.run(state, [Say(heard.text, is_correction=act == "correct")])
    finally:
        driver.may_act = True
    is_changed = held_values(trial.state) != held_values(state)
    is_barred = act == "affirm" and any(not rule.held for rule in trial.trace)
    return trial if trial.filled or is_changed or is_barred else None
