"""The statements written out give what the ORM gives."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.accounts import api as accounts
from rapport.conversations import api as conversations
from rapport.conversations import queries, statements
from rapport.conversations.contracts import Briefing, ConversationInfo, MessageDraft, MessageType, Sender
from rapport.conversations.models import Conversation, Message
from rapport.conversations.services import lock_conversation
from rapport.kernel.clock import SteppedClock, use_clock

START = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
BRIEFING = Briefing("customer_asked", "Žofie", ("Where is my order?",), (), "negative", ("call back",))


@pytest.fixture
def rich(db: None) -> ConversationInfo:
    """A conversation with something in every column."""
    inbox = conversations.create_inbox("Žluťoučký", "web", settings={"brand": "Kůň"})
    contact = conversations.create_contact(inbox, {"name": "Žofie", "language": "cs"})
    made = conversations.create_conversation(
        contact, custom_attributes={"plan": {"level": 3}}, subject="Dárek"
    )
    conversations.receive_message(made.id, "První\nřádek", source_id="s1")
    conversations.hand_over(made.id, BRIEFING, team_id=accounts.create_team("care", "Care").pk)
    agent = accounts.create_staff("a@example.com", "Ada", "agent")
    conversations.take(made.id, agent.pk, agent.name)
    note = MessageDraft(
        MessageType.OUTGOING,
        "note",
        Sender("user", agent.pk, "Ada"),
        content_attributes={"a": ["é"]},
        is_private=True,
    )
    conversations.add_message(made.id, note)
    conversations.update_conversation(made.id, {"labels": ["vip", "žluť"], "priority": "high"})
    found = conversations.find_conversation(made.id)
    assert found is not None
    return found


def test_conversations_equal_the_orms(rich: ConversationInfo) -> None:
    row = queries.conversation_rows().get(pk=rich.id)
    assert rich == queries.conversation_info(row)
    assert rich == conversations.find_conversation_by_number(rich.display_id)
    assert rich == conversations.access_conversation(rich.inbox.identifier, rich.source_id, rich.display_id)
    assert rich.created_at.tzinfo is not None


def test_messages_equal_the_orms(rich: ConversationInfo) -> None:
    stored = [
        queries.message_info(m) for m in Message.objects.filter(conversation_id=rich.id).order_by("sequence")
    ]
    assert conversations.list_messages(rich.id) == stored
    assert conversations.list_latest_messages(rich.id, limit=2) == stored[-2:]
    assert [m.type for m in conversations.list_messages(rich.id, with_private=False)] == [
        MessageType.INCOMING
    ]
    assert conversations.find_message(rich.id, stored[0].id) == stored[0]
    assert conversations.find_message(rich.id + 1, stored[0].id) is None


def test_locked_row_equals_the_orms(rich: ConversationInfo) -> None:
    locked, row = lock_conversation(rich.id), Conversation.objects.get(pk=rich.id)
    for field in Conversation._meta.concrete_fields:
        assert getattr(locked, field.attname) == getattr(row, field.attname), field.name
    assert locked.inbox.settings == {"brand": "Kůň"}


def test_every_column_survives_an_update(rich: ConversationInfo) -> None:
    row = lock_conversation(rich.id)
    names = tuple(f.attname for f in Conversation._meta.concrete_fields if f.attname != "id")
    statements.update_conversation_row(row, names)
    assert conversations.find_conversation(rich.id) == rich


@pytest.mark.django_db
def test_lists_are_walked_in_both_orders() -> None:
    clock = SteppedClock(START)
    contact = conversations.create_contact(conversations.create_inbox("I", "api"), {"name": "A_b%c"})
    made = []
    with use_clock(clock):
        for n in range(5):
            made.append(conversations.create_conversation(contact).id)
            conversations.hand_over(made[-1], BRIEFING)
            clock.advance(dt.timedelta(seconds=n % 2))  # equal moments are told apart by their number
        clock.advance(dt.timedelta(seconds=1))
        conversations.receive_message(made[0], "100% sure!")
    for what, expected in (
        (conversations.ListFilter(), [made[0], *made[:0:-1]]),
        (conversations.ListFilter(longest_wait_first=True), made),
    ):
        seen, cursor = [], ""
        for _ in made:
            page = conversations.list_conversations(what, cursor=cursor, limit=1)
            seen += [c.id for c in page.rows]
            cursor = page.next_cursor
        assert (seen, cursor) == (expected, "")
        assert conversations.count_conversations(what) == 5
        assert conversations.count_conversations(what, at_most=3) == 3


@pytest.mark.parametrize(
    ("query", "label", "is_found"),
    [
        ("Žof", "", True),
        ("PRVN", "", True),
        ("%", "", False),
        ("_", "", False),
        ("!", "", False),
        ("", "žluť", True),
        ("", "vip", True),
        ("", "vi", False),
        ("²", "", False),
    ],
)
def test_search_and_labels(rich: ConversationInfo, query: str, label: str, is_found: bool) -> None:
    what = conversations.ListFilter(query=query, label=label)
    assert [c.id for c in conversations.list_conversations(what).rows] == ([rich.id] if is_found else [])


def test_search_by_number(rich: ConversationInfo) -> None:
    found = conversations.list_conversations(conversations.ListFilter(query=str(rich.display_id))).rows
    assert found == [rich]


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.x", "².1", "1.2.3", "9" * 30 + ".1", "-1.1"])
def test_a_broken_cursor_starts_at_the_top(rich: ConversationInfo, cursor: str) -> None:
    assert conversations.list_conversations(conversations.ListFilter(), cursor=cursor).rows == [rich]
