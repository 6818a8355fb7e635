"""Robotic steps in a real browser, on a program of another time served by the test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.support.legacy_program import PASSWORD, LegacyProgram

from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionRequest, CallOutcome, Principal
from rapport.connectors.models import ActionCall, Connector

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}; set CHROMIUM to its path"),
]
ANA = Principal("ana_1", "hmac")
SIGN_IN = """
- open: /login
- fill: {label: User, with: "{user}"}
- fill: {label: Password, with: "{secret}"}
- click: {button: Sign in}
- expect: {text: Menu}
"""
ACTIONS = """
book:
  guard: look
  find: look
  found: number
  steps:
    - open: /new
    - fill: {label: Order, with: "{order_id}"}
    - choose: {label: Reason, option: "{reason}"}
    - click: {button: Book}
      commits: true
      dialog: accept
    - refuse_if: {text: already returned, code: already_returned}
    - expect: {text: Thank you}
    - read: {css: "#number", into: number}
    - download: {link: Slip, into: file}
look:
  effect: read
  owner: owner
  steps:
    - open: "/list?order={order_id}"
    - read: {css: "#number", into: number}
      frame: body
    - read: {css: "#owner", into: owner}
      frame: body
leave:
  effect: read
  personal: false
  steps:
    - open: /away
    - read: {css: body, into: page}
"""


@pytest.fixture
def program() -> Iterator[LegacyProgram]:
    running = LegacyProgram()
    given = {"base_url": f"http://{running.host}", "user": "robot", "secret": PASSWORD}
    rest = {"sign_in": SIGN_IN, "actions": ACTIONS, "timeout_s": "20", "approval": "never"}
    connectors.connect_by_form("browser", "erp", {**given, **rest})
    yield running
    running.close()


def _book(key: str = "k1", order_id: str = "#W1", principal: Principal = ANA) -> CallOutcome:
    arguments = {"order_id": order_id, "reason": "Broken"}
    return connectors.perform(ActionRequest("erp.book", arguments, key, principal, None, "assistant"))


def test_a_return_is_booked_once_with_pictures_and_the_slip(program: LegacyProgram) -> None:
    assert connectors.check_connector("erp") == "signed in"
    outcome = _book()
    assert (outcome.ok, outcome.data["number"], program.booked) == (True, "RET-1", {"#W1": "9"})
    assert [file["name"] for file in outcome.data["screens"]] == ["before.jpg", "after.jpg"]
    assert all(
        connectors.read_call_file(f["ref"]).startswith(b"\xff\xd8\xff") for f in outcome.data["screens"]
    )
    assert connectors.read_call_file(outcome.data["file"]["ref"]) == b"%PDF-1.4 slip"
    assert _book() == outcome
    assert program.booked == {"#W1": "9"}
    again = _book("k2")
    assert (again.ok, again.code) == (False, "already_returned")
    kept = str(list(ActionCall.objects.values())) + str(list(Connector.objects.values("settings", "secret")))
    assert PASSWORD not in kept


def test_a_try_books_nothing(program: LegacyProgram) -> None:
    trial = connectors.try_read("erp.book", {"order_id": "#W1", "reason": "Broken"}, ANA)
    assert (trial.outcome.ok, trial.answer, program.booked) == (True, "step 4: click button 'Book'", {})
    assert trial.outcome.data["screens"][0]["size"] > 1000


def test_another_customer_s_order_is_not_touched(program: LegacyProgram) -> None:
    assert _book(principal=Principal("bob_2", "hmac")).code == "not_owner"
    assert "127.0.0.1 /new" not in program.asked


def test_a_fault_after_the_click_is_looked_up_not_repeated(program: LegacyProgram) -> None:
    program.after_booking = "fault"
    outcome = _book()
    assert (outcome.ok, outcome.data["number"]) == (True, "RET-1")
    assert program.asked.count("127.0.0.1 /book") == 1


def test_an_option_that_is_gone_is_a_refusal_before_anything_happens(program: LegacyProgram) -> None:
    arguments = {"order_id": "#W1", "reason": "Too loud"}
    outcome = connectors.perform(ActionRequest("erp.book", arguments, "k1", ANA, None, "assistant"))
    assert (outcome.code, outcome.message) == ("page_changed", "step 3: choose label 'Reason'")
    assert program.booked == {}


def test_a_system_that_is_down_is_unavailable(program: LegacyProgram) -> None:
    program.status = 503
    assert _book().code == "unavailable"
    assert program.booked == {}
    program.status = 200
    assert _book().ok


def test_no_other_host_is_reached_by_link_picture_or_redirect(program: LegacyProgram) -> None:
    assert _book().ok
    left: Any = connectors.perform(ActionRequest("erp.leave", {}, "", None, None, "assistant"))
    assert left.code == "unavailable"
    assert [place for place in program.asked if place.startswith("localhost")] == []
