"""Dispositions through the application API."""

from __future__ import annotations

import json

import pytest

from rapport.accounts import api as accounts
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ProposedValue

pytestmark = pytest.mark.django_db
LIST = "/api/v1/accounts/1/conversations"


@pytest.fixture
def talk():
    inbox = conversations.create_inbox("API", "api")
    return conversations.create_conversation(conversations.create_contact(inbox, {}))


@pytest.fixture
def ask(client):
    def call(method, path, body=None, role="administrator"):
        user = accounts.create_staff(f"{role}{client.calls}@example.com", role, role)
        client.calls += 1
        answer = client.generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            HTTP_API_ACCESS_TOKEN=accounts.create_token(user, "test"),
        )
        return answer.status_code, json.loads(answer.content)

    client.calls = 0
    return call


def test_it_is_read_corrected_and_filtered_by(talk, ask):
    path = f"{LIST}/{talk.display_id}/disposition"
    assert ask("GET", path) == (200, {"payload": None})
    proposals = {
        "reason": ProposedValue("question", "article_given", 0.75, ({"kind": "decision", "ref": 4},)),
        "outcome": ProposedValue("no_answer", "not_understood", 0.7),
    }
    conversations.fill_disposition(int(talk.id), proposals)
    found = ask("GET", path)[1]["payload"]
    assert (found["reason"], found["details"]["reason"]["state"]) == ("question", "proposed")
    assert found["details"]["reason"]["evidence"] == [{"kind": "decision", "ref": 4}]
    status, answer = ask("PUT", path, {"reason": "question", "outcome": "spam", "order_ref": "#W1"})
    details = answer["payload"]["details"]
    assert (status, answer["payload"]["outcome"]) == (200, "spam")
    assert {n: d["state"] for n, d in details.items()} == {
        "reason": "confirmed", "outcome": "changed", "order_ref": "changed",
    }  # fmt: skip
    shown = ask("GET", f"{LIST}/{talk.display_id}")[1]
    assert shown["disposition"]["order_ref"] == "#W1"
    for query, count in (
        ("reason=question", 1),
        ("outcome=spam&reason=question", 1),
        ("outcome=given_up", 0),
    ):
        payload = ask("GET", f"{LIST}?status=all&{query}")[1]["data"]["payload"]
        assert len(payload) == count, query


def test_a_reason_that_is_there_may_be_left_though_it_is_gone_from_the_list(talk, ask):
    path = f"{LIST}/{talk.display_id}/disposition"
    conversations.fill_disposition(int(talk.id), {"reason": ProposedValue("old_procedure", "run_done", 0.9)})
    status, answer = ask("PUT", path, {"reason": "old_procedure", "outcome": "spam"})
    assert (status, answer["payload"]["details"]["reason"]["state"]) == (200, "confirmed")
    assert answer == ask("GET", path)[1]
    assert ask("PUT", path, {"reason": "another_old_one"})[0] == 422


def test_what_is_wrong_or_not_allowed_changes_nothing(talk, ask):
    path = f"{LIST}/{talk.display_id}/disposition"
    for body in (
        {"outcome": "happy"},
        {"reason": "world_peace"},
        {"root_cause": "unknown"},
        {"product": "x" * 301},
    ):
        assert ask("PUT", path, body)[0] == 422, body
    assert ask("PUT", path, {"outcome": "spam"}, role="analyst")[0] == 403
    assert ask("GET", path, role="analyst")[0] == 200
    assert ask("GET", path, role="marketer")[0] == 403
    assert ask("PUT", f"{LIST}/99999/disposition", {"outcome": "spam"})[0] == 404
    assert conversations.find_disposition(int(talk.id)) is None
