"""JSON over HTTP: reading bodies that cannot be trusted, writing answers quickly."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser

from rapport.channels.errors import Malformed, TooLarge

MAX_BODY_BYTES = 1024 * 1024
MAX_NUMBER = 2**53
"""The largest id: what every JSON reader can hold exactly."""


def json_answer(data: Any, status: int = 200) -> HttpResponse:
    """An answer built by a presenter; it is not validated again on its way out."""
    return HttpResponse(json_bytes(data), content_type="application/json", status=status)


def json_bytes(data: Any) -> bytes:
    """The body of an answer."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return body.encode("utf-8", "replace")


class SafeParser(Parser):
    """Reads JSON bodies: bounded, strict, without NUL characters or broken surrogates."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as an object; an empty body is an empty object. Raises Malformed, TooLarge."""
        return read_object(request.body)


def read_object(raw: bytes) -> Any:
    """A body as an object; an empty body is an empty object. Raises Malformed, TooLarge."""
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(limit_bytes=MAX_BODY_BYTES)
    if not raw.strip():
        return {}
    try:
        data = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(data, dict):
        raise Malformed
    return _without_strays(data) if b"\\u" in raw or b"\0" in raw else data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _without_strays(value: Any, depth: int = 0) -> Any:
    if depth > 60:
        raise Malformed("The body is nested too deeply.")
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_without_strays(v, depth + 1) for v in value]
    if isinstance(value, dict):
        return {_without_strays(k): _without_strays(v, depth + 1) for k, v in value.items()}
    return value
