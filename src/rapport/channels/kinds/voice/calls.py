"""One request about a call: what the caller said goes into the conversation once, and the answer is spoken.

A request names the number of the answer it follows. The number grows in the transaction that stores what was heard,
so that a repeated request finds it grown and gets the same answer again.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings
from django.db import transaction

from rapport.channels import dialogue
from rapport.channels.kinds.voice import ending, handing_over, wording
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
from rapport.channels.kinds.voice.jobs import address_of, mail_files
from rapport.channels.kinds.voice.logic.hearing import (
    MAX_MISSES,
    Again,
    CallPerson,
    Farewell,
    MailFiles,
    Move,
    OpenMenu,
    Submit,
    Words,
)
from rapport.channels.kinds.voice.logic.number_words import spoken_choice
from rapport.channels.kinds.voice.logic.position import Position, position_from_json
from rapport.channels.kinds.voice.models import Call
from rapport.channels.kinds.voice.situation import rank_menu
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
from rapport.conversations.contracts import Carried, ConversationInfo, InboxInfo, Owner
from rapport.conversations.errors import NotAnswerable
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput

WAIT_S = 3.0
"""How long a request is held for the assistant's answer [s]; then the platform is asked to come again."""
LOOK_S = 0.05
"""Between two looks for it [s]."""
GIVE_UP_S = 60.0
"""After so long in vain a person is called [s]."""


def take_request(inbox: InboxInfo, request: TurnRequest) -> Reply:
    """The answer to one request about a call; a call not known yet begins. Raises NotPermitted for a blocked one."""
    settings = read_voice_settings(inbox)
    call = find_call(inbox, request.call_id) or begin(inbox, settings, request)
    if request.event == "hangup":
        return ending.note_hangup(call, settings)
    known = _take(int(call.pk), settings, request, _first_ranks(call))
    if known is None:
        _wait(int(call.conversation_id), int(call.pk))
        known = _tell(int(call.pk), settings, _ranks(int(call.conversation_id), int(call.pk)))
    return known


def _first_ranks(call: Call) -> dict[str, int]:
    """The order of the first menu, for a caller whom the platform has recognised."""
    is_first = not call.answer or position_from_json(call.state).step == "language"
    conversation = conversations.find_conversation(int(call.conversation_id)) if is_first else None
    return _rank(conversation) if conversation is not None else {}


def _ranks(conversation_id: int, call_pk: int) -> dict[str, int]:
    """The order of a menu that is to be said, for a caller who has proven who they are; looked up outside a lock."""
    position = position_from_json(Call.objects.values_list("state", flat=True).get(pk=call_pk))
    found = list_answers(conversation_id, position.awaiting) if position.awaiting else []
    items = found[-1].content_attributes.get("items") or [] if found else []
    conversation = conversations.find_conversation(conversation_id)
    is_menu = any(str(item.get("value", "")).startswith(dialogue.START) for item in items)
    return _rank(conversation) if is_menu and conversation is not None else {}


def _rank(conversation: ConversationInfo) -> dict[str, int]:
    """The order of the menu by what the shop says; the usual one where too many requests are held already."""
    with _held() as has_place:
        return rank_menu(conversation) if has_place else {}


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
        keys = {wording.say("or_say", code) for code in self.settings.languages}
        knows_keys = position.knows_keys or any(line.text in keys for line in spoken.lines)
        self.call.state = replace(position, knows_keys=knows_keys).as_json()
        self.call.turn += 1
        self.call.answer = spoken.as_json()
        if spoken.expect == "hangup":
            ending.close(self.call)
        self.call.save()
        return self.kept()

    def keep_awaiting(self, sequence: int, spoken: Spoken, *, is_menu_asked: bool) -> None:
        """Keep that words were stored, and what is said while their answer is awaited."""
        was = self.position
        there = Position(
            message_id=was.message_id,
            knows_keys=was.knows_keys,
            awaiting=sequence,
            since=now().timestamp(),
            is_menu_asked=is_menu_asked,
        )
        self.call.state = there.as_json()
        self.call.turn += 1
        self.call.answer = spoken.as_json()
        self.call.save()

    def kept(self) -> Reply:
        """What was said last."""
        return Reply(spoken_from_json(self.call.answer), self.call.turn, self.conversation.display_id)


@transaction.atomic
def _take(
    call_pk: int, settings: VoiceSettings, request: TurnRequest, first_ranks: dict[str, int]
) -> Reply | None:
    """Take in what was heard; None when the answer must be waited for."""
    turn = _Turn(call_pk, settings)
    if first_ranks:
        turn.position = replace(turn.position, ranks=first_ranks)
    is_old = request.turn is not None and request.turn != turn.call.turn
    if turn.call.ended_at is not None:
        return _end(turn)
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


def _end(turn: _Turn) -> Reply:
    """The answer to whoever still asks about a call that has ended."""
    if turn.call.answer.get("expect") == "hangup":
        return turn.kept()
    voice = voice_of(turn.conversation, turn.settings)
    return turn.say(voice.end(voice.say("goodbye")), replace(turn.position, step="over", awaiting=0))


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
    turn.position = replace(position_from_json(turn.call.state), ranks=turn.position.ranks)
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
    if isinstance(move, MailFiles):
        mail_files(turn.conversation, turn.position.message_id)
        there = replace(turn.position, has_files=False, misses=0)
        return turn.say(voice.ask("", question, there, remark="files_mailed"), there)
    if isinstance(move, Farewell):
        said = MessagePayload(content=move.text, echo_id=f"call-{turn.call.pk}-{turn.call.turn}")
        dialogue.receive(turn.conversation, said, carried=replace(_carried(turn, heard), is_answered=False))
        return turn.say(voice.end(voice.say("goodbye")), replace(turn.position, step="over"))
    try:
        stored = dialogue.receive(turn.conversation, _payload(turn, move), carried=_carried(turn, heard))
    except (InvalidInput, NotAnswerable):
        misses = turn.position.misses + 1
        if misses < MAX_MISSES:
            there = replace(turn.position, misses=misses, given={}, page=0, doubt="")
            return turn.say(voice.ask(text, question, there, remark="not_a_value"), there)
        move = CallPerson()
        stored = dialogue.receive(turn.conversation, _payload(turn, move), carried=_carried(turn, heard))
    wait = voice.wait(voice.say("one_moment"))
    turn.keep_awaiting(stored.sequence, wait, is_menu_asked=isinstance(move, OpenMenu))
    return None


def _payload(turn: _Turn, move: Move) -> MessagePayload:
    """What is stored in the conversation; the same turn again is the same message."""
    echo_id = f"call-{turn.call.pk}-{turn.call.turn}"
    say = voice_of(turn.conversation, turn.settings).say
    match move:
        case CallPerson():
            return MessagePayload(command=dialogue.TALK_TO_PERSON, content=say("person"), echo_id=echo_id)
        case OpenMenu():
            return MessagePayload(command=dialogue.MENU, content=say("menu"), echo_id=echo_id)
        case Submit(values):
            entries = [SubmittedValue(**value) for value in values]
            asked = turn.position.message_id
            return MessagePayload(submitted_values=entries, in_reply_to=asked, echo_id=echo_id)
        case Words(words):
            return MessagePayload(content=words, echo_id=echo_id)
    raise AssertionError(move)


def _carried(turn: _Turn, heard: Heard) -> Carried:
    """How the words came, kept with the message: as they were recognised, and how surely."""
    kept: dict[str, object] = {"by": "keys" if heard.digits else "speech"}
    if heard.speech:
        kept["recognised"] = turn.position.doubt or heard.speech
    if heard.confidence is not None:
        kept["confidence"] = heard.confidence
    return Carried({"voice": kept})


@functools.cache
def _places() -> threading.Semaphore:
    """So many requests are held at once: the other threads of the process serve everybody else."""
    return threading.Semaphore(max(1, settings.CONFIG.bridge_threads // 2))


@contextmanager
def _held() -> Iterator[bool]:
    """One of the places while the block runs; False where none is free."""
    places = _places()
    has_place = places.acquire(blocking=False)
    try:
        yield has_place
    finally:
        if has_place:
            places.release()


def _wait(conversation_id: int, call_pk: int) -> None:
    """Hold the request until the answer is there, no longer than `WAIT_S`; no lock is held meanwhile.

    Where too many are held already it is answered at once: the platform comes again.
    """
    with _held() as has_place:
        if not has_place:
            return
        until = time.monotonic() + WAIT_S
        awaiting = position_from_json(Call.objects.values_list("state", flat=True).get(pk=call_pk)).awaiting
        while awaiting and not list_answers(conversation_id, awaiting) and time.monotonic() < until:
            time.sleep(LOOK_S)


@transaction.atomic
def _tell(call_pk: int, settings: VoiceSettings, ranks: dict[str, int]) -> Reply:
    """Say the answer, or that it is not there yet."""
    turn = _Turn(call_pk, settings)
    if not turn.position.awaiting:
        return turn.kept()
    found = list_answers(int(turn.conversation.id), turn.position.awaiting)
    is_with_person = turn.conversation.owner is not Owner.ASSISTANT
    is_in_time = now().timestamp() - turn.position.since < GIVE_UP_S
    if not found and not is_with_person and is_in_time:
        return _come_again(turn)
    if not found and not is_with_person:
        turn.conversation = handing_over.give_up(turn.conversation)
        is_with_person = True
    there = Position(ranks=ranks)
    if is_with_person:
        texts = [str(m.content_attributes.get("handover_words", m.content)) for m in found]
        spoken, there = handing_over.hand_over(turn.call, turn.conversation, settings, texts)
        return _tell_now(turn, spoken, there)
    last = found[-1]
    voice = voice_of(turn.conversation, settings)
    files = any(m.attachments for m in found) and bool(address_of(turn.conversation))
    there = replace(there, message_id=int(last.id), has_files=files, knows_keys=turn.position.knows_keys)
    text = "" if turn.position.is_menu_asked else last.content
    question = question_of(last, there)
    there = replace(there, parts=len(voice.parts(text, question)))
    spoken = voice.ask(text, question, there)
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
