"""What a mail that goes out says: the conversation's message in its language, with thread, history and files."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime

from rapport.channels.kinds.email.contracts import Mailbox, MailFile
from rapport.channels.kinds.email.logic.composing import Letter, Quotation
from rapport.channels.kinds.email.logic.threads import extend_references, reply_subject
from rapport.channels.kinds.email.marking import own_mark
from rapport.channels.kinds.email.matching import address_of
from rapport.channels.kinds.email.models import IncomingMail, OutgoingMail
from rapport.channels.kinds.email.questions import question_of
from rapport.channels.logic.plain_text import Question, render
from rapport.channels.text_wording import load_wording, plain_wording
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageInfo, MessageType
from rapport.kernel.clock import now
from rapport.kernel.errors import NotFound
from rapport.kernel.languages import base_language

WORDING = Path(__file__).parent / "wording.yaml"
QUOTED_MESSAGES = 30


@functools.cache
def mail_wording(language: str) -> dict[str, str]:
    """What mails say around the conversation's own words."""
    return load_wording(WORDING, language)


def write_letter(row: OutgoingMail, mailbox: Mailbox) -> Letter | None:
    """The letter a row stands for; None when its message is gone."""
    conversation = conversations.find_conversation(row.conversation_id)
    message = conversations.find_message(row.conversation_id, row.message_ref_id)
    if conversation is None or message is None:
        return None
    language = base_language(conversation.language)
    answered = _answered(row)
    has_begun = (
        answered is not None
        or OutgoingMail.objects.filter(conversation_id=row.conversation_id, pk__lt=row.pk).exists()
    )
    return Letter(
        sender_name=_sender_name(conversation, mailbox),
        sender=mailbox.address,
        to=row.to,
        cc=tuple(address for kind, address in row.copies if kind == "cc"),
        reply_to=token_address(mailbox, row.token),
        subject=_subject(conversation, mailbox, is_reply=has_begun),
        text=_text(message, language),
        message_id=row.message_id,
        at=now(),
        mark=own_mark(),
        language=language,
        in_reply_to=answered.message_id if answered else "",
        references=_references(row, answered),
        is_automatic=row.is_automatic,
        footer=(mail_wording(language)["disclosure"],) if message.sender.kind == "assistant" else (),
        signature=mailbox.signature,
        quotation=_quotation(conversation, message, language),
        files=_files(message),
    )


def token_address(mailbox: Mailbox, token: str) -> str:
    """Where answers and reports of failure go: the inbox's address, with the token where its server allows that."""
    if not mailbox.has_plus_addresses:
        return mailbox.address
    user, _, domain = mailbox.address.rpartition("@")
    return f"{user}+{token}@{domain}"


def _sender_name(conversation: ConversationInfo, mailbox: Mailbox) -> str:
    brand = str(conversation.inbox.settings.get("brand") or "")
    return mailbox.sender_name or brand or conversation.inbox.name


def _subject(conversation: ConversationInfo, mailbox: Mailbox, *, is_reply: bool) -> str:
    subject = str(conversation.additional_attributes.get("mail_subject") or "")
    number = conversation.display_id if mailbox.has_number_in_subject else None
    if is_reply:
        return reply_subject(subject, number)
    return f"{subject} [#{number}]".strip() if number else subject


def _text(message: MessageInfo, language: str) -> str:
    question = question_of(message)
    links = tuple((title, _absolute(address)) for title, address in question.links)
    shown: Question = replace(question, links=links)
    return render(message.content, shown, plain_wording(language))


def _absolute(address: str) -> str:
    return f"{settings.CONFIG.base_url}{address}" if address.startswith("/") else address


def _answered(row: OutgoingMail) -> IncomingMail | None:
    """The mail this one answers: the customer's latest before it."""
    rows = IncomingMail.objects.filter(conversation_id=row.conversation_id, message_ref__isnull=False)
    return rows.filter(message_ref_id__lt=row.message_ref_id).order_by("-message_ref_id").first()


def _references(row: OutgoingMail, answered: IncomingMail | None) -> tuple[str, ...]:
    """Every mail of the thread, oldest first, the answered one last."""
    incoming = IncomingMail.objects.filter(conversation_id=row.conversation_id, message_ref__isnull=False)
    outgoing = OutgoingMail.objects.filter(conversation_id=row.conversation_id, pk__lt=row.pk)
    thread = [(m.created_at, m.references) for m in incoming.filter(message_ref_id__lt=row.message_ref_id)]
    thread += [(m.created_at, [m.message_id]) for m in outgoing]
    ids = [one for _, named in sorted(thread, key=lambda pair: pair[0]) for one in named]
    if answered is None:
        return tuple(dict.fromkeys(ids))
    kept = [one for one in ids if one != answered.message_id]
    return extend_references(kept, answered.message_id)


def _quotation(conversation: ConversationInfo, message: MessageInfo, language: str) -> Quotation | None:
    """The customer's latest words before this message."""
    earlier = conversations.list_messages(
        conversation.id,
        after=max(0, message.sequence - QUOTED_MESSAGES),
        before=message.sequence,
        with_private=False,
    )
    said = [m for m in earlier if m.type is MessageType.INCOMING]
    if not said:
        return None
    last = said[-1]
    written = str(
        last.content_attributes.get("email", {}).get("text_content", {}).get("reply") or last.content
    )
    if not written.strip():
        return None
    lead = mail_wording(language)["wrote"].format(
        date=f"{localtime(last.created_at):%Y-%m-%d %H:%M}",
        name=last.sender.name or conversation.customer_name or address_of(conversation),
    )
    return Quotation(lead, written)


def _files(message: MessageInfo) -> tuple[tuple[MailFile, str], ...]:
    found = []
    for attachment in message.attachments:
        try:
            with conversations.open_attachment(attachment) as content:
                found.append((MailFile(attachment.name, content.read()), attachment.media_type))
        except NotFound:
            continue  # erased meanwhile
    return tuple(found)
