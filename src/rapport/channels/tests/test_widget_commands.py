"""Clicks on the widget's own controls, and what its host page sets."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.channels.tests.conftest import Api
from rapport.channels.tests.test_widget_api import bearer, open_widget
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.jobs.models import Job
from rapport.procedures import api as procedures


@pytest.fixture(autouse=True)
def _book(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(name: str, audience: str) -> procedures.Definition:
        head = {"procedure": name, "version": 1, "identify": "none", "audience": audience}
        return procedures.parse_definition({**head, "title": {"en": name}, "done": {"en": "Done."}})

    book = procedures.ProcedureBook([read("return_items", "both"), read("internal_guide", "staff")])
    monkeypatch.setattr(procedures, "load_book", lambda: book)


@pytest.fixture
def who(api: Api, web_inbox: InboxInfo) -> dict[str, str]:
    return bearer(open_widget(api, web_inbox))


@pytest.fixture
def address(api: Api, who: dict[str, str]) -> str:
    return f"/widget/conversations/{api('POST', '/widget/conversations', {}, **who).data['id']}"


@pytest.mark.parametrize("command", ["start:return_items", "menu", "talk_to_person"])
def test_command_is_stored_once_and_answered(
    api: Api, who: dict[str, str], address: str, command: str
) -> None:
    click = {"command": command, "content": "Return items", "echo_id": "e1"}
    first, again = (api("POST", f"{address}/messages", click, **who) for _ in range(2))
    assert (first.status, first.data["content"]) == (200, "Return items")
    assert first.data["content_attributes"] == {"command": command}
    assert again.data["id"] == first.data["id"]
    assert [j.kind for j in Job.objects.order_by("id")] == ["assistant.greet", "assistant.turn"]


@pytest.mark.parametrize(
    "command", ["start:unpublished", "start:internal_guide", "start:", "confirm:yes", "return_items", ""]
)
def test_unknown_command_is_refused(api: Api, who: dict[str, str], address: str, command: str) -> None:
    refused = api("POST", f"{address}/messages", {"command": command, "content": "x"}, **who)
    assert (refused.status, refused.data["error"]["facts"]) == (422, {"field": "command"})
    assert api("GET", f"{address}/messages", **who).data == []


def test_conversation_may_begin_with_a_command(api: Api, who: dict[str, str]) -> None:
    message = {"command": "start:return_items", "content": "Return items", "echo_id": "e1"}
    started = api("POST", "/widget/conversations", {"language": "cs", "message": message}, **who)
    assert [m["content"] for m in started.data["messages"]] == ["Return items"]
    assert [j.kind for j in Job.objects.all()] == ["assistant.turn"]


def test_host_page_describes_its_customer_without_proof(api: Api, who: dict[str, str]) -> None:
    given: dict[str, Any] = {"name": "Vera", "custom_attributes": {"plan": "gold", "size": 4}}
    assert api("PATCH", "/widget/sessions", given, **who).data["name"] == "Vera"
    forged = {"identifier": "C-7", "identifier_hash": "0" * 64, "custom_attributes": {"size": None}}
    assert api("PATCH", "/widget/sessions", forged, **who).data["is_verified"] is False


def test_host_page_sets_attributes_language_and_listed_labels(api: Api, who: dict[str, str]) -> None:
    number = api("POST", "/widget/conversations", {}, **who).data["id"]
    found = conversations.find_conversation_by_number(number)
    assert found is not None
    found.inbox.settings["widget_labels"] = ["wholesale"]
    changes = {
        "custom_attributes": {"cart": 3, "none": None},
        "language": "de-AT",
        "add_labels": ["wholesale", "vip"],
    }
    from rapport.channels import dialogue, payloads

    changed = dialogue.change_conversation(found, payloads.ConversationChanges(**changes))
    assert changed.custom_attributes == {"cart": 3}
    assert (changed.language, changed.labels) == ("de", ("wholesale",))
    answer = api("PATCH", f"/widget/conversations/{number}", {"custom_attributes": {"cart": None}}, **who)
    assert answer.status == 200
    again = conversations.find_conversation_by_number(number)
    assert again is not None
    assert again.custom_attributes == {}


def test_another_customer_changes_nothing(api: Api, address: str, web_inbox: InboxInfo) -> None:
    stranger = bearer(open_widget(api, web_inbox))
    assert api("PATCH", address, {"language": "ru"}, **stranger).status == 404
    assert api("PATCH", address, {"language": "ru"}).status == 401
