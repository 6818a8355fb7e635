"""From the cause to the receiver: what is sent, signed, numbered, tried again and given up."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import pytest

from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Sender

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
