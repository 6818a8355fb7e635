"""A mail from its bytes: who, to whom, in answer to what, its text and its files. Never fails but by `Unreadable`.

Parsed with the standard library's compatible policy, which keeps headers as they stand: its newer one gives up on
broken ones. What the headers mean is read here, one by one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from rapport.channels.kinds.email.contracts import Address, Mail, Unreadable
from rapport.channels.kinds.email.logic.bodies import read_body
from rapport.channels.kinds.email.logic.bounces import read_bounce
from rapport.channels.kinds.email.logic.charsets import decode_words

MAX_HEADER_CHARS = 4000
MAX_HEADERS = 500
MAX_ADDRESSES = 200
MAX_REFERENCES = 200
MAX_ANSWERED = 20
_ID = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>\"(),:;\[\]\\]{1,190}")
_FOR_PROGRAMS = frozenset({"authentication-results"})
"""Kept as they stand: what looks like an encoded word there was written by the sender."""
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to", "to", "cc")


def read_mail(raw: bytes) -> Mail:
    """A mail as everything else here sees it. Raises Unreadable."""
    if not raw.strip():
        raise Unreadable("empty")
    try:
        parsed = message_from_bytes(_without_envelope(raw))
        headers = _headers(parsed)
        body = read_body(parsed)
        bounce = read_bounce(parsed, headers, body.text)
    except RecursionError as problem:
        raise Unreadable("nested_too_deeply") from problem
    except (ValueError, TypeError, AttributeError, LookupError, AssertionError, MessageError) as problem:
        raise Unreadable("broken") from problem  # what the library itself trips over
    header_from = _first(parsed, "from") or _first(parsed, "sender")
    if header_from is None and bounce is None:
        raise Unreadable("no_sender")
    header_from = header_from or Address("")
    reply_to = _first(parsed, "reply-to") or header_from
    sender = Address(reply_to.address, reply_to.name or header_from.name)
    own_id = next(iter(_ids(headers.get("message-id", ()))), "")
    return Mail(
        message_id=own_id or f"{hashlib.sha256(raw).hexdigest()}@no-id.invalid",
        sender=sender,
        header_from=header_from,
        to=tuple(_addresses(parsed, "to")),
        cc=tuple(_addresses(parsed, "cc")),
        delivered_to=tuple(dict.fromkeys(a.address for name in _DELIVERED for a in _addresses(parsed, name))),
        subject=next(iter(headers.get("subject", ())), "")[:500],
        text=body.text,
        in_reply_to=tuple(_ids(headers.get("in-reply-to", ())))[:MAX_ANSWERED],
        references=tuple(_ids(headers.get("references", ())))[-MAX_REFERENCES:],
        files=body.files,
        headers=headers,
        bounce=bounce,
        notes=body.notes,
        sent_at=_moment(headers.get("date", ())),
    )


def read_headers(raw: bytes) -> Mail:
    """What the headers alone say, of a mail too large to be read. Raises Unreadable."""
    end = re.search(rb"\r?\n\r?\n", raw[:65536])
    return read_mail(raw[: end.start() if end else 65536] + b"\r\n\r\n")


def _without_envelope(raw: bytes) -> bytes:
    """Mail servers that pipe begin with a line ``From sender date``."""
    if raw[:5] in {b"From ", b">From"}:
        return raw.partition(b"\n")[2]
    return raw.lstrip(b"\r\n")


def _headers(parsed: Message[Any, Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for place, (spelled, value) in enumerate(parsed.raw_items()):
        name, said = str(spelled).lower()[:80], str(value)[: 4 * MAX_HEADER_CHARS]
        if place >= MAX_HEADERS and name != "from":
            continue
        kept = found.setdefault(name, [])
        if len(kept) < 30:
            kept.append(said if name in _FOR_PROGRAMS else decode_words(said)[: 4 * MAX_HEADER_CHARS])
    return {name: tuple(values) for name, values in found.items()}


def _first(parsed: Message[Any, Any], name: str) -> Address | None:
    return next(iter(_addresses(parsed, name)), None)


def _addresses(parsed: Message[Any, Any], name: str) -> list[Address]:
    """Addresses of a header. Names are decoded only afterwards: an encoded one may hold whatever looks like others."""
    values = [re.sub(r"[\r\n]+", " ", str(v)[:MAX_HEADER_CHARS]) for v in parsed.get_all(name, [])[:30]]
    found: dict[str, Address] = {}
    for said, address in [pair for value in values for pair in _pairs(value)][:MAX_ADDRESSES]:
        plain = address.strip().strip("'\"").lower()
        if ADDRESS.fullmatch(plain) and len(plain) <= 254:
            found.setdefault(plain, Address(plain, decode_words(said).strip("'\" ")[:200]))
    return list(found.values())


def _pairs(value: str) -> list[tuple[str, str]]:
    """Name and address of each mailbox; by what looks like an address where the header is broken."""
    try:
        pairs = [pair for pair in getaddresses([value]) if "@" in pair[1]]
    except (RecursionError, ValueError, LookupError):  # comments within comments, thousands deep
        pairs = []
    return pairs or [("", address) for address in ADDRESS.findall(value)]


def _ids(values: Iterable[str]) -> list[str]:
    found = [m for value in values for m in _ID.findall(value)]
    bare = [
        v.strip() for value in values for v in value.split() if "@" in v and "<" not in v and ">" not in v
    ]
    return list(dict.fromkeys(found or [b for b in bare if len(b) <= 400]))


def _moment(values: Iterable[str]) -> dt.datetime | None:
    for value in values:
        try:
            read = parsedate_to_datetime(value)
            return (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return None
