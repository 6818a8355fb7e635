"""Reports of mail servers that a mail did not arrive (delivery status notifications)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Any

from rapport.channels.kinds.email.contracts import Bounce
from rapport.channels.kinds.email.logic.charsets import decode_words

_DAEMON = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|maildaemon|bounces?)(?:[+=.-]|@|$)", re.IGNORECASE
)
_SAYS_SO = re.compile(
    r"undeliver|delivery (?:status notification|has failed|failure|failed)|returned mail|failure notice|mail delivery"
    r"|nedoručiteln|nelze doručit|unzustellbar|nicht zugestellt|no se pudo entregar|не доставлено|недоставлен|退信|投递失败",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ID = re.compile(r"<([^<>\s]{3,400})>")
_RETURNED_ID = re.compile(r"^Message-ID:\s*<([^<>\s]{3,400})>", re.IGNORECASE | re.MULTILINE)
_RECIPIENT = re.compile(r"[\w.+%-]{1,64}@[\w.-]{1,190}")


def read_bounce(mail: Message[Any, Any], headers: Mapping[str, tuple[str, ...]], text: str) -> Bounce | None:
    """The report a mail is; None where it is an ordinary mail."""
    failed = " ".join(headers.get("x-failed-recipients", ()))
    sender = " ".join(headers.get("from", ()))
    address = _RECIPIENT.search(sender)
    is_daemon = (
        bool(address and _DAEMON.match(address[0])) or headers.get("return-path", ("x",))[0].strip() == "<>"
    )
    report = next((p for p in _parts(mail) if p.get_content_type() == "message/delivery-status"), None)
    if report is not None and (is_daemon or mail.get_content_type() == "multipart/report"):
        return _from_report(mail, report, text)  # else a customer shows one they got
    subject = " ".join(headers.get("subject", ()))
    if failed or (is_daemon and _SAYS_SO.search(subject)):
        whom = _RECIPIENT.search(failed or text)
        status = _STATUS.search(text)
        reason = next((line.strip() for line in text.splitlines() if re.search(r"\b[45]\d\d\b", line)), "")
        return Bounce(
            whom[0] if whom else "", status[1] if status else "", reason[:300], _returned(mail, text)
        )
    return None


def _from_report(mail: Message[Any, Any], report: Message[Any, Any], text: str) -> Bounce:
    """What the fields for programs say, of the first recipient that failed."""
    blocks = [b for b in _parts(report) if b is not report] or [report]
    fields: dict[str, str] = {}
    for block in blocks:
        for name, value in block.items():
            fields.setdefault(str(name).lower(), decode_words(str(value)))
    if not fields:
        payload = report.get_payload()
        lines = payload.splitlines() if isinstance(payload, str) else []
        fields = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines) if v}
    recipient = fields.get("final-recipient") or fields.get("original-recipient") or ""
    whom = _RECIPIENT.search(recipient)
    action = fields.get("action", "failed").lower()
    reason = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
    return Bounce(
        whom[0].lower() if whom else "",
        fields.get("status", "")[:20],
        reason[:300],
        _returned(mail, text),
        is_final=action.startswith("fail"),
    )


def _returned(mail: Message[Any, Any], text: str) -> tuple[str, ...]:
    """Message-IDs of the mail that came back, however it is enclosed."""
    found: list[str] = []
    for part in _parts(mail):
        if part is mail:
            continue
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            raw = payload.decode("latin-1") if isinstance(payload, bytes) else str(part.get_payload())
            found += _RETURNED_ID.findall(raw)
        elif value := part.get("message-id"):
            found += _ID.findall(str(value))
    found += _RETURNED_ID.findall(text)
    for name in ("in-reply-to", "references"):
        found += _ID.findall(str(mail.get(name) or ""))
    return tuple(dict.fromkeys(found))[:20]


def _parts(mail: Message[Any, Any]) -> Iterator[Message[Any, Any]]:
    for count, part in enumerate(mail.walk()):
        if count >= 100:
            return
        yield part
