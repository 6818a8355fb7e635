"""One request about a call: what the caller said goes into the conversation once, and the answer is spoken.

A request names the number of the answer it follows. The number grows in the transaction that stores what was heard,
so that a repeated request finds it grown and gets the same answer again.
"""

from __future__ import annotations

import time
from dataclasses import replace

from django.db import transaction

from rapport.channels import dialogue
from rapport.channels.kinds.voice import ending, handing_over
from rapport.channels.kinds.voice.beginning import begin, find_call, greet
from rapport.channels.kinds.voice.contracts import (
    Heard,
    Reply,
    Spoken,
    TurnRequest,
    VoiceSettings,
    spoken_from_json,
)
from rapport.channels.kinds.voice.inbox_settings import read_voice_settings
from rapport.channels.kinds.voice.logic.hearing import Again, CallPerson, Submit, Words
from rapport.channels.kinds.voice.logic.number_words import spoken_choice
from rapport.channels.kinds.voice.logic.position import Position, position_from_json
from rapport.channels.kinds.voice.models import Call
from rapport.channels.kinds.voice.speaking import (
    ask_language,
    find_asked,
    list_answers,
    question_of,
    voice_of,
    with_lead,
)
from rapport.channels.payloads import MessagePayload, SubmittedValue
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, InboxInfo, Owner
from rapport.conversations.errors import NotAnswerable
from rapport.kernel.errors import InvalidInput

WAIT_S = 3.0
"""How long a request is held for the assistant's answer [s]; then the platform is asked to come again."""
LOOK_S = 0.05
"""Between two looks for it [s]."""
MAX_POLLS = 15
"""So many times in vain, and a person is called."""


def take_request(inbox: InboxInfo, request: TurnRequest) -> Reply:
    """The answer to one request about a call; a call not known yet begins. Raises NotPermitted for a blocked one."""
    settings = read_voice_settings(inbox)
    call = find_call(inbox, request.call_id) or begin(inbox, settings, request)
    if request.event == "hangup":
        return ending.note_hangup(call, settings)
    known = _take(int(call.pk), settings, request)
    if known is None:
        _wait(int(call.conversation_id), int(call.pk))
        known = _tell(int(call.pk), settings)
    return known


class _Turn:
    """A call's row, locked, with what one request needs of it."""

    def __init__(self, call_pk: int, settings: VoiceSettings) -> None:
        self.call = Call.objects.select_for_update().get(pk=call_pk)
        self.settings = settings
        self.position = position_from_json(self.call.state)
        found = conversations.find_conversation(int(self.call.conversation_id))
        assert found is not None, "a call goes with its conversation"
        self.conversation: ConversationInfo = found

    def say(self, spoken: Spoken, position: Position) -> Reply:
        """Keep what is said, and where the call stands then."""
        self.call.state = position.as_json()
        self.call.turn += 1
        self.call.answer = spoken.as_json()
        if spoken.expect == "hangup":
            ending.close(self.call)
        self.call.save()
        return self.kept()

    def kept(self) -> Reply:
        """What was said last."""
        return Reply(spoken_from_json(self.call.answer), self.call.turn, self.conversation.display_id)


@transaction.atomic
def _take(call_pk: int, settings: VoiceSettings, request: TurnRequest) -> Reply | None:
    """Take in what was heard; None when the answer must be waited for."""
    turn = _Turn(call_pk, settings)
    is_old = request.turn is not None and request.turn != turn.call.turn
    if turn.call.ended_at is not None:
        voice = voice_of(turn.conversation, settings)
        return turn.kept() if turn.call.answer else turn.say(voice.end(voice.say("goodbye")), turn.position)
    if turn.position.awaiting:
        return None
    if not turn.call.answer:
        return _open(turn)
    if is_old or request.is_poll or request.event == "start":
        return turn.kept()
    if turn.position.step == "language":
        return _choose_language(turn, request.heard)
    if turn.position.step in {"callback", "dialled"} or turn.conversation.owner is not Owner.ASSISTANT:
        spoken, position = handing_over.go_on(turn.call, turn.conversation, settings, turn.position, request)
        return turn.say(spoken, position)
    return _hear(turn, request.heard)


def _open(turn: _Turn) -> Reply:
    """The first words of a call."""
    if turn.position.step == "language":
        return turn.say(ask_language(turn.settings), turn.position)
    return _ask(turn, turn.position)


def _ask(turn: _Turn, position: Position, *, remark: str = "") -> Reply:
    """The open message with its question."""
    message = find_asked(int(turn.conversation.id), position)
    voice = voice_of(turn.conversation, turn.settings)
    text = message.content if message else ""
    return turn.say(voice.ask(text, question_of(message, position), position, remark=remark), position)


def _choose_language(turn: _Turn, heard: Heard) -> Reply | None:
    """The language by its key; the number's first one for whoever says nothing usable, or speaks at once."""
    languages = turn.settings.languages
    number = heard.digits if heard.digits.isdecimal() else spoken_choice(heard.speech, languages[0])
    place = int(number) if number else 0
    if not heard.speech and not 0 < place <= len(languages) and turn.position.misses == 0:
        return turn.say(ask_language(turn.settings), replace(turn.position, misses=1))
    language = languages[place - 1] if 0 < place <= len(languages) else languages[0]
    turn.conversation = conversations.update_conversation(turn.conversation.id, {"language": language})
    greet(turn.call, turn.conversation, turn.settings)
    turn.position = position_from_json(turn.call.state)
    is_request = bool(heard.speech) and not 0 < place <= len(languages)
    return _hear(turn, heard) if is_request else _ask(turn, turn.position)


def _hear(turn: _Turn, heard: Heard) -> Reply | None:
    """Words or keys for the open question."""
    message = find_asked(int(turn.conversation.id), turn.position)
    question = question_of(message, turn.position)
    voice = voice_of(turn.conversation, turn.settings)
    move = voice.ear.hear(question, turn.position, heard)
    text = message.content if message else ""
    if isinstance(move, Again):
        return turn.say(voice.again(text, question, move), move.position)
    echo_id = f"call-{turn.call.pk}-{turn.call.turn}"
    try:
        match move:
            case CallPerson():
                said = MessagePayload(
                    command=dialogue.TALK_TO_PERSON, content=voice.say("person"), echo_id=echo_id
                )
            case Words(words):
                said = MessagePayload(content=words, echo_id=echo_id)
            case Submit(values):
                entries = [SubmittedValue(**value) for value in values]
                number = int(message.id) if message else 0
                said = MessagePayload(submitted_values=entries, in_reply_to=number, echo_id=echo_id)
        stored = dialogue.receive(turn.conversation, said)
    except (InvalidInput, NotAnswerable):
        there = replace(turn.position, misses=turn.position.misses + 1, given={}, page=0)
        return turn.say(voice.ask(text, question, there, remark="not_a_value"), there)
    turn.call.state = replace(
        Position(message_id=turn.position.message_id, ranks=turn.position.ranks), awaiting=stored.sequence
    ).as_json()
    turn.call.turn += 1
    turn.call.answer = voice.wait(voice.say("one_moment")).as_json()
    turn.call.save()
    return None


def _wait(conversation_id: int, call_pk: int) -> None:
    """Hold the request until the answer is there, no longer than `WAIT_S`; no lock is held meanwhile."""
    until = time.monotonic() + WAIT_S
    awaiting = position_from_json(Call.objects.values_list("state", flat=True).get(pk=call_pk)).awaiting
    while awaiting and not list_answers(conversation_id, awaiting) and time.monotonic() < until:
        time.sleep(LOOK_S)


@transaction.atomic
def _tell(call_pk: int, settings: VoiceSettings) -> Reply:
    """Say the answer, or that it is not there yet."""
    turn = _Turn(call_pk, settings)
    if not turn.position.awaiting:
        return turn.kept()
    found = list_answers(int(turn.conversation.id), turn.position.awaiting)
    is_with_person = turn.conversation.owner is not Owner.ASSISTANT
    if not found and not is_with_person and turn.position.polls < MAX_POLLS:
        return _come_again(turn)
    if not found and not is_with_person:
        turn.conversation = handing_over.give_up(turn.conversation)
        is_with_person = True
    there = Position(ranks=turn.position.ranks)
    if is_with_person:
        spoken, there = handing_over.hand_over(
            turn.call, turn.conversation, settings, [m.content for m in found]
        )
        return _tell_now(turn, spoken, there)
    last = found[-1]
    voice = voice_of(turn.conversation, settings)
    there = replace(there, message_id=int(last.id))
    spoken = voice.ask(last.content, question_of(last, there), there)
    return _tell_now(turn, with_lead(spoken, [voice.aloud(m.content) for m in found[:-1]]), there)


def _tell_now(turn: _Turn, spoken: Spoken, position: Position) -> Reply:
    """The number of the turn grew when the words were stored; it stays."""
    turn.call.turn -= 1
    return turn.say(spoken, position)


def _come_again(turn: _Turn) -> Reply:
    voice = voice_of(turn.conversation, turn.settings)
    words = [voice.say("one_moment")] if turn.position.polls == 0 else []
    turn.call.state = replace(turn.position, polls=turn.position.polls + 1).as_json()
    turn.call.answer = voice.wait(*words).as_json()
    turn.call.save()
    return turn.kept()
