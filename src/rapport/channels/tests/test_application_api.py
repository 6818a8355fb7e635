"""The application API of staff."""

from __future__ import annotations

import pytest
from django.test.utils import CaptureQueriesContext

from rapport.accounts import api as accounts
from rapport.channels.tests.conftest import Api, Visitor
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo, Owner
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft

BASE = "/api/v1/accounts/1"


@pytest.fixture
def number(visitor: Visitor) -> int:
    return int(visitor.start(message={"content": "Where is my order?"}).rsplit("/", 1)[1])


def info(number: int):
    found = conversations.find_conversation_by_number(number)
    assert found is not None
    return found


PATHS = [
    ("GET", "/conversations", None),
    ("GET", "/conversations/meta", None),
    ("POST", "/conversations", {"inbox_id": 1, "source_id": "x"}),
    ("GET", "/conversations/{n}", None),
    ("GET", "/conversations/{n}/messages", None),
    ("POST", "/conversations/{n}/messages", {"content": "x"}),
    ("POST", "/conversations/{n}/toggle_status", {"status": "resolved"}),
    ("POST", "/conversations/{n}/toggle_priority", {"priority": "high"}),
    ("POST", "/conversations/{n}/assignments", {"assignee_id": 1}),
    ("GET", "/conversations/{n}/labels", None),
    ("POST", "/conversations/{n}/labels", {"labels": ["x"]}),
    ("GET", "/conversations/{n}/decisions", None),
    ("GET", "/contacts", None),
    ("GET", "/contacts/search?q=v", None),
    ("POST", "/contacts", {"name": "x"}),
    ("GET", "/contacts/1", None),
    ("PUT", "/contacts/1", {"name": "x"}),
    ("GET", "/contacts/1/conversations", None),
    ("POST", "/events", {"name": "paid"}),
    ("GET", "/inboxes", None),
    ("POST", "/inboxes", {"name": "x"}),
    ("GET", "/teams", None),
    ("GET", "/agents", None),
    ("GET", "/profile", None),
]


@pytest.mark.parametrize(("method", "path", "body"), PATHS)
def test_nobody_enters_without_a_token_or_into_another_account(
    api: Api, admin: Api, number: int, method: str, path: str, body: dict | None
) -> None:
    path = path.format(n=number)
    before = info(number)
    assert api(method, BASE + path, body).status == 401
    assert api(method, BASE + path, body, **{"api-access-token": "wrong"}).status == 401
    assert admin(method, "/api/v1/accounts/2" + path, body).status == 404
    assert info(number) == before


@pytest.mark.parametrize(("method", "path", "body"), [p for p in PATHS if p[1] not in {"/teams", "/profile"}])
def test_marketers_read_no_conversations(
    db: None, number: int, method: str, path: str, body: dict | None
) -> None:
    user = accounts.create_staff("m@example.com", "Mara", "marketer")
    marketer = Api(**{"api-access-token": accounts.create_token(user, "t")})
    answer = marketer(method, BASE + path.format(n=number), body)
    assert (answer.status, answer.data["error"]["code"]) == (403, "not_permitted")
    assert answer.data["error"]["facts"]["needs"]


def test_list_has_chatwoots_shape_and_costs_one_query(
    staff: Api, number: int, django_assert_num_queries: CaptureQueriesContext
) -> None:
    staff("GET", f"{BASE}/profile")  # the token is known to this process from here on
    with django_assert_num_queries(1):
        answer = staff("GET", f"{BASE}/conversations?status=all")
    assert [c["id"] for c in answer.data["data"]["payload"]] == [number]
    row = answer.data["data"]["payload"][0]
    assert row["status"] == "pending"
    assert row["last_non_activity_message"]["content"] == "Where is my order?"
    assert row["meta"]["sender"]["name"] == "Vera"
    assert answer.data["data"]["meta"] == {"next_cursor": ""}


def test_list_filters_and_counts(staff: Api, visitor: Visitor, number: int) -> None:
    other = int(visitor.start(message={"content": "Refund please"}).rsplit("/", 1)[1])
    staff("POST", f"{BASE}/conversations/{other}/messages", {"content": "On it"})
    staff("POST", f"{BASE}/conversations/{other}/labels", {"labels": ["refund"]})

    def listed(query: str) -> list[int]:
        return [c["id"] for c in staff("GET", f"{BASE}/conversations?{query}").data["data"]["payload"]]

    assert listed("") == [other]
    assert listed("status=all") == [other, number]
    assert listed("status=pending") == [number]
    assert listed("status=all&assignee_type=me") == [other]
    assert listed("status=all&assignee_type=unassigned") == [number]
    assert listed("status=all&labels=refund") == [other]
    assert listed("status=all&labels[]=refund") == [other]
    assert listed("status=all&q=Where") == [number]
    assert listed("status=all&inbox_id=99999") == []
    assert listed("status=all&page=2") == []
    meta = staff("GET", f"{BASE}/conversations?status=all&with_counts=1").data["data"]["meta"]
    counts = {"mine_count": 1, "unassigned_count": 1, "assigned_count": 1, "all_count": 2}
    assert meta == {"next_cursor": "", **counts}
    assert staff("GET", f"{BASE}/conversations/meta?status=all").data["meta"] == counts


def test_cursor_walks_the_whole_list(staff: Api, visitor: Visitor) -> None:
    numbers = [int(visitor.start().rsplit("/", 1)[1]) for _ in range(27)]
    first = staff("GET", f"{BASE}/conversations?status=all").data["data"]
    rest = staff("GET", f"{BASE}/conversations?status=all&cursor={first['meta']['next_cursor']}").data["data"]
    second_page = staff("GET", f"{BASE}/conversations?status=all&page=2").data["data"]
    seen = [c["id"] for c in first["payload"] + rest["payload"]]
    assert seen == sorted(numbers, reverse=True)
    assert second_page["payload"] == rest["payload"]
    assert rest["meta"]["next_cursor"] == ""


def test_reply_takes_the_conversation_from_the_assistant(staff: Api, visitor: Visitor, number: int) -> None:
    before = info(number)
    answer = staff(
        "POST", f"{BASE}/conversations/{number}/messages", {"content": "I look into it", "echo_id": "a1"}
    )
    assert answer.status == 200
    assert (answer.data["message_type"], answer.data["sender"]["type"]) == (1, "user")
    after = info(number)
    assert (after.owner, after.status.value) == (Owner.AGENT, "open")
    assert after.generation > before.generation
    again = staff(
        "POST", f"{BASE}/conversations/{number}/messages", {"content": "I look into it", "echo_id": "a1"}
    )
    assert again.data["id"] == answer.data["id"]
    shown = visitor.api("GET", f"{visitor.base}/conversations/{number}/messages").data
    assert [m["content"] for m in shown if m["message_type"] == 1] == ["I look into it"]


def test_note_is_private_and_takes_nothing(staff: Api, visitor: Visitor, number: int) -> None:
    note = staff("POST", f"{BASE}/conversations/{number}/messages", {"content": "VIP!", "private": True})
    assert note.data["private"] is True
    assert info(number).owner is Owner.ASSISTANT
    assert "VIP!" not in str(visitor.api("GET", f"{visitor.base}/conversations/{number}").data)
    assert "VIP!" in str(staff("GET", f"{BASE}/conversations/{number}/messages").data)


def test_incoming_message_is_the_customers(staff: Api, number: int) -> None:
    message = {"content": "from elsewhere", "message_type": "incoming"}
    answer = staff("POST", f"{BASE}/conversations/{number}/messages", message)
    assert (answer.data["message_type"], answer.data["sender"]["type"]) == (0, "contact")
    assert info(number).owner is Owner.ASSISTANT


def test_status_moves(staff: Api, number: int) -> None:
    def move(**payload: object) -> dict:
        return staff("POST", f"{BASE}/conversations/{number}/toggle_status", payload).data["payload"]

    assert move(status="open")["owner"] == "agent"
    assert move(status="pending")["owner"] == "assistant"
    assert move(status="resolved")["current_status"] == "resolved"
    assert move()["current_status"] == "open"
    assert move()["current_status"] == "resolved"
    assert move(status="pending")["current_status"] == "pending"
    assert move(status="snoozed", snoozed_until=4102444800 - 2_000_000_000)["snoozed_until"] == 2102444800
    refused = staff(
        "POST", f"{BASE}/conversations/{number}/toggle_status", {"status": "snoozed", "snoozed_until": 1}
    )
    assert refused.status == 422


def test_assignment(staff: Api, admin: Api, number: int) -> None:
    me = staff("GET", f"{BASE}/profile").data["id"]
    boss = admin("GET", "/api/v1/profile").data["id"]
    path = f"{BASE}/conversations/{number}/assignments"
    assert staff("POST", path, {"assignee_id": me}).data["name"] == "Ada Agent"
    assert staff("POST", path, {"assignee_id": boss}).status == 403
    assert admin("POST", path, {"assignee_id": boss}).data["id"] == boss
    assert info(number).assignee_id == boss
    assert admin("POST", path, {"assignee_id": 0}).data is None
    assert info(number).owner is Owner.QUEUE
    assert admin("POST", path, {"assignee_id": 999_999}).status == 422


def test_labels_priority_and_attributes(staff: Api, number: int) -> None:
    path = f"{BASE}/conversations/{number}"
    assert staff("POST", f"{path}/labels", {"labels": ["a", "b", "a"]}).data == {"payload": ["a", "b"]}
    assert staff("GET", f"{path}/labels").data == {"payload": ["a", "b"]}
    assert staff("POST", f"{path}/toggle_priority", {"priority": "urgent"}).status == 200
    assert staff("POST", f"{path}/custom_attributes", {"custom_attributes": {"plan": "gold"}}).status == 200
    assert staff("POST", f"{path}/update_last_seen").status == 200
    shown = staff("GET", path).data
    assert (shown["priority"], shown["custom_attributes"], shown["unread_count"]) == (
        "urgent",
        {"plan": "gold"},
        0,
    )


def test_decisions_are_for_supervisors(staff: Api, admin: Api, number: int) -> None:
    draft = DecisionDraft("turn", "answer:x", conversation_id=info(number).id, confidence=0.9, threshold=0.7)
    governance.record_decision(draft)
    assert staff("GET", f"{BASE}/conversations/{number}/decisions").status == 403
    listed = admin("GET", f"{BASE}/conversations/{number}/decisions").data["payload"]
    assert [(d["chosen"], d["confidence"]) for d in listed] == [("answer:x", 0.9)]


def test_contacts(staff: Api, inbox: InboxInfo) -> None:
    profile = {"name": "Nora", "email": "Nora@Example.com", "identifier": "N-1", "inbox_id": inbox.id}
    created = staff("POST", f"{BASE}/contacts", profile).data["payload"]
    assert created["contact"]["identifier"] == "N-1"
    assert created["contact_inbox"]["inbox"]["id"] == inbox.id
    assert staff("POST", f"{BASE}/contacts", profile).status == 409
    found = staff("GET", f"{BASE}/contacts/search?q=nora").data
    assert (found["meta"]["count"], found["payload"][0]["name"]) == (1, "Nora")
    one = f"{BASE}/contacts/{created['contact']['id']}"
    assert (
        staff("PUT", one, {"phone_number": "+420777000111"}).data["payload"]["phone_number"]
        == "+420777000111"
    )
    assert staff("PATCH", one, {"blocked": True}).data["payload"]["blocked"] is True
    assert staff("GET", one).data["payload"]["email"] == "nora@example.com"
    assert staff("GET", f"{one}/conversations").data == {"payload": []}
    assert staff("GET", f"{BASE}/contacts").data["meta"] == {"count": 1, "current_page": 1}
    assert staff("GET", f"{BASE}/contacts/99999").status == 404


def test_conversation_opened_by_a_program(staff: Api, inbox: InboxInfo) -> None:
    created = staff("POST", f"{BASE}/contacts", {"name": "Nora", "inbox_id": inbox.id}).data["payload"]
    payload = {
        "inbox_id": inbox.id,
        "source_id": created["contact_inbox"]["source_id"],
        "additional_attributes": {"mail_subject": "Your order"},
        "message": {"content": "It is delayed."},
    }
    opened = staff("POST", f"{BASE}/conversations", payload)
    assert opened.status == 200
    assert opened.data["additional_attributes"]["mail_subject"] == "Your order"
    assert (opened.data["owner"], opened.data["status"]) == ("agent", "open")
    by_contact = {"inbox_id": inbox.id, "contact_id": created["contact"]["id"], "status": "pending"}
    assert staff("POST", f"{BASE}/conversations", by_contact).data["status"] == "pending"
    assert len(staff("GET", f"{BASE}/contacts/{created['contact']['id']}/conversations").data["payload"]) == 2


def test_inboxes_show_secrets_to_configurers_only(staff: Api, admin: Api) -> None:
    assert staff("POST", f"{BASE}/inboxes", {"name": "Mine"}).status == 403
    channel = {"type": "web_widget", "widget_color": "#123456", "hmac_mandatory": True}
    made = admin("POST", f"{BASE}/inboxes", {"name": "New shop", "channel": channel}).data
    assert (made["channel_type"], made["widget_color"]) == ("Channel::WebWidget", "#123456")
    assert made["hmac_token"]
    listed = staff("GET", f"{BASE}/inboxes").data["payload"]
    assert [(i["name"], "hmac_token" in i) for i in listed] == [("New shop", False)]


def test_teams_agents_and_profile(staff: Api) -> None:
    accounts.create_team("care", "Customer care")
    assert [t["key"] for t in staff("GET", f"{BASE}/teams").data] == ["care"]
    assert [a["name"] for a in staff("GET", f"{BASE}/agents").data] == ["Ada Agent"]
    profile = staff("GET", "/api/v1/profile").data
    assert (profile["email"], profile["permissions"]) == ("ada@example.com", ["answer"])


def test_revoked_token_dies(db: None, api: Api) -> None:
    user = accounts.create_staff("x@example.com", "X", "agent")
    token = accounts.create_token(user, "t")
    from rapport.accounts.models import ApiToken

    accounts.revoke_token(ApiToken.objects.get(name="t").pk, actor_id=user.pk)
    assert api("GET", f"{BASE}/profile", **{"api-access-token": token}).status == 401
