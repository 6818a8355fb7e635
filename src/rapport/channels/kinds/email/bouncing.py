"""A mail of ours came back: its state, and a line for staff in its conversation."""

from __future__ import annotations

from rapport.channels.kinds.email.contracts import Mail, Mailbox, SendState
from rapport.channels.kinds.email.logic.threads import tokens_in
from rapport.channels.kinds.email.models import OutgoingMail
from rapport.conversations import api as conversations
from rapport.conversations.contracts import SYSTEM, ConversationInfo, MessageDraft, MessageType


def take_bounce(mail: Mail, mailbox: Mailbox) -> ConversationInfo | None:
    """Note that a mail did not arrive; None where it is none of ours: a report proves nothing but by our random id."""
    bounce = mail.bounce
    assert bounce is not None, "the caller looked"
    rows = OutgoingMail.objects.filter(inbox_id=mailbox.inbox_id)
    row = (
        rows.filter(message_id__in=bounce.returned_ids).first()
        or rows.filter(token__in=tokens_in(mail)).first()
    )
    if row is None:
        return None
    why = " ".join(part for part in (bounce.status, bounce.reason) if part) or mail.subject[:120]
    if bounce.is_final:
        OutgoingMail.objects.filter(pk=row.pk).update(
            state=SendState.FAILED, problem=f"returned: {why}"[:300]
        )
    verb = "did not arrive" if bounce.is_final else "is delayed"
    text = f"Our mail to {bounce.recipient or row.to} {verb}: {why}"
    draft = MessageDraft(
        MessageType.ACTIVITY, text[:1000], SYSTEM, source_id=f"bounce:{row.pk}:{bounce.is_final}"
    )
    conversations.add_message_once(row.conversation_id, draft)
    return conversations.find_conversation(row.conversation_id)
