"""`rapport ask` and `rapport chat`: the assistant in the terminal, through the same path as every channel."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

from rapport.cli.contracts import Commands
from rapport.conversations.contracts import InboxInfo


def add_parsers(commands: Commands) -> None:
    """`ask` and `chat`."""
    ask = commands.add_parser("ask", help="one turn: ask the assistant something and print its answer")
    ask.add_argument("text")
    _shared(ask)
    ask.add_argument("--json", action="store_true", help="print message and decision as JSON")
    ask.set_defaults(run=run_ask)
    chat = commands.add_parser("chat", help="talk with the assistant; a number chooses an option")
    _shared(chat)
    chat.set_defaults(run=run_chat)


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="email", metavar="EMAIL", help="speak as this customer of the connected shop, verified"
    )
    parser.add_argument("--language", default="", help="interface language (en, cs, de, es, ru, zh)")


def run_ask(options: argparse.Namespace) -> int:
    """One question, one answer."""
    talk = Talk(options.email, options.language)
    answer = talk.say(options.text)
    if options.json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        return 0
    _show(answer)
    return 0


def run_chat(options: argparse.Namespace) -> int:
    """Until end of input or an empty line twice."""
    talk = Talk(options.email, options.language)
    _show(talk.greet())
    while True:
        try:
            line = input("you> ").strip()
        except EOFError:
            return 0
        if line in {"/quit", "/exit"}:
            return 0
        if line == "/why":
            for point in talk.last.get("decision", {}).get("explanation", {}).get("points", []):
                sys.stdout.write(f"  · {point}\n")
            continue
        if line:
            _show(talk.say(line))


def _show(answer: dict[str, Any]) -> None:
    message = answer["message"]
    sys.stdout.write(f"{message['content']}\n")
    for number, choice in enumerate(choices_of(message), start=1):
        extra = f" — {choice['description']}" if choice.get("description") else ""
        sys.stdout.write(f"  {number}. {choice['title']}{extra}\n")


def choices_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """What a number may stand for: items of a choice or of a single multi-select field, then quick replies."""
    attributes = message["content_attributes"]
    items = attributes.get("items", [])
    found: list[dict[str, Any]] = []
    if message["content_type"] == "input_select":
        found = [{**i, "submit": [{"value": i["value"]}]} for i in items]
    elif message["content_type"] == "form" and len(items) == 1 and items[0].get("options"):
        name = items[0]["name"]
        found = [
            {
                "title": o["label"],
                "description": o.get("description", ""),
                "submit": [{"name": name, "value": o["value"]}],
            }
            for o in items[0]["options"]
        ]
    return found + [{**q, "submit": [{"value": q["value"]}]} for q in attributes.get("quick_replies", [])]


def _brand(inboxes: Sequence[InboxInfo]) -> str:
    """The shop's name as its own inboxes say it."""
    return next((str(i.settings["brand"]) for i in inboxes if i.settings.get("brand")), "Rapport")


class Talk:
    """One conversation in the terminal's own inbox."""

    def __init__(self, email: str | None, language: str) -> None:
        from rapport import bootstrap

        bootstrap.set_up_django()
        from rapport.assistant import api as assistant
        from rapport.conversations import api as conversations
        from rapport.knowledge import api as knowledge

        self._conversations = conversations
        self._runner = assistant.TurnRunner(
            bootstrap.load_engine(), knowledge.open_searcher(bootstrap.load_encoder())
        )
        inbox = conversations.find_inbox("terminal") or conversations.create_inbox(
            "Terminal", "api", identifier="terminal", settings={"brand": _brand(conversations.list_inboxes())}
        )
        contact = conversations.create_contact(inbox, {"language": language})
        self._info = conversations.create_conversation(contact, language=language)
        self.last: dict[str, Any] = {}
        if email:
            self._verify(email)

    def _verify(self, email: str) -> None:
        from rapport.connectors import api as connectors
        from rapport.conversations.contracts import Verification
        from rapport.kernel.clock import now
        from rapport.kernel.errors import NotFound

        customer = connectors.find_shop_customer(email=email)
        if customer is None:
            raise NotFound(f"The connected shop has no customer with the e-mail address {email}.")
        proof = Verification(str(customer["id"]), "staff", now())
        self._conversations.mark_verified(
            self._info.id, proof, name=customer["name"], email=customer["email"]
        )

    def greet(self) -> dict[str, Any]:
        """The assistant's first message."""
        from rapport.assistant.greeting import run_greet
        from rapport.jobs.api import JobContext

        run_greet({"conversation_id": int(self._info.id)}, JobContext(0, None, 1))
        return self._latest()

    def say(self, text: str) -> dict[str, Any]:
        """One message and the assistant's answer to it."""
        message = self.last.get("message")
        choices = choices_of(message) if message else []
        if message and text.isdigit() and 1 <= int(text) <= len(choices):
            self._conversations.receive_answer(self._info.id, message["id"], choices[int(text) - 1]["submit"])
        else:
            self._conversations.receive_message(self._info.id, text)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        from rapport.jobs.api import JobContext

        info = self._conversations.find_conversation(int(self._info.id))
        assert info is not None
        self._runner.run(
            {"conversation_id": int(info.id), "generation": info.generation}, JobContext(0, None, 1)
        )
        return self._latest()

    def _latest(self) -> dict[str, Any]:
        import dataclasses

        from rapport.governance import api as governance

        spoken = [
            m
            for m in self._conversations.list_latest_messages(int(self._info.id), with_private=False)
            if m.type != "incoming"
        ]
        if not spoken:
            return {
                "message": {
                    "id": 0,
                    "content": "(no answer: a person owns the conversation)",
                    "content_type": "text",
                    "content_attributes": {},
                }
            }
        decision = governance.find_decision(spoken[-1].decision_id) if spoken[-1].decision_id else None
        self.last = {
            "message": self._conversations.present_message(spoken[-1], self._info.display_id),
            "decision": dataclasses.asdict(decision.draft) if decision else {},
        }
        return self.last
