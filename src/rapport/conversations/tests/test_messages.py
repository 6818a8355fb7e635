"""Messages: numbered without gaps, stored once, told to the right ears, answered by one owner."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json

import pytest
from django.db import transaction

from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    Briefing,
    IncomingText,
    MessageDraft,
    MessageType,
    Owner,
    Sender,
    Speakers,
    Status,
    Verification,
)
from rapport.conversations.errors import NotAnswerable, WrongOwner
from rapport.conversations.incoming import READ_AHEAD
from rapport.conversations.models import Conversation, Message
from rapport.conversations.services import MAX_CONTENT_CHARS
from rapport.customers import api as customers
from rapport.customers.models import Customer
from rapport.jobs.models import FeedEvent, Job
from rapport.kernel.clock import now
from rapport.kernel.errors import InvalidInput, NotFound, NotPermitted
from rapport.kernel.ids import ConversationId

pytestmark = pytest.mark.django_db

AGENT = Sender("user", 7, "Robin")
BRIEFING = Briefing("customer_asked", "Visitor", ("help",), (), "neutral", ("answer",))


@pytest.fixture
def inbox():
    return conversations.create_inbox("Web", "web")


@pytest.fixture
def conversation(inbox):
    return conversations.create_conversation(conversations.create_contact(inbox, {"name": "Ana"}))


def _sign(inbox, identifier):
    return hmac.new(inbox.hmac_token.encode(), identifier.encode(), hashlib.sha256).hexdigest()


def test_messages_are_numbered_without_gaps(conversation):
    for text in ("one", "two", "three"):
        conversations.receive_message(conversation.id, text)
    assert [m.sequence for m in conversations.list_messages(conversation.id)] == [1, 2, 3]


def test_the_same_message_twice_is_stored_once(conversation):
    first = conversations.receive_message(conversation.id, "hello", source_id="client-1")
    again = conversations.receive_message(conversation.id, "hello", source_id="client-1")
    assert again == first
    assert Message.objects.count() == 1
    assert Job.objects.filter(kind="assistant.turn").count() == 1


def test_control_characters_go_and_long_texts_are_cut(conversation):
    message = conversations.receive_message(conversation.id, "a\x00b\x07" + "x" * 100_000)
    assert message.content.startswith("abx")
    assert len(message.content) == MAX_CONTENT_CHARS + 1


@pytest.mark.parametrize("text", ["", "   ", "\x00\x00", "\n\n"])
def test_an_empty_message_is_refused(conversation, text):
    with pytest.raises(InvalidInput):
        conversations.receive_message(conversation.id, text)
    assert Message.objects.count() == 0


def test_each_message_to_the_assistant_is_a_new_generation(conversation):
    conversations.receive_message(conversation.id, "one")
    conversations.receive_message(conversation.id, "two")
    turns = list(Job.objects.filter(kind="assistant.turn").order_by("id").values_list("payload", flat=True))
    assert [t["generation"] for t in turns] == [1, 2]


def test_a_turn_begins_ahead_of_the_moment_until_which_more_may_come(conversation):
    conversations.update_inbox(conversation.inbox.id, {"settings": {"debounce_ms": 1000}})
    begun = now()
    conversations.receive_message(conversation.id, "one")
    conversations.receive_command(conversation.id, "menu", "Menu")
    text, click = Job.objects.filter(kind="assistant.turn").order_by("id")
    not_before = dt.datetime.fromisoformat(text.payload["not_before"])
    assert dt.timedelta(seconds=1) <= not_before - begun < dt.timedelta(seconds=3)
    assert not_before - text.run_at == READ_AHEAD
    assert "not_before" not in click.payload
    assert click.run_at <= now()


def test_texts_of_one_batch_are_stored_in_order_or_not_at_all(conversation):
    texts = [IncomingText(conversation.id, text, None) for text in ("one", "two")]
    with transaction.atomic():
        stored = conversations.receive_texts(texts)
    assert [(m.content, m.sequence) for m in stored] == [("one", 1), ("two", 2)]
    nobody = IncomingText(ConversationId(999_999), "three", None)
    with pytest.raises(NotFound), transaction.atomic():
        conversations.receive_texts([*texts, nobody])
    assert Message.objects.count() == 2


def test_an_answer_to_an_older_generation_is_dropped(conversation):
    conversations.receive_message(conversation.id, "one")
    conversations.receive_message(conversation.id, "two")
    draft = MessageDraft(MessageType.OUTGOING, "late", Sender("assistant", None, "Rapport"))
    assert conversations.store_answer(conversation.id, 1, draft) is None
    assert conversations.store_answer(conversation.id, 2, draft) is not None
    assert conversations.store_answer(conversation.id, 2, draft) is None


def test_after_a_handover_the_assistant_is_silent_and_nothing_is_scheduled(conversation):
    conversations.receive_message(conversation.id, "a person please")
    conversations.hand_over(conversation.id, BRIEFING)
    draft = MessageDraft(MessageType.OUTGOING, "late", Sender("assistant", None, "Rapport"))
    assert conversations.store_answer(conversation.id, 1, draft) is None
    before = Job.objects.filter(kind="assistant.turn").count()
    conversations.receive_message(conversation.id, "hello?")
    assert Job.objects.filter(kind="assistant.turn").count() == before
    info = conversations.find_conversation(conversation.id)
    assert (info.owner, info.status, info.briefing["reason"]) == (Owner.QUEUE, Status.OPEN, "customer_asked")


def test_a_handover_happens_once(conversation):
    conversations.hand_over(conversation.id, BRIEFING)
    with pytest.raises(WrongOwner):
        conversations.hand_over(conversation.id, BRIEFING)


def test_queue_positions_follow_the_order_of_arrival(inbox):
    waiting = [conversations.create_conversation(conversations.create_contact(inbox, {})) for _ in range(3)]
    for one in waiting:
        conversations.hand_over(one.id, BRIEFING)
    assert [conversations.queue_position(one.id) for one in waiting] == [1, 2, 3]
    conversations.take(waiting[0].id, _staff(), "Robin")
    assert [conversations.queue_position(one.id) for one in waiting] == [0, 1, 2]


def _staff():
    from rapport.accounts import api as accounts

    return accounts.create_staff("robin@example.com", "Robin", "agent").pk


def test_giving_back_and_writing_wakes_the_assistant_again(conversation):
    conversations.hand_over(conversation.id, BRIEFING)
    conversations.take(conversation.id, _staff(), "Robin")
    conversations.give_back(conversation.id, "Robin")
    conversations.receive_message(conversation.id, "thanks")
    info = conversations.find_conversation(conversation.id)
    assert info.owner is Owner.ASSISTANT
    assert Job.objects.filter(payload__generation=info.generation, kind="assistant.turn").exists()


def test_notes_and_activity_are_not_told_to_the_customer(conversation):
    conversations.add_message(
        conversation.id, MessageDraft(MessageType.OUTGOING, "secret", AGENT, is_private=True)
    )
    conversations.take(conversation.id, _staff(), "Robin")
    heard = FeedEvent.objects.filter(topics__contains=f"conversation:{conversation.id}")
    assert all("secret" not in e.body and "joined" not in e.body for e in heard)
    assert conversations.list_messages(conversation.id, with_private=False) == []
    assert len(conversations.list_messages(conversation.id)) == 2


def test_what_the_customer_hears_of_a_change_holds_no_labels_or_notes(conversation):
    conversations.update_conversation(conversation.id, {"labels": ["vip-fraud"], "sentiment": "negative"})
    conversations.hand_over(conversation.id, BRIEFING)
    heard = FeedEvent.objects.filter(topics__contains=f"conversation:{conversation.id}")
    assert all("vip-fraud" not in e.body and "sentiment" not in e.body for e in heard)
    last = json.loads(heard.latest("id").body)
    assert last == {"id": conversation.display_id, "status": "open", "owner": "queue", "is_verified": False}


def test_a_click_must_be_one_of_the_choices(conversation):
    draft = MessageDraft(
        MessageType.OUTGOING,
        "Which?",
        Sender("assistant", None, "Rapport"),
        "input_select",
        {"items": [{"title": "Blue", "value": "b"}]},
    )
    asked = conversations.add_message(conversation.id, draft)
    with pytest.raises(NotAnswerable):
        conversations.receive_answer(conversation.id, asked.id, [{"value": "x"}])
    answer = conversations.receive_answer(conversation.id, asked.id, [{"value": "b"}])
    assert answer.content == "Blue"
    stored = conversations.find_message(conversation.id, asked.id)
    assert stored.content_attributes["submitted_values"] == [{"name": "", "title": "Blue", "value": "b"}]


def test_a_message_of_another_conversation_cannot_be_answered(inbox, conversation):
    other = conversations.create_conversation(conversations.create_contact(inbox, {}))
    draft = MessageDraft(
        MessageType.OUTGOING, "?", AGENT, "input_select", {"items": [{"title": "A", "value": "a"}]}
    )
    asked = conversations.add_message(other.id, draft)
    with pytest.raises(NotFound):
        conversations.receive_answer(conversation.id, asked.id, [{"value": "a"}])


def test_a_wrong_signature_makes_no_contact(inbox):
    with pytest.raises(NotPermitted):
        conversations.create_contact(inbox, {"identifier": "u1", "identifier_hash": "0" * 64})
    assert Customer.objects.count() == 0


def test_an_unsigned_identifier_proves_nothing(inbox):
    conversations.create_contact(
        inbox, {"identifier": "u1", "identifier_hash": _sign(inbox, "u1"), "email": "u1@example.com"}
    )
    stranger = conversations.create_contact(inbox, {"identifier": "u1", "email": "u1@example.com"})
    assert not stranger.is_hmac_verified
    assert conversations.create_conversation(stranger).verification is None
    assert customers.find_customer_by_identity("shop", "u1").id != stranger.customer_id


def test_a_signed_identifier_leads_to_the_same_customer_twice(inbox):
    profile = {"identifier": "u1", "identifier_hash": _sign(inbox, "u1"), "name": "Una"}
    first, second = (conversations.create_contact(inbox, profile) for _ in range(2))
    assert first.customer_id == second.customer_id
    assert conversations.create_conversation(second).verification.customer_ref == "u1"


def test_another_inbox_s_secret_does_not_open_this_one(inbox):
    other = conversations.create_inbox("Other", "web")
    with pytest.raises(NotPermitted):
        conversations.create_contact(inbox, {"identifier": "u1", "identifier_hash": _sign(other, "u1")})


def test_verification_merges_the_visitor_into_the_known_customer(inbox):
    known = conversations.create_contact(inbox, {"identifier": "u1", "identifier_hash": _sign(inbox, "u1")})
    visitor = conversations.create_conversation(conversations.create_contact(inbox, {}))
    proof = Verification("u1", "order_and_email", now())
    conversations.mark_verified(visitor.id, proof, name="Una", email="una@example.com")
    info = conversations.find_conversation(visitor.id)
    assert info.customer_id == known.customer_id
    assert info.verification.method == "order_and_email"


def test_pages_follow_each_other_without_gap_or_repeat(inbox):
    made = [
        conversations.create_conversation(conversations.create_contact(inbox, {})).display_id
        for _ in range(7)
    ]
    seen, cursor = [], ""
    while True:
        page = conversations.list_conversations(conversations.ListFilter(), cursor=cursor, limit=3)
        seen += [c.display_id for c in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == list(reversed(made))


def test_a_page_is_one_query(inbox, django_assert_num_queries):
    for _ in range(5):
        conversations.create_conversation(conversations.create_contact(inbox, {}))
    with django_assert_num_queries(1):
        conversations.list_conversations(conversations.ListFilter(status="pending"), limit=3)


@pytest.mark.parametrize("cursor", ["x", "1.", ".1", "-1.2", "9" * 40 + ".1", "1.2.3"])
def test_a_broken_cursor_starts_at_the_top(conversation, cursor):
    page = conversations.list_conversations(conversations.ListFilter(), cursor=cursor)
    assert [c.id for c in page.rows] == [conversation.id]


def test_a_blocked_customer_starts_no_conversation(inbox):
    contact = conversations.create_contact(inbox, {})
    customers.update_customer(contact.customer_id, {"is_blocked": True})
    with pytest.raises(NotPermitted):
        conversations.create_conversation(contact)
    assert Conversation.objects.count() == 0


def test_who_spoke_knows_the_latest_answer_of_a_person_and_no_notes(conversation):
    assert conversations.who_spoke(conversation.id) == Speakers(None, has_customer=False)
    conversations.receive_message(conversation.id, "Hello")
    conversations.add_message(conversation.id, MessageDraft(MessageType.OUTGOING, "One", AGENT))
    last = conversations.add_message(conversation.id, MessageDraft(MessageType.OUTGOING, "Two", AGENT))
    note = MessageDraft(MessageType.OUTGOING, "Note", AGENT, is_private=True)
    conversations.add_message(conversation.id, note)
    conversations.add_message(
        conversation.id, MessageDraft(MessageType.OUTGOING, "Bot", Sender("assistant", None, "A"))
    )
    assert conversations.who_spoke(conversation.id) == Speakers(int(last.id), has_customer=True)
