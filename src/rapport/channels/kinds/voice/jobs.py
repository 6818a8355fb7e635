"""Work after a call's words: files that go by e-mail."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage

from rapport.channels.kinds.voice import wording
from rapport.conversations import api as conversations
from rapport.conversations.contracts import SYSTEM, ConversationInfo, MessageDraft, MessageType
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.jobs.api import JobContext, JobKind
from rapport.kernel.languages import base_language

MAIL_FILES_JOB = "voice.mail_files"


def mail_files(conversation: ConversationInfo, message_id: int) -> None:
    """Send a message's files to the verified caller's address, in the caller's transaction."""
    payload = {"conversation_id": int(conversation.id), "message_id": message_id}
    jobs.enqueue(MAIL_FILES_JOB, payload, key=f"voice-files:{message_id}")


def address_of(conversation: ConversationInfo) -> str:
    """Where files may be sent: the address of the profile a caller has proven to be theirs."""
    customer = customers.find_customer(conversation.customer_id) if conversation.verification else None
    return customer.email if customer is not None else ""


def run_mail_files(payload: dict[str, Any], _: JobContext) -> None:
    """The job handler; a repeated attempt may send the same mail twice, to the same person."""
    conversation = conversations.find_conversation(int(payload["conversation_id"]))
    if conversation is None:
        return
    message = conversations.find_message(int(conversation.id), int(payload["message_id"]))
    address = address_of(conversation)
    if message is None or not message.attachments or not address:
        return
    language = base_language(conversation.language)
    body = wording.say("mail_body", language, number=conversation.display_id)
    mail = EmailMessage(wording.say("mail_subject", language), body, None, [address])
    for file in message.attachments:
        with conversations.open_attachment(file) as content:
            mail.attach(file.name, content.read(), file.media_type)
    mail.send()
    text = "The document was sent by e-mail, as the caller asked"
    done = MessageDraft(MessageType.ACTIVITY, text, SYSTEM, source_id=f"voice-files-{message.id}")
    conversations.add_message_once(conversation.id, done)


KINDS = (JobKind(MAIL_FILES_JOB, run_mail_files, is_atomic=False),)
