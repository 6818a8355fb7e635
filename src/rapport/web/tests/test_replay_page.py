"""Past conversations with a changed procedure, as a page of the settings."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client

from rapport.accounts import api as accounts
from rapport.procedures.models import Rehearsal
from rapport.testing.rehearsal.past import PastReplay
from rapport.testing.rehearsal.replaying import Compared

FOUND = [
    Compared(1, "other_action", 3, "[does shop.cancel_order] Done.", "[does shop.stop_order] Done."),
    Compared(2, "same", 0, "", ""),
    Compared(3, "records_changed", 0, "", ""),
]
ASKED: list[tuple[str, int, float]] = []


def replayer(source: str, limit: int, patience_s: float) -> PastReplay:
    """Stands for the real one."""
    ASKED.append((source, limit, patience_s))
    return PastReplay("cancel_order", tuple(FOUND), left=2)


@pytest.fixture
def browser(db: None, settings: LazySettings) -> Client:
    settings.PROCEDURE_REPLAYER = f"{__name__}.replayer"
    ASKED.clear()
    client = Client()
    client.force_login(accounts.create_staff("admin@example.com", "Robin Keller", "administrator"))
    return client


def test_the_page_comes_at_once_and_fetches_what_differs(browser: Client) -> None:
    number = Rehearsal.objects.create(procedure="cancel_order", source="procedure: cancel_order").pk
    path = f"/settings/procedures/rehearsals/{number}/replay"
    page = browser.get(path).content.decode()
    assert f'hx-get="{path}?limit=50"' in page
    assert ASKED == []
    part = browser.get(f"{path}?limit=100", headers={"HX-Request": "true"}).content.decode()
    assert ASKED == [("procedure: cancel_order", 100, 15.0)]
    assert "3 conversations, 1 come out differently." in " ".join(part.split())
    assert "There was no time for 2 more." in part
    for words in ("Something else is done", "shop.stop_order", "Nothing differs", "Cannot be told"):
        assert words in part
    assert "Nothing differs" in browser.get(f"{path}?now=1&limit=7").content.decode()
    assert ASKED[-1][1] == 50, "an odd limit is the usual one"
    assert browser.get("/settings/procedures/rehearsals/999/replay").status_code == 404


def test_without_the_right_to_edit_procedures_there_is_no_page(browser: Client) -> None:
    client = Client()
    client.force_login(accounts.create_staff("agent@example.com", "Alex Berger", "agent"))
    assert client.get("/settings/procedures/rehearsals/1/replay").status_code == 403
