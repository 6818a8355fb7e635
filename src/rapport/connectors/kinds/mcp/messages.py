"""JSON-RPC messages of the Model Context Protocol."""

from __future__ import annotations

import json
from typing import Any

from rapport.connectors.contracts import JsonDict

PROTOCOL = "2025-06-18"
MAX_MESSAGE_BYTES = 2_000_000


class Refused(Exception):
    """The server answered with a JSON-RPC error."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


def request(number: int, method: str, params: JsonDict) -> bytes:
    """One request on one line."""
    return _line({"jsonrpc": "2.0", "id": number, "method": method, "params": params})


def notification(method: str) -> bytes:
    """One notification on one line."""
    return _line({"jsonrpc": "2.0", "method": method})


def answer_to(message: JsonDict) -> bytes | None:
    """What to answer to a server's own request: a ping is answered, everything else is not offered."""
    if "method" not in message or message.get("id") is None:
        return None
    if message["method"] == "ping":
        return _line({"jsonrpc": "2.0", "id": message["id"], "result": {}})
    error = {"code": -32601, "message": "not offered"}
    return _line({"jsonrpc": "2.0", "id": message["id"], "error": error})


def parse(line: bytes) -> JsonDict | None:
    """A message, or None for what is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def result_of(message: JsonDict) -> JsonDict:
    """The result of an answer. Raises Refused."""
    error = message.get("error")
    if error is not None:
        code = error.get("code") if isinstance(error, dict) else 0
        text = error.get("message") if isinstance(error, dict) else ""
        raise Refused(code if isinstance(code, int) else 0, str(text)[:300])
    result = message.get("result")
    return result if isinstance(result, dict) else {}


def is_answer(message: JsonDict, number: int) -> bool:
    """Whether a message answers the request with that number; late and second answers do not."""
    return (
        message.get("id") == number
        and "method" not in message
        and ("result" in message or "error" in message)
    )


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False, allow_nan=False).encode() + b"\n"
