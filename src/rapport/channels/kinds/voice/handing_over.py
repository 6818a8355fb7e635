"""A person takes over: the call is connected, or the caller is called back."""

from __future__ import annotations

import re
from dataclasses import replace

from rapport.accounts import api as accounts
from rapport.channels.kinds.voice.contracts import Choice, Heard, Spoken, TurnRequest, VoiceSettings
from rapport.channels.kinds.voice.inbox_settings import is_answered_now
from rapport.channels.kinds.voice.logic.hearing import MAX_MISSES, REPEAT_KEY, plain_words
from rapport.channels.kinds.voice.logic.number_words import spoken_choice
from rapport.channels.kinds.voice.logic.phrasing import Voice
from rapport.channels.kinds.voice.logic.position import Position
from rapport.channels.kinds.voice.logic.speakable import spell
from rapport.channels.kinds.voice.logic.values import spoken_digits
from rapport.channels.kinds.voice.models import Call
from rapport.channels.kinds.voice.speaking import voice_of
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    SYSTEM,
    Briefing,
    ConversationInfo,
    MessageDraft,
    MessageType,
)

TIMES = ("callback_soon", "callback_morning", "callback_afternoon")
MIN_NUMBER_DIGITS = 5
LABEL = "call-back"
"""Of conversations whose customer is to be called."""


def give_up(conversation: ConversationInfo) -> ConversationInfo:
    """No answer of the assistant came: a person must take the conversation."""
    briefing = Briefing("system_unavailable", conversation.customer_name, (), (), "", ("answer the caller",))
    return conversations.hand_over(conversation.id, briefing)


def hand_over(
    call: Call, conversation: ConversationInfo, settings: VoiceSettings, texts: list[str]
) -> tuple[Spoken, Position]:
    """Connect the call if there is a number for it; else offer to call back."""
    voice = voice_of(conversation, settings)
    number = _number_of(conversation, settings)
    said = [voice.aloud(text) for text in texts]
    if number:
        words = [*said, voice.say("connecting"), voice.reference(conversation.display_id)]
        return voice.connect(number, *words), Position("dialled")
    return _offer_callback(voice, call, Position("callback"), [*said, voice.say("nobody_free")])


def _number_of(conversation: ConversationInfo, settings: VoiceSettings) -> str:
    """The team's own number, else the inbox's; none outside the hours in which people answer."""
    if not is_answered_now(settings):
        return ""
    keys = [team.key for team in accounts.list_teams() if int(team.id) == conversation.team_id]
    own = next((n for key in keys if (n := settings.team_numbers.get(key))), settings.transfer_to)
    return re.sub(r"[^0-9+]", "", own)


def go_on(
    call: Call,
    conversation: ConversationInfo,
    settings: VoiceSettings,
    position: Position,
    request: TurnRequest,
) -> tuple[Spoken, Position]:
    """What follows while a person owns the conversation."""
    voice = voice_of(conversation, settings)
    if position.step == "dialled":
        if request.event == "transfer_failed":
            return _offer_callback(voice, call, Position("callback"), [voice.say("nobody_free")])
        return voice.end(), replace(position, step="over")
    if position.step != "callback":
        return hand_over(call, conversation, settings, [])
    return _arrange(voice, call, conversation, position, request.heard)


def _arrange(
    voice: Voice, call: Call, conversation: ConversationInfo, position: Position, heard: Heard
) -> tuple[Spoken, Position]:
    """One answer about calling back."""
    if heard.digits == REPEAT_KEY:
        return _offer_callback(voice, call, position, [])
    known = dict(position.callback)
    if "number" not in known:
        number = _number_said(voice, call, position, heard)
        if number is None:
            return _offer_callback(voice, call, replace(position, callback={"other": "1"}), [])
        known = {"number": number} if number else known
    elif when := _time_said(voice, heard):
        known["when"] = when
    if known == dict(position.callback):
        return _missed(voice, call, conversation, position)
    there = replace(position, callback=known, misses=0)
    if "when" not in known:
        return _offer_callback(voice, call, there, [])
    return _settle(voice, conversation, there)


def _key_of(voice: Voice, heard: Heard) -> str:
    """The key pressed, or said."""
    return heard.digits or str(spoken_choice(heard.speech, voice.language) or "")


def _time_said(voice: Voice, heard: Heard) -> str:
    """When to call, by its key or its words; empty when neither was given."""
    key, plain = _key_of(voice, heard), plain_words(heard.speech)
    if key in {"1", "2", "3"}:
        return TIMES[int(key) - 1]
    said = [time for time in TIMES if plain_words(voice.say(time)) in plain]
    return said[0] if len(said) == 1 else ""


def _number_said(voice: Voice, call: Call, position: Position, heard: Heard) -> str | None:
    """The number to call; empty when none was given; None when another one is wanted."""
    if call.caller and "other" not in position.callback:
        key, plain = _key_of(voice, heard), plain_words(heard.speech)
        if key == "1" or plain in voice.ear.yes:
            return call.caller
        return None if key == "2" or plain in voice.ear.no else ""
    said = heard.digits.strip("#") or spoken_digits(heard.speech, voice.language)
    number = re.sub(r"[^0-9+]", "", said)
    return number if len(number) >= MIN_NUMBER_DIGITS else ""


def _missed(
    voice: Voice, call: Call, conversation: ConversationInfo, position: Position
) -> tuple[Spoken, Position]:
    """Nothing usable; after a few times the call ends, and the case waits for a person all the same."""
    if position.misses + 1 < MAX_MISSES:
        there = replace(position, misses=position.misses + 1)
        return _offer_callback(voice, call, there, [voice.say("not_a_value")])
    if call.caller and "number" not in position.callback:
        position = replace(position, callback={"number": call.caller})
    return _settle(voice, conversation, replace(position, callback={"when": TIMES[0], **position.callback}))


def _offer_callback(voice: Voice, call: Call, position: Position, lead: list[str]) -> tuple[Spoken, Position]:
    """Ask for the number, then for the time."""
    if "number" not in position.callback:
        if not call.caller or "other" in position.callback:
            return voice.list_choices(
                [*lead, voice.say("callback_ask_number")], (), max_digits=None
            ), position
        other = Choice("2", voice.say("callback_other_number"))
        ask = voice.say("callback_number_known", number=spell(call.caller[-4:]))
        return voice.list_choices([*lead, ask], (Choice("1", voice.say("answer_yes")), other)), position
    choices = tuple(Choice(str(n), voice.say(key)) for n, key in enumerate(TIMES, start=1))
    return voice.list_choices([*lead, voice.say("callback_when")], choices), position


def _settle(voice: Voice, conversation: ConversationInfo, position: Position) -> tuple[Spoken, Position]:
    """Leave a note for whoever takes the conversation, and end the call."""
    number, when = position.callback.get("number", ""), position.callback["when"]
    words = {"callback_soon": "as soon as possible", "callback_morning": "in the morning"}
    text = f"Call back: {number or 'no number given'}, {words.get(when, 'in the afternoon')}"
    note = MessageDraft(MessageType.OUTGOING, text, SYSTEM, is_private=True, source_id="callback")
    conversations.add_message_once(conversation.id, note)
    labels = [*(label for label in conversation.labels if label != LABEL), LABEL]
    conversations.update_conversation(conversation.id, {"labels": labels})
    said = voice.say("callback_done", when=voice.say(when).lower())
    spoken = voice.end(said, voice.reference(conversation.display_id), voice.say("goodbye"))
    return spoken, replace(position, step="over")
