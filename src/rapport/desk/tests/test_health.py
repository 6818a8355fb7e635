"""The banner and the page about connected systems that were away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from rapport.connectors import api as connectors
from rapport.connectors.models import Outage
from rapport.conversations.models import Conversation
from rapport.desk.tests.conftest import Desk
from rapport.procedures.models import Mending

START = dt.datetime(2026, 11, 20, 10, 5, tzinfo=dt.UTC)


@pytest.fixture
def away(desk: Desk) -> Outage:
    desk.queued()
    connectors.save_connector("shop", "shop", "http://shop.test", "s")
    conversation = Conversation.objects.get(display_id=1)
    for n, outcome in enumerate(("", "", "done")):
        Mending.objects.create(
            conversation=conversation, key=f"i-{n}:0", procedure="cancel_order", instance=f"i-{n}", system="shop",
            action="shop.cancel_order", way="kept", outcome=outcome,
        )  # fmt: skip
    return Outage.objects.create(
        system="shop", began_at=START, failures=5, spared=2, open_until=START, problem="ConnectorDown: gone"
    )


def test_the_banner_is_empty_while_nothing_is_wrong(desk: Desk, browser: Client) -> None:
    answer = browser.get("/desk/health/banner")
    assert "health-line" not in answer.content.decode()


def test_the_banner_says_since_when_and_what_is_kept(away: Outage, browser: Client) -> None:
    text = browser.get("/desk/health/banner").content.decode()
    assert "Shop has not answered since 10:05." in text
    assert "2 requests are kept and will be done." in text
    Outage.objects.update(kind="slow")
    assert (
        "Shop has been answering slowly since 10:05." in browser.get("/desk/health/banner").content.decode()
    )


def test_the_page_lists_outages_and_what_was_done_instead(away: Outage, browser: Client) -> None:
    text = browser.get("/desk/health").content.decode()
    assert text.count("Kept, then done") == 1
    assert "ConnectorDown: gone" in text
    assert "Cancel an order" in text
    Outage.objects.update(ended_at=START + dt.timedelta(minutes=1))
    assert "Answers again" in browser.get("/desk/health").content.decode()


@pytest.mark.parametrize("path", ["/desk/health", "/desk/health/banner"])
def test_only_those_who_answer_may_look(desk: Desk, path: str) -> None:
    client = Client()
    client.force_login(desk.analyst)
    assert client.get(path).status_code == 403
    assert Client().get(path).status_code == 302
