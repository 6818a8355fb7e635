"""Makes the demonstration's past: 90 days of conversations, held by simulated customers with the system itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from demo_shop.past import Past
from rapport.accounts import api as accounts
from rapport.cli.demo_facts import read_facts
from rapport.cli.history_plan import Planned, Planner, load_material
from rapport.cli.history_setting import fast_database, shop_apart
from rapport.cli.places import demo_dir
from rapport.cli.shop import shop_database
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, InboxInfo, Owner, Status
from rapport.jobs.api import JobKind
from rapport.kernel.clock import SteppedClock, now, use_clock
from rapport.testing.agents import load_agent_phrases
from rapport.testing.conversing import Conversing, Course
from rapport.testing.in_process import InProcess
from rapport.testing.personas import load_phrasebook
from rapport.testing.simulation import SimulatedCustomer
from rapport.web.config import Config

log = structlog.get_logger(__name__)

DAYS, COUNT, SEED = 90, 380, 11
SPIKE_DAYS_AGO = 18
QUIET = dt.timedelta(hours=3)
"""A finished conversation nobody continued is resolved after this time."""
TAIL = dt.timedelta(minutes=75)
"""The last stretch before the present is planned by hand, so that the desk has something of everything."""
ENDINGS = (
    "snoozed",
    "agent",
    "agent",
    "agent",
    "queue",
    "queue",
    "queue",
    "queue",
    "queue",
    "middle",
    "middle",
    "middle",
)
"""How the conversations of the last stretch stand at the present moment, oldest first."""
MAILING_JOBS = {"assistant.send_code"}
TAIL_PERSONAS = {
    "queue": ("wants_person", "angry", "confused", "chatty"),
    "agent": ("polite", "chatty", "angry", "non_native"),
    "middle": ("polite", "text_only", "clicks_only", "terse"),
}
LABELS = {
    "order_status": "delivery",
    "return_items": "returns",
    "refund_status": "returns",
    "exchange_items": "returns",
    "report_damage": "damage",
    "cancel_order": "order-change",
    "change_items": "order-change",
    "change_address": "order-change",
}


@dataclass(slots=True)
class Summary:
    """What came of it."""

    courses: list[Course] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    reached_by_kind: Counter[str] = field(default_factory=Counter)

    def as_json(self, seconds: float) -> dict[str, Any]:
        """For the marker file."""
        count = len(self.courses)
        alone = [c for c in self.courses if not c.is_handed_over]
        return {
            "state": "done",
            "conversations": count,
            "reached_share": round(sum(c.is_reached for c in self.courses) / max(1, count), 3),
            "handed_over_share": round(sum(c.is_handed_over for c in self.courses) / max(1, count), 3),
            "left_without_share": round(sum(not c.is_reached for c in alone) / max(1, count), 3),
            "moves": sum(c.moves for c in self.courses),
            "refused_clicks": sum(c.failures for c in self.courses),
            "failures": dict(self.failures),
            "by_kind": {k: f"{self.reached_by_kind[k]}/{n}" for k, n in sorted(self.by_kind.items())},
            "cpu_s": round(seconds, 1),
            "conversations_per_cpu_s": round(count / max(seconds, 0.001), 1),
        }


def simulate_history(
    config: Config, progress: Callable[[str], None], *, count: int = COUNT, seed: int = SEED
) -> int:
    """Hold the conversations of the past; returns how many were made, 0 when they were made before."""
    marker = config.data_dir / "history.json"
    if marker.exists():
        return 0
    marker.write_text('{"state": "begun"}', encoding="utf-8")
    started = time.process_time()
    with fast_database(), shop_apart(config):
        seeding = Seeding(config, random.Random(seed), now())  # noqa: S311 - a simulation
        summary = seeding.run(count, progress)
    report = summary.as_json(time.process_time() - started)
    marker.write_text(json.dumps(report, indent=1), encoding="utf-8")
    log.debug("history.made", **report)
    return len(summary.courses)


class Seeding:
    """One run of the simulation."""

    def __init__(self, config: Config, rng: random.Random, end: dt.datetime) -> None:
        from rapport import bootstrap
        from rapport.assistant.api import TurnRunner
        from rapport.knowledge import api as knowledge

        demo, shop = demo_dir(), shop_database(config.data_dir)
        facts = read_facts(config)
        self._rng, self._end, self._clock = rng, end, SteppedClock(end)
        self._book = load_phrasebook(demo / "personas.yaml")
        self._planner = Planner(load_material(self._book, shop, demo), rng)
        self._past = Past(shop)
        self._inboxes = {
            "web": _inbox(facts["website_token"]),
            "api": _inbox(facts["api_inbox_identifier"]),
        }
        self._agents = [s for s in accounts.list_staff() if s.role in {"agent", "supervisor"}]
        runner = TurnRunner(
            bootstrap.load_embedded_engine(), knowledge.open_searcher(bootstrap.load_encoder())
        )
        self._system = InProcess(runner, _without_mail(bootstrap.job_kinds()), bootstrap.subscriptions())
        self._conversing = Conversing(
            self._system, self._clock, load_agent_phrases(demo / "agents.yaml"), rng
        )
        self.summary = Summary()

    def run(self, count: int, progress: Callable[[str], None]) -> Summary:
        """Plan and hold all conversations, then leave the desk as it is at the present moment."""
        ordinary = self._planner.plan(
            self._end - TAIL, days=DAYS, count=max(0, count - len(ENDINGS)), spike_days_ago=SPIKE_DAYS_AGO
        )
        tail = self._plan_tail()
        with use_clock(self._clock):
            for number, planned in enumerate(ordinary, start=1):
                if number % 10 == 0:
                    progress(f"conversation {number} of {count}: {planned.at:%d %B}")
                self._hold(planned, "")
            for ending, planned in zip(ENDINGS, tail, strict=True):
                self._hold(planned, ending)
            self._clock.at = self._end
            self._system.follow(self._end)
        self._past.close()
        return self.summary

    def _plan_tail(self) -> list[Planned]:
        spans = {"snoozed": (65, 75), "agent": (25, 60), "queue": (3, 24), "middle": (0.7, 2.5)}
        kinds = {"queue": "report_damage", "agent": "return_items", "snoozed": "refund_status", "middle": ""}
        minutes = [self._rng.uniform(*spans[e]) for e in ENDINGS]
        ordered = sorted(zip(ENDINGS, minutes, strict=True), key=lambda p: (ENDINGS.index(p[0]), -p[1]))
        planned = []
        for index, (ending, ago) in enumerate(ordered):
            kind = (
                kinds[ending]
                if index % 2
                else self._rng.choice(("order_status", "return_items", "order_status"))
            )
            at = self._end - dt.timedelta(minutes=ago)
            planned.append(self._planner.plan_one(at, kind=kind, personas=TAIL_PERSONAS.get(ending, ())))
        return planned

    # ── one conversation ───────────────────────────────────────────────────────────────────────────

    def _hold(self, planned: Planned, ending: str) -> None:
        """Hold one conversation; a failure is counted, and the next one goes on."""
        self._clock.at = planned.at
        if not ending:
            self._system.skip_news()
        self._past.go_back(planned.person.customer_id, planned.at)
        try:
            self._converse(planned, ending)
        except Exception as problem:
            self.summary.failures[type(problem).__name__] += 1
            log.warning(
                "history.failed", goal=planned.goal.procedure, persona=planned.persona.id, exc_info=True
            )
        finally:
            self._past.come_back(self._end)

    def _converse(self, planned: Planned, ending: str) -> None:
        info = self._open(planned)
        number = int(info.id)
        customer = SimulatedCustomer(planned.persona, self._book, planned.goal, planned.language, self._rng)
        course = self._conversing.talk(info, customer, at_most={"": 99}.get(ending, 2))
        if ending not in {"", "middle"} and not course.is_handed_over:
            self._conversing.ask_for_person(number)
        self._note(planned, course)
        if ending == "":
            self._end_ordinarily(number, planned, customer)
        elif ending in {"agent", "snoozed"}:
            agent = self._rng.choice(self._agents)
            self._conversing.take(number, agent, wait_s=self._rng.uniform(60, 400))
            self._conversing.serve(number, agent, customer, is_finished=False)
            if ending == "snoozed":
                morning = (self._end + dt.timedelta(days=1)).replace(
                    hour=8, minute=0, second=0, microsecond=0
                )
                conversations.snooze(number, morning, agent.name)

    def _note(self, planned: Planned, course: Course) -> None:
        kind = planned.goal.procedure or "no_procedure"
        self.summary.courses.append(course)
        self.summary.by_kind[kind] += 1
        self.summary.reached_by_kind[kind] += course.is_reached

    def _open(self, planned: Planned) -> ConversationInfo:
        inbox, person = self._inboxes[planned.inbox], planned.person
        profile: dict[str, Any] = {"language": planned.language}
        if planned.is_signed:
            signature = hmac.new(
                inbox.hmac_token.encode(), person.customer_id.encode(), hashlib.sha256
            ).hexdigest()
            profile |= {
                "identifier": person.customer_id,
                "identifier_hash": signature,
                "name": person.name,
                "email": person.email,
            }
        contact = conversations.create_contact(inbox, profile)
        return self._system.open(contact, language=planned.language)

    def _end_ordinarily(self, number: int, planned: Planned, customer: SimulatedCustomer) -> None:
        info = conversations.find_conversation(number)
        assert info is not None
        if info.owner is Owner.QUEUE:
            agent = self._rng.choice(self._agents)
            self._conversing.take(number, agent, wait_s=self._wait_s())
            self._conversing.serve(number, agent, customer)
            if self._rng.random() < 0.6:
                label = LABELS.get(
                    planned.goal.procedure, "complaint" if info.sentiment == "negative" else "question"
                )
                conversations.update_conversation(number, {"labels": [label]})
        elif info.status is not Status.RESOLVED and self._clock.at + QUIET < self._end:
            self._clock.advance(QUIET)
            conversations.resolve(number, "quiet for 3 h")

    def _wait_s(self) -> float:
        """How long the customer waits for an agent [seconds]: mostly a few minutes, seldom half an hour."""
        return min(2400.0, self._rng.lognormvariate(5.1, 0.8))


def _without_mail(kinds: tuple[JobKind, ...]) -> tuple[JobKind, ...]:
    """Nobody gets mail about what is past."""
    return tuple(replace(k, run=lambda _, __: None) if k.name in MAILING_JOBS else k for k in kinds)


def _inbox(identifier: str) -> InboxInfo:
    found = conversations.find_inbox(identifier)
    assert found is not None, "the demonstration's inboxes are made before its history"
    return found


__all__ = ["Seeding", "Summary", "simulate_history"]
