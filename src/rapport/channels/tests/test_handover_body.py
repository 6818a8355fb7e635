"""Asking for a person needs no body."""

import pytest

from rapport.conversations import api as conversations

pytestmark = pytest.mark.django_db


def test_a_person_can_be_asked_for_without_a_body(client):
    inbox = conversations.create_inbox("API", "api")
    contact = conversations.create_contact(inbox, {})
    conversation = conversations.create_conversation(contact)
    base = f"/public/api/v1/inboxes/{inbox.identifier}/contacts/{contact.source_id}"
    answer = client.generic("POST", f"{base}/conversations/{conversation.display_id}/handover")
    assert answer.status_code == 200
    stored = conversations.list_messages(conversation.id)[-1]
    assert stored.content_attributes == {"command": "talk_to_person"}
