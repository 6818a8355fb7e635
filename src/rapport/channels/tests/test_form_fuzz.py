"""Broken forms with files: the documented error or a stored message, never a fault of ours."""

from __future__ import annotations

import random

from rapport.channels.tests.conftest import Api, Visitor
from rapport.channels.tests.files import BOUNDARY, PDF, PNG, form, post

ROUNDS = 60


def mutated(body: bytes, chance: random.Random) -> bytes:
    """A few cuts, changes and repetitions."""
    broken = bytearray(body)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(broken) + 1)
        match chance.randrange(5):
            case 0:
                broken[at : at + chance.randint(1, 40)] = b""
            case 1:
                broken[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 20)))
            case 2:
                broken[at : at + 1] = chance.choice([b"\r\n", b"--", b'"', b";", b"\0", b"=", b"%", b"\xff"])
            case 3:
                broken[at:at] = f"--{BOUNDARY}\r\n".encode()
            case _:
                broken += broken[at : at + 60]
    return bytes(broken)


def test_broken_forms_fault_nothing(api: Api, visitor: Visitor) -> None:
    address = visitor.start()
    chance = random.Random(7)
    files = [("lamp.png", PNG), ("bill.pdf", PDF)]
    seen = set()
    for whole in (form(files, content="žluť 灯"), form(files, echo_id="e", in_reply_to="5")):
        for _ in range(ROUNDS):
            answer = post(api, f"{address}/messages", mutated(whole, chance))
            seen.add(answer.status)
            if answer.status != 200:
                assert set(answer.data["error"]) == {"code", "message", "retryable", "whose", "facts"}
    assert seen <= {200, 400, 404, 413, 415, 422}, seen
