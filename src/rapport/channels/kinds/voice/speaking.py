"""What is to be said: the assistant's messages of a conversation, in the call's language."""

from __future__ import annotations

from dataclasses import replace

from rapport.channels.kinds.voice import wording
from rapport.channels.kinds.voice.contracts import Choice, Line, Spoken, VoiceSettings
from rapport.channels.kinds.voice.logic.hearing import Ear
from rapport.channels.kinds.voice.logic.phrasing import Voice
from rapport.channels.kinds.voice.logic.position import Position
from rapport.channels.kinds.voice.logic.question import Question, read_question
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, MessageInfo, MessageType
from rapport.kernel.languages import base_language


def voice_of(conversation: ConversationInfo, settings: VoiceSettings) -> Voice:
    """The voice of a call, in its conversation's language if the number speaks it."""
    language = base_language(conversation.language)
    return make_voice(language if language in settings.languages else settings.languages[0], settings)


def make_voice(language: str, settings: VoiceSettings) -> Voice:
    """The voice of one language."""
    ear = Ear(
        language,
        wording.words("words_yes", language),
        wording.words("words_no", language),
        wording.words("words_skip", language),
        wording.words("words_done", language),
        wording.words("words_goodbye", language),
        settings.min_confidence,
        settings.identity_methods,
    )
    return Voice(lambda key, **values: wording.say(key, language, **values), ear)


def question_of(message: MessageInfo | None, position: Position) -> Question:
    """What a message asks; nothing without one."""
    if message is None:
        return Question("none")
    return read_question(message.content_type, message.content_attributes, position.ranks)


def find_asked(conversation_id: int, position: Position) -> MessageInfo | None:
    """The message being answered."""
    return conversations.find_message(conversation_id, position.message_id) if position.message_id else None


def list_answers(conversation_id: int, after: int) -> list[MessageInfo]:
    """What the assistant has said after a message; a person's own messages are not spoken."""
    found = conversations.list_messages(conversation_id, after=after, with_private=False)
    spoken = {MessageType.OUTGOING, MessageType.TEMPLATE}
    return [m for m in found if m.type in spoken and m.sender.kind == "assistant"]


def ask_language(settings: VoiceSettings) -> Spoken:
    """For each language a key, each in itself."""
    keys = [(str(n), code) for n, code in enumerate(settings.languages, start=1)]
    lines = tuple(Line(wording.say("choose_language", code, digit=digit), code) for digit, code in keys)
    choices = tuple(Choice(digit, code) for digit, code in keys)
    return Spoken(lines, "digits", settings.languages[0], choices)


def with_lead(spoken: Spoken, texts: list[str]) -> Spoken:
    """The same after other words."""
    lines = tuple(Line(text, spoken.language) for text in texts if text)
    return replace(spoken, lines=(*lines, *spoken.lines))
