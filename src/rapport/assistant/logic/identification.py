"""The check of who a customer is, as a small state machine: order number and e-mail, or a code sent by mail.

Pure: it says what to ask or to check; `identifying.py` looks records up and sends the mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rapport.procedures.contracts import Ask, Effect, Fill

MAX_ATTEMPTS = 5
"""Wrong order numbers, e-mails or codes in one conversation before a person must help."""

Phase = Literal["idle", "order_email", "email", "code"]


@dataclass(frozen=True, slots=True)
class Identification:
    """Where the check stands."""

    phase: Phase = "idle"
    email: str = ""
    order_id: str = ""
    attempts: int = 0
    code_row: int | None = None
    locked_until: str = ""
    """ISO time from which it may be tried again; empty when it was never locked."""


@dataclass(frozen=True, slots=True)
class AskOrderEmail:
    """Ask for what is missing of order number and e-mail."""

    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class AskEmail:
    """Ask where to send a code."""


@dataclass(frozen=True, slots=True)
class AskCode:
    """Ask for the code that was sent."""

    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class CheckOrderEmail:
    """Compare order number and e-mail with the shop."""

    order_id: str
    email: str


@dataclass(frozen=True, slots=True)
class SendCode:
    """Send a code to an e-mail address, if a customer has it."""

    email: str


@dataclass(frozen=True, slots=True)
class CheckCode:
    """Compare a code."""

    code: str


@dataclass(frozen=True, slots=True)
class Locked:
    """Too many attempts: only a person can help."""


Demand = AskOrderEmail | AskEmail | AskCode | CheckOrderEmail | SendCode | CheckCode | Locked

_ORDER = re.compile(r"^#?[A-Za-z]?\d{4,12}$")
_CODE = re.compile(r"^\d{6}$")


def normal_order_id(text: str) -> str:
    """An order number as the shop writes it: ``w123`` → ``#W123``, digits alone gain ``#W``."""
    bare = text.strip().lstrip("#").upper()
    if not _ORDER.match(bare):
        return text.strip()
    return "#" + (bare if bare[0].isalpha() else f"W{bare}")


def proceed(state: Identification, said: dict[str, Any]) -> tuple[Identification, Demand]:
    """The next step from what the customer stated.

    `said` may hold ``email``, ``order_id``, ``code`` and ``method`` (``order_email`` or ``email_code``).
    """
    if state.attempts >= MAX_ATTEMPTS:
        return state, Locked()
    email = str(said.get("email") or state.email).strip().lower()
    order_id = normal_order_id(str(said["order_id"])) if said.get("order_id") else state.order_id
    phase = _phase(state, said)
    now_ = Identification(phase, email, order_id, state.attempts, state.code_row)
    if phase == "code":
        code = str(said.get("code") or "").replace(" ", "")
        return now_, (CheckCode(code) if _CODE.match(code) else AskCode())
    if phase == "email":
        return now_, (SendCode(email) if email else AskEmail())
    if email and order_id:
        return now_, CheckOrderEmail(order_id, email)
    return now_, AskOrderEmail()


def _phase(state: Identification, said: dict[str, Any]) -> Phase:
    method = said.get("method")
    if method == "email_code":
        return "email"
    if method == "order_email":
        return "order_email"
    if state.phase == "idle":
        return "order_email"
    if state.phase == "code" and said.get("order_id"):
        return "order_email"
    return state.phase


def failed(state: Identification) -> tuple[Identification, Demand]:
    """After a wrong pair or code: forget it, count it, ask again or lock."""
    attempts = state.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        return Identification(state.phase, "", "", attempts, state.code_row), Locked()
    if state.phase == "code":
        return Identification("code", state.email, "", attempts, state.code_row), AskCode(is_wrong=True)
    return Identification("order_email", "", "", attempts), AskOrderEmail(is_wrong=True)


def fill_order(effects: Sequence[Effect], order_id: str) -> Fill | None:
    """The answer to "which order?" where the order that proved the customer's identity is among the choices."""
    ask = next((e for e in effects if isinstance(e, Ask)), None)
    wanted = order_id.lstrip("#").upper()
    named = [o.value for o in ask.options if o.value.lstrip("#") == wanted] if ask else []
    return Fill({ask.slot: (named[0],)}) if ask and named else None
