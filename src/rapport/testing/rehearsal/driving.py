"""Runs the interpreter against a sandbox as the assistant's driver does against connected systems."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from rapport.connectors.contracts import CallOutcome, ConnectorDown, JsonDict, UnknownOutcome
from rapport.procedures import api as procedures
from rapport.procedures.contracts import (
    APPROVED,
    REJECTED,
    TIMED_OUT,
    ActionResult,
    Ask,
    Call,
    Confirm,
    DialogueState,
    Effect,
    Ended,
    Frame,
    HandOver,
    Identify,
    Input,
    Need,
    Option,
    Park,
    Provided,
    Reader,
    RuleTrace,
    Tell,
    WaitFor,
    Wake,
    World,
)
from rapport.testing.rehearsal.world import SHOP_READS

MAX_ROUNDS = 60
MAX_WAITS = 10
"""Waits of one conversation that end by themselves."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one input led to."""

    effects: tuple[Effect, ...]
    trace: tuple[RuleTrace, ...] = ()
    filled: tuple[str, ...] = ()

    @property
    def asked(self) -> Ask | None:
        """The question left open, if any."""
        return next((e for e in reversed(self.effects) if isinstance(e, Ask)), None)

    @property
    def confirm(self) -> Confirm | None:
        """The summary to be agreed to, if any."""
        return next((e for e in reversed(self.effects) if isinstance(e, Confirm)), None)

    @property
    def ended(self) -> Ended | None:
        """The procedure that ended, if one did."""
        return next((e for e in reversed(self.effects) if isinstance(e, Ended)), None)

    @property
    def handover(self) -> HandOver | None:
        """Whether a person takes over."""
        return next((e for e in self.effects if isinstance(e, HandOver)), None)

    @property
    def parked(self) -> WaitFor | None:
        """What a procedure began to wait for last, if one did."""
        return next((e.wait for e in reversed(self.effects) if isinstance(e, Park)), None)

    @property
    def is_over(self) -> bool:
        """Whether a procedure ended, or a person takes over, and nothing is left open."""
        return self.handover is not None or (
            self.ended is not None and not self.waits_for and not self.parked
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything the customer reads, in order."""
        found: list[str] = []
        for effect in self.effects:
            match effect:
                case Tell(text) | HandOver(_, text):
                    found.append(text)
                case Ask():
                    found += [effect.problem, effect.prompt]
                case Confirm():
                    found += [*effect.lines, effect.question]
                case _:
                    pass
        return tuple(text for text in found if text)

    @property
    def waits_for(self) -> str:
        """What is open: a slot, ``confirm``, ``identify``, or nothing."""
        for effect in reversed(self.effects):
            match effect:
                case Ask():
                    return effect.slot
                case Confirm():
                    return "confirm"
                case Identify():
                    return "identify"
                case _:
                    pass
        return ""


@runtime_checkable
class HasApprovals(Protocol):
    """A system some of whose actions wait for a person's yes."""

    approved: set[str]
    """Keys of calls that were approved."""


class System(Protocol):
    """What a rehearsal needs of connected systems."""

    writes: list[tuple[str, JsonDict]]
    """Every change that happened: action and arguments."""

    @property
    def customer(self) -> JsonDict | None:
        """The customer's record; None while unknown."""
        ...

    def list_options(self, type_: str, of: JsonDict, language: str) -> tuple[Option, ...]:
        """The records of a slot type. Raises ConnectorDown."""
        ...

    def call(self, action: str, arguments: JsonDict, key: str) -> CallOutcome:
        """Perform an action. Raises ConnectorDown."""
        ...


@dataclass(slots=True)
class Rehearsed:
    """One conversation of one customer with the procedures of a book."""

    book: procedures.ProcedureBook
    sandbox: System
    reader: Reader
    language: str = "en"
    now: dt.datetime | None = None
    tone: Literal["formal", "informal"] = "formal"
    state: DialogueState = field(default_factory=lambda: DialogueState(seed="rehearsal"))
    said: list[Said] = field(default_factory=list)
    _policy: procedures.TurnPolicy = field(init=False)

    def world(self) -> World:
        """What the interpreter may know."""
        customer = self.sandbox.customer
        currency = str((customer or {}).get("currency", "EUR"))
        return World(self.language, self.reader, customer, currency, self.now, self.tone)

    def try_out(self, given: Input) -> Said:
        """What an input would lead to; nothing is done or remembered."""
        state, said = self._settle(given, may_act=False)
        del state
        return said

    def send(self, given: Input) -> Said:
        """One turn."""
        self.state, said = self._settle(given, may_act=True)
        self.said.append(said)
        return said

    # ── waiting ──

    def waits(self) -> tuple[WaitFor, ...]:
        """What procedures wait for, the latest first."""
        return tuple(f.waiting for f in reversed(self.state.waiting) if f.waiting is not None)

    def wake(self, event: str, data: JsonDict | None = None) -> Said | None:
        """Time runs out (`TIMED_OUT`) or an event comes; None when nothing waits for it."""
        found = next(
            (w for w in self.waits() if w.event == event or (event == TIMED_OUT and w.until is not None)),
            None,
        )
        if found is None:
            return None
        if event == TIMED_OUT and found.until is not None:
            self.now = dt.datetime.fromisoformat(found.until)
        return self.send(Wake(found.key, event, data or {}))

    def decide(self, *, is_approved: bool, reason: str = "") -> Said | None:
        """A person approves or rejects; None when nothing waits for that."""
        found = next((w for w in self.waits() if w.kind == "approval"), None)
        if found is None:
            return None
        if is_approved and isinstance(self.sandbox, HasApprovals):
            self.sandbox.approved.add(found.key)
        event = APPROVED if is_approved else REJECTED
        return self.send(Wake(found.key, event, {"by": "colleague", "reason": reason}))

    def pass_time(self, said: Said) -> Said:
        """Let what is waited for come, and approvals be given, until the customer is wanted again or it is over."""
        for _ in range(MAX_WAITS):
            waits = self.waits()
            if said.waits_for or said.handover is not None or not waits:
                return said
            if waits[0].kind == "approval":
                woken = self.decide(is_approved=True)
            else:
                woken = self.wake(waits[0].event or TIMED_OUT)
            said = woken or said
        return said

    def frame(self) -> Frame | None:
        """The active procedure's frame, or the one that ended last."""
        if self.state.stack:
            return self.state.stack[-1]
        return self.state.finished[-1] if self.state.finished else None

    def _settle(self, given: Input, *, may_act: bool) -> tuple[DialogueState, Said]:
        state, effects, world = self.state, list[Effect](), self.world()
        self._policy = procedures.TurnPolicy(self.book, self._look_up)
        trace: list[RuleTrace] = []
        filled: list[str] = []
        for _ in range(MAX_ROUNDS):
            step = procedures.advance(self.book, state, given, world)
            state = step.state
            effects += [e for e in step.effects if not isinstance(e, Need | Call)]
            trace += step.trace
            filled += step.filled
            if step.needs:
                given = self._provide(step.needs)
            elif step.call is not None and may_act:
                given = self._perform(step.call, state, world, trace)
            else:
                state = self._policy.settle(state, world)
                return state, Said(tuple(effects), tuple(trace), tuple(filled))
        raise procedures.InvalidDefinition(
            (procedures.Problem("document", 0, 0, "the procedure does not come to rest"),)
        )

    def _provide(self, needs: tuple[Need, ...]) -> Provided:
        try:
            return Provided({need.key: self._look_up(need) for need in needs})
        except ConnectorDown as problem:
            return Provided({}, failed=str(problem))

    def _look_up(self, need: Need) -> tuple[Option, ...]:
        return self.sandbox.list_options(need.type, need.of, self.language)

    def _perform(
        self, call: Call, state: DialogueState, world: World, trace: list[RuleTrace]
    ) -> ActionResult:
        is_change = call.action not in SHOP_READS
        verdict = self._policy.judge(call, state, world) if is_change else procedures.Verdict(True)
        if not verdict.is_permitted:
            trace.append(RuleTrace(verdict.name, call.action, held=False))
            return ActionResult(call.key, False, {}, f"rule:{verdict.rule}", verdict.text)
        try:
            outcome = self.sandbox.call(call.action, call.arguments, call.key)
        except (ConnectorDown, UnknownOutcome):
            return ActionResult(call.key, False, {}, "unavailable")
        if is_change and outcome.ok:
            self._policy.note_change(state)
        return ActionResult(call.key, outcome.ok, outcome.data, outcome.code, outcome.message)
