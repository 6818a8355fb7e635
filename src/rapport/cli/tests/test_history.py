"""A small past of the demonstration, made twice."""

import dataclasses
import datetime as dt
import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn
from django.conf import settings
from django.core import mail

from demo_shop.app import create_app
from demo_shop.generate import generate
from rapport import bootstrap
from rapport.cli import demo
from rapport.cli.history import ENDINGS, simulate_history
from rapport.cli.shop import shop_database
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.jobs.models import FeedEvent, Job
from rapport.kernel.clock import SteppedClock, use_clock
from rapport.procedures import api as procedures
from rapport.testing.scripted_engine import ScriptedEngine

NOW = dt.datetime(2026, 5, 20, 16, 0, tzinfo=dt.UTC)
SMALL = len(ENDINGS) + 3


@contextmanager
def shop_in_thread(config):
    """As `shop_apart`, without a process of its own."""
    secret = bootstrap.derive_secret(config, "demo-shop")
    shop = create_app(shop_database(config.data_dir), secret=secret, allow_backdating=True)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(shop, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        connectors.save_connector(
            "shop", "shop", f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1", secret
        )
        yield
        server.should_exit = True
        thread.join()


@pytest.fixture
def config(db, tmp_path, monkeypatch):
    """A demonstration with a small shop and understanding by words."""
    monkeypatch.setattr("demo_shop.generate.CUSTOMERS", 60)
    monkeypatch.setattr("demo_shop.generate.ORDERS", 240)
    monkeypatch.setattr("rapport.cli.history.shop_apart", shop_in_thread)
    monkeypatch.setattr(bootstrap, "load_engine", ScriptedEngine)
    monkeypatch.setattr(bootstrap, "load_encoder", lambda: None)
    config = dataclasses.replace(settings.CONFIG, data_dir=tmp_path)
    generate(shop_database(tmp_path), today=NOW)
    demo.make_desk(config)
    demo.make_procedures(config)
    procedures.forget_book()
    return config


def make(config):
    with use_clock(SteppedClock(NOW)):
        return simulate_history(config, lambda _: None, count=SMALL)


def said():
    found = []
    for info in sorted(
        conversations.list_conversations(conversations.ListFilter(), limit=100).rows,
        key=lambda i: i.display_id,
    ):
        found.append((info.language, info.owner.value, info.status.value, info.created_at))
        found += [(m.type.value, m.content, m.created_at) for m in conversations.list_messages(int(info.id))]
    return found


@pytest.mark.django_db
def test_a_past_is_made_once_and_leaves_nothing_to_be_done(config):
    assert make(config) == SMALL
    report = json.loads((config.data_dir / "history.json").read_text())
    assert report["failures"] == {}
    assert report["refused_clicks"] == 0
    standing = [(o, s) for _, o, s, _ in (row for row in said() if len(row) == 4)]
    assert standing.count(("agent", "open")) == 3
    assert standing.count(("queue", "open")) >= 5
    assert standing.count(("queue", "open")) + standing.count(("assistant", "pending")) == 8
    assert standing.count(("agent", "snoozed")) == 1
    assert not FeedEvent.objects.filter(is_dispatched=False).exists()
    assert not Job.objects.filter(state="ready", run_at__lte=NOW).exists()
    assert mail.outbox == []
    assert make(config) == 0


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_past(config):
    make(config)
    first = said()
    from rapport.conversations.models import Conversation, DisplayCounter

    Conversation.objects.all().delete()
    DisplayCounter.objects.all().delete()
    (config.data_dir / "history.json").unlink()
    generate(shop_database(config.data_dir), today=NOW)
    make(config)
    assert said() == first
