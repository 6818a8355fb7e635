"""What a channel knows of who is speaking, and which ways of proving an identity follow."""

from __future__ import annotations

import pytest

from rapport.assistant.identifying import customer_of_mailbox
from rapport.assistant.identity_steps import IdentitySteps
from rapport.assistant.logic.identification import (
    AskOrderEmail,
    AskReply,
    CheckOrderEmail,
    Identification,
    proceed,
)
from rapport.assistant.logic.speaker import (
    Speaker,
    methods_for,
    says_more,
    speaker_of,
    with_stated,
    without_noise,
)
from rapport.connectors import api as connectors
from rapport.testing.scripted_engine import ScriptedEngine
from rapport.understanding.contracts import Context

NOBODY = Speaker()
WRITER = Speaker(stated_email="ann@x.example")
PROVEN = Speaker("ann@x.example", "ann@x.example", "email_reply")


def test_facts_of_a_conversation_are_read_by_name():
    facts = {"mail_subject": "Lamp", "stated_email": "ann@x.example", "proven_email": None}
    assert speaker_of(facts) == WRITER
    assert speaker_of({}) == NOBODY


@pytest.mark.parametrize(
    ("listed", "speaker", "methods"),
    [
        (("order_email", "email_code"), NOBODY, ("order_email", "email_code")),
        (("order_email", "email_reply"), NOBODY, ("order_email",)),
        (("order_email", "email_code"), WRITER, ("order_email",)),
        (("email_code", "name_zip"), WRITER, ("email_reply",)),
        (("email_reply",), NOBODY, ("order_email", "email_code")),
        (("order_email", "email_reply"), WRITER, ("order_email", "email_reply")),
        (("order_email", "email_reply"), PROVEN, ("order_email",)),
    ],
)
def test_an_answer_proves_a_mailbox_only_where_there_is_one(listed, speaker, methods):
    assert methods_for(listed, speaker) == methods


@pytest.mark.parametrize(
    ("listed", "is_taken"), [(("email_code",), True), (("email_reply",), True), (("order_email",), False)]
)
def test_an_answer_proves_a_mailbox_where_the_inbox_names_no_other_way_by_mail(monkeypatch, listed, is_taken):
    monkeypatch.setattr(connectors, "find_shop_customer", lambda **_: {"id": "ann_1"})
    assert ("email_reply" in methods_for(listed, WRITER)) is is_taken
    principal, _, _ = customer_of_mailbox(PROVEN, listed, "en")
    assert (principal is not None) is is_taken


def test_the_address_of_a_mail_takes_the_place_of_any_other():
    assert with_stated({"order_id": "#W1", "email": "victim@x.example"}, WRITER) == {
        "order_id": "#W1",
        "email": "ann@x.example",
    }
    assert with_stated({"email": "ann@x.example"}, NOBODY) == {"email": "ann@x.example"}
    assert without_noise({"email": "me@x.example", "zip": "110 00", "code": "123456"}, WRITER) == {}
    assert without_noise({"code": "123456"}, NOBODY) == {"code": "123456"}


def test_where_a_mailbox_is_known_it_is_asked_to_answer():
    methods = methods_for(("email_reply", "order_email"), WRITER)
    assert proceed(Identification(), with_stated({}, WRITER), methods)[1] == AskReply()
    asked = proceed(Identification(), with_stated({"order_id": "#W1234"}, WRITER), methods)[1]
    assert asked == CheckOrderEmail("#W1234", "ann@x.example")
    assert proceed(Identification(), {}, ("order_email",))[1] == AskOrderEmail()


@pytest.mark.parametrize(
    ("speaker", "words"),
    [(WRITER, "simply reply to this mail"), (PROVEN, "I find no customer with the address ann@x.example")],
)
def test_what_is_asked_names_no_form(speaker, words):
    steps = IdentitySteps("en", 1, {}, methods_for(("email_reply", "order_email"), speaker), speaker)
    steps.go_on({})
    assert words in " ".join(steps.texts)
    assert (steps.content_type, steps.attributes) == ("text", {})


def test_a_wrong_order_number_is_counted_and_asked_again(monkeypatch):
    monkeypatch.setattr(connectors, "find_shop_customer", lambda **_: None)
    steps = IdentitySteps("en", 1, {}, ("email_reply", "order_email"), WRITER)
    steps.go_on({"order_id": "#W1234"})
    assert steps.as_json()["attempts"] == 1
    assert [t.split(".")[0] for t in steps.texts] == [
        "That doesn't match",
        "Please simply reply to this mail, a “yes” is enough: then I know that this mailbox is yours",
    ]


@pytest.mark.parametrize(
    ("text", "is_more"),
    [
        ("yes", False),
        ("Yes, it's me. Ann Lee", False),
        ("where is my order", False),
        ("talk to a person please", True),
        ("yes, it is #W1234567", True),
        ("yes, this is me, and I also want to return the lamp", True),
    ],
)
def test_an_answer_that_proves_may_hold_more(text, is_more):
    read = ScriptedEngine().understand(text, Context(previous_language="en"))
    assert says_more(read, "order_status") is is_more
