"""The end of a call: who hung up, and how long it was."""

from __future__ import annotations

from django.db import transaction

from rapport.channels.kinds.voice.contracts import Reply, VoiceSettings
from rapport.channels.kinds.voice.models import Call
from rapport.channels.kinds.voice.speaking import voice_of
from rapport.conversations import api as conversations
from rapport.conversations.contracts import SYSTEM, MessageDraft, MessageType
from rapport.kernel.clock import now


def close(call: Call) -> None:
    """Note the end of a call in its conversation, once; the caller saves the row."""
    if call.ended_at is not None:
        return
    call.ended_at = now()
    minutes, seconds = divmod(max(0, int((call.ended_at - call.started_at).total_seconds())), 60)
    text = f"The call ended after {minutes} min {seconds} s"
    draft = MessageDraft(MessageType.ACTIVITY, text, SYSTEM, source_id=f"call-{call.pk}-end")
    conversations.add_message_once(int(call.conversation_id), draft)


@transaction.atomic
def note_hangup(call: Call, settings: VoiceSettings) -> Reply:
    """The caller, or the platform, has ended the call."""
    row = Call.objects.select_for_update().get(pk=call.pk)
    close(row)
    row.save()
    conversation = conversations.find_conversation(int(row.conversation_id))
    assert conversation is not None, "a call goes with its conversation"
    return Reply(voice_of(conversation, settings).end(), row.turn, conversation.display_id)
