"""The short way for the busiest request: customers' plain texts, several of them in one transaction.

It answers what succeeds and leaves all else to the ordinary way: whatever is not a plain text of someone who
may write it here is not stored, not counted and not answered by this module. Checks, access, storing and
presenting are those of the views; `tests/test_ingest.py` holds the two ways equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from pydantic import ValidationError

from rapport.channels import dialogue
from rapport.channels.http import json_answer, json_bytes, read_object
from rapport.channels.limits import check_request_rate
from rapport.channels.payloads import MessagePayload
from rapport.channels.presenting import present_stored
from rapport.channels.sessions import access_session
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, IncomingText
from rapport.kernel.errors import NotFound, RapportError

CLIENT_ROUTE = re.compile(
    r"/public/api/v1/inboxes/([A-Za-z0-9_-]{1,80})/contacts/([A-Za-z0-9_-]{1,140})"
    r"/conversations/([1-9][0-9]{0,14})/messages"
)
WIDGET_ROUTE = re.compile(r"/widget/conversations/([1-9][0-9]{0,14})/messages")

Post = tuple[dict[str, Any], bytes]
"""A request: its WSGI environment and its body."""
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers, body."""


class _Request(HttpRequest):
    """What limits, host check and headers look at, without the parsing that views need."""

    def __init__(self, environ: dict[str, Any]) -> None:
        super().__init__()
        self.META, self.path_info = environ, environ["PATH_INFO"]

    def _get_scheme(self) -> str:
        return str(self.META["wsgi.url_scheme"])


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that may be stored, and what its answer needs."""

    incoming: IncomingText
    request: HttpRequest
    number: int
    echo_id: str | None


class Ingest:
    """Answers posted texts; any number of threads may use it, each on its own database connection."""

    def __init__(
        self,
        finish: Callable[[HttpRequest, HttpResponseBase], None],
        refuse: Callable[[Exception], HttpResponse],
    ) -> None:
        """Prepare it.

        Args:
            finish: adds the headers that every answer of an API carries.
            refuse: the documented answer to an unforeseen error.
        """
        self._finish, self._refuse = finish, refuse
        self._headers: dict[tuple[bool, bool], list[tuple[bytes, bytes]]] = {}

    @staticmethod
    def takes(path: str) -> bool:
        """Whether a POST to this path may be answered here."""
        return path.endswith("/messages") and bool(
            CLIENT_ROUTE.fullmatch(path) or WIDGET_ROUTE.fullmatch(path)
        )

    def answer_all(self, posts: Sequence[Post]) -> list[Answer | None]:
        """Answer what can be stored, all in one transaction; None for what takes the ordinary way."""
        texts = [self._check(environ, body) for environ, body in posts]
        accepted = [text for text in texts if text is not None]
        stored, is_complete = [], not accepted
        try:
            if accepted:
                with transaction.atomic():
                    stored = conversations.receive_texts([text.incoming for text in accepted])
                    is_complete = True
        except Exception as error:  # noqa: BLE001 - the request boundary
            if not is_complete:  # nothing is stored: the ordinary way finds out whose text it was
                return [None] * len(posts)
            # the commit failed, and may have happened all the same: storing again is the caller's decision
            return [None if text is None else self._failed(text.request, error) for text in texts]
        messages = iter(stored)
        return [
            None
            if text is None
            else (
                200,
                self._headers_of(text.request),
                json_bytes(present_stored(next(messages), text.number, text.echo_id)),
            )
            for text in texts
        ]

    def _check(self, environ: dict[str, Any], body: bytes) -> _Text | None:
        """A request that will succeed as far as can be known before it is stored; counted if it is one."""
        request = _Request(environ)
        try:
            request.get_host()
            payload = MessagePayload.model_validate(read_object(body))
            if payload.command is not None or payload.submitted_values is not None:
                return None
            content = conversations.check_text(payload.content or "")
            conversation = _access(request)
            check_request_rate(request)
        except (RapportError, ValidationError, SuspiciousOperation):
            return None
        incoming = IncomingText(conversation.id, content, payload.echo_id or None)
        return _Text(incoming, request, conversation.display_id, payload.echo_id)

    def _headers_of(self, request: HttpRequest) -> list[tuple[bytes, bytes]]:
        """They depend on the route and on whether the connection is secure, nothing else."""
        key = request.path_info.startswith("/public/"), request.is_secure()
        if key not in self._headers:
            self._headers[key] = self._finished(request, json_answer({}))
        return self._headers[key]

    def _failed(self, request: HttpRequest, error: Exception) -> Answer:
        response = self._refuse(error)
        return response.status_code, self._finished(request, response), response.content

    def _finished(self, request: HttpRequest, response: HttpResponse) -> list[tuple[bytes, bytes]]:
        self._finish(request, response)
        return [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in response.items()]


def _access(request: HttpRequest) -> ConversationInfo:
    """The conversation a request may write to, by what its route asks for."""
    if found := CLIENT_ROUTE.fullmatch(request.path_info):
        return dialogue.access_public_conversation(found[1], found[2], int(found[3]))
    found = WIDGET_ROUTE.fullmatch(request.path_info)
    kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if found is None or kind.lower() != "bearer":
        raise NotFound
    return dialogue.access_own_conversation(access_session(token), int(found[1]))
