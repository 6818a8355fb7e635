"""`rapport doctor` on webhooks."""

from __future__ import annotations

import pytest
from django.conf import settings

from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.cli.doctor import check_webhooks

pytestmark = pytest.mark.django_db


def _hook(**values):
    return Webhook.objects.create(url="https://crm.example.com/s3cret", secret="", events=[], **values)


def test_it_names_dead_deliveries_and_receivers_that_fail():
    well, dead, failing = _hook(), _hook(), _hook(failures=3, problem="timeout")
    paused = _hook(is_active=False)
    for number in range(2):
        Delivery.objects.create(webhook=dead, event="message_created", event_id=str(number), state="dead")
    found = [(f.level, f.text) for f in check_webhooks(settings.CONFIG)]
    assert found == [
        ("ok", f"webhook {well.pk} to crm.example.com"),
        ("wrong", f"webhook {dead.pk} to crm.example.com: 2 dead deliveries"),
        ("note", f"webhook {failing.pk} to crm.example.com fails: timeout, 3 times in a row"),
        ("note", f"webhook {paused.pk} to crm.example.com is paused"),
    ]
