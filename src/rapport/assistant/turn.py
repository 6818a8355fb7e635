"""One turn: read what came, choose the steps, take them, and store exactly one reply with its decision.

Everything before `_store` may be repeated after a crash: look-ups change nothing, and actions carry idempotency
keys derived from the stored state, so a repeated turn finds their results. `_store` is one transaction.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from rapport.assistant.gathering import Gathered, gather
from rapport.assistant.stepping import Stepper
from rapport.assistant.storing import store
from rapport.connectors import api as connectors
from rapport.jobs.api import JobContext
from rapport.knowledge.contracts import Searcher
from rapport.understanding.contracts import Engine


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
            return
        stepper = self.take_steps(gathered)
        latency = {
            "cpu_total": _ms(time.thread_time() - started_cpu),
            "wall_total": _ms(time.perf_counter() - started),
            "cpu_encode": round(stepper.encode_ms, 2),
            "cpu_understand": round(stepper.understand_ms, 2),
            "cpu_systems": round(stepper.driver.lookup_ms, 2),
        }
        store(gathered, stepper.outcome(), latency, complete=context.complete)

    def take_steps(self, gathered: Gathered) -> Stepper:
        """Work through the burst of messages, without storing anything."""
        with connectors.reading_once():
            stepper = Stepper(self.engine, self.searcher, gathered)
            for unit in gathered.units:
                stepper.take(unit)
        return stepper


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)
