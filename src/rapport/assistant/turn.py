"""One turn: read what came, choose the steps, take them, and store exactly one reply with its decision.

Everything before `_store` may be repeated after a crash: look-ups change nothing, and actions carry idempotency
keys derived from the stored state, so a repeated turn finds their results. `_store` is one transaction.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from rapport.assistant.gathering import Gathered, gather
from rapport.assistant.stepping import Stepper
from rapport.assistant.storing import store
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.contracts import Owner
from rapport.jobs.api import JobContext
from rapport.kernel.clock import now
from rapport.knowledge.contracts import Searcher
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Mend
from rapport.understanding.contracts import Engine

PATIENT_ATTEMPTS = 4
"""So many quick refusals (1 + 2 + 4 seconds apart) before a customer is handed over: a restart takes less."""
KEEPING_ATTEMPTS = 3
"""So many before what is asked for is kept: a second or two nobody notices."""
QUICK_S = 2.0
"""A system that lets us wait longer than this is not tried again while the customer waits."""
LONGEST_WAIT_S = 0.1
"""A turn begun ahead of its time holds its thread no longer than this."""


class SystemAway(Exception):
    """A connected system is away for a moment; nothing was stored, the turn is repeated."""


@dataclass(frozen=True, slots=True)
class TurnRunner:
    """Answers customers; given the engine and the searcher once, by `bootstrap`."""

    engine: Engine
    searcher: Searcher

    def run(self, payload: dict[str, Any], context: JobContext) -> None:
        """The job handler: answer one generation of one conversation, or find that it needs no answer any more."""
        started_cpu, started = time.thread_time(), time.perf_counter()
        gathered = gather(int(payload["conversation_id"]), int(payload["generation"]))
        if gathered is None:
            leave_to_person(int(payload["conversation_id"]))
            return
        if not gathered.units and not gathered.woken:
            return
        stepper = self.take_steps(gathered, not_before=_moment(payload.get("not_before")))
        if stepper is None:
            return
        took_s = time.perf_counter() - started
        if _is_worth_waiting(stepper, context, took_s, is_asked=bool(gathered.units)):
            raise SystemAway("a connected system does not answer; trying again before a person is called")
        latency = {
            "cpu_total": _ms(time.thread_time() - started_cpu),
            "wall_total": _ms(time.perf_counter() - started),
            "cpu_encode": round(stepper.encode_ms, 2),
            "cpu_understand": round(stepper.understand_ms, 2),
            "cpu_systems": round(stepper.driver.lookup_ms, 2),
        }
        store(gathered, stepper.outcome(), latency, complete=context.complete)

    def take_steps(self, gathered: Gathered, *, not_before: dt.datetime | None = None) -> Stepper | None:
        """Work through the burst of messages, without storing anything.

        The texts are read at once; before the first step more may come until `not_before`, and then this turn
        is none: None.
        """
        with connectors.reading_once():
            stepper = Stepper(self.engine, self.searcher, gathered)
            if not_before is not None and not _is_last(gathered, not_before):
                return None
            for unit in gathered.units:
                stepper.take(unit)
            for woken in gathered.woken:
                stepper.wake(woken)
        return stepper


def leave_to_person(conversation_id: int) -> None:
    """What has come for a waiting procedure is not lost when a person took the conversation meanwhile."""
    found = conversations.find_conversation(conversation_id)
    if found is not None and found.owner is not Owner.ASSISTANT:
        procedures.pass_on(conversation_id)


def _is_last(gathered: Gathered, not_before: dt.datetime) -> bool:
    """Wait until it is time, and see whether nothing came or changed meanwhile."""
    time.sleep(min(max(0.0, (not_before - now()).total_seconds()), LONGEST_WAIT_S))
    found = conversations.find_conversation(gathered.conversation.id)
    return found is not None and found.generation == gathered.generation


def _moment(text: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _is_worth_waiting(stepper: Stepper, context: JobContext, took_s: float, *, is_asked: bool) -> bool:
    """Whether a turn that a silent system kept from its end may be repeated by its job while the customer waits."""
    out = stepper.outcome()
    is_away = out.handover is not None and out.handover.reason == "system_unavailable"
    is_kept = is_asked and any(isinstance(e, Mend) and e.way == "kept" for e in out.run.effects)
    attempts = PATIENT_ATTEMPTS if is_away else KEEPING_ATTEMPTS if is_kept else 0
    may_wait = bool(context.job_id) and context.attempt < attempts and took_s < QUICK_S
    return may_wait and not connectors.is_anything_resting()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
