"""The check of who a customer is, as a small state machine.

An inbox says which ways are good enough: order number and e-mail, a code sent by mail, order number and the postal
code it goes to, name and postal code, or an e-mail address alone. Whatever can be stated at once is asked for at once.

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

Method = Literal["order_email", "email_code", "email_reply", "order_zip", "name_zip", "email_only"]
DEFAULT_METHODS: tuple[Method, ...] = ("order_email", "email_code")
METHODS: tuple[Method, ...] = (
    "order_email",
    "email_code",
    "email_reply",
    "order_zip",
    "name_zip",
    "email_only",
)

Phase = Literal["idle", "order_email", "email", "code"]
"""``order_email`` is the phase in which facts are stated, whichever facts the inbox takes."""


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
    first_name: str = ""
    last_name: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class AskOrderEmail:
    """Ask for what is missing of order number and e-mail."""

    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class AskEmail:
    """Ask where to send a code."""


@dataclass(frozen=True, slots=True)
class AskReply:
    """Ask for an answer to the mail that asks: it proves the mailbox."""


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
class CheckOrderZip:
    """Compare order number and the postal code it goes to with the shop."""

    order_id: str
    zip: str


@dataclass(frozen=True, slots=True)
class CheckNameZip:
    """Look for the one customer of this name at this postal code."""

    first_name: str
    last_name: str
    zip: str


@dataclass(frozen=True, slots=True)
class CheckEmail:
    """Look for the one customer with this address."""

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


Demand = (
    AskOrderEmail
    | AskEmail
    | AskReply
    | AskCode
    | CheckOrderEmail
    | CheckOrderZip
    | CheckNameZip
    | CheckEmail
    | SendCode
    | CheckCode
    | Locked
)

_ORDER = re.compile(r"^#?[A-Za-z]?\d{4,12}$")
_CODE = re.compile(r"^\d{6}$")
_ZIP = re.compile(r"(?<![\w#])(?:\d{3} \d{2}|\d{4,6}(?:-\d{3,4})?)(?!\w)")
_NAMES = re.compile(r"(?<!\w)(?=([^\W\d_a-zß-ÿа-я][\w'’-]+) ([^\W\d_a-zß-ÿа-я][\w'’-]+))")
_NO_NAMES = {
    "i'm",
    "i’m",
    "my",
    "name",
    "i",
    "zip",
    "hello",
    "hi",
    "postal",
    "order",
    "the",
    "and",
    "it",
    "this",
}


def normal_order_id(text: str) -> str:
    """An order number as the shop writes it: ``w123`` → ``#W123``, digits alone gain ``#W``."""
    bare = text.strip().lstrip("#").upper()
    if not _ORDER.match(bare):
        return text.strip()
    return "#" + (bare if bare[0].isalpha() else f"W{bare}")


def proceed(
    state: Identification, said: dict[str, Any], methods: Sequence[Method] = DEFAULT_METHODS
) -> tuple[Identification, Demand]:
    """The next step from what the customer stated.

    `said` may hold ``email``, ``order_id``, ``first_name``, ``last_name``, ``zip``, ``code`` and ``method``.
    """
    if state.attempts >= MAX_ATTEMPTS:
        return state, Locked()
    email = str(said.get("email") or state.email).strip().lower()
    order_id = normal_order_id(str(said["order_id"])) if said.get("order_id") else state.order_id
    names = [str(said.get(n) or getattr(state, n)).strip() for n in ("first_name", "last_name", "zip")]
    phase = _phase(state, said, methods)
    now_ = Identification(phase, email, order_id, state.attempts, state.code_row, "", *names)
    if phase == "code":
        code = str(said.get("code") or "").replace(" ", "")
        return now_, (CheckCode(code) if _CODE.match(code) else AskCode())
    if phase == "email":
        return now_, (SendCode(email) if email else AskEmail())
    return now_, _check_of(now_, methods)


def _check_of(state: Identification, methods: Sequence[Method]) -> Demand:
    """What the facts stated so far allow to check, the strongest first; else the question for them."""
    if "order_email" in methods and state.email and state.order_id:
        return CheckOrderEmail(state.order_id, state.email)
    if "order_zip" in methods and state.order_id and state.zip:
        return CheckOrderZip(state.order_id, state.zip)
    if "name_zip" in methods and state.first_name and state.last_name and state.zip:
        return CheckNameZip(state.first_name, state.last_name, state.zip)
    if "email_only" in methods and state.email:
        return CheckEmail(state.email)
    return AskReply() if "email_reply" in methods else AskOrderEmail()


def is_enough(said: dict[str, str], methods: Sequence[Method]) -> bool:
    """Whether the facts of one message can be checked without asking."""
    return not isinstance(
        proceed(Identification(), said, methods)[1], AskOrderEmail | AskEmail | AskReply | AskCode
    )


def _phase(state: Identification, said: dict[str, Any], methods: Sequence[Method]) -> Phase:
    method = said.get("method")
    if method == "email_code" and "email_code" in methods:
        return "email"
    stated = said.get("order_id") or said.get("zip")
    if method is not None or state.phase == "idle" or (state.phase == "code" and stated):
        return "email" if tuple(methods) == ("email_code",) else "order_email"
    return state.phase


def asked_facts(methods: Sequence[Method]) -> tuple[str, ...]:
    """The facts a form asks for at once."""
    facts: list[str] = []
    if "order_email" in methods or "order_zip" in methods:
        facts.append("order_id")
    if "order_email" in methods or "email_only" in methods:
        facts.append("email")
    if "name_zip" in methods:
        facts += ["first_name", "last_name"]
    if "name_zip" in methods or "order_zip" in methods:
        facts.append("zip")
    return tuple(facts)


def known_methods(listed: object) -> tuple[Method, ...]:
    """The ways an inbox's settings name; the usual ones where they name none."""
    named = listed if isinstance(listed, list | tuple) else ()
    return tuple(m for m in METHODS if m in named) or DEFAULT_METHODS


def name_and_zip(text: str) -> dict[str, str]:
    """First name, last name and postal code that a text states: two capitalised words and a code with digits."""
    code = _ZIP.search(text)
    names = [m for m in _NAMES.finditer(text) if m[1].lower() not in _NO_NAMES]
    if code is None or not names:
        return {}
    return {"first_name": names[0][1], "last_name": names[0][2], "zip": code[0]}


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
    wanted = normal_order_id(order_id).lstrip("#").upper()
    named = [o.value for o in ask.options if o.value.lstrip("#") == wanted] if ask else []
    return Fill({ask.slot: (named[0],)}) if ask and named else None
