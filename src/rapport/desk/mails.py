"""What a mail conversation shows besides its words: recipients, the whole mail, and what became of each answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from rapport.channels import api as channels
from rapport.conversations.contracts import ConversationInfo, MessageInfo

EMAIL = "email"
_LEFT_OUT: dict[str, Promise] = {
    "small_picture": gettext_lazy("small picture"),
    "too_many_files": gettext_lazy("too many files"),
    "file_too_large": gettext_lazy("too large"),
    "unsupported_file": gettext_lazy("kind of file not taken"),
}
_NOTES: dict[str, Promise] = {
    "encrypted": gettext_lazy("The mail is encrypted and cannot be read here."),
    "winmail": gettext_lazy("Some of its content is in a form only Outlook reads (winmail.dat)."),
    "too_many_parts": gettext_lazy("The mail has too many parts; not all were read."),
}
_PROOFS: dict[str, Promise] = {
    "email_reply": gettext_lazy("Sender proven: answered our mail"),
    "email_authenticated": gettext_lazy("Sender proven: signed by its domain"),
}


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail of a conversation, incoming or outgoing."""

    sender: str = ""
    to: str = ""
    copies: str = ""
    subject: str = ""
    whole: str = ""
    """All of its text, where that is more than the newly written part."""
    proof: str = ""
    """What proves its sender, in words; empty for nothing, and where answers go to another address than it states."""
    notes: tuple[str, ...] = ()
    state: str = ""
    """Of an outgoing mail: ``unsent``, ``sending``, ``sent``, ``failed``; empty for an incoming one."""
    problem: str = ""
    at: dt.datetime | None = None
    """When the next server took it."""


def subject_of(info: ConversationInfo) -> str:
    """The subject of a mail conversation; empty for others."""
    return str(info.additional_attributes.get("mail_subject") or "")


def mail_views(found: Sequence[MessageInfo], info: ConversationInfo) -> dict[int, MailView]:
    """The mails of messages, by message; empty where the conversation is none by mail."""
    if info.inbox.channel_kind != EMAIL:
        return {}
    sent = channels.mail_deliveries([int(m.id) for m in found])
    views = {
        int(m.id): _incoming(m.content_attributes[EMAIL], m.content)
        for m in found
        if isinstance(m.content_attributes.get(EMAIL), dict)
    }
    for number, delivery in sent.items():
        views[number] = MailView(
            to=delivery.to,
            copies=", ".join(delivery.copies),
            state=delivery.state.value,
            problem=delivery.problem,
            at=delivery.sent_at,
        )
    return views


def _incoming(kept: dict[str, Any], content: str) -> MailView:
    texts = kept.get("text_content", {})
    written = str(texts.get("reply") or "")
    left_out = [
        f"{file.get('name')}: {_LEFT_OUT.get(str(file.get('reason')), file.get('reason'))}"
        for file in kept.get("left_out", [])
    ]
    return MailView(
        sender=", ".join([*kept.get("from", []), *kept.get("reply_to", [])]),
        to=", ".join(kept.get("to", [])),
        copies=", ".join(kept.get("cc", [])),
        subject=str(kept.get("subject") or ""),
        whole=str(texts.get("full") or (written if written != content else "")),
        proof="" if kept.get("reply_to") else str(_PROOFS.get(str(kept.get("proof")), "")),
        notes=(*(str(_NOTES[n]) for n in kept.get("notes", []) if n in _NOTES), *left_out),
    )
