"""A conversation may be given to a team through the API."""

import json

import pytest

from rapport.accounts import api as accounts
from rapport.conversations import api as conversations

pytestmark = pytest.mark.django_db


@pytest.fixture
def headers():
    user = accounts.create_staff("robin@example.com", "Robin", "administrator")
    return {"HTTP_API_ACCESS_TOKEN": accounts.create_token(user, "test")}


@pytest.fixture
def conversation():
    inbox = conversations.create_inbox("API", "api")
    return conversations.create_conversation(conversations.create_contact(inbox, {}))


def _assign(client, conversation, headers, body):
    path = f"/api/v1/accounts/1/conversations/{conversation.display_id}/assignments"
    return client.post(path, json.dumps(body), content_type="application/json", **headers)


def test_a_team_is_set_without_changing_the_owner(client, conversation, headers):
    team = accounts.create_team("care", "Care")
    assert _assign(client, conversation, headers, {"team_id": team.pk}).status_code == 200
    now_ = conversations.find_conversation(conversation.id)
    assert (now_.team_id, now_.owner) == (team.pk, conversation.owner)


def test_an_unknown_team_changes_nothing(client, conversation, headers):
    assert _assign(client, conversation, headers, {"team_id": 999}).status_code == 422
    assert conversations.find_conversation(conversation.id).team_id is None
