"""What a message of a conversation asks for in a mail: the same when it is written and when its answer is read."""

from __future__ import annotations

from rapport.channels.logic.plain_text import Question, read_question, without_long_menu
from rapport.conversations.contracts import MessageInfo

MENU_TOPICS = 8
"""So much of the guided menu a mail shows; any other wish is understood in words."""


def question_of(message: MessageInfo) -> Question:
    """What can be answered, with the numbers it has in the mail."""
    question = read_question(message.content_type, message.content_attributes)
    return without_long_menu(question, MENU_TOPICS)
