"""An answer as a mail: headers that keep the thread, text, a simple HTML version, the quoted history."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from rapport.channels.kinds.email.contracts import MailFile
from rapport.channels.kinds.email.logic.guards import LOOP_HEADER
from rapport.channels.kinds.email.logic.threads import folded

MAX_QUOTED_CHARS = 6000
_LINK = re.compile(r"https?://[^\s<>\"']{3,500}[^\s<>\"'.,;:!?)\]]")
_LOOK = (
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:15px;line-height:1.5;"
    "max-width:640px"
)
_STRONG = re.compile(r"\*\*([^*\n]{1,300})\*\*")
_NAMED_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((https?://[^()\s]{1,500})\)")
_NUMBERED = re.compile(r"^(\d{1,2})\. (.*)$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """What is answered, as it is quoted below the answer."""

    lead: str
    """"On … you wrote:" in the reader's language."""
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything an answer is made of."""

    sender_name: str
    sender: str
    to: str
    subject: str
    text: str
    message_id: str
    at: dt.datetime
    mark: str
    """Of this installation, so that it knows its own mails."""
    language: str
    cc: tuple[str, ...] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    is_automatic: bool = False
    footer: tuple[str, ...] = ()
    """Paragraphs below the text: what tells that an AI wrote it."""
    signature: str = ""
    quotation: Quotation | None = None
    files: tuple[tuple[MailFile, str], ...] = field(default=())
    """File and media type."""


def compose_mail(letter: Letter) -> bytes:
    """The mail, ready to be sent."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _mailbox(letter.sender_name, letter.sender)
    mail["To"] = _mailbox("", letter.to)
    if letter.cc:
        mail["Cc"] = [_mailbox("", address) for address in letter.cc]
    if letter.reply_to and letter.reply_to != letter.sender:
        mail["Reply-To"] = _mailbox(letter.sender_name, letter.reply_to)
    mail["Subject"] = _one_line(letter.subject)[:400]
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = f"<{letter.message_id}>"
    mail[LOOP_HEADER] = letter.mark
    mail["Content-Language"] = letter.language
    if letter.is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_plain(letter), cte="quoted-printable")
    mail.add_alternative(_page(letter), subtype="html", cte="quoted-printable")
    for file, media_type in letter.files:
        major, _, minor = media_type.partition("/")
        mail.add_attachment(file.content, maintype=major, subtype=minor or "octet-stream", filename=file.name)
    return _with_thread(mail.as_bytes(), letter)


def _with_thread(raw: bytes, letter: Letter) -> bytes:
    """The headers of the thread in front of all others, folded here: the library would encode long Message-IDs."""
    lines = []
    if letter.in_reply_to:
        lines.append(f"In-Reply-To: <{letter.in_reply_to}>")
    if letter.references:
        lines.append(f"References: {folded(letter.references)}")
    head = "".join(f"{line}\r\n" for line in lines)
    return head.encode("ascii", "ignore") + raw


def _mailbox(name: str, address: str) -> HeaderAddress:
    user, _, domain = address.rpartition("@")
    return HeaderAddress(_one_line(name)[:100], user, domain)


def _one_line(text: str) -> str:
    return " ".join("".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text).split())


def _plain(letter: Letter) -> str:
    parts = [_without_marks(letter.text.strip())]
    if letter.signature:
        parts.append(letter.signature.strip())
    parts += letter.footer
    if letter.quotation is not None:
        quoted = "\n".join(f"> {line}".rstrip() for line in _quoted(letter.quotation).split("\n"))
        parts.append(f"{letter.quotation.lead}\n{quoted}")
    return "\n\n".join(parts) + "\n"


def _without_marks(text: str) -> str:
    """Text without the marks of Markdown that screens would not show."""
    return _STRONG.sub(r"\1", _NAMED_LINK.sub(r"\1 (\2)", text))


def _quoted(quotation: Quotation) -> str:
    text = quotation.text.strip()
    return text if len(text) <= MAX_QUOTED_CHARS else text[:MAX_QUOTED_CHARS] + " …"


def _page(letter: Letter) -> str:
    """The same as HTML: paragraphs, lists and links, no pictures, nothing from elsewhere."""
    body = [_paragraphs(letter.text)]
    if letter.signature:
        body.append(_paragraphs(letter.signature))
    body += [f'<p style="color:#666;font-size:13px">{_inline(line)}</p>' for line in letter.footer]
    if letter.quotation is not None:
        lead, quoted = (
            _inline(letter.quotation.lead),
            _inline(_quoted(letter.quotation)).replace("\n", "<br>\n"),
        )
        style = "margin:0;padding-left:12px;border-left:2px solid #ccc;color:#555"
        body.append(f'<p>{lead}</p>\n<blockquote type="cite" style="{style}">{quoted}</blockquote>')
    shown = "\n".join(body)
    return (
        f'<!DOCTYPE html>\n<html lang="{letter.language}"><head><meta charset="utf-8"></head>\n'
        f'<body><div style="{_LOOK}">\n{shown}\n</div></body></html>\n'
    )


def _paragraphs(text: str) -> str:
    return "\n".join(_block(block) for block in re.split(r"\n{2,}", text.strip()))


def _block(block: str) -> str:
    """A paragraph; lines that are numbered or marked become a list after the lines before them."""
    before: list[str] = []
    items: list[str] = []
    is_numbered = False
    for line in block.split("\n"):
        numbered = _NUMBERED.match(line)
        marked = line.startswith(("• ", "- "))
        if numbered or marked:
            is_numbered = is_numbered or bool(numbered)
            items.append(f"<li>{_inline(numbered[2] if numbered else line[2:])}</li>")
        elif items:
            items.append(f"{_inline(line)}<br>")
        else:
            before.append(_inline(line))
    shown = f"<p>{'<br>'.join(before)}</p>" if before else ""
    if items:
        tag = "ol" if is_numbered else "ul"
        shown += f"<{tag}>{''.join(_closed(items))}</{tag}>"
    return shown


def _closed(items: Sequence[str]) -> list[str]:
    """Lines that follow a list's item belong into it."""
    found: list[str] = []
    for item in items:
        if item.startswith("<li>") or not found:
            found.append(item if item.startswith("<li>") else f"<li>{item}</li>")
        else:
            found[-1] = found[-1].removesuffix("</li>") + "<br>" + item.removesuffix("<br>") + "</li>"
    return found


def _inline(text: str) -> str:
    """Text as HTML, addresses of pages as links."""
    text = _NAMED_LINK.sub(r"\1 (\2)", text)
    out, last = [], 0
    for found in _LINK.finditer(text):
        address = html.escape(found[0])
        out += [html.escape(text[last : found.start()]), f'<a href="{address}">{address}</a>']
        last = found.end()
    return _STRONG.sub(r"<strong>\1</strong>", "".join([*out, html.escape(text[last:])]))
