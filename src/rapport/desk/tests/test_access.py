"""Who may open the desk, and who may do something there."""

from __future__ import annotations

import pytest
from django.test import Client

from rapport.desk.tests.conftest import Desk

PAGES = (
    "/desk/",
    "/desk/list",
    "/desk/conversations/1",
    "/desk/conversations/1/thread",
    "/desk/conversations/1/panel",
)
MOVES = (
    "take",
    "release",
    "give-back",
    "resolve",
    "reopen",
    "snooze",
    "priority",
    "labels",
    "messages",
    "assign",
)


@pytest.mark.parametrize("path", PAGES)
def test_anonymous_visitors_are_sent_to_the_sign_in_page(desk: Desk, path: str) -> None:
    desk.queued()
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=/desk/")


def test_a_partial_request_of_an_anonymous_visitor_gets_401_and_no_page(desk: Desk) -> None:
    answer = Client().get("/desk/list", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize("path", PAGES)
def test_a_role_without_the_permission_may_not_look(desk: Desk, path: str) -> None:
    desk.queued()
    client = Client()
    client.force_login(desk.analyst)
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_an_agent_may_look(desk: Desk, browser: Client, path: str) -> None:
    desk.queued()
    assert browser.get(path).status_code == 200


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("who", ["anonymous", "analyst"])
def test_nothing_changes_for_those_who_may_not(desk: Desk, move: str, who: str) -> None:
    info = desk.queued()
    client = Client()
    if who == "analyst":
        client.force_login(desk.analyst)
    answer = client.post(f"/desk/conversations/{info.display_id}/{move}", {"content": "hello"})
    assert answer.status_code == (302 if who == "anonymous" else 403)
    assert desk.fresh(info) == info


def test_moves_need_a_csrf_token(desk: Desk) -> None:
    info = desk.queued()
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.agent)
    assert client.post(f"/desk/conversations/{info.display_id}/take").status_code == 403
    assert desk.fresh(info) == info


@pytest.mark.parametrize("path", ["/desk/conversations/999", "/desk/conversations/999/thread"])
def test_an_unknown_number_is_not_found(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


def test_moves_are_posts(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    assert browser.get(f"/desk/conversations/{info.display_id}/take").status_code == 405
