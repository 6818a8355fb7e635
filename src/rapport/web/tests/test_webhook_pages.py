"""Settings › Webhooks."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from rapport.accounts.api import create_staff
from rapport.accounts.models import AuditEntry
from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.channels.webhooks.sealing import unseal
from rapport.jobs.models import Job

pytestmark = pytest.mark.django_db
PATH = "/settings/webhooks/"
FORM = {
    "url": "https://crm.example.com/hook/s3cret",
    "name": "<b>CRM</b>",
    "events": ["message_created", "contact_created"],
    "inbox_id": "",
    "personal_data": "redacted",
    "is_active": "1",
}


def _browser(role="administrator"):
    client = Client()
    client.force_login(create_staff(f"{role}@example.com", role.title(), role))
    return client


@pytest.fixture
def browser():
    return _browser()


@pytest.fixture
def hook(browser):
    browser.post(PATH + "new", FORM)
    return Webhook.objects.get()


def _dead(hook, **changes):
    values = {"event": "message_created", "event_id": "1.message_created", "state": "dead", "attempts": 12}
    log = [{"at": "2026-05-04T09:00:00+00:00", "status": 500, "took_ms": 12, "problem": "status"}]
    more = {"finished_at": dt.datetime(2026, 5, 4, tzinfo=dt.UTC), "log": log, "body": '{"content":"<i>Hi"}'}
    return Delivery.objects.create(webhook=hook, **{**values, **more, "answer": "<oops>", **changes})


def test_the_secret_of_a_new_one_is_shown_this_once(browser):
    made = browser.post(PATH + "new", FORM)
    row = Webhook.objects.get()
    page = made.content.decode()
    assert (made.status_code, unseal(row.secret) in page, "no-store" in made.headers["Cache-Control"]) == (
        200,
        True,
        True,
    )
    assert (row.events, row.with_personal_data, row.is_active, row.inbox_id) == (
        ["message_created", "contact_created"],
        False,
        True,
        None,
    )
    assert "&lt;b&gt;CRM" in page
    again = browser.get(f"{PATH}{row.pk}").content.decode()
    assert unseal(row.secret) not in again
    assert "crm.example.com" in browser.get(PATH).content.decode()
    entry = AuditEntry.objects.get(kind="webhook_created")
    assert (entry.detail["host"], "s3cret" in str(entry.detail)) == ("crm.example.com", False)


def test_what_cannot_be_is_said_beside_what_was_written(browser):
    for change, said in (
        ({"url": "crm"}, "Give an address that starts with https://"),
        ({"events": []}, "Choose at least one event."),
        ({"events": ["all"]}, "There is no such event: all."),
        ({"inbox_id": "77"}, "There is no such inbox."),
    ):
        answer = browser.post(PATH + "new", {**FORM, **change})
        assert (answer.status_code, said in answer.content.decode()) == (422, True), change
        assert "&lt;b&gt;CRM" in answer.content.decode()
    assert Webhook.objects.count() == 0


def test_one_is_changed_paused_given_a_new_secret_and_deleted(browser, hook):
    one = f"{PATH}{hook.pk}"
    changed = {**FORM, "events": ["message_updated"], "personal_data": "full"}
    changed.pop("is_active")
    assert browser.post(f"{one}/edit", changed).status_code == 302
    after = Webhook.objects.get()
    assert (after.events, after.is_active, after.with_personal_data) == (["message_updated"], False, True)
    assert after.secret == hook.secret
    page = browser.post(f"{one}/secret").content.decode()
    renewed = unseal(Webhook.objects.get().secret)
    assert (renewed in page, renewed != unseal(hook.secret)) == (True, True)
    assert browser.post(f"{one}/delete").status_code == 302
    assert Webhook.objects.count() == 0
    kinds = list(AuditEntry.objects.filter(kind__startswith="webhook").values_list("kind", flat=True))
    assert sorted(kinds) == [
        "webhook_changed",
        "webhook_created",
        "webhook_deleted",
        "webhook_secret_changed",
    ]


def test_a_test_event_is_put_on_its_way_and_shown(browser, hook):
    sent = browser.post(f"{PATH}{hook.pk}/test")
    delivery = Delivery.objects.get()
    assert sent.headers["Location"] == f"{PATH}{hook.pk}/deliveries/{delivery.pk}"
    assert (delivery.event, delivery.state) == ("webhook_test", "waiting")
    assert list(Job.objects.values_list("kind", flat=True)) == ["webhooks.deliver"]
    page = browser.get(sent.headers["Location"]).content.decode()
    assert 'hx-trigger="every 1s"' in page


def test_deliveries_are_listed_read_and_replayed(browser, hook):
    dead = _dead(hook)
    _dead(hook, event_id="2.message_created", state="delivered", event="contact_created")
    one = f"{PATH}{hook.pk}"
    page = browser.get(one).content.decode()
    assert ("message_created</a>" in page, "contact_created</a>" in page) == (True, True)
    page = browser.get(f"{one}?state=dead").content.decode()
    assert ("message_created</a>" in page, "contact_created</a>" in page) == (True, False)
    page = browser.get(f"{one}/deliveries/{dead.pk}").content.decode()
    assert ("&lt;oops&gt;" in page, "&lt;i&gt;Hi" in page, "<i>Hi" in page, "500" in page) == (
        True,
        True,
        False,
        True,
    )
    assert browser.post(f"{one}/deliveries/{dead.pk}/replay").status_code == 302
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("waiting", 0)
    browser.post(f"{one}/deliveries/{dead.pk}/replay")
    dead.refresh_from_db()
    assert dead.state == "waiting"


def test_all_dead_ones_are_replayed(browser, hook):
    _dead(hook)
    _dead(hook, event_id="2.message_created")
    _dead(hook, event_id="3.message_created", state="delivered")
    assert browser.post(f"{PATH}{hook.pk}/replay").status_code == 302
    assert Delivery.objects.filter(state="waiting").count() == 2


def test_a_look_at_what_customers_said_is_on_record(browser, hook):
    delivery = _dead(hook, subject="conversation:7")
    path = f"{PATH}{hook.pk}/deliveries/{delivery.pk}"
    browser.get(path)
    assert not AuditEntry.objects.filter(kind="webhook_delivery_viewed").exists()
    Webhook.objects.update(with_personal_data=True)
    browser.get(path)
    entry = AuditEntry.objects.get(kind="webhook_delivery_viewed")
    assert entry.detail == {"delivery": delivery.uuid, "about": "conversation:7"}


@pytest.mark.parametrize("role", ["agent", "supervisor", "analyst"])
def test_only_those_who_configure_get_in(role, hook):
    delivery = _dead(hook)
    client = _browser(role)
    one = f"{PATH}{hook.pk}"
    for path in (PATH, PATH + "new", one, f"{one}/edit", f"{one}/deliveries/{delivery.pk}"):
        assert client.get(path).status_code == 403, path
    for path in ("test", "secret", "replay", "delete", f"deliveries/{delivery.pk}/replay"):
        assert client.post(f"{one}/{path}").status_code == 403, path
    assert Client().get(PATH).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, Delivery.objects.count()) == ("dead", 1)


def test_what_is_not_there_is_not_found(browser, hook):
    other = Webhook.objects.create(url="https://x.example", secret="", events=[])
    delivery = _dead(other)
    for path in (f"{PATH}999", f"{PATH}999/edit", f"{PATH}{hook.pk}/deliveries/{delivery.pk}"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"{PATH}{hook.pk}/deliveries/{delivery.pk}/replay").status_code == 404
