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
    AskReply,
    CheckCode,
    CheckEmail,
    CheckNameZip,
    CheckOrderEmail,
    CheckOrderZip,
    Demand,
    Identification,
    Locked,
    Method,
    SendCode,
    asked_facts,
    failed,
    name_and_zip,
    proceed,
)
from rapport.assistant.logic.inputs import IDENTIFY, TALK_TO_PERSON, Click
from rapport.assistant.logic.speaker import Speaker, with_stated
from rapport.assistant.models import OneTimeCode
from rapport.assistant.wording import say
from rapport.connectors import api as connectors
from rapport.connectors.contracts import Principal
from rapport.kernel.clock import now
from rapport.understanding.contracts import Candidate, Engine, Understanding

_CODE = re.compile(r"(?<!\d)(\d{3}\s?\d{3})(?!\d)")

LOCKED_FOR = dt.timedelta(minutes=15)
"""As the customer is told (`identify_locked`)."""


_TITLES: dict[Method, str] = {
    "order_email": "identify_method_order_email",
    "email_code": "identify_method_code",
    "order_zip": "identify_method_order_zip",
    "name_zip": "identify_method_name_zip",
    "email_only": "identify_method_email",
}
_PROMPTS: dict[Method, str] = {
    "order_email": "identify_ask_order_email",
    "order_zip": "identify_ask_order_zip",
    "name_zip": "identify_ask_name_zip",
    "email_only": "identify_ask_email",
}
_NAMES = {
    "order_id": ("order_number", "text", "field_order_number"),
    "email": ("email", "email", "field_email"),
    "first_name": ("first_name", "text", "field_first_name"),
    "last_name": ("last_name", "text", "field_last_name"),
    "zip": ("zip", "text", "field_zip"),
}
"""Fact → name, kind and label of its field."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Who the customer turned out to be."""

    principal: Principal
    customer: dict[str, Any]


class IdentitySteps:
    """Goes on with the check from what the customer stated."""

    def __init__(
        self,
        language: str,
        conversation_id: int,
        stored: dict[str, Any],
        methods: tuple[Method, ...],
        speaker: Speaker,
    ) -> None:
        self._language, self._conversation_id, self._methods = language, conversation_id, methods
        self._speaker = speaker
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
    def said_in_text(read: Understanding, text: str, methods: tuple[Method, ...]) -> dict[str, str]:
        """What words state: an order number, an e-mail address, a name with a postal code, a code."""
        said: dict[str, str] = name_and_zip(text) if "name_zip" in methods else {}
        for entity in read.entities:
            if entity.kind in {"order_id", "email"}:
                said.setdefault(entity.kind, str(entity.value))
        code = _CODE.search(text)
        if code and "order_id" not in said:
            said["code"] = code[1].replace(" ", "")
        return said

    @staticmethod
    def way_meant(engine: Engine, text: str, language: str, methods: tuple[Method, ...]) -> dict[str, str]:
        """Which way of proving who one is the words ask for, if any."""
        ways = [Candidate(method, say(_TITLES[method], language)) for method in methods]
        found = engine.resolve(text, ways, many=False, language=language)
        return {"method": found.values[0]} if len(found.values) == 1 else {}

    @staticmethod
    def started_over(stored: dict[str, Any]) -> dict[str, Any]:
        """The check after the customer stopped: what was stated is forgotten, wrong attempts still count."""
        return {k: v for k, v in stored.items() if k in {"attempts", "locked_until"}}

    def go_on(self, said: dict[str, str]) -> None:
        """One step of the check. Raises ConnectorDown."""
        is_start = self._state.phase == "idle"
        self._state, demand = proceed(self._state, with_stated(said, self._speaker), self._methods)
        checks = CheckOrderEmail | CheckOrderZip | CheckNameZip | CheckEmail
        if is_start and not isinstance(demand, checks):
            self.texts.append(say("identify_intro", self._language))
        self._meet(demand)

    def _meet(self, demand: Demand) -> None:
        match demand:
            case SendCode(email):
                self._send_code(email)
            case AskReply():
                self._ask_mailbox(is_wrong=False)
            case AskOrderEmail(is_wrong):
                ask = self._ask_mailbox if self._speaker.stated_email else self._ask_order_email
                ask(is_wrong=is_wrong)
            case AskEmail():
                self._form([("email", "email", "field_email", "")], say("identify_ask_email", self._language))
            case AskCode(is_wrong):
                self._ask_code(is_wrong=is_wrong)
            case Locked():
                self.is_locked = True
                until = self._state.locked_until or (now() + LOCKED_FOR).isoformat()
                self._state = dataclasses.replace(self._state, locked_until=until)
            case _:
                self._check(demand)

    def _check(self, demand: Demand) -> None:
        """Compare what was stated with the shop."""
        match demand:
            case CheckOrderEmail(order_id, email):
                customer = identifying.find_by_order_and_email(order_id, email)
                self._judge(customer, "order_and_email")
            case CheckOrderZip(order_id, zip_code):
                found = connectors.find_shop_customer(order_id=order_id, zip_code=zip_code)
                self._judge(found, "order_and_zip")
            case CheckNameZip(first_name, last_name, zip_code):
                found = connectors.find_shop_customer_by_name(first_name, last_name, zip_code)
                self._judge(found, "name_and_zip")
            case CheckEmail(email):
                self._judge(connectors.find_shop_customer(email=email), "email_only")
            case CheckCode(code):
                ref = identifying.check_code(self._state.code_row, self._conversation_id, code)
                self._judge(connectors.find_shop_customer(customer_ref=ref) if ref else None, "email_code")

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

    def _ask_mailbox(self, *, is_wrong: bool) -> None:
        """Where all answers go to one mailbox: an answer proves it, an order number of its owner does too."""
        if is_wrong:
            self.texts.append(say("identify_wrong", self._language))
        key = "identify_reply" if "email_reply" in self._methods else "identify_order_number"
        if self._speaker.proven_email:
            key = "identify_unknown_mailbox"
        self.texts.append(say(key, self._language, email=self._speaker.stated_email))

    def _ask_order_email(self, *, is_wrong: bool) -> None:
        if is_wrong:
            self.texts.append(say("identify_wrong", self._language))
        facts = asked_facts(self._methods)
        known = {fact: str(getattr(self._state, fact)) for fact in facts}
        fields = [(_NAMES[fact][0], _NAMES[fact][1], _NAMES[fact][2], known[fact]) for fact in facts]
        stated = [m for m in self._methods if m != "email_code"]
        is_choice = len(stated) > 1
        titles = " / ".join(say(_TITLES[method], self._language) for method in stated)
        prompt = say("identify_ask_one_of", self._language, ways=titles) if is_choice else _PROMPTS[stated[0]]
        self._form(fields, prompt if is_choice else say(prompt, self._language), is_required=not is_choice)
        replies = []
        if "email_code" in self._methods:
            replies = [{"title": say("identify_method_code", self._language), "value": "identify:email_code"}]
        person = {"title": say("talk_to_person", self._language), "value": TALK_TO_PERSON}
        self.attributes["quick_replies"] = [*replies, person]

    def _ask_code(self, *, is_wrong: bool) -> None:
        if is_wrong:
            self.texts.append(say("identify_wrong", self._language))
        self._form([("code", "text", "field_code", "")], say("identify_ask_code", self._language))
        others = [m for m in self._methods if m != "email_code"][:1]
        self.attributes["quick_replies"] = [
            *({"title": say(_TITLES[m], self._language), "value": f"identify:{m}"} for m in others),
            {"title": say("talk_to_person", self._language), "value": TALK_TO_PERSON},
        ]

    def _form(
        self, fields: list[tuple[str, str, str, str]], prompt: str, *, is_required: bool = True
    ) -> None:
        self.texts.append(prompt)
        self.content_type = "form"
        self.attributes["slot"] = IDENTIFY + self._state.phase
        self.attributes["expects"] = "form"
        self.attributes["items"] = [
            {
                "name": name,
                "label": say(label, self._language),
                "type": kind,
                "required": is_required,
                "default": value,
            }
            for name, kind, label, value in fields
        ]
