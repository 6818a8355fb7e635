"""A mail becomes a customer's message: contact, conversation, files, and what it answers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q

from rapport.channels.kinds.email.accounts import own_addresses, without_plus
from rapport.channels.kinds.email.contracts import Mail, MailFile
from rapport.channels.kinds.email.logic.replies import answer_in, text_to_read
from rapport.channels.kinds.email.logic.threads import named_ids, tokens_in, without_prefixes
from rapport.channels.kinds.email.matching import Match, address_of
from rapport.channels.kinds.email.models import Correspondent, OutgoingMail
from rapport.channels.kinds.email.questions import question_of
from rapport.channels.logic.plain_text import Question
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    MOMENTARY,
    SYSTEM,
    Briefing,
    Carried,
    ContactInfo,
    ConversationInfo,
    InboxInfo,
    MessageDraft,
    MessageInfo,
    MessageType,
    NewFile,
    Owner,
)
from rapport.conversations.errors import NotAnswerable
from rapport.kernel.clock import now
from rapport.kernel.errors import RapportError

MAX_KEPT_CHARS = 30_000
"""So much of a whole mail is kept beside its newly written part."""
SMALL_INLINE_BYTES = 6000
"""Pictures in the text below this are signs of signatures."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a mail went."""

    conversation: ConversationInfo
    message_id: int


def file_mail(inbox: InboxInfo, mail: Mail, written: str, found: Match, *, is_answered: bool) -> Filing:
    """Store a mail as a message, in the caller's transaction. Raises NotPermitted for a blocked sender.

    Args:
        inbox: where it came in.
        mail: all of it.
        written: the newly written part of its text.
        found: the conversation it continues.
        is_answered: whether the assistant is to answer it.
    """
    conversation = found.conversation or _begin(inbox, mail)
    number = int(conversation.id)
    if {without_plus(a.address) for a in (*mail.to, *mail.cc)} - own_addresses():
        shown = Q(conversation_id=number) | Q(message_id__in=named_ids(mail)) | Q(token__in=tokens_in(mail))
        OutgoingMail.objects.filter(shown).update(is_exposed=True)  # others read its headers
    _note_facts(number, mail, found)
    if found.beside is not None:
        _say(
            number,
            f"This mail names conversation #{found.beside}, which it may not continue: its sender is not proven",
        )
    files, left_out = _store_files(number, mail.files)
    attributes = {"email": _as_chatwoot(mail, written, found, left_out)}
    message = _store(conversation, mail, written, files, Carried(attributes, is_answered=is_answered))
    if not is_answered:
        _call_person(conversation, mail)
    current = conversations.find_conversation(number)
    assert current is not None
    return Filing(current, int(message.id))


def _begin(inbox: InboxInfo, mail: Mail) -> ConversationInfo:
    contact = _contact(inbox, mail)
    return conversations.create_conversation(contact, subject=without_prefixes(mail.subject) or mail.subject)


def _contact(inbox: InboxInfo, mail: Mail) -> ContactInfo:
    """Who writes from this address; their name and address are claims."""
    row = Correspondent.objects.filter(inbox_id=inbox.id, address=mail.sender.address).first()
    known = conversations.find_contact_by_id(row.contact_id) if row else None
    if known is not None:
        return known
    made = conversations.create_contact(inbox, {"email": mail.sender.address, "name": mail.sender.name[:200]})
    Correspondent.objects.update_or_create(
        inbox_id=inbox.id, address=mail.sender.address, defaults={"contact_id": made.id}
    )
    return made


def _note_facts(number: int, mail: Mail, found: Match) -> None:
    """What this mail says of whom the conversation is held with; one without proof takes an earlier proof away."""
    address = mail.sender.address
    is_own = found.conversation is None or address == address_of(found.conversation)
    proof = found.proof if is_own else ""
    facts = {"proven_email": address if proof else "", "proven_by": proof}
    if found.conversation is None:
        facts |= {"mail_address": address, "stated_email": address}
    conversations.note_channel_facts(number, facts)


def _store_files(number: int, files: tuple[MailFile, ...]) -> tuple[tuple[int, ...], list[dict[str, str]]]:
    """Files that are taken, and the names of the others with the reason."""
    ids: list[int] = []
    left_out: list[dict[str, str]] = []
    for file in files:
        reason = ""
        if file.is_inline and len(file.content) < SMALL_INLINE_BYTES:
            reason = "small_picture"
        elif len(ids) >= settings.CONFIG.files_per_message:
            reason = "too_many_files"
        else:
            try:
                new = NewFile(file.name, file.content)
                ids.append(conversations.add_attachment(number, new, from_customer=True).id)
            except RapportError as problem:
                reason = problem.code
        if reason:
            left_out.append({"name": file.name[:200], "reason": reason})
    return tuple(ids), left_out[:50]


def _store(
    conversation: ConversationInfo, mail: Mail, written: str, files: tuple[int, ...], carried: Carried
) -> MessageInfo:
    number, source_id = int(conversation.id), _source_id(mail)
    asked = _answered(number, mail) or _open_question(number)
    if asked is not None:
        question = question_of(asked)
        answered = _answer(asked, question, mail, written, files)
        try:
            if answered == "files":
                return conversations.receive_files(
                    number, int(asked.id), files, text=written, source_id=source_id, carried=carried
                )
            if isinstance(answered, list):
                _leave_pictures_out(carried.attributes["email"], mail.files if files else ())
                return conversations.receive_answer(
                    number, int(asked.id), answered, source_id=source_id, carried=carried
                )
        except NotAnswerable:
            pass  # not what was asked for: then it is what the customer wrote
    text = text_to_read(mail.subject, written, is_first=conversation.message_count == 0)
    if not conversations.clean_text(text) and not files:
        text = "(empty mail)" if "encrypted" not in mail.notes else "(encrypted mail)"
    return conversations.receive_message(
        number, text, source_id=source_id, sender_name=mail.sender.name, attachment_ids=files, carried=carried
    )


def _leave_pictures_out(kept: dict[str, Any], files: tuple[MailFile, ...]) -> None:
    """A choice carries no files: pictures of a signature are named."""
    left_out = kept.get("left_out", [])
    known = {file["name"] for file in left_out}
    more = [{"name": f.name[:200], "reason": "small_picture"} for f in files if f.name[:200] not in known]
    if more:
        kept["left_out"] = [*left_out, *more][:50]


def _answer(
    asked: MessageInfo, question: Question, mail: Mail, written: str, files: tuple[int, ...]
) -> list[dict[str, Any]] | str | None:
    if not question.is_open:
        return None
    if files and (question.wants_files or not all(f.is_inline for f in mail.files)):
        return "files" if question.wants_files else None
    return answer_in(written, mail.text, question)


def _answered(number: int, mail: Mail) -> MessageInfo | None:
    """The message whose mail is answered: its numbers count, also where more was said since."""
    rows = OutgoingMail.objects.filter(conversation_id=number)
    row = (
        rows.filter(token__in=tokens_in(mail)).first() or rows.filter(message_id__in=mail.in_reply_to).first()
    )
    return conversations.find_message(number, row.message_ref_id) if row else None


def _open_question(number: int) -> MessageInfo | None:
    """The last thing said to the customer in public."""
    latest = conversations.list_latest_messages(number, with_private=False)
    said = [m for m in latest if m.type is not MessageType.ACTIVITY and MOMENTARY not in m.content_attributes]
    last = said[-1] if said else None
    return last if last is not None and last.type is not MessageType.INCOMING else None


def _source_id(mail: Mail) -> str:
    return f"mail:{hashlib.sha256(mail.message_id.encode()).hexdigest()[:40]}"


def _as_chatwoot(mail: Mail, written: str, found: Match, left_out: list[dict[str, str]]) -> dict[str, Any]:
    """What Chatwoot keeps as ``content_attributes.email``, and ours: rule, proof, what could not be taken."""
    kept: dict[str, Any] = {
        "from": [mail.header_from.address],
        "to": [a.address for a in mail.to][:50],
        "cc": [a.address for a in mail.cc][:50],
        "subject": mail.subject,
        "date": mail.sent_at.isoformat() if mail.sent_at else now().isoformat(),
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "number_of_attachments": len(mail.files),
        "text_content": {"reply": written[:MAX_KEPT_CHARS]},
        "rule": found.rule,
        "proof": found.proof,
    }
    if mail.text.strip() != written:
        kept["text_content"]["full"] = mail.text[:MAX_KEPT_CHARS]
    if mail.sender.address != mail.header_from.address:
        kept["reply_to"] = [mail.sender.address]
    if left_out:
        kept["left_out"] = left_out
    if mail.notes:
        kept["notes"] = list(mail.notes)
    return kept


def _call_person(conversation: ConversationInfo, mail: Mail) -> None:
    """More mails than the assistant may answer: a person looks at them."""
    current = conversations.find_conversation(int(conversation.id))  # a mail may have reopened it
    if current is None or current.owner is not Owner.ASSISTANT:
        return
    _say(int(conversation.id), "Not answered automatically: too many mails from this address within an hour")
    briefing = Briefing("too_many_mails", mail.sender.address, (mail.subject[:200],), (), "", ())
    conversations.hand_over(int(conversation.id), briefing)


def _say(number: int, text: str) -> None:
    conversations.add_message(number, MessageDraft(MessageType.ACTIVITY, text, SYSTEM))
