"""``webhooks`` of the application API, in Chatwoot's shape."""

from __future__ import annotations

import json

import pytest

from rapport.channels.openapi import openapi_document
from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.channels.webhooks.sealing import unseal

pytestmark = pytest.mark.django_db
PATH = "/api/v1/accounts/1/webhooks"
URL = "https://crm.example.com/hook"


def test_a_script_written_for_chatwoot_works(admin, inbox):
    asked = {"url": URL, "name": "CRM", "subscriptions": ["message_created", "contact_updated"]}
    made = admin("POST", PATH, asked)
    assert made.status == 200
    hook = made.data["payload"]["webhook"]
    secret = hook.pop("secret")
    assert len(secret) == 43
    assert hook == {
        "id": hook["id"],
        "name": "CRM",
        "url": URL,
        "account_id": 1,
        "subscriptions": ["message_created", "contact_updated"],
        "active": True,
        "personal_data": False,
    }
    assert admin("GET", PATH).data == {"payload": {"webhooks": [hook]}}
    one = f"{PATH}/{hook['id']}"
    wrapped = admin(
        "PATCH", one, {"webhook": {"subscriptions": ["message_updated"], "inbox_id": int(inbox.id)}}
    )
    assert wrapped.data["payload"]["webhook"] == {
        **hook,
        "subscriptions": ["message_updated"],
        "inbox": {"id": int(inbox.id), "name": "Shop"},
    }
    changed = admin("PUT", one, {"inbox_id": None, "active": False, "personal_data": True})
    assert changed.data["payload"]["webhook"] == {
        **hook,
        "subscriptions": ["message_updated"],
        "active": False,
        "personal_data": True,
    }
    assert (admin("DELETE", one).status, admin("DELETE", one).status) == (200, 404)
    assert Webhook.objects.count() == 0


def test_without_a_choice_every_event_is_sent(admin):
    made = admin("POST", PATH, {"url": URL}).data["payload"]["webhook"]
    assert len(made["subscriptions"]) == 12


def test_what_cannot_be_is_refused_and_nothing_stored(admin):
    for body in (
        {},
        {"url": ""},
        {"url": "crm.example.com"},
        {"url": "ftp://crm.example.com/"},
        {"url": "https://"},
        {"url": "https://crm.example.com:99999/"},
        {"url": "https://user:word@crm.example.com/"},
        {"url": "https://crm.example.com/a b"},
        {"url": "https://crm.example.com/\r\nX: y"},
        {"url": URL, "subscriptions": []},
        {"url": URL, "subscriptions": ["everything"]},
        {"url": URL, "inbox_id": 99},
        {"url": URL, "active": "perhaps"},
    ):
        assert admin("POST", PATH, body).status == 422, body
    assert Webhook.objects.count() == 0


def test_only_those_who_configure_may(api, staff, admin):
    made = admin("POST", PATH, {"url": URL}).data["payload"]["webhook"]
    one = f"{PATH}/{made['id']}"
    for method, path, body in (
        ("GET", PATH, None),
        ("POST", PATH, {"url": URL}),
        ("PATCH", one, {"active": False}),
        ("DELETE", one, None),
        ("GET", f"{one}/deliveries", None),
        ("POST", f"{one}/test", None),
        ("POST", f"{one}/replay", None),
        ("POST", f"{one}/deliveries/1/replay", None),
    ):
        assert (api(method, path, body).status, staff(method, path, body).status) == (401, 403)
    assert Webhook.objects.get().is_active
    assert admin("GET", "/api/v1/accounts/2/webhooks").status == 404
    assert admin("PATCH", f"{PATH}/{made['id'] + 1}", {"active": False}).status == 404


def test_deliveries_are_listed_tested_and_replayed(admin):
    hook = admin("POST", PATH, {"url": URL}).data["payload"]["webhook"]["id"]
    sent = admin("POST", f"{PATH}/{hook}/test").data["payload"]
    assert (sent["event"], sent["state"], sent["attempts"], sent["status"]) == (
        "webhook_test",
        "waiting",
        0,
        None,
    )
    dead = [
        Delivery.objects.create(webhook_id=hook, event="message_created", event_id=f"{n}", state="dead").pk
        for n in range(2)
    ]
    listed = admin("GET", f"{PATH}/{hook}/deliveries?state=dead").data["payload"]
    assert [d["id"] for d in listed] == dead[::-1]
    assert [d["id"] for d in admin("GET", f"{PATH}/{hook}/deliveries?before={dead[1]}").data["payload"]] == [
        dead[0],
        sent["id"],
    ]
    one = f"{PATH}/{hook}/deliveries/{dead[0]}/replay"
    assert admin("POST", one).data["payload"]["state"] == "waiting"
    assert admin("POST", one).status == 409
    assert admin("POST", f"{PATH}/{hook}/replay").data == {"replayed": 1}
    assert admin("GET", f"{PATH}/{hook}/deliveries?state=lost").status == 422
    assert admin("GET", f"{PATH}/{hook + 1}/deliveries").status == 404
    assert admin("POST", f"{PATH}/{hook + 1}/deliveries/{dead[0]}/replay").status == 404


def test_an_inbox_with_a_callback_address_gets_a_webhook_of_its_own(admin):
    asked = {"name": "App", "channel": {"type": "api", "webhook_url": URL}}
    made = admin("POST", "/api/v1/accounts/1/inboxes", asked).data
    row = Webhook.objects.get()
    assert (made["webhook"]["id"], made["webhook_url"], row.inbox_id) == (row.pk, URL, made["id"])
    assert unseal(row.secret) == made["webhook"]["secret"]
    assert (len(row.events), row.with_personal_data, row.is_active) == (5, True, True)
    asked["channel"]["webhook_url"] = "nowhere"
    assert admin("POST", "/api/v1/accounts/1/inboxes", asked).status == 422
    assert Webhook.objects.count() == 1


def test_the_document_describes_it():
    paths = json.loads(openapi_document())["paths"]
    one = "/api/v1/accounts/{account_id}/webhooks"
    assert (set(paths[one]), set(paths[one + "/{number}"])) == ({"get", "post"}, {"put", "patch", "delete"})
