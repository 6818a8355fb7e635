"""The receiver of the how-to page, run as it is printed, against real deliveries."""

from __future__ import annotations

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rapport.channels.webhooks import api as webhooks
from rapport.channels.webhooks.models import Delivery, Webhook
from rapport.channels.webhooks.sealing import seal
from rapport.conversations import api as conversations
from rapport.kernel.clock import use_clock

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[5] / "docs" / "howto" / "receive-webhooks.md"


def printed_receiver() -> str:
    return re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the receiver did not start")


def test_it_takes_what_is_genuine_and_refuses_what_is_not(talk, admin, settle, tmp_path):
    port = free_port()
    draft = webhooks.WebhookDraft("howto", f"http://127.0.0.1:{port}/", ("message_created",))
    hook, secret = webhooks.create_webhook(draft, admin)
    script = tmp_path / "receiver.py"
    script.write_text(printed_receiver(), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), str(port)],
        env={**os.environ, "WEBHOOK_SECRET": secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        wait_for(port)
        with use_clock(lambda: dt.datetime.now(dt.UTC)):
            conversations.receive_message(talk.id, "Hi")
            settle()
            genuine = Delivery.objects.get()
            Webhook.objects.update(secret=seal("another"))
            forged = webhooks.send_test(hook.id, admin)
            settle()
    finally:
        process.kill()
        output = process.communicate()[0]
    assert (genuine.state, genuine.status) == ("delivered", 204)
    assert output == f"{genuine.uuid} message_created 1\n"
    assert webhooks.find_delivery(hook.id, forged.id).status == 401


def test_it_is_as_short_as_promised():
    lines = [line for line in printed_receiver().splitlines() if line.strip()]
    assert len(lines) <= 20
