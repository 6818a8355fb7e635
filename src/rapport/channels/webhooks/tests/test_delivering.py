"""From the cause to the receiver: what is sent, signed, numbered, tried again and given up."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapport.accounts.models import AuditEntry
from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks import delivering
from rapport.channels.webhooks.collecting import take_news
from rapport.channels.webhooks.jobs import run_prune
from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.channels.webhooks.tests.receiver import run_garbage
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Sender
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.jobs import relay
from rapport.jobs.api import FeedRow, JobContext
from rapport.kernel.clock import now

pytestmark = pytest.mark.django_db


def say(talk, text="Hi", *, private=False):
    draft = MessageDraft(MessageType.OUTGOING, text, Sender("system", None, ""), is_private=private)
    return conversations.add_message(talk.id, draft)


def test_a_message_reaches_the_receiver_signed_and_in_chatwoots_shape(
    subscribe, talk, receiver, settle, admin
):
    hook, secret = webhooks.create_webhook(
        webhooks.WebhookDraft("crm", receiver.url, ("message_created",), with_personal_data=True), admin
    )
    message = conversations.receive_message(talk.id, "Hi")
    settle()
    (post,) = receiver.posts
    assert post.path == "/hook"
    body = post.data
    assert {k: body[k] for k in ("event", "id", "content", "created_at", "message_type", "content_type")} == {
        "event": "message_created", "id": int(message.id), "content": "Hi",
        "created_at": "2026-05-04 09:00:00 UTC", "message_type": "incoming", "content_type": "text",
    }  # fmt: skip
    assert (body["private"], body["source_id"], body["content_attributes"]) == (False, None, {})
    assert body["sender"]["type"] == "contact"
    assert body["contact"] == {"id": int(talk.customer_id), "name": "Vera Novak"}
    assert body["inbox"] == {"id": int(talk.inbox.id), "name": "Shop"}
    assert body["account"] == {"id": 1, "name": "Rapport"}
    assert (body["conversation"]["id"], body["conversation"]["status"]) == (talk.display_id, "pending")
    assert body["conversation"]["meta"]["sender"]["email"] == "vera@example.com"
    assert body["conversation"]["messages"][0]["content"] == "Hi"
    assert (body["event_subject"], body["event_sequence"]) == (f"conversation:{talk.display_id}", 1)
    expected = hmac.new(
        secret.encode(), post.headers["X-Chatwoot-Timestamp"].encode() + b"." + post.body, hashlib.sha256
    )
    for brand in ("Chatwoot", "Rapport"):
        assert post.headers[f"X-{brand}-Signature"] == f"sha256={expected.hexdigest()}"
        assert post.headers[f"X-{brand}-Timestamp"] == "1777885200"
    delivery = Delivery.objects.get()
    assert post.headers["X-Chatwoot-Delivery"] == post.headers["X-Rapport-Delivery"] == delivery.uuid
    assert (delivery.state, delivery.status, delivery.answer, delivery.attempts) == (
        "delivered",
        200,
        "thanks",
        1,
    )
    assert delivery.body == post.body.decode()
    assert webhooks.find_webhook(hook.id).delivered_at == dt.datetime(2026, 5, 4, 9, 0, tzinfo=dt.UTC)


def test_what_is_not_wanted_costs_nothing(subscribe, talk, receiver, settle):
    subscribe("contact_updated")
    subscribe("message_created", is_active=False)
    say(talk)
    settle()
    assert (receiver.posts, Delivery.objects.count()) == ([], 0)


def test_what_happened_before_a_webhook_was_made_is_not_told(subscribe, talk, receiver, settle):
    say(talk, "before")
    subscribe("message_created")
    say(talk, "after")
    settle()
    assert [post.data["content"] for post in receiver.posts] == ["after"]


def test_one_inbox_only(subscribe, talk, receiver, settle):
    other = conversations.create_inbox("Other", "api", settings={})
    contact = conversations.create_contact(other, {"name": "Olga"})
    elsewhere = conversations.create_conversation(contact, language="en")
    settle()
    subscribe("message_created", "conversation_updated", "contact_created", inbox_id=int(other.id))
    say(talk)
    say(elsewhere)
    conversations.update_conversation(talk.id, {"labels": ["a"]})
    conversations.update_conversation(elsewhere.id, {"labels": ["b"]})
    conversations.create_contact(talk.inbox, {"name": "Here"})
    there = conversations.create_contact(other, {"name": "There"})
    settle()
    assert [(p.data["event"], p.data["id"]) for p in receiver.posts[1:]] == [
        ("conversation_updated", elsewhere.display_id),
        ("contact_created", int(there.customer_id)),
    ]
    assert receiver.posts[0].data["conversation"]["id"] == elsewhere.display_id


def test_a_change_of_status_is_both_events_and_says_what_changed(subscribe, talk, receiver, settle):
    subscribe("conversation_updated", "conversation_status_changed")
    conversations.resolve(talk.id, "Root")
    settle()
    changed = [
        {"status": {"current_value": "resolved", "previous_value": "pending"}},
    ]
    assert [(p.data["event"], p.data["event_sequence"]) for p in receiver.posts] == [
        ("conversation_status_changed", 1),
        ("conversation_updated", 2),
    ]
    for post in receiver.posts:
        assert (post.data["status"], post.data["changed_attributes"][0]) == ("resolved", changed[0])
    assert len({post.data["event_id"] for post in receiver.posts}) == 2


def test_it_is_said_what_changed_and_reading_is_no_change(subscribe, talk, receiver, settle, admin):
    subscribe("conversation_updated")
    conversations.update_conversation(talk.id, {"labels": ["vip"], "unread_count": 0, "priority": None})
    conversations.update_conversation(talk.id, {"unread_count": 0, "agent_last_seen_at": now()})
    conversations.take(talk.id, int(admin.id), "Root")
    settle()
    assert [post.data["changed_attributes"] for post in receiver.posts] == [
        [{"labels": {"current_value": ["vip"], "previous_value": []}}],
        [
            {"status": {"current_value": "open", "previous_value": "pending"}},
            {"owner": {"current_value": "agent", "previous_value": "assistant"}},
            {"assignee_id": {"current_value": int(admin.id), "previous_value": None}},
        ],
    ]
    assert receiver.posts[1].data["meta"]["assignee"] == {
        "id": int(admin.id),
        "name": "[person]",
        "email": None,
        "type": "user",
    }


def test_private_notes_say_so_and_lines_of_record_are_kept_back(subscribe, talk, receiver, settle):
    subscribe("message_created")
    say(talk, "a note", private=True)
    conversations.resolve(talk.id, "Root")
    settle()
    assert [(p.data["content"], p.data["private"]) for p in receiver.posts] == [("a note", True)]


def test_personal_data_is_left_out_unless_it_may_be_sent(subscribe, talk, receiver, settle):
    subscribe("message_created", "contact_updated")
    conversations.receive_message(talk.id, "Write to vera.novak@example.com please")
    customers.update_customer(
        talk.customer_id, {"email": "new@example.com", "custom_attributes": {"vip": True}}
    )
    settle()
    told, contact = (post.data for post in receiver.posts)
    assert (told["content"], told["redacted"]) == ("Write to [email] please", True)
    assert told["contact"]["name"] == told["sender"]["name"] == "[person]"
    assert told["conversation"]["meta"]["sender"]["name"] == "[person]"
    assert told["conversation"]["contact_inbox"]["source_id"] is None
    assert (told["inbox"]["name"], told["account"]["name"]) == ("Shop", "Rapport")
    assert (contact["name"], contact["email"], contact["custom_attributes"]) == (
        "[person]",
        None,
        {"vip": True},
    )
    assert contact["changed_attributes"] == [{"email": None}, {"custom_attributes": None}]
    assert not any(
        word in post.body.decode() for post in receiver.posts for word in ("Vera", "@", talk.source_id)
    )


def test_inboxes_of_many_conversations_are_read_at_once(subscribe, inbox):
    hook = subscribe("message_created", inbox_id=int(inbox.id))
    contact = conversations.create_contact(inbox, {"name": "Vera"})
    numbers = [conversations.create_conversation(contact).display_id for _ in range(3)]
    since = Webhook.objects.get(pk=hook.id).since_event
    rows = [
        FeedRow(since + 100 + n, "message_created", ("desk",), json.dumps({"conversation_id": number}))
        for n, number in enumerate([*numbers, numbers[0], 99_999])
    ]
    with CaptureQueriesContext(connection) as caught:
        take_news(rows)
    assert sum("FROM conversations_conversation" in q["sql"] for q in caught) == 1
    told = [f"conversation:{number}" for number in (*numbers, numbers[0])]
    assert list(Delivery.objects.order_by("id").values_list("subject", flat=True)) == told


def test_within_a_conversation_nothing_overtakes(subscribe, talk, receiver, settle, clock, inbox):
    subscribe("message_created")
    other = conversations.create_conversation(
        conversations.create_contact(inbox, {"name": "Olga"}), language="en"
    )
    receiver.statuses = [500]
    say(talk, "one")
    say(talk, "two")
    say(other, "else")
    settle()
    assert [p.data["content"] for p in receiver.posts] == ["one", "else"]
    clock.advance(dt.timedelta(seconds=13))
    settle()
    assert [(p.data["content"], p.data["event_sequence"]) for p in receiver.posts] == [
        ("one", 1),
        ("else", 1),
        ("one", 1),
        ("two", 2),
    ]
    first, _, again, _ = receiver.posts
    assert first.body == again.body
    assert first.headers["X-Rapport-Delivery"] == again.headers["X-Rapport-Delivery"]
    assert [p.headers["X-Rapport-Attempt"] for p in (first, again)] == ["1", "2"]


def test_a_receiver_that_keeps_failing_is_left_alone_and_in_the_end_given_up(
    subscribe, talk, receiver, settle, clock, monkeypatch
):
    monkeypatch.setattr(delivering, "_draw", lambda: 0.5)
    hook = subscribe("message_created")
    receiver.statuses = [503] * 99
    say(talk, "lost")
    settle()
    waits = []
    while Delivery.objects.get().state == "waiting":
        delivery = Delivery.objects.get()
        resting = Webhook.objects.get().resting_until or delivery.next_at
        due = max(delivery.next_at, resting) + dt.timedelta(seconds=1)
        waits.append((due - clock()).total_seconds())
        clock.advance(due - clock())
        settle()
    assert len(receiver.posts) == 12
    assert waits == [10 * 2**n + 1 for n in range(11)]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.attempts, len(delivery.log)) == ("dead", 503, 12, 12)
    info = webhooks.find_webhook(hook.id)
    assert (info.failures, info.problem) == (12, "status 503")
    say(talk, "later")
    settle()
    assert Delivery.objects.filter(state="waiting").count() == 1
    assert len(receiver.posts) == 12
    receiver.statuses = []
    clock.advance(dt.timedelta(seconds=1200))
    settle()
    assert receiver.posts[-1].data["content"] == "later"
    assert webhooks.find_webhook(hook.id).failures == 0


def test_the_dead_are_replayed_in_their_order_with_the_same_ids(
    subscribe, talk, receiver, settle, clock, admin
):
    hook = subscribe("message_created")
    say(talk, "one")
    say(talk, "two")
    Delivery.objects.update(state="dead")
    settle()
    Delivery.objects.update(state="dead")
    receiver.posts.clear()
    assert webhooks.replay_dead(hook.id, admin) == 2
    settle()
    assert [(p.data["content"], p.data["event_sequence"]) for p in receiver.posts] == [("one", 1), ("two", 2)]
    delivered = webhooks.list_deliveries(hook.id)[1]
    before = receiver.posts[0]
    webhooks.replay(hook.id, delivered.id, admin)
    settle()
    assert (receiver.posts[-1].body, receiver.posts[-1].headers["X-Rapport-Delivery"]) == (
        before.body,
        delivered.uuid,
    )


def test_a_dead_receiver_does_not_hold_up_another(subscribe, talk, receiver, settle):
    with run_garbage(b"nonsense\r\n\r\n") as address:
        broken = subscribe("message_created", url=address)
        subscribe("message_created")
        say(talk)
        settle()
    assert len(receiver.posts) == 1
    (delivery,) = webhooks.list_deliveries(broken.id)
    assert (delivery.state, delivery.log[0].problem) == ("waiting", "not_http")


def test_a_receiver_may_ask_to_be_left_alone_or_to_hear_nothing_more(
    subscribe, talk, receiver, settle, clock
):
    hook = subscribe("message_created")
    receiver.statuses, receiver.headers = [429], {"Retry-After": "120"}
    say(talk)
    settle()
    assert Webhook.objects.get().resting_until == clock() + dt.timedelta(seconds=120)
    receiver.statuses, receiver.headers = [410], {}
    clock.advance(dt.timedelta(seconds=130))
    settle()
    assert webhooks.find_webhook(hook.id).is_active is False
    assert AuditEntry.objects.filter(kind="webhook_paused", subject=f"webhook:{hook.id}").count() == 1


def test_a_receiver_that_does_not_recover_is_paused_and_what_waited_given_up(
    subscribe, talk, receiver, settle, clock
):
    hook = subscribe("message_created")
    receiver.statuses = [500]
    Webhook.objects.update(failures=299)
    say(talk, "one")
    say(talk, "two")
    settle()
    assert (webhooks.find_webhook(hook.id).is_active, webhooks.find_webhook(hook.id).failures) == (False, 300)
    clock.advance(dt.timedelta(days=3, seconds=1))
    jobs.enqueue("webhooks.sweep", {})
    settle()
    assert [(d.state, d.attempts) for d in webhooks.list_deliveries(hook.id)] == [("dead", 0), ("dead", 1)]
    assert len(receiver.posts) == 1


def test_a_test_event_is_sent_once_even_to_one_that_is_paused(subscribe, receiver, settle, admin, clock):
    hook = subscribe("message_created", is_active=False)
    receiver.statuses = [500]
    sent = webhooks.send_test(hook.id, admin)
    settle()
    clock.advance(dt.timedelta(hours=1))
    settle()
    (post,) = receiver.posts
    assert (post.data["event"], post.data["webhook"]) == ("webhook_test", {"id": hook.id, "name": "n8n"})
    assert webhooks.find_delivery(hook.id, sent.id).state == "dead"
    assert webhooks.find_webhook(hook.id).failures == 0


def test_what_is_about_something_deleted_is_not_sent(subscribe, talk, receiver, settle):
    hook = subscribe("message_created")
    say(talk)
    conversations.delete_conversation(talk.id)
    settle()
    (delivery,) = webhooks.list_deliveries(hook.id)
    assert (receiver.posts, delivery.state, delivery.log[0].problem) == ([], "dead", "gone")
    assert webhooks.find_webhook(hook.id).failures == 0


def test_bodies_with_personal_data_go_when_it_is_no_longer_allowed(subscribe, talk, settle, admin, receiver):
    hook = subscribe("message_created", with_personal_data=True)
    receiver.statuses = [500]
    say(talk, "I am vera.novak@example.com")
    settle()
    assert "vera.novak" in Delivery.objects.get().body
    draft = replace(webhooks.find_webhook(hook.id).as_draft(), with_personal_data=False)
    webhooks.update_webhook(hook.id, draft, admin)
    assert Delivery.objects.get().body == ""


def test_a_paused_webhook_does_not_hear_later_what_happened_meanwhile(
    subscribe, talk, receiver, settle, admin
):
    hook = subscribe("message_created")
    draft = hook.as_draft()
    webhooks.update_webhook(hook.id, replace(draft, is_active=False), admin)
    say(talk, "meanwhile")
    webhooks.update_webhook(hook.id, draft, admin)
    say(talk, "again")
    settle()
    assert [p.data["content"] for p in receiver.posts] == ["again"]


def test_a_delivery_left_by_a_dead_process_is_taken_up(subscribe, talk, receiver, settle, clock):
    subscribe("message_created")
    say(talk)
    relay.relay({}, taps=(webhooks.TAP,))
    Delivery.objects.update(lease_until=clock() + dt.timedelta(seconds=32), attempts=1)
    settle()
    assert receiver.posts == []
    clock.advance(dt.timedelta(seconds=40))
    jobs.enqueue("webhooks.sweep", {})
    settle()
    assert [p.headers["X-Rapport-Attempt"] for p in receiver.posts] == ["2"]


def test_a_customer_s_deliveries_are_erased_and_old_ones_forgotten(subscribe, talk, settle, clock):
    subscribe("message_created", "contact_updated")
    say(talk)
    customers.update_customer(talk.customer_id, {"name": "V"})
    settle()
    assert webhooks.erase_customer([int(talk.customer_id)], [talk.display_id]) == {
        "webhooks_delivery": 2,
        "webhooks_subjectcounter": 2,
    }
    say(talk)
    say(talk)
    settle()
    Delivery.objects.filter(sequence=1).update(state="dead")
    clock.advance(dt.timedelta(days=8))
    run_prune({}, JobContext(1, None, 1))
    assert list(Delivery.objects.values_list("state", flat=True)) == ["dead"]
    clock.advance(dt.timedelta(days=23))
    run_prune({}, JobContext(1, None, 1))
    assert Delivery.objects.count() == 0


def test_a_body_that_cannot_be_made_ends_with_its_last_attempt(subscribe, talk, settle, monkeypatch):
    subscribe("message_created")
    say(talk)
    relay.relay({}, taps=(webhooks.TAP,))
    Delivery.objects.update(attempts=12)
    monkeypatch.setattr(delivering, "make_body", lambda *_: pytest.fail("not made once more"))
    settle()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.log[-1]["problem"]) == ("dead", "crashed")
