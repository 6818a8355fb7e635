"""The telephone of an inbox in the settings."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import AuditEntry
from rapport.channels.kinds.voice.models import Call
from rapport.channels.kinds.voice.sealing import unseal
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo

FORM = {
    "number": "+44 20 7946 0000",
    "account_token": "secret-of-the-platform",
    "transfer_to": "+44 20 7946 0001",
    "team_care": "+44 20 7946 0002",
    "hours": "Mon-Fri 8:00-17:00\nSat 9:00-12:00",
    "timezone": "Europe/Prague",
    "identity_methods": ["order_zip", "email_code"],
    "min_confidence": "0,6",
    "voice_cs": "Some.Voice",
}


@pytest.fixture
def admin(db: None) -> Client:
    staff = accounts.create_staff("root@example.com", "Root Admin", "administrator", "long-enough-password")
    accounts.create_team("care", "Customer care", (staff.pk,))
    client = Client()
    client.force_login(staff)
    return client


def make(admin: Client) -> InboxInfo:
    admin.post("/settings/inboxes/new", {"name": "Hotline", "kind": "voice"})
    (inbox,) = [i for i in conversations.list_inboxes() if i.name == "Hotline"]
    return inbox


def stored(inbox: InboxInfo) -> dict[str, Any]:
    found = conversations.find_inbox_by_id(inbox.id)
    assert found is not None
    return found.settings


def test_a_voice_inbox_shows_the_addresses_to_paste(admin: Client) -> None:
    inbox = make(admin)
    page = admin.get(f"/settings/inboxes/{inbox.id}").content.decode()
    assert f"/voice/{inbox.identifier}/calls" in page
    assert f"/voice/{inbox.identifier}/turns" in page
    assert "rapport call --inbox" in page
    assert inbox.settings == {"languages": ["en"]}


def test_what_is_entered_is_stored_and_the_token_only_sealed(admin: Client) -> None:
    inbox = make(admin)
    assert admin.post(f"/settings/inboxes/{inbox.id}/voice", FORM).status_code == 302
    kept = stored(inbox)
    assert unseal(kept["voice"]["token"]) == "secret-of-the-platform"
    assert kept["voice"]["token"] != "secret-of-the-platform"
    assert kept["voice"]["team_numbers"] == {"care": "+44 20 7946 0002"}
    assert (kept["voice"]["min_confidence"], kept["timezone"]) == (0.6, "Europe/Prague")
    assert kept["identity_methods"] == ["email_code", "order_zip"]
    assert len(kept["opening_hours"]) == 6
    page = admin.get(f"/settings/inboxes/{inbox.id}").content.decode()
    assert "Mon-Fri 8:00-17:00\nSat 9:00-12:00" in page
    for text in (page, str(list(AuditEntry.objects.values_list("detail", flat=True)))):
        assert "secret-of-the-platform" not in text
        assert kept["voice"]["token"] not in text


def test_an_empty_token_leaves_the_one_that_is_there(admin: Client) -> None:
    inbox = make(admin)
    admin.post(f"/settings/inboxes/{inbox.id}/voice", FORM)
    admin.post(f"/settings/inboxes/{inbox.id}/voice", {**FORM, "account_token": "", "number": ""})
    kept = stored(inbox)["voice"]
    assert unseal(kept["token"]) == "secret-of-the-platform"
    assert "number" not in kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "call me"),
        ("transfer_to", "<script>"),
        ("hours", "whenever"),
        ("hours", "Fri-Mon 8:00-17:00"),
        ("hours", "Mon 17:00-8:00"),
        ("timezone", "Middle/Earth"),
        ("timezone", "../etc/passwd"),
        ("min_confidence", "2"),
        ("account_token", "x" * 201),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_stored(admin: Client, name: str, value: str) -> None:
    inbox = make(admin)
    answer = admin.post(f"/settings/inboxes/{inbox.id}/voice", {**FORM, name: value})
    assert answer.status_code == 422
    assert stored(inbox) == {"languages": ["en"]}


def test_only_who_configures_and_only_a_voice_inbox(admin: Client) -> None:
    inbox, web = make(admin), conversations.create_inbox("Website", "web")
    assert admin.post(f"/settings/inboxes/{web.id}/voice", FORM).status_code == 404
    agent = Client()
    agent.force_login(accounts.create_staff("ada@example.com", "Ada", "agent", "long-enough-password"))
    assert agent.post(f"/settings/inboxes/{inbox.id}/voice", FORM).status_code == 403
    assert Client().post(f"/settings/inboxes/{inbox.id}/voice", FORM).status_code == 302
    assert stored(inbox) == {"languages": ["en"]}


def test_the_telephone_on_the_page_calls_the_inbox(admin: Client) -> None:
    inbox = make(admin)
    page = admin.get(f"/settings/inboxes/{inbox.id}/phone")
    assert page["Permissions-Policy"].split(", ")[1] == "microphone=(self)"
    assert 'data-key="#"' in page.content.decode()
    path = f"/settings/inboxes/{inbox.id}/phone/turn"
    answer = admin.post(path, {"call_id": "x", "event": "start"}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["say"][0]["text"].startswith("Hello, this is the virtual assistant of Hotline.")
    (call,) = Call.objects.all()
    assert (call.call_id.startswith("trial-"), call.caller) == (True, "")
    bad = admin.post(
        path, {"event": "explode"}, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert bad.status_code == 422


def test_only_who_configures_may_call_on_the_page(admin: Client) -> None:
    inbox, web = make(admin), conversations.create_inbox("Website", "web")
    agent = Client()
    agent.force_login(accounts.create_staff("ada@example.com", "Ada", "agent", "long-enough-password"))
    for client, number, status in ((agent, inbox.id, 403), (Client(), inbox.id, 302), (admin, web.id, 404)):
        assert client.get(f"/settings/inboxes/{number}/phone").status_code == status
        turned = client.post(
            f"/settings/inboxes/{number}/phone/turn", {"call_id": "x"}, content_type="application/json"
        )
        assert turned.status_code == status
    assert not Call.objects.exists()
