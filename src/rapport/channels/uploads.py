"""Messages with files: which addresses take them, how long they may be, and how a form becomes a payload.

A ``multipart/form-data`` body is read as the JSON object its fields stand for (``message[content]`` is the field
``content`` of ``message``), so that one payload describes both; the files, ``attachments[]``, come beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError

from rapport.channels.errors import Malformed, TooLarge
from rapport.channels.http import MAX_BODY_BYTES
from rapport.channels.limits import UPLOADS, check_rate
from rapport.conversations import api as conversations
from rapport.conversations.contracts import NewFile
from rapport.conversations.errors import TooManyFiles

ROUTE = re.compile(
    r"/(?:public/api/v1/inboxes/[^/]{1,80}/contacts/[^/]{1,140}|widget)/conversations(?:/[0-9]{1,16}/messages)?"
    r"|/api/v1/accounts/[0-9]{1,16}/conversations/[0-9]{1,16}/messages"
)
MAIL_ROUTE = "/api/v1/inbound/email/"
LANES = ("/public/api/", "/api/v1/", "/widget/sessions", "/widget/conversations", "/voice/")
TOGETHER_BYTES = 25 * 1024 * 1024
"""All files of one message, unless one alone may be larger."""
FRAME_BYTES = 256 * 1024
"""What a form needs beside the files."""
FILE_FIELDS = ("attachments[]", "attachments", "message[attachments][]", "message[attachments]")
_JSON_FIELDS = frozenset(
    {"submitted_values", "custom_attributes", "content_attributes", "additional_attributes"}
)
_NAME = re.compile(r"(\w{1,60})(?:\[(\w{1,60})\])?")


def takes_files(method: str, path: str, content_type: str) -> bool:
    """Whether this is a message with files."""
    is_form = content_type.lower().startswith("multipart/form-data")
    return is_form and method == "POST" and ROUTE.fullmatch(path) is not None


def limit_bytes(environ: Mapping[str, Any]) -> int | None:
    """How long the body of a request to an API may be; None for other addresses."""
    path = str(environ.get("PATH_INFO", ""))
    if not path.startswith(LANES):
        return None
    if path.startswith(MAIL_ROUTE):
        return int(settings.CONFIG.mail_max_bytes)
    if takes_files(str(environ.get("REQUEST_METHOD", "")), path, str(environ.get("CONTENT_TYPE", ""))):
        return max(TOGETHER_BYTES, settings.CONFIG.file_max_bytes) + FRAME_BYTES
    return MAX_BODY_BYTES


def read_form(request: HttpRequest) -> None:
    """Turn a message with files into the JSON payload it stands for; other requests stay as they are.

    Files beyond 2.5 MB are kept on disk by Django. Raises TooLarge, Malformed, TooManyRequests.
    """
    if not takes_files(request.method or "", request.path_info, request.META.get("CONTENT_TYPE", "")):
        return
    declared, limit = request.META.get("CONTENT_LENGTH") or "0", limit_bytes(request.META) or 0
    if not declared.isdigit() or int(declared) > limit:
        raise TooLarge(limit_bytes=limit)
    check_rate(request, UPLOADS)
    try:
        fields = _fields(request.POST)
    except MultiPartParserError as problem:
        raise Malformed("The body is not a form as its Content-Type says.") from problem
    body = json.dumps(fields).encode()
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(limit_bytes=MAX_BODY_BYTES)
    request._body = body  # noqa: SLF001 - what the framework reads for `body`


def _fields(form: QueryDict) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in form.items():
        read = _NAME.fullmatch(name)
        if read is None:
            continue
        outer, inner = read.groups()
        target = found.setdefault(outer, {}) if inner else found
        if isinstance(target, dict):
            target[inner or outer] = _json(value) if (inner or outer) in _JSON_FIELDS else value
    return found


def _json(text: Any) -> Any:
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError) as problem:
        raise Malformed("A field that should be JSON is not.") from problem


def files_of(request: HttpRequest) -> tuple[NewFile, ...]:
    """The files of a message; call it when access is decided. Raises FileTooLarge, TooManyFiles."""
    if not takes_files(request.method or "", request.path_info, request.META.get("CONTENT_TYPE", "")):
        return ()
    uploads = list(_uploads(request))
    limit = settings.CONFIG.files_per_message
    if len(uploads) > limit:
        raise TooManyFiles(f"One message may carry {limit} files at most.", limit=limit)
    for upload in uploads:
        conversations.check_size(upload.name or "", upload.size or 0)
    return tuple(NewFile(upload.name or "", upload.read()) for upload in uploads)


def _uploads(request: HttpRequest) -> Iterator[UploadedFile[bytes]]:
    for field in FILE_FIELDS:
        yield from request.FILES.getlist(field)
