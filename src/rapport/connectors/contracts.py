"""Frozen values about connected systems."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

JsonDict = dict[str, Any]
Fields: TypeAlias = "Mapping[str, Fields] | list[Fields] | None"
"""What a value holds: ``{}`` for a plain value, its fields by name, ``[fields]`` for several, None where it may be
anything."""


class ActionEffect(enum.StrEnum):
    """What an action may do to the world."""

    READ = "read"
    """Returns data, changes nothing."""
    WRITE = "write"
    """Changes a record."""
    MONEY = "money"
    """Changes a record and moves money."""


@dataclass(frozen=True, slots=True)
class Action:
    """One operation a connected system offers."""

    name: str
    """``shop.return_items``."""
    title: str
    effect: ActionEffect
    is_personal: bool = True
    """Concerns one customer's data: only their verified principal may trigger it."""
    arguments: tuple[str, ...] = ()
    needs_approval: bool = False
    """A person says yes to each call, unless the administrator's limits say otherwise."""
    amount_argument: str = ""
    """Argument that holds the money moved, where the procedure does not say how much it is."""
    undone_by: str = ""
    """Action that takes it back; empty where none does."""
    is_repeatable: bool = True
    """After a lost answer the same call may be made again with its key, and is done once."""
    timeout_s: float = 8.0
    """Longest wait for the answer [s]; after it the outcome counts as unknown."""
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Titles by language, where they were declared in several."""

    def amount_of(self, arguments: JsonDict) -> float | None:
        """The money a call moves, by its arguments; None where they do not say."""
        given = arguments.get(self.amount_argument) if self.amount_argument else None
        return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else None


@dataclass(frozen=True, slots=True)
class ConnectorInfo:
    """A connected system without its credential."""

    key: str
    kind: str
    base_url: str
    has_secret: bool
    is_enabled: bool
    settings: JsonDict


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf a call is made. Only verification (or a member of staff for the customer) makes one."""

    customer_ref: str
    method: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class ActionRequest:
    """A call that is wanted: what, for whom, by whom."""

    action: str
    arguments: JsonDict
    key: str
    """Idempotency key."""
    principal: Principal | None
    conversation_id: int | None
    actor: str
    """``assistant``, ``staff:<id>`` …"""
    amount: float | None = None
    """Money it moves, as far as known."""
    is_approved: bool = False
    """A person who may has said yes to this very call."""
    gives_up: bool = False
    """Something else is done when it cannot be carried out now: from then on it is never made."""


@dataclass(frozen=True, slots=True)
class ActionLimits:
    """What an administrator allows of an action; None: no limit of that kind."""

    action: str
    is_revoked: bool = False
    max_amount: Decimal | None = None
    """More is refused, even with approval."""
    per_customer_per_day: int | None = None
    """Calls in 24 hours."""
    per_day: int | None = None
    """Calls in 24 hours, of all customers."""
    approve_above: Decimal | None = None
    """A person says yes to more than this; to any call whose amount is not known."""
    approve_team: str = ""
    """Key of the team that says yes; empty: anyone with the permission."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record a slot may hold: the shape procedures call an option."""

    value: str
    title: str
    description: str = ""
    data: JsonDict = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """What became of an action."""

    ok: bool
    data: JsonDict = field(default_factory=dict)
    code: str = ""
    """The rule or fault named by the system (``order_not_pending``), or ``unavailable``."""
    message: str = ""


class ConnectorDown(Exception):
    """The connected system did not answer in time or answered nonsense."""


class RateLimited(ConnectorDown):
    """The system did nothing and asks to come back later."""

    def __init__(self, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"too many requests; wait {retry_after_s:.0f} s")


class UnknownOutcome(Exception):
    """The call may or may not have had its effect; the system must be asked before anything else happens."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a connected system counts as away or slow, and how long it is then left alone."""

    failures: int = 5
    """Technical failures without an answer between them; a turn alone is tried four times while a system restarts."""
    pause_s: float = 30.0
    """So long calls fail at once [s]; a probe that fails begins it anew."""
    slow_s: float = 4.0
    """An answer that takes longer is slow [s]."""
    alarm_s: float = 600.0
    """Supervisors are told of an outage that lasts longer [s]."""


@dataclass(frozen=True, slots=True)
class OutageInfo:
    """A time in which a connected system did not answer, or slowly."""

    id: int
    system: str
    kind: str
    """``away`` or ``slow``."""
    began_at: dt.datetime
    ended_at: dt.datetime | None
    failures: int
    spared: int
    """Calls that failed at once, so that nobody waited for them."""
    problem: str
    open_until: dt.datetime | None
    """Until then calls fail at once."""
    alarmed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What was sent, without its secrets, and what came back."""

    request: str
    answer: str
    outcome: CallOutcome


class ActionSystem(Protocol):
    """A system whose actions an administrator declared; one class per kind under `kinds/`."""

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Perform an action. Raises ConnectorDown (it did not happen), UnknownOutcome (it may have)."""
        ...

    def find_outcome(
        self, action: str, arguments: JsonDict, principal: Principal | None, key: str
    ) -> CallOutcome | None:
        """Whether that call happened; None when it did not.

        Raises ConnectorDown when the system cannot be asked now, UnknownOutcome when it cannot be asked at all.
        """
        ...

    def may_repeat(self, action: str) -> bool:
        """Whether the same call may be made again without having its effect twice."""
        ...

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Perform an action and tell what was sent and answered. Raises as `call`."""
        ...

    def check(self) -> str:
        """Ask a harmless question; what came back, in a few words. Raises ConnectorDown."""
        ...

    def close(self) -> None:
        """End connections and processes."""
        ...


class ShopSystem(Protocol):
    """What a shop must offer; one adapter per platform under `kinds/`."""

    def find_customer(
        self, *, email: str = "", order_id: str = "", customer_ref: str = "", zip_code: str = ""
    ) -> JsonDict | None:
        """The customer's record.

        With an order id, only if the order is theirs and the e-mail matches, or, where a postal code is given, if the
        order goes there.
        """
        ...

    def find_customer_by_name(self, first_name: str, last_name: str, zip_code: str) -> JsonDict | None:
        """The one customer of that name at that postal code; None when there is none, or several."""
        ...

    def list_records(self, type_: str, principal: Principal, of: JsonDict) -> list[Record]:
        """The records of a type that belong to the principal (or are public)."""
        ...

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Perform an action exactly once per key. Raises ConnectorDown, UnknownOutcome."""
        ...

    def find_outcome(self, key: str) -> CallOutcome | None:
        """Whether the call with this key happened, asked of the system itself. Raises ConnectorDown."""
        ...
