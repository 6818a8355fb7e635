"""`rapport call`: a telephone in the terminal, which speaks to the running server as a gateway would."""

from __future__ import annotations

import argparse
import hashlib
import hmac
import sys
import time
from typing import Any

from rapport.cli.contracts import Commands
from rapport.conversations.contracts import InboxInfo

UNSURE = 0.3
"""Confidence of words typed after ``~``."""
KEYS = frozenset("0123456789*#")


def add_parsers(commands: Commands) -> None:
    """`call`."""
    call = commands.add_parser(
        "call", help="call a voice inbox: type words or keys, an empty line is silence, Ctrl-D hangs up"
    )
    call.add_argument("--inbox", metavar="NAME", help="name of the voice inbox (default: the first one)")
    call.add_argument(
        "--as", dest="email", metavar="EMAIL", help="as a customer whom the gateway has recognised"
    )
    call.add_argument(
        "--from", dest="caller", metavar="NUMBER", default="+15550100", help="the caller's number"
    )
    call.add_argument("--server", metavar="URL", help="address of the server (default: this installation's)")
    call.set_defaults(run=run_call)


def run_call(options: argparse.Namespace) -> int:
    """Talk until one side hangs up."""
    call = Call(options)
    call.turn({"event": "start", **call.identity(options.email)})
    while call.is_on:
        call.show()
        try:
            line = input("you> ").strip()
        except EOFError:
            call.turn({"event": "hangup"})
            sys.stdout.write("\n(you hung up)\n")
            return 0
        call.turn(read_line(line))
    call.show()
    return 0


def read_line(line: str) -> dict[str, Any]:
    """What a typed line stands for: keys, words, words heard badly (after ``~``), or silence."""
    if line and set(line) <= KEYS:
        return {"digits": line}
    if line.startswith("~"):
        return {"speech": line[1:].strip(), "confidence": UNSURE}
    return {"speech": line} if line else {}


class Call:
    """One call over the JSON form of the voice channel."""

    def __init__(self, options: argparse.Namespace) -> None:
        import httpx2

        from rapport import bootstrap
        from rapport.kernel.ids import new_uuid

        config = bootstrap.set_up_django()
        self._inbox = _find_inbox(options.inbox)
        self._address = f"{options.server or config.base_url}/voice/{self._inbox.identifier}/turns"
        self._client = httpx2.Client(
            headers={"Authorization": f"Bearer {self._inbox.hmac_token}"}, timeout=30, trust_env=False
        )
        self._call = {"call_id": f"terminal-{new_uuid()}", "from": options.caller, "to": self._inbox.name}
        self._turn: int | None = None
        self._said: list[str] = []
        self._last: dict[str, Any] = {}

    @property
    def is_on(self) -> bool:
        """Whether the call goes on."""
        return bool(self._last) and self._last["expect"] in {"speech", "digits"}

    def identity(self, email: str | None) -> dict[str, str]:
        """The signed identity of a customer of the connected shop. Raises NotFound."""
        if not email:
            return {}
        from rapport.connectors import api as connectors
        from rapport.kernel.errors import NotFound

        customer = connectors.find_shop_customer(email=email)
        if customer is None:
            raise NotFound(f"The connected shop has no customer with the e-mail address {email}.")
        reference = str(customer["id"])
        secret = self._inbox.hmac_token.encode()
        signature = hmac.new(secret, reference.encode(), hashlib.sha256).hexdigest()
        return {"identifier": reference, "identifier_hash": signature}

    def turn(self, given: dict[str, Any]) -> None:
        """Send one turn, and ask again until the answer is there."""
        self._send(given)
        while self._last["expect"] == "wait":
            time.sleep(self._last["wait_s"] or 1)
            self._send({"event": "poll"})

    def _send(self, given: dict[str, Any]) -> None:
        import httpx2

        from rapport.kernel.errors import Unavailable

        numbered = {"turn": self._turn} if self._turn is not None else {}
        try:
            answer = self._client.post(self._address, json={**self._call, **numbered, **given})
        except httpx2.HTTPError as problem:
            raise Unavailable(
                f"There is no server at {self._address}; start it with rapport up."
            ) from problem
        found = answer.json()
        if answer.status_code != 200:
            raise Unavailable(str(found.get("message", answer.status_code)))
        self._last, self._turn = found, found["turn"]
        self._said += [line["text"] for line in found["say"]]

    def show(self) -> None:
        """What was said since the last time, and what is expected."""
        sys.stdout.write("".join(f"     {text}\n" for text in self._said))
        self._said = []
        if self._last["expect"] == "transfer":
            sys.stdout.write(f"(the call is connected to {self._last['transfer_to']})\n")
        elif self._last["expect"] == "hangup":
            sys.stdout.write("(the call has ended)\n")


def _find_inbox(name: str | None) -> InboxInfo:
    from rapport.channels.kinds.voice import api as voice
    from rapport.conversations import api as conversations
    from rapport.kernel.errors import NotFound

    found = [
        i for i in conversations.list_inboxes() if i.channel_kind == voice.KIND and name in (None, i.name)
    ]
    if not found:
        raise NotFound("There is no such voice inbox; make one in the settings, under Inboxes.")
    return found[0]
