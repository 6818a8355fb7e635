"""Runs the interpreter until it rests: looks up what it needs, performs what it calls for."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rapport.assistant.supplying import Supplier
from rapport.assistant.wording import say
from rapport.connectors import api as connectors
from rapport.connectors.contracts import (
    ActionEffect,
    ActionRequest,
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
)
from rapport.kernel.clock import now
from rapport.procedures import api as procedures
from rapport.procedures.contracts import (
    ActionResult,
    Ask,
    Call,
    Confirm,
    DialogueState,
    Effect,
    HandOver,
    Identify,
    Input,
    Need,
    Option,
    Provided,
    Reader,
    RuleTrace,
    Step,
    World,
)

RULE_CODE = "rule:"
"""Begins the code of a call the policy refused."""
APPROVAL_LIFE = dt.timedelta(days=7)
"""How long a call waits for the approval that its limits ask for."""
UNKNOWN_ACTION = "unknown_action"
"""The action's system was taken away, or the action from it: for the customer the same as a revoked one."""
MAX_ROUNDS = 60
"""More rounds than any sane procedure takes in one turn: a stop for a definition that loops."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a series of inputs led to."""

    state: DialogueState
    effects: tuple[Effect, ...]
    trace: tuple[RuleTrace, ...] = ()
    filled: tuple[str, ...] = ()
    calls: tuple[tuple[Call, ActionResult], ...] = ()
    subjects: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What limits of procedures were asked about: (procedure, limit) → what it counts by."""

    def then(self, later: Run) -> Run:
        """This, and what came after it; a question that was overtaken is not asked."""
        return Run(
            later.state,
            without_questions(self.effects) + later.effects,
            self.trace + later.trace,
            self.filled + later.filled,
            self.calls + later.calls,
            {**self.subjects, **later.subjects},
        )


@dataclass(slots=True)
class Driver:
    """One turn's dealings with procedures and connected systems; keeps what was looked up for the turn."""

    book: procedures.ProcedureBook
    reader: Reader
    language: str
    principal: Principal | None
    customer: JsonDict | None
    conversation_id: int
    actor: str = "assistant"
    tone: Literal["formal", "informal"] = "formal"
    is_shop_silent: bool = False
    """The customer is verified, and the shop that knows them does not answer."""
    may_act: bool = True
    """False while only trying out what an input would lead to."""
    writes_in: str = ""
    """Language of what actions make and send; empty: that of the conversation."""
    supplier: Supplier = field(init=False)
    _policy: procedures.TurnPolicy = field(init=False)
    _facts: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    _seen: dict[str, frozenset[str]] = field(default_factory=dict)
    lookup_ms: float = 0.0
    """CPU time spent on connected systems [ms]."""

    def __post_init__(self) -> None:
        self.supplier = Supplier(self.conversation_id, self.actor)
        self._policy = procedures.TurnPolicy(self.book, self._look_up)

    def world(self) -> World:
        currency = str((self.customer or {}).get("currency", "EUR"))
        return World(
            self.language,
            self.reader,
            self.customer,
            currency,
            now(),
            self.tone,
            is_silent=self.is_shop_silent,
        )

    def identify(self, principal: Principal, customer: JsonDict) -> None:
        """From now on the customer is known."""
        self.principal, self.customer = principal, customer
        self._facts.clear()

    def known_values(self, type_: str) -> frozenset[str] | None:
        """Ids of the records of a type that were looked up in this turn; None when none were."""
        return self._seen.get(type_)

    def run(self, state: DialogueState, inputs: Sequence[Input]) -> Run:
        """Feed the inputs one after another, each until the interpreter rests."""
        run = Run(state, ())
        for given in inputs:
            run = run.then(self._settle(run.state, given))
        run = replace(run, state=self._policy.settle(run.state, self.world()))
        return with_person_for_revoked(replace(run, subjects=dict(self.supplier.subjects)))

    def _settle(self, state: DialogueState, given: Input) -> Run:
        run = Run(state, ())
        for _ in range(MAX_ROUNDS):
            step = procedures.advance(self.book, run.state, given, self.world())
            run = _joined(run, step)
            needs = [e for e in step.effects if isinstance(e, Need)]
            call = next((e for e in step.effects if isinstance(e, Call)), None)
            if needs:
                given = self._provide(needs)
            elif call is not None:
                if not self.may_act:
                    return run
                verdict = self._judge(call, run.state)
                if verdict.is_permitted:
                    result, traces = self._perform(call)
                    if result.ok and _changes(call):
                        self._policy.note_change(run.state)
                    run = replace(run, calls=(*run.calls, (call, result)), trace=(*run.trace, *traces))
                elif self.is_shop_silent and verdict.rule == "identified":
                    outcome = connectors.leave(self._request(call))
                    result = ActionResult(call.key, outcome.ok, outcome.data, outcome.code)
                else:
                    result = ActionResult(call.key, False, {}, f"{RULE_CODE}{verdict.rule}", verdict.text)
                    trace = RuleTrace(verdict.name, call.action, held=False)
                    run = replace(run, trace=(*run.trace, trace))
                given = result
            else:
                return run
        return replace(run, effects=(*run.effects, HandOver("system_unavailable", "")))

    def _provide(self, needs: list[Need]) -> Provided:
        started = time.thread_time()
        try:
            for need in needs:
                if need.key not in self._facts:
                    self._facts[need.key] = self._look_up(need)
        except ConnectorDown as problem:
            return Provided({}, failed=str(problem) or "unavailable")
        finally:
            self.lookup_ms += (time.thread_time() - started) * 1000
        return Provided({need.key: self._facts[need.key] for need in needs})

    def _look_up(self, need: Need) -> tuple[Option, ...]:
        found = self.supplier.look_up(need, self.principal, self.language)
        self._seen[need.type] = frozenset(option.value for option in found)
        return found

    def _judge(self, call: Call, state: DialogueState) -> procedures.Verdict:
        """The policy's word just before a change, on records looked up anew."""
        if not _changes(call) or connectors.has_intent(call.key):
            return procedures.Verdict(True)
        started = time.thread_time()
        try:
            return self._policy.judge(call, state, self.world())
        finally:
            self.lookup_ms += (time.thread_time() - started) * 1000

    def _perform(self, call: Call) -> tuple[ActionResult, tuple[RuleTrace, ...]]:
        started = time.thread_time()
        outcome = connectors.perform(self._request(call))
        self._facts.clear()
        self.lookup_ms += (time.thread_time() - started) * 1000
        return self._result(call, outcome)

    def _request(self, call: Call) -> ActionRequest:
        """A call as connected systems are asked for it."""
        action = connectors.find_action(call.action)
        amount = (
            call.amount if call.amount is not None or action is None else action.amount_of(call.arguments)
        )
        is_reading = action is None or action.effect is ActionEffect.READ
        language = self.language if is_reading else self.writes_in or self.language
        return ActionRequest(
            call.action,
            call.arguments,
            call.key,
            replace(self.principal or Principal("", "none", language), language=language),
            self.conversation_id,
            self.actor,
            amount,
            procedures.is_approved(call),
            call.gives_up,
        )

    def _result(self, call: Call, outcome: CallOutcome) -> tuple[ActionResult, tuple[RuleTrace, ...]]:
        """What the interpreter learns; what an administrator does not allow is named like a rule."""
        code, message = outcome.code, outcome.message
        if code == UNKNOWN_ACTION:
            code, message = connectors.REVOKED, ""
        if code not in connectors.REFUSALS and code != connectors.NEEDS_APPROVAL:
            return ActionResult(call.key, outcome.ok, outcome.data, code, message), ()
        trace = RuleTrace(code, call.action, held=False, values=outcome.data)
        if code == connectors.NEEDS_APPROVAL:
            data = {
                **outcome.data,
                "moved": outcome.data.get("amount"),
                "currency": self.world().currency,
                "expires_at": (now() + APPROVAL_LIFE).isoformat(),
            }
            return ActionResult(call.key, False, data, code, message), (trace,)
        words = say(f"refused_{code.replace('limit:', 'limit_')}", self.language)
        return ActionResult(call.key, False, outcome.data, f"{RULE_CODE}{code}", words), (trace,)


def _changes(call: Call) -> bool:
    """Whether a call may change anything."""
    action = connectors.find_action(call.action)
    return action is not None and action.effect is not ActionEffect.READ


def with_person_for_revoked(run: Run) -> Run:
    """An action that was switched off while a procedure relied on it: a person takes over."""
    is_revoked = any(r.code == f"{RULE_CODE}{connectors.REVOKED}" for _, r in run.calls)
    if not is_revoked or any(isinstance(e, HandOver) for e in run.effects):
        return run
    return replace(run, effects=(*without_questions(run.effects), HandOver(connectors.REVOKED, "")))


def _joined(run: Run, step: Step) -> Run:
    effects = tuple(e for e in step.effects if not isinstance(e, Need | Call))
    return replace(
        run,
        state=step.state,
        effects=run.effects + effects,
        trace=run.trace + step.trace,
        filled=run.filled + step.filled,
    )


def without_questions(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """A question that a later input has overtaken is not asked."""
    return tuple(e for e in effects if not isinstance(e, Ask | Confirm | Identify))


def held_values(state: DialogueState) -> list[tuple[str, tuple[str, ...]]]:
    """Which values the active procedure holds, and among which it asks to choose."""
    if not state.stack:
        return []
    frame = state.stack[-1]
    held = [(name, tuple(o.value for o in value.options)) for name, value in frame.slots.items()]
    return [*held, (f"asked:{frame.asked}", frame.shown)]


def expected(state: DialogueState) -> str | None:
    """What the dialogue waits for: a slot, ``confirm``, ``identify``, ``under_way`` (news from outside), nothing."""
    if not state.stack:
        return "under_way" if state.waiting else None
    frame = state.stack[-1]
    return frame.asked or {"confirming": "confirm", "identifying": "identify"}.get(frame.status)


def has_question(state: DialogueState) -> bool:
    """Whether the active procedure waits for an answer."""
    return bool(state.stack) and state.stack[-1].status in {"collecting", "confirming"}


def active_procedure(state: DialogueState) -> str:
    """Name of the active procedure; empty when none runs."""
    return state.stack[-1].procedure if state.stack else ""


def open_slot_type(book: procedures.ProcedureBook, state: DialogueState) -> str:
    """Type of the slot that is being asked; empty when none is."""
    if not state.stack or not state.stack[-1].asked:
        return ""
    frame = state.stack[-1]
    definition = book.at(frame.procedure, frame.version)
    slot = definition.find_slot(str(frame.asked).split("[")[0]) if definition else None
    return slot.type if slot else ""
