"""The check of identity inside a turn: what to say, what to ask, and the proof when it succeeds."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from rapport.assistant import identifying
from rapport.assistant.logic.identification import (
    AskCode,
    AskEmail,
    AskOrderEmail,
    CheckCode,
    CheckOrderEmail,
    Demand,
    Identification,
    Locked,
    SendCode,
    failed,
    proceed,
)
from rapport.assistant.logic.inputs import IDENTIFY, TALK_TO_PERSON, Click
from rapport.assistant.models import OneTimeCode
from rapport.assistant.wording import say
from rapport.connectors import api as connectors
from rapport.connectors.contracts import Principal
from rapport.kernel.clock import now
from rapport.understanding.contracts import Candidate, Engine, Understanding

_CODE = re.compile(r"(?<!\d)(\d{3}\s?\d{3})(?!\d)")

LOCKED_FOR = dt.timedelta(minutes=15)
"""As the customer is told (`identify_locked`)."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Who the customer turned out to be."""

    principal: Principal
    customer: dict[str, Any]


class IdentitySteps:
    """Goes on with the check from what the customer stated."""

    def __init__(self, language: str, conversation_id: int, stored: dict[str, Any]) -> None:
        self._language, self._conversation_id = language, conversation_id
        self._state = Identification(**stored)
        if self._state.locked_until and dt.datetime.fromisoformat(self._state.locked_until) <= now():
            self._state = Identification()
        self.texts: list[str] = []
        self.attributes: dict[str, Any] = {}
        self.content_type = "text"
        self.proven: Proven | None = None
        self.code: tuple[OneTimeCode, str] | None = None
        self.is_locked = False

    def as_json(self) -> dict[str, Any]:
        """The state to be stored."""
        return dataclasses.asdict(self._state)

    @staticmethod
    def takes(click: Click) -> bool:
        """Whether a click belongs to the check of identity."""
        return click.value.startswith(IDENTIFY) or click.slot.startswith(IDENTIFY)

    @staticmethod
    def said_in(click: Click) -> dict[str, str]:
        """What a click or form states."""
        if click.value.startswith(IDENTIFY):
            return {"method": click.value.removeprefix(IDENTIFY)}
        said = {name: values[0] for name, values in click.fields.items() if values}
        return {"order_id" if k == "order_number" else k: v for k, v in said.items()}

    @staticmethod
    def said_in_text(read: Understanding, text: str) -> dict[str, str]:
        """What words state: an order number, an e-mail address, a code."""
        said: dict[str, str] = {}
        for entity in read.entities:
            if entity.kind in {"order_id", "email"}:
                said.setdefault(entity.kind, str(entity.value))
        code = _CODE.search(text)
        if code and "order_id" not in said:
            said["code"] = code[1].replace(" ", "")
        return said

    @staticmethod
    def way_meant(engine: Engine, text: str, language: str) -> dict[str, str]:
        """Which way of proving who one is the words ask for, if any."""
        ways = [
            Candidate("email_code", say("identify_method_code", language)),
            Candidate("order_email", say("identify_method_order_email", language)),
        ]
        found = engine.resolve(text, ways, many=False, language=language)
        return {"method": found.values[0]} if len(found.values) == 1 else {}

    @staticmethod
    def started_over(stored: dict[str, Any]) -> dict[str, Any]:
        """The check after the customer stopped: what was stated is forgotten, wrong attempts still count."""
        return {k: v for k, v in stored.items() if k in {"attempts", "locked_until"}}

    def go_on(self, said: dict[str, str]) -> None:
        """One step of the check. Raises ConnectorDown."""
        is_start = self._state.phase == "idle"
        self._state, demand = proceed(self._state, said)
        if is_start and not isinstance(demand, CheckOrderEmail):
            self.texts.append(say("identify_intro", self._language))
        self._meet(demand)

    def _meet(self, demand: Demand) -> None:
        match demand:
            case CheckOrderEmail(order_id, email):
                customer = identifying.find_by_order_and_email(order_id, email)
                self._judge(customer, "order_and_email")
            case CheckCode(code):
                ref = identifying.check_code(self._state.code_row, self._conversation_id, code)
                self._judge(connectors.find_shop_customer(customer_ref=ref) if ref else None, "email_code")
            case SendCode(email):
                self._send_code(email)
            case AskOrderEmail(is_wrong):
                self._ask_order_email(is_wrong=is_wrong)
            case AskEmail():
                self._form([("email", "email", "field_email", "")], say("identify_ask_email", self._language))
            case AskCode(is_wrong):
                self._ask_code(is_wrong=is_wrong)
            case Locked():
                self.is_locked = True
                until = self._state.locked_until or (now() + LOCKED_FOR).isoformat()
                self._state = dataclasses.replace(self._state, locked_until=until)

    def _judge(self, customer: dict[str, Any] | None, method: str) -> None:
        if customer is not None:
            self.proven = Proven(Principal(str(customer["id"]), method, self._language), customer)
            self._state = Identification()
            return
        self._state, demand = failed(self._state)
        self._meet(demand)

    def _send_code(self, email: str) -> None:
        row = identifying.prepare_code(self._conversation_id, email)
        if row is None:
            self.is_locked = True
            return
        self.code = (row, email)
        self._state = dataclasses.replace(self._state, phase="code")
        self.texts.append(say("identify_code_sent", self._language, email=email))
        self._ask_code(is_wrong=False)

    def _ask_order_email(self, *, is_wrong: bool) -> None:
        if is_wrong:
            self.texts.append(say("identify_wrong", self._language))
        fields = [
            ("order_number", "text", "field_order_number", self._state.order_id),
            ("email", "email", "field_email", self._state.email),
        ]
        self._form(fields, say("identify_ask_order_email", self._language))
        self.attributes["quick_replies"] = [
            {"title": say("identify_method_code", self._language), "value": "identify:email_code"},
            {"title": say("talk_to_person", self._language), "value": TALK_TO_PERSON},
        ]

    def _ask_code(self, *, is_wrong: bool) -> None:
        if is_wrong:
            self.texts.append(say("identify_wrong", self._language))
        self._form([("code", "text", "field_code", "")], say("identify_ask_code", self._language))
        self.attributes["quick_replies"] = [
            {"title": say("identify_method_order_email", self._language), "value": "identify:order_email"},
            {"title": say("talk_to_person", self._language), "value": TALK_TO_PERSON},
        ]

    def _form(self, fields: list[tuple[str, str, str, str]], prompt: str) -> None:
        self.texts.append(prompt)
        self.content_type = "form"
        self.attributes["slot"] = IDENTIFY + self._state.phase
        self.attributes["expects"] = "form"
        self.attributes["items"] = [
            {
                "name": name,
                "label": say(label, self._language),
                "type": kind,
                "required": True,
                "default": value,
            }
            for name, kind, label, value in fields
        ]
