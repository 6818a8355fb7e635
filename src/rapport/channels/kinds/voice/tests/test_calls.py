"""Calls over HTTP: payloads as platforms send them, and what comes back."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from rapport.channels.embedding import forget_inboxes
from rapport.channels.kinds.voice import calls, sealing
from rapport.channels.kinds.voice.models import Call
from rapport.channels.limits import WINDOWS
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, InboxInfo, MessageDraft, MessageType, Sender
from rapport.conversations.models import Conversation
from rapport.customers import api as customers
from rapport.jobs.models import Job
from rapport.kernel.clock import SteppedClock, now, use_clock
from rapport.kernel.errors import InvalidInput
from rapport.procedures import api as procedures
from rapport.procedures.api import MenuEntry

TOKEN = "token-of-the-account"
MENU = [MenuEntry("return_items", "Return items", "Send something back", "undo-2", "Returns")]
ASSISTANT = Sender("assistant", None, "Rapport")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_inboxes()
    WINDOWS.clear()
    monkeypatch.setattr(procedures, "list_menu", lambda language: MENU)
    monkeypatch.setattr(calls, "WAIT_S", 0.0)


@pytest.fixture
def inbox(db: None) -> InboxInfo:
    return make_inbox("en")


def make_inbox(*languages: str, **voice: Any) -> InboxInfo:
    found = {"brand": "Shop", "languages": list(languages), "voice": {"token": sealing.seal(TOKEN), **voice}}
    return conversations.create_inbox("Telephone", "voice", settings=found)


def turn(inbox: InboxInfo, secret: str | None = None, **given: Any) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"call_id": "c-1", "from": "+420601234567", "to": "+4420", **given}).encode()
    headers = {"Authorization": f"Bearer {inbox.hmac_token if secret is None else secret}"}
    path = f"/voice/{inbox.identifier}/turns"
    response = Client().generic("POST", path, body, content_type="application/json", headers=headers)
    return response.status_code, json.loads(response.content)


def webhook(inbox: InboxInfo, query: str = "", signature: str | None = None, **form: str) -> tuple[int, str]:
    path = f"/voice/{inbox.identifier}/calls{query}"
    sent = {"CallSid": "CA1", "From": "+420601234567", "To": "+4420", "CallStatus": "ringing", **form}
    signed = sealing.sign(TOKEN, settings.CONFIG.base_url + path, {k: [v] for k, v in sent.items()})
    response = Client().post(
        path,
        urlencode(sent),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed if signature is None else signature},
    )
    return response.status_code, response.content.decode()


def the_conversation() -> ConversationInfo:
    (row,) = Conversation.objects.all()
    found = conversations.find_conversation(row.pk)
    assert found is not None
    return found


def incoming() -> list[tuple[str, dict[str, Any]]]:
    messages = conversations.list_messages(the_conversation().id)
    return [(m.content, m.content_attributes) for m in messages if m.type is MessageType.INCOMING]


def refused(inbox: InboxInfo) -> dict[str, Any]:
    """An answer that the conversation does not take."""
    from unittest.mock import patch

    take = calls.dialogue.receive

    def only_persons(talk: ConversationInfo, said: Any, **more: Any) -> Any:
        if not said.command:
            raise InvalidInput("It is no value.")
        return take(talk, said, **more)

    with patch.object(calls.dialogue, "receive", only_persons):
        turn(inbox, speech="vera at example dot com")
        return turn(inbox, digits="1")[1]


def reply(text: str, content_type: str = "text", **attributes: Any) -> None:
    draft = MessageDraft(MessageType.OUTGOING, text, ASSISTANT, content_type, attributes)
    conversations.add_message(the_conversation().id, draft)


# ── the JSON form ────────────────────────────────────────────────────────────────────────────────────


def test_a_call_begins_with_the_greeting_and_the_menu(inbox: InboxInfo) -> None:
    status, first = turn(inbox, event="start")
    assert status == 200
    assert [line["text"] for line in first["say"]] == [
        "Hello, this is the virtual assistant of Shop. I am an AI, not a person.",
        "Press 1: Return items.",
        "For the menu, press 8.",
        "Or simply say what you need. For a person, press 0. The star key repeats.",
    ]
    assert first["choices"] == [{"digit": "1", "title": "Return items"}, {"digit": "8", "title": "the menu"}]
    assert (first["turn"], first["expect"], first["language"], first["max_digits"]) == (2, "speech", "en", 1)
    conversation = the_conversation()
    assert first["conversation_id"] == conversation.display_id
    assert (conversation.owner, conversation.verification) == ("assistant", None)
    customer = customers.find_customer(conversation.customer_id)
    assert customer is not None
    assert customer.phone_number == "+420601234567"


def test_words_become_a_message_once_with_how_they_were_heard(inbox: InboxInfo) -> None:
    _, first = turn(inbox, event="start")
    heard = {"speech": "where is W 1 2 3 4 5 6 7", "confidence": 0.91, "turn": first["turn"]}
    status, waiting = turn(inbox, **heard)
    assert (status, waiting["expect"], waiting["wait_s"]) == (200, "wait", 1)
    kept = {"by": "speech", "recognised": "where is W 1 2 3 4 5 6 7", "confidence": 0.91}
    assert incoming() == [("where is W1234567", {"voice": kept})]
    jobs = Job.objects.filter(kind="assistant.turn").count()
    assert turn(inbox, **heard)[1]["expect"] == "wait"
    assert (len(incoming()), Job.objects.filter(kind="assistant.turn").count()) == (1, jobs)
    reply("It is on its way.")
    _, answer = turn(inbox, event="poll", turn=waiting["turn"])
    assert answer["say"][0] == {"text": "It is on its way.", "language": "en"}
    for repeated in (heard, {"event": "poll", "turn": waiting["turn"]}, {"speech": "late", "turn": 1}):
        assert turn(inbox, **repeated)[1] == answer
    assert len(incoming()) == 1


def test_a_key_answers_the_message_as_a_click_does(inbox: InboxInfo) -> None:
    turn(inbox, event="start")
    turn(inbox, digits="1", turn=2)
    ((content, attributes),) = incoming()
    assert content == "Return items"
    assert attributes["submitted_values"] == [
        {"name": "", "title": "Return items", "value": "start:return_items"}
    ]


def test_without_numbers_of_turns_each_request_is_a_new_one(inbox: InboxInfo) -> None:
    turn(inbox)
    turn(inbox, speech="hello")
    reply("Yes?")
    turn(inbox, event="poll")
    turn(inbox, speech="where is my order")
    assert [text for text, _ in incoming()] == ["hello", "where is my order"]


def test_an_answer_that_does_not_come_calls_a_person(inbox: InboxInfo) -> None:
    clock = SteppedClock(now())
    with use_clock(clock):
        turn(inbox)
        turn(inbox, speech="hello")
        clock.advance(dt.timedelta(seconds=calls.GIVE_UP_S - 1))
        assert [turn(inbox, event="poll")[1]["expect"] for _ in range(30)] == ["wait"] * 30
        clock.advance(dt.timedelta(seconds=1))
        _, answer = turn(inbox, event="poll")
    assert answer["expect"] == "speech"
    assert "call you back" in answer["say"][0]["text"]
    assert (the_conversation().owner, the_conversation().briefing["reason"]) == (
        "queue",
        "system_unavailable",
    )


def test_a_request_is_held_for_the_answer_but_not_longer_than_a_moment(
    inbox: InboxInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "WAIT_S", 5.0)
    looks: list[float] = []

    def answer_at_the_third_look(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            reply("It is on its way.")

    monkeypatch.setattr(calls.time, "sleep", answer_at_the_third_look)
    turn(inbox)
    _, answer = turn(inbox, speech="where is it")
    assert (answer["say"][0]["text"], looks) == ("It is on its way.", [calls.LOOK_S] * 3)


def test_a_person_s_own_messages_are_not_spoken(inbox: InboxInfo) -> None:
    turn(inbox)
    turn(inbox, speech="hello")
    conversation = the_conversation()
    agent = MessageDraft(MessageType.OUTGOING, "I look into it", Sender("user", 1, "Ada"))
    conversations.add_message(conversation.id, agent)
    _, answer = turn(inbox, event="poll")
    assert answer["expect"] == "wait"
    assert "look into" not in json.dumps(answer)


def test_several_languages_are_offered_each_in_itself(db: None) -> None:
    inbox = make_inbox("en", "cs", "zh")
    _, asked = turn(inbox)
    assert [line["language"] for line in asked["say"]] == ["en", "cs", "zh"]
    assert (asked["expect"], [c["digit"] for c in asked["choices"]]) == ("digits", ["1", "2", "3"])
    _, greeted = turn(inbox, digits="2")
    assert greeted["say"][0]["text"].startswith("Dobrý den")
    assert (the_conversation().language, greeted["language"]) == ("cs", "cs")


def test_whoever_chooses_no_language_gets_the_first_one(db: None) -> None:
    inbox = make_inbox("de", "en")
    turn(inbox)
    assert turn(inbox)[1]["expect"] == "digits"
    assert turn(inbox)[1]["language"] == "de"


def test_a_request_said_at_once_is_taken_in_the_first_language(db: None) -> None:
    inbox = make_inbox("en", "cs")
    turn(inbox)
    assert turn(inbox, speech="I want to return something")[1]["expect"] == "wait"
    assert [text for text, _ in incoming()] == ["I want to return something"]


@pytest.mark.parametrize("secret", ["", "wrong", "Ä"])
def test_without_the_secret_nothing_is_said_and_nothing_happens(inbox: InboxInfo, secret: str) -> None:
    status, answer = turn(inbox, secret)
    assert (status, answer["error"]["code"]) == (401, "not_authenticated")
    assert not Call.objects.exists()


def test_the_secret_of_another_inbox_opens_nothing(inbox: InboxInfo) -> None:
    other = conversations.create_inbox("Other", "voice", settings={"languages": ["en"]})
    assert turn(inbox, other.hmac_token)[0] == 401
    web = conversations.create_inbox("Web", "web")
    assert turn(web)[0] == 404


def test_a_recognised_caller_needs_the_gateway_s_signature(inbox: InboxInfo) -> None:
    assert turn(inbox, identifier="C-7", identifier_hash="0" * 64)[0] == 403
    assert not Call.objects.exists()
    turn(inbox, identifier="C-7")
    assert the_conversation().verification is None


def test_a_disabled_inbox_says_so_and_hangs_up(inbox: InboxInfo) -> None:
    conversations.update_inbox(inbox.id, {"is_enabled": False})
    _, answer = turn(inbox)
    assert (answer["expect"], answer["say"][0]["text"][:28]) == ("hangup", "This number is not in servic")
    assert webhook(inbox)[1].endswith("<Hangup/></Response>")
    assert not Call.objects.exists()


def test_one_number_cannot_call_without_end(inbox: InboxInfo, settings: Any) -> None:
    settings.RATE_LIMITS = True
    for n in range(10):
        assert turn(inbox, call_id=f"c-{n}")[1]["expect"] == "speech"
    assert turn(inbox, call_id="c-10")[1]["expect"] == "hangup"
    assert turn(inbox, call_id="c-9", digits="1")[1]["expect"] == "wait"
    assert turn(inbox, call_id="c-11", **{"from": "+420700000000"})[1]["expect"] == "speech"


@pytest.mark.parametrize(
    "given",
    [
        {"call_id": ""},
        {"call_id": "x" * 121},
        {"digits": "1" * 65},
        {"confidence": 2},
        {"event": "explode"},
        {"turn": 0},
        {"speech": ["a"]},
        {"speech": "x" * 200_001},
    ],
)
def test_what_no_gateway_sends_is_refused(inbox: InboxInfo, given: dict[str, Any]) -> None:
    assert turn(inbox, **given)[0] == 422
    assert not Call.objects.exists()


def test_a_very_long_speech_is_cut(inbox: InboxInfo) -> None:
    turn(inbox)
    assert turn(inbox, speech="word " * 20_000)[0] == 200
    ((content, _),) = incoming()
    assert len(content) <= 1000


@pytest.mark.parametrize("digits", ["", "   ", "ABC", "#####", "٣", "12345678901234567890", "0#"])
def test_strange_keys_do_no_harm(inbox: InboxInfo, digits: str) -> None:
    turn(inbox)
    status, answer = turn(inbox, digits=digits)
    assert (status, answer["expect"]) in {(200, "speech"), (200, "wait")}


def test_hanging_up_is_noted_once_and_ends_the_call(inbox: InboxInfo) -> None:
    turn(inbox)
    for _ in range(2):
        assert turn(inbox, event="hangup")[1]["expect"] == "hangup"
    ends = [m for m in conversations.list_messages(the_conversation().id) if "call ended" in m.content]
    assert len(ends) == 1
    turn(inbox, speech="hello?")
    assert incoming() == []


def test_a_hang_up_while_the_answer_is_awaited_leaves_the_conversation(inbox: InboxInfo) -> None:
    turn(inbox)
    turn(inbox, speech="where is my order")
    turn(inbox, event="hangup")
    assert (the_conversation().owner, len(incoming())) == ("assistant", 1)
    for _ in range(2):
        assert turn(inbox, event="poll")[1]["expect"] == "hangup"
    assert turn(inbox, speech="hello?")[1]["say"][-1]["text"] == "Goodbye."


def test_answers_that_are_refused_again_and_again_lead_to_a_person(inbox: InboxInfo) -> None:
    turn(inbox)
    turn(inbox, speech="hello")
    items = [{"name": "mail", "label": "Which address?", "type": "email", "required": True}]
    reply("Which address?", "form", items=items, slot="mail")
    turn(inbox, event="poll")
    for _ in range(2):
        answer = refused(inbox)
        assert answer["say"][0]["text"] == "I couldn't make that out."
    assert refused(inbox)["expect"] == "wait"
    assert incoming()[-1][0] == "Talk to a person"


def test_a_goodbye_is_kept_without_an_answer_and_ends_the_call(inbox: InboxInfo) -> None:
    turn(inbox)
    jobs = Job.objects.filter(kind="assistant.turn").count()
    _, answer = turn(inbox, speech="Goodbye.")
    assert (answer["expect"], answer["say"][-1]["text"]) == ("hangup", "Goodbye.")
    assert [text for text, _ in incoming()] == ["Goodbye."]
    assert Job.objects.filter(kind="assistant.turn").count() == jobs
    assert Call.objects.get().ended_at is not None


def test_callers_are_told_that_calls_are_recorded(db: None) -> None:
    _, first = turn(make_inbox("en", is_recorded=True))
    assert "This call is recorded." in first["say"][0]["text"]


# ── handing over ─────────────────────────────────────────────────────────────────────────────────────


def hand_over(inbox: InboxInfo) -> dict[str, Any]:
    """The assistant passes the call on."""
    from rapport.conversations.contracts import Briefing

    turn(inbox)
    turn(inbox, digits="0")
    reply("A colleague takes over. You are number 3.", handover_words="A colleague takes over.")
    conversations.hand_over(the_conversation().id, Briefing("customer_asked", "", (), (), "", ()))
    return turn(inbox, event="poll")[1]


def test_a_person_is_dialled_where_there_is_a_number(db: None) -> None:
    inbox = make_inbox("en", transfer_to="+44 (20) 111")
    answer = hand_over(inbox)
    assert (answer["expect"], answer["transfer_to"]) == ("transfer", "+4420111")
    said = " ".join(line["text"] for line in answer["say"])
    assert "A colleague takes over." in said
    assert "number 3" not in said
    assert "reference number is 1" in said
    assert turn(inbox, event="transfer_done")[1]["expect"] == "hangup"


def test_a_team_s_own_number_is_dialled_first(db: None) -> None:
    from rapport.accounts import api as accounts

    team = accounts.create_team("care", "Care", ())
    inbox = make_inbox("en", transfer_to="+4420111", team_numbers={"care": "+4420222"})
    turn(inbox)
    conversations.assign_team(the_conversation().id, team.pk, "test")
    from rapport.conversations.contracts import Briefing

    conversations.hand_over(the_conversation().id, Briefing("x", "", (), (), "", ()), team_id=team.pk)
    assert turn(inbox, speech="hello")[1]["transfer_to"] == "+4420222"


def test_a_dial_that_fails_leads_to_a_call_back_with_a_note(db: None) -> None:
    inbox = make_inbox("en", transfer_to="+4420111")
    hand_over(inbox)
    assert "number ending in 4 5, 6 7" in json.dumps(turn(inbox, event="transfer_failed")[1])
    assert [c["digit"] for c in turn(inbox, digits="1")[1]["choices"]] == ["1", "2", "3"]
    end = turn(inbox, digits="3")[1]
    assert end["expect"] == "hangup"
    notes = [m for m in conversations.list_messages(the_conversation().id) if m.is_private]
    assert [m.content for m in notes] == ["Call back: +420601234567, in the afternoon"]
    assert the_conversation().labels == ("call-back",)
    assert (the_conversation().owner, Call.objects.get().ended_at is not None) == ("queue", True)


def test_another_number_can_be_typed(inbox: InboxInfo) -> None:
    hand_over(inbox)
    asked = turn(inbox, digits="2")[1]
    assert asked["max_digits"] is None
    assert turn(inbox, digits="12#")[1]["say"][0]["text"] == "I couldn't make that out."
    turn(inbox, digits="602 111 222#")
    turn(inbox, digits="1")
    notes = [m.content for m in conversations.list_messages(the_conversation().id) if m.is_private]
    assert notes == ["Call back: 602111222, as soon as possible"]


def notes() -> list[str]:
    return [m.content for m in conversations.list_messages(the_conversation().id) if m.is_private]


@pytest.mark.parametrize("when", ["two", "in the morning", "In the morning, please."])
def test_a_call_back_is_arranged_by_speech(inbox: InboxInfo, when: str) -> None:
    hand_over(inbox)
    assert [c["digit"] for c in turn(inbox, speech="Yes, please.")[1]["choices"]] == ["1", "2", "3"]
    assert turn(inbox, speech=when)[1]["expect"] == "hangup"
    assert notes() == ["Call back: +420601234567, in the morning"]


@pytest.mark.parametrize("words", ["No.", "two"])
def test_another_number_can_be_said(inbox: InboxInfo, words: str) -> None:
    hand_over(inbox)
    assert turn(inbox, speech=words)[1]["max_digits"] is None
    turn(inbox, speech="six oh two one one one two two two")
    turn(inbox, speech="the first")
    assert notes() == ["Call back: 602111222, as soon as possible"]


def test_a_call_back_is_offered_again_without_end(inbox: InboxInfo) -> None:
    offered = hand_over(inbox)
    again = [turn(inbox, digits="*")[1] for _ in range(5)]
    assert {answer["expect"] for answer in again} == {"speech"}
    assert all(answer["choices"] == offered["choices"] for answer in again)


def test_who_says_nothing_usable_is_called_back_all_the_same(inbox: InboxInfo) -> None:
    hand_over(inbox)
    answers = [turn(inbox)[1]["expect"] for _ in range(3)]
    assert answers == ["speech", "speech", "hangup"]
    notes = [m.content for m in conversations.list_messages(the_conversation().id) if m.is_private]
    assert notes == ["Call back: +420601234567, as soon as possible"]


def test_outside_the_hours_nobody_is_dialled(db: None) -> None:
    inbox = make_inbox("en", transfer_to="+4420111")
    closed = [{"day_of_week": n, "closed_all_day": True} for n in range(7)]
    conversations.update_inbox(inbox.id, {"settings": {**inbox.settings, "opening_hours": closed}})
    assert hand_over(inbox)["expect"] == "speech"


# ── the XML convention ───────────────────────────────────────────────────────────────────────────────


def test_a_platform_s_call_from_ringing_to_its_end(inbox: InboxInfo) -> None:
    status, xml = webhook(inbox)
    assert status == 200
    base = f"{settings.CONFIG.base_url}/voice/{inbox.identifier}/calls"
    assert f'action="{base}?turn=2"' in xml
    status, xml = webhook(
        inbox, "?turn=2", SpeechResult="Where is it?", Confidence="0.9", CallStatus="in-progress"
    )
    assert f'<Redirect method="POST">{base}?turn=3&amp;poll=1</Redirect>' in xml
    reply("On its way.")
    status, xml = webhook(inbox, "?turn=3&poll=1", CallStatus="in-progress")
    assert '<Say language="en-GB">On its way.</Say>' in xml
    assert webhook(inbox, CallStatus="completed")[0] == 200
    assert Call.objects.get().ended_at is not None
    assert [text for text, _ in incoming()] == ["Where is it?"]


def test_a_webhook_sent_twice_is_answered_the_same(inbox: InboxInfo) -> None:
    first = webhook(inbox)
    assert webhook(inbox) == first
    asked = webhook(inbox, "?turn=2", Digits="1", CallStatus="in-progress")
    assert webhook(inbox, "?turn=2", Digits="1", CallStatus="in-progress")[1].count("<Redirect") == 1
    assert "<Redirect" in asked[1]
    assert (len(incoming()), Call.objects.count()) == (1, 1)


@pytest.mark.parametrize("signature", ["", "nonsense", "Ä"])
def test_a_wrong_signature_is_refused(inbox: InboxInfo, signature: str) -> None:
    assert webhook(inbox, signature=signature)[0] == 403
    assert not Call.objects.exists()


def test_an_inbox_without_a_token_takes_no_webhooks(db: None) -> None:
    inbox = make_inbox("en", token="")
    assert webhook(inbox)[0] == 403
    assert webhook(inbox, signature=sealing.sign("", settings.CONFIG.base_url, {}))[0] == 403


def test_a_signature_of_another_address_is_refused(inbox: InboxInfo) -> None:
    webhook(inbox)
    path = f"/voice/{inbox.identifier}/calls"
    form = {
        "CallSid": "CA1",
        "From": "+420601234567",
        "To": "+4420",
        "CallStatus": "in-progress",
        "Digits": "1",
    }
    stolen = sealing.sign(TOKEN, settings.CONFIG.base_url + path, {k: [v] for k, v in form.items()})
    assert webhook(inbox, "?turn=2", signature=stolen, CallStatus="in-progress", Digits="1")[0] == 403
    assert incoming() == []


def test_news_of_the_end_may_come_before_the_last_turn(inbox: InboxInfo) -> None:
    webhook(inbox)
    webhook(inbox, CallStatus="completed")
    status, _ = webhook(inbox, "?turn=2", Digits="1", CallStatus="in-progress")
    assert (status, incoming()) == (200, [])
    webhook(inbox, CallStatus="completed")
    assert Call.objects.count() == 1


def test_news_of_a_call_that_never_began_is_a_short_call(inbox: InboxInfo) -> None:
    status, xml = webhook(inbox, CallStatus="no-answer")
    assert (status, "<Hangup/>" in xml) == (200, True)


@pytest.mark.parametrize(
    "form",
    [
        {"Confidence": "NaN"},
        {"Confidence": "-1"},
        {"Digits": "\x00"},
        {"SpeechResult": "\x00\ud7ff"},
        {"Extra": "x" * 5000},
    ],
)
def test_garbage_in_a_signed_form_does_no_harm(inbox: InboxInfo, form: dict[str, str]) -> None:
    webhook(inbox)
    assert webhook(inbox, "?turn=2", CallStatus="in-progress", **form)[0] == 200
    assert webhook(inbox, "?turn=x&poll=", CallStatus="in-progress", **form)[0] == 200


def test_a_form_without_a_call_is_refused(inbox: InboxInfo) -> None:
    assert webhook(inbox, CallSid="")[0] == 422
    assert webhook(inbox, CallSid="x" * 121)[0] == 422


def test_only_posts_are_calls(inbox: InboxInfo) -> None:
    for path in ("calls", "turns"):
        assert Client().get(f"/voice/{inbox.identifier}/{path}").status_code == 405
    assert Client().post("/voice/unknown/calls").status_code == 404


def test_of_two_beginnings_at_once_the_second_finds_what_the_first_made(
    inbox: InboxInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = turn(inbox, event="start")[1]
    known = calls.find_call
    monkeypatch.setattr(calls, "find_call", lambda *_: None)
    assert turn(inbox, event="start")[1] == first
    monkeypatch.setattr(calls, "find_call", known)
    assert (Call.objects.count(), Conversation.objects.count()) == (1, 1)
