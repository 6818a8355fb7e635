"""The meaning of an answer: done, not found, refused with a reason, come back later, or no answer at all."""

from __future__ import annotations

import json
import re
from typing import Any

from rapport.connectors.contracts import CallOutcome, ConnectorDown, UnknownOutcome
from rapport.connectors.declared import DeclaredAction, pick
from rapport.connectors.outbound import Incoming, refuse_wait
from rapport.connectors.pointing import look_up, plain_text

_CODE = re.compile(r"[^a-z0-9_]+")
_CODE_PLACES = ("error.code", "code", "error", "type", "errors.0.code", "error.type")
_TEXT_PLACES = (
    "error.message",
    "message",
    "detail",
    "title",
    "error_description",
    "errors.0.message",
    "errors.0",
)
MAX_MESSAGE_CHARS = 300


def read_outcome(action: DeclaredAction, answer: Incoming, *, is_read: bool) -> CallOutcome:
    """What became of a call. Raises ConnectorDown, UnknownOutcome (never for a read)."""
    refuse_wait(answer)
    status = answer.status
    unclear = ConnectorDown if is_read else UnknownOutcome
    if 200 <= status < 300:
        return CallOutcome(ok=True, data=pick(action, _body(action, answer, unclear)))
    if status == 404:
        return _refused("not_found", _message(answer))
    if status in {401, 403}:
        return CallOutcome(ok=False, code="not_allowed", message="")
    if 400 <= status < 500 and status != 408:
        return _refused(_code(answer), _message(answer))
    if 300 <= status < 400:
        raise unclear("it redirects to another address, which is not followed")
    raise unclear(f"HTTP {status}")


def _refused(code: str, reason: str) -> CallOutcome:
    return CallOutcome(ok=False, data={"reason": reason} if reason else {}, code=code, message=reason)


def _body(action: DeclaredAction, answer: Incoming, unclear: type[Exception]) -> Any:
    if not answer.content.strip():
        if action.outputs and answer.status not in {201, 202, 204, 205}:
            raise unclear("the answer is empty")
        return {}
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as problem:
        kind = answer.headers.get("content-type", "")
        if action.outputs or "json" in kind or "html" in kind:
            raise unclear("the answer is not JSON") from problem
        return {}


def _parsed(answer: Incoming) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}


def _code(answer: Incoming) -> str:
    """The rule the system names, as procedures can name it; ``http_422`` without one."""
    body = _parsed(answer)
    for place in _CODE_PLACES:
        found = look_up(body, place)
        if isinstance(found, str) and found:
            code = _CODE.sub("_", found.rsplit("/", 1)[-1].lower()).strip("_")[:60]
            if code and code not in {"unavailable", "unknown", "about_blank"} and code[0].isalpha():
                return code
    return f"http_{answer.status}"


def _message(answer: Incoming) -> str:
    body = _parsed(answer)
    for place in _TEXT_PLACES:
        found = look_up(body, place)
        if isinstance(found, str) and found.strip():
            return " ".join(plain_text(found, MAX_MESSAGE_CHARS).split())
    return ""
