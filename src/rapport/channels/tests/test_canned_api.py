"""``canned_responses`` of the application API, in Chatwoot's shape."""

from __future__ import annotations

import json

import pytest

from rapport.accounts import api as accounts
from rapport.channels.openapi import openapi_document
from rapport.conversations.models import CannedResponse

pytestmark = pytest.mark.django_db
PATH = "/api/v1/accounts/1/canned_responses"


@pytest.fixture
def call(client):
    def made(role):
        user = accounts.create_staff(f"{role}@example.com", role, role)
        token = accounts.create_token(user, "test")

        def ask(method, path="", body=None):
            answer = client.generic(
                method,
                PATH + path,
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                HTTP_API_ACCESS_TOKEN=token,
            )
            return answer.status_code, json.loads(answer.content or b"null")

        return ask

    return made


def test_a_script_written_for_chatwoot_works(call):
    ask = call("administrator")
    status, made = ask("POST", body={"short_code": "hello", "content": "Hi {{contact.name}}"})
    assert (status, made["short_code"], made["content"], made["account_id"]) == (
        200, "hello", "Hi {{contact.name}}", 1,
    )  # fmt: skip
    number = made["id"]
    wrapped = {"canned_response": {"content": "Hello!"}}
    assert ask("PATCH", f"/{number}", wrapped)[1]["content"] == "Hello!"
    assert ask("PUT", f"/{number}", {"short_code": "hey"})[1]["short_code"] == "hey"
    assert [row["content"] for row in ask("GET", "?search=hel")[1]] == ["Hello!"]
    assert ask("GET", "?search=nothing") == (200, [])
    assert ask("DELETE", f"/{number}") == (200, {})
    assert ask("DELETE", f"/{number}")[0] == 404
    assert ask("PUT", f"/{number}", {"content": "x"})[0] == 404


def test_each_language_is_written_by_itself(call):
    ask = call("supervisor")
    number = ask("POST", body={"short_code": "a", "contents": {"en": "Yes", "cs": "Ano"}})[1]["id"]
    assert ask("PATCH", f"/{number}", {"content": "Да", "language": "ru"})[1]["content"] == "Да"
    found = ask("GET", "?language=cs-CZ")[1][0]
    assert (found["content"], found["language"]) == ("Ano", "cs")
    assert found["contents"] == {"en": "Yes", "cs": "Ano", "ru": "Да"}
    assert ask("GET", "?language=de")[1][0]["language"] == "en"


def test_what_is_wrong_is_said_and_nothing_stored(call):
    ask = call("administrator")
    for body in (
        {"short_code": "a"},
        {"content": "x"},
        {"short_code": "a", "content": "{{nobody}}"},
        {"short_code": "a", "content": "x", "language": "fr"},
        {"short_code": "a", "content": "x", "scope": "team", "team_id": 99},
        {"short_code": "a", "content": "x", "scope": "all"},
    ):
        assert ask("POST", body=body)[0] == 422, body
    ask("POST", body={"short_code": "a", "content": "x"})
    assert ask("POST", body={"short_code": "a", "content": "y"})[0] == 409
    assert CannedResponse.objects.count() == 1


def test_agents_write_their_own_and_others_nothing(call, client):
    agent, analyst = call("agent"), call("analyst")
    assert agent("POST", body={"short_code": "a", "content": "x"})[0] == 403
    assert agent("POST", body={"short_code": "a", "content": "x", "scope": "personal"})[0] == 200
    assert analyst("GET")[0] == 403
    assert call("administrator")("GET") == (200, [])
    assert client.get(PATH).status_code == 401
    assert agent("GET")[1][0]["scope"] == "personal"


def test_the_document_describes_it():
    paths = json.loads(openapi_document())["paths"]
    one = "/api/v1/accounts/{account_id}/canned_responses"
    assert (set(paths[one]), set(paths[one + "/{number}"])) == ({"get", "post"}, {"put", "patch", "delete"})
