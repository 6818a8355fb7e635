"""The first words of a conversation: who is speaking (an AI), and the guided menu."""

from __future__ import annotations

from typing import Any

from rapport.assistant.menus import menu_items
from rapport.assistant.wording import ASSISTANT, say
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Owner
from rapport.jobs.api import JobContext
from rapport.kernel.languages import base_language

GREET_JOB = "assistant.greet"


def run_greet(payload: dict[str, Any], _: JobContext) -> None:
    """Greet once; a repeated job finds the greeting by its source id."""
    conversation = conversations.find_conversation(int(payload["conversation_id"]))
    if conversation is None or conversation.owner is not Owner.ASSISTANT:
        return
    language = base_language(conversation.language)
    brand = str(conversation.inbox.settings.get("brand") or conversation.inbox.name)
    first_name = conversation.customer_name.split(" ")[0] if conversation.verification else ""
    key = "greeting_named" if first_name else "greeting"
    draft = MessageDraft(
        MessageType.TEMPLATE,
        say(key, language, brand=brand, first_name=first_name),
        ASSISTANT,
        "input_select",
        {"items": menu_items(language), "is_ai": True},
        source_id="greeting",
    )
    conversations.add_message_once(conversation.id, draft)
