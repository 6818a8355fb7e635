"""What a mail says and brings: the readable text of its parts, and their files."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from rapport.channels.kinds.email.contracts import MailFile
from rapport.channels.kinds.email.logic.charsets import decode_text, decode_words
from rapport.channels.kinds.email.logic.html_text import html_to_text

MAX_PARTS = 300
MAX_DEPTH = 30
MAX_TEXT_CHARS = 200_000
_WINMAIL = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MACHINE = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
    }
)
"""For programs only."""
_CALENDAR = re.compile(r"^(SUMMARY|DTSTART|DTEND|LOCATION|DESCRIPTION)(?:;[^:\n]*)?:(.*)$", re.MULTILINE)


@dataclass(slots=True)
class Body:
    """What was found so far."""

    texts: list[str] = field(default_factory=list)
    found: list[MailFile] = field(default_factory=list)
    said: dict[str, None] = field(default_factory=dict)
    parts: int = 0

    @property
    def text(self) -> str:
        """Everything readable, in order."""
        return "\n\n".join(t for t in self.texts if t)[:MAX_TEXT_CHARS].strip()

    @property
    def files(self) -> tuple[MailFile, ...]:
        """In order."""
        return tuple(self.found)

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be read."""
        return tuple(self.said)


def read_body(mail: Message[Any, Any]) -> Body:
    """Text and files of a mail."""
    body = Body()
    _take(mail, body, 0)
    return body


def _take(part: Message[Any, Any], body: Body, depth: int) -> None:
    body.parts += 1
    if body.parts > MAX_PARTS or depth > MAX_DEPTH:
        body.said["too_many_parts"] = None
        return
    kind = part.get_content_type()
    if part.is_multipart() and kind != "message/rfc822":
        _take_parts(part, kind, body, depth)
    elif kind in _MACHINE:
        return
    elif kind.startswith("multipart/"):  # its parts cannot be told apart
        body.texts.append(_text_of(part, "text/plain"))
    elif kind == "message/rfc822":
        _take_enclosed(part, body, depth)
    elif kind in _WINMAIL:
        body.said["winmail"] = None
    elif _is_text(part, kind):
        body.texts.append(_text_of(part, kind))
    else:
        _take_file(part, kind, body)


def _take_parts(part: Message[Any, Any], kind: str, body: Body, depth: int) -> None:
    children = list(_children(part))
    if kind == "multipart/alternative":
        _take_alternative(children, body, depth)
        return
    if kind == "multipart/encrypted":
        body.said["encrypted"] = None
        return
    for child in children:
        _take(child, body, depth + 1)


def _take_alternative(children: list[Message[Any, Any]], body: Body, depth: int) -> None:
    """The plain version where it says anything, else the richest; files of the others are kept."""
    versions = []
    for child in children:
        version = Body(parts=body.parts)
        _take(child, version, depth + 1)
        body.parts = version.parts
        versions.append((child.get_content_type() == "text/plain", version))
    said = [v for is_plain, v in versions if is_plain and v.text] or [v for _, v in versions if v.text][-1:]
    body.texts += [v.text for v in said[:1]]
    for _, version in versions:
        body.found += version.found
        body.said.update(version.said)
    calendars = [c for c in children if c.get_content_type() == "text/calendar"]
    if calendars and not any("Invitation" in t for t in body.texts):
        body.texts.append(_text_of(calendars[0], "text/calendar"))


def _take_enclosed(part: Message[Any, Any], body: Body, depth: int) -> None:
    """A mail within the mail: its subject and text, as something that was forwarded."""
    for child in _children(part):
        inner = Body(parts=body.parts)
        _take(child, inner, depth + 1)
        body.parts = inner.parts
        subject, sender = (decode_words(str(child.get(n) or ""))[:300] for n in ("subject", "from"))
        body.texts.append(
            f"---------- Forwarded message ----------\nFrom: {sender}\nSubject: {subject}\n\n{inner.text}"
        )
        body.found += inner.found
        body.said.update(inner.said)


def _children(part: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (p for p in payload if isinstance(p, Message))


def _is_text(part: Message[Any, Any], kind: str) -> bool:
    if kind == "text/calendar":
        return True
    return kind.startswith("text/") and part.get_content_disposition() != "attachment" and not _name_of(part)


def _text_of(part: Message[Any, Any], kind: str) -> str:
    text = decode_text(_content(part), _charset_of(part)).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "")[: 5 * MAX_TEXT_CHARS]
    if kind == "text/html" or (
        kind != "text/plain" and re.match(r"\s*<(?:!doctype|html|body)\b", text, re.IGNORECASE)
    ):
        return html_to_text(text)
    if kind == "text/calendar":
        return _invitation(text)
    if kind in {"text/enriched", "text/richtext"}:
        return re.sub(r"</?[a-zA-Z][^<>\n]{0,100}>", "", text.replace("<<", "<")).strip()
    if "flowed" in str(_parameter(part, "format")).lower():
        return _unflowed(text, is_delsp="yes" in str(_parameter(part, "delsp")).lower())
    return text.strip("\n")


def _invitation(text: str) -> str:
    plain = re.sub(r"\n[ \t]", "", text)
    facts = {
        name: value.replace("\\n", " ").replace("\\,", ",").strip()
        for name, value in _CALENDAR.findall(plain)
    }
    shown = [
        f"{name.capitalize()}: {facts[name]}"
        for name in ("SUMMARY", "DTSTART", "DTEND", "LOCATION")
        if facts.get(name)
    ]
    return "Invitation\n" + "\n".join(shown) if shown else ""


def _unflowed(text: str, *, is_delsp: bool) -> str:
    """Lines joined that were only broken to be sent (RFC 3676)."""
    lines: list[str] = []
    is_open = False
    for raw in text.split("\n"):
        line = raw[1:] if raw.startswith(" ") else raw
        is_soft = line.endswith(" ") and line != "-- " and not line.startswith(">")
        piece = line[:-1] if is_soft and is_delsp else line
        if is_open and line and not line.startswith(">"):
            lines[-1] += piece
        else:
            lines.append(piece)
        is_open = is_soft
    return "\n".join(line.rstrip() if line != "-- " else line for line in lines).strip("\n")


def _take_file(part: Message[Any, Any], kind: str, body: Body) -> None:
    content = _content(part)
    name = _name_of(part)
    if not content:
        if name or part.get_content_disposition() == "attachment":
            body.said["empty_file"] = None
        return
    is_inline = part.get_content_disposition() == "inline" or bool(part.get("content-id"))
    body.found.append(MailFile(name or _made_up(kind), content, is_inline and kind.startswith("image/")))


def _made_up(kind: str) -> str:
    """A name for a file without one; its ending follows from its content when it is stored."""
    return {"image": "image", "audio": "sound", "video": "video"}.get(kind.partition("/")[0], "file")


def _name_of(part: Message[Any, Any]) -> str:
    try:
        name = part.get_filename("")
    except (ValueError, TypeError, AttributeError, LookupError, UnicodeError):  # broken parameters
        return ""
    return decode_words(str(name or ""))[:200]


def _charset_of(part: Message[Any, Any]) -> str:
    return str(_parameter(part, "charset"))


def _parameter(part: Message[Any, Any], name: str) -> Any:
    try:
        found = part.get_param(name, "")
    except (ValueError, TypeError, AttributeError, LookupError, UnicodeError):  # broken parameters
        return ""
    return found[2] if isinstance(found, tuple) else found or ""


def _content(part: Message[Any, Any]) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, TypeError, AttributeError, LookupError, UnicodeError, binascii.Error):
        content = None
    if isinstance(content, bytes):
        return content
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""
