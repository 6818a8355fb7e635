"""Frozen values in which procedures speak: definitions' outcome, commands in, effects out.

The interpreter is a pure function. A driver (the assistant, the desk, a simulator) calls it with one input,
performs what the effects ask for, and calls it again until it rests:

    step = advance(book, state, StartProcedure("return_items"), world)
    while step.needs or step.call:
        ...look the needs up / perform the call, then...
        step = advance(book, step.state, Provided(...) or ActionResult(...), world)

A step that ends in needs holds nothing but needs. A step with a call may hold texts before it; the texts of
all steps of a turn belong to the reply. Otherwise the step rests, with at most one of Ask, Confirm, Identify
and HandOver, and with a Park for each procedure that has begun to wait; `Wake` goes on with it, once. `Provided`
needs to answer only the keys just asked for (more is harmless).

State is JSON-serialisable through `state_to_json` / `state_from_json` in `api`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from rapport.procedures.effects import (
    Ask,
    Call,
    Confirm,
    Effect,
    Ended,
    Field,
    HandOver,
    Identify,
    JsonDict,
    Mend,
    Need,
    Option,
    Park,
    RuleTrace,
    Tell,
    WaitFor,
    WaitKind,
)

__all__ = [
    "APPROVED", "ATTRIBUTE", "CHANGE", "NEEDS_APPROVAL", "REJECTED", "RESERVED_EVENTS", "SKIP", "STOP", "SYSTEM_BACK",
    "TIMED_OUT", "UNTOLD",
    "ActionResult", "Affirm", "Ask", "Call", "Cancel", "Completed", "Confirm", "Deny", "DialogueState",
    "Effect", "Ended", "Field", "Fill", "Frame", "HandOver", "Identified", "Identify", "Input", "JsonDict",
    "Mend", "Need", "Option", "Park", "Pending", "Provided", "Reader", "Resume", "RuleTrace", "Say", "SlotValue",
    "Source", "StartProcedure", "Status", "Step", "Tell", "Undo", "WaitFor", "WaitKind", "Wake", "Withdraw", "World",
]  # fmt: skip

SKIP = "__skip__"
"""Option value offered with an optional slot; filling it (or nothing) leaves the slot empty."""

CHANGE = "__change__"
"""Slot name of the question "what should I change?"; its options are slot names and `STOP`."""

STOP = "__stop__"
"""Option value of the `CHANGE` question that cancels the procedure."""

ATTRIBUTE = "__attribute__:"
"""Begins the value of an option that chooses an attribute among many options: ``__attribute__:colour=red``."""

Source = Literal["chosen", "said", "known", "only_option", "default"]
"""Where a slot's value came from: a click or form, free text, the customer's data, the single option, the
definition."""

Status = Literal[
    "identifying", "collecting", "confirming", "calling", "waiting",
    "done", "cancelled", "refused", "handed_over", "failed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class SlotValue:
    """What a slot holds."""

    options: tuple[Option, ...]
    """One, or several when the slot is `many`; free values (text, number, date, address) are options whose
    `data` holds `{"value": …}`."""
    source: Source


TIMED_OUT, APPROVED, REJECTED = "timeout", "approved", "rejected"
"""Events by which a wait ends besides the named event itself: its time came, a person said yes or no."""

SYSTEM_BACK = "system_back"
"""Event by which a kept call is made again; its subject is the key of the connected system."""

RESERVED_EVENTS = frozenset({TIMED_OUT, APPROVED, REJECTED, SYSTEM_BACK})
"""Words by which waits end otherwise than by an event from outside; nobody may report them."""

UNTOLD = "*"
"""Among the rules that stand against nothing any more: all of them."""

NEEDS_APPROVAL = "needs_approval"
"""Code of a call that was not made because a person must approve it first; the very same call is made again then.
Its data may hold ``team``, ``title`` and ``expires_at`` (ISO 8601) of the approval."""


@dataclass(frozen=True, slots=True)
class Completed:
    """An action that was done, and the one that takes it back."""

    key: str
    action: str
    undo: str = ""
    """Empty when nothing takes it back."""
    arguments: JsonDict = field(default_factory=dict)
    """Of the action that takes it back."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One running procedure."""

    instance: str
    """Unique id; idempotency keys of actions derive from it."""
    procedure: str
    version: int
    status: Status
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    asked: str | None = None
    """Slot (or ``slot[n]`` for the n-th of an `each` slot) the customer was last asked for."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """How often each slot was asked without success."""
    step: int = 0
    """Index of the next action."""
    results: JsonDict = field(default_factory=dict)
    """What steps came to, under their `as` names."""
    mentions: tuple[str, ...] = ()
    """Texts said so far that may fill slots not yet reached."""
    questions: int = 0
    """Questions asked in this instance, confirmation included."""
    tried: tuple[str, ...] = ()
    """Slots that were asked for: earlier words, defaults and single options no longer fill them unasked."""
    stale: tuple[str, ...] = ()
    """Filled slots whose ground has changed (a correction); each is kept only if still possible."""
    shown: tuple[str, ...] = ()
    """Option values of the last question; words are read against them first."""
    parent: str | None = None
    """Instance that runs this one as a sub-procedure and goes on with its result."""
    turn_of: int = 0
    """Index of the present value in an action that is done for each of several."""
    waiting: WaitFor | None = None
    """What it waits for; None while it waits only because a procedure that it runs waits."""
    call: Call | None = None
    """The call that is out; it is made again as it was after a restart or an approval."""
    each: tuple[Any, ...] = ()
    """Values of the action that is done for each of several, as they were when it began."""
    completed: tuple[Completed, ...] = ()
    """Actions done so far that would have to be taken back, oldest first."""
    undoing: Literal["", "asked", "refused", "cancelled", "unexplained"] = ""
    """Set while what was done is taken back: how it ends then (``unexplained``: refused, and a person takes over), or
    that the customer is asked whether to."""
    child: str | None = None
    """Instance of the sub-procedure under way."""
    given: JsonDict = field(default_factory=dict)
    """Values of slots from the procedure that runs this one: taken where they are possible, asked otherwise."""
    answered: tuple[str, ...] = ()
    """What the customer has answered, oldest first: slots, or ``slot[n]``."""
    acting_since: str | None = None
    """ISO 8601 moment at which it began to act: events reported since then are not missed."""
    heard: Mapping[str, str] = field(default_factory=dict)
    """Event and subject → ISO 8601 moment at which it was last taken up: an event counts once."""
    ended_at: str | None = None
    """ISO 8601 moment of the end, where the present was known."""
    looked_up: JsonDict = field(default_factory=dict)
    """Answers of look-ups and limits, by name: ``{"key": what was asked, "data": the answer or null}``."""
    narrowed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Slot → attributes chosen so far among its many options, or the words by which it is searched."""
    kept: JsonDict | None = None
    """Set while a call, or the yes (``is_agreement``), is kept until a system answers: ``until`` when, how many
    ``tries``, whether the call may have been carried out (``is_unsure``), whether the time ``is_over``."""
    excused: tuple[str, ...] | None = None
    """Rules that no longer held right after its own last change: they stand against none of its later calls. None
    while nothing was changed; `UNTOLD` where it could not be looked up."""


@dataclass(frozen=True, slots=True)
class DialogueState:
    """Everything the interpreter remembers of one conversation."""

    stack: tuple[Frame, ...] = ()
    """Running procedures, the active one last."""
    queue: tuple[tuple[str, str], ...] = ()
    """(procedure, text that asked for it) still to be started, in order."""
    finished: tuple[Frame, ...] = ()
    """Procedures that ended, oldest first (at most 20)."""
    seed: str = ""
    """Set once by the driver, unique per conversation; instances are named ``{seed}-{counter}``."""
    counter: int = 0
    """Instances started so far."""
    pending: Pending | None = None
    """The input that waits for data; set exactly while a step ends in needs."""
    waiting: tuple[Frame, ...] = ()
    """Procedures parked until a moment, an event or an approval; the conversation goes on without them."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An input that could not be worked on yet: it is replayed from the same state when the data is there."""

    input: Input
    needs: tuple[str, ...]
    """Keys asked for and not yet answered."""
    facts: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    """Answers so far, by need key; forgotten when the turn rests."""


class Reader(Protocol):
    """What the interpreter needs of understanding; pure, given by the driver."""

    def resolve(
        self, text: str, options: tuple[Option, ...], *, many: bool
    ) -> tuple[tuple[Option, ...], bool]:
        """The options a text refers to, and whether that is ambiguous (several fit, one was wanted)."""
        ...

    def address(self, text: str) -> dict[str, str]:
        """The address fields found in a text; empty when it holds none."""
        ...

    def number(self, text: str) -> float | None:
        """The number a text states, if any."""
        ...

    def amount(self, text: str) -> float | None:
        """The sum of money a text states with its currency; None without one, or with several."""
        ...


@dataclass(frozen=True, slots=True)
class World:
    """What the interpreter may know besides its state."""

    language: str
    reader: Reader
    customer: JsonDict | None = None
    """The verified customer's record in the connected system; None until identified."""
    currency: str = "EUR"
    """Of amounts whose record names none."""
    now: dt.datetime | None = None
    """The present moment, for expressions that count days; None where none may."""
    tone: Literal["formal", "informal"] = "formal"
    """Which wording is used where a definition has both."""
    is_silent: bool = False
    """The customer has proven who they are, and the system that knows them does not answer."""


# ── Inputs ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class StartProcedure:
    """Begin a procedure (on top of, or after, what runs)."""

    name: str
    text: str = ""
    """The words that asked for it; slots are filled from them where possible."""
    after: bool = False
    """True for the second and later requests of one message: it never replaces what has just begun."""


@dataclass(frozen=True, slots=True)
class Fill:
    """Values chosen by a click or a submitted form for the slot being asked (or a named one)."""

    values: Mapping[str, tuple[str, ...]]
    """Slot name → option values; for an address: field names → one value each under the slot name as
    ``slot.field``."""


@dataclass(frozen=True, slots=True)
class Say:
    """Free text that may answer the open question, correct an earlier answer, or both."""

    text: str
    is_correction: bool = False
    """The words carry a correction ("no, the other order")."""


@dataclass(frozen=True, slots=True)
class Affirm:
    """Yes."""


@dataclass(frozen=True, slots=True)
class Deny:
    """No (to a confirmation: ask what to change)."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the active procedure; nothing (more) is done."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Stop a procedure that waits; what it has done is taken back where it can be."""

    instance: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Ask again what was open (after a digression, or a return to the conversation)."""


@dataclass(frozen=True, slots=True)
class Provided:
    """Answers to needs: need key → options found (an empty tuple when nothing exists)."""

    options: Mapping[str, tuple[Option, ...]]
    failed: str | None = None
    """Set when the connected system did not answer; the interpreter apologises and hands over."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who the customer is has become known."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The outcome of a `Call`."""

    key: str
    ok: bool
    data: JsonDict = field(default_factory=dict)
    code: str = ""
    """When not ok: the rule or fault named by the connected system (``order_not_pending``), ``unavailable`` or
    `NEEDS_APPROVAL`."""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take back the last answer while a procedure asks; else the last thing done, where it can be undone."""


@dataclass(frozen=True, slots=True)
class Wake:
    """What a parked procedure waited for has come; nothing happens when none waits under that key."""

    key: str
    """`WaitFor.key`."""
    event: str
    """The event's name, `TIMED_OUT`, `APPROVED` or `REJECTED`."""
    data: JsonDict = field(default_factory=dict)
    """What the event carries; for an approval ``{"by": …, "reason": …}``."""


Input = (
    StartProcedure
    | Fill
    | Say
    | Affirm
    | Deny
    | Cancel
    | Resume
    | Provided
    | Identified
    | ActionResult
    | Undo
    | Wake
    | Withdraw
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one call of the interpreter yields."""

    state: DialogueState
    effects: tuple[Effect, ...]
    trace: tuple[RuleTrace, ...] = ()
    """Rules evaluated on the way."""
    filled: tuple[str, ...] = ()
    """Slots filled in this step as ``procedure.slot=value (source)``, for explanations."""

    @property
    def needs(self) -> tuple[Need, ...]:
        """Data to be looked up before the next call; all of them at once."""
        return tuple(effect for effect in self.effects if isinstance(effect, Need))

    @property
    def call(self) -> Call | None:
        """The action to perform before the next call, if any."""
        return next((effect for effect in self.effects if isinstance(effect, Call)), None)
