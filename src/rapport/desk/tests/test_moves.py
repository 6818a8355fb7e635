"""What staff can do with a conversation."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from rapport.conversations import api as conversations
from rapport.conversations.contracts import ConversationInfo, Owner, Status
from rapport.desk.tests.conftest import Desk

HTMX = {"HX-Request": "true"}


def _do(browser: Client, info: ConversationInfo, move: str, **data: str) -> Any:
    return browser.post(f"/desk/conversations/{info.display_id}/{move}", data, headers=HTMX)


def test_taking_a_queued_conversation_makes_it_the_agents(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    answer = _do(browser, info, "take")
    after = desk.fresh(info)
    assert (after.owner, after.status, after.assignee_id) == (Owner.AGENT, Status.OPEN, desk.agent.pk)
    assert json.loads(answer["HX-Trigger"])["toast"] == "The conversation is yours now."
    assert 'id="thread"' in answer.content.decode()


def test_without_htmx_a_move_leads_back_to_the_conversation(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    answer = browser.post(f"/desk/conversations/{info.display_id}/take")
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/conversations/{info.display_id}")


def test_a_reply_takes_the_conversation_over_from_the_assistant(desk: Desk, browser: Client) -> None:
    info = desk.conversation()
    _do(browser, info, "messages", content="Hello, I am Alex.")
    after = desk.fresh(info)
    last = conversations.list_latest_messages(info.id)[-1]
    assert (after.owner, after.assignee_id) == (Owner.AGENT, desk.agent.pk)
    assert (last.content, last.sender.kind, last.is_private) == ("Hello, I am Alex.", "user", False)


def test_a_private_note_takes_nothing_over_and_stays_private(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    _do(browser, info, "messages", content="Check the warehouse.", kind="note")
    after = desk.fresh(info)
    assert (after.owner, after.assignee_id, after.preview) == (Owner.QUEUE, None, info.preview)
    assert conversations.list_latest_messages(info.id)[-1].is_private
    assert (
        conversations.list_latest_messages(info.id, with_private=False)[-1].content != "Check the warehouse."
    )


def test_an_empty_reply_is_refused_in_words(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    answer = _do(browser, info, "messages", content="   ")
    assert (answer.status_code, answer["X-Problem"]) == (409, "Write%20something%20first.")
    assert desk.fresh(info) == info


def test_send_and_resolve(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    _do(browser, info, "messages", content="Done.", then="resolve")
    assert desk.fresh(info).status is Status.RESOLVED


def test_giving_back_lets_the_assistant_own_it(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    _do(browser, info, "give-back")
    after = desk.fresh(info)
    assert (after.owner, after.status, after.assignee_id) == (Owner.ASSISTANT, Status.PENDING, None)


def test_an_impossible_move_changes_nothing_and_says_so(desk: Desk, browser: Client) -> None:
    info = desk.conversation()
    answer = _do(browser, info, "release")
    assert answer.status_code == 409
    assert desk.fresh(info) == info


def test_assigning_to_a_colleague(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    _do(browser, info, "assign", staff_id=str(desk.colleague.pk))
    assert desk.fresh(info).assignee_id == desk.colleague.pk
    assert _do(browser, info, "assign", staff_id="77").status_code == 409


def test_snoozing_needs_one_of_the_offered_moments(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.agent)
    assert _do(browser, info, "snooze", until="never").status_code == 409
    _do(browser, info, "snooze", until="tomorrow")
    after = desk.fresh(info)
    assert after.status is Status.SNOOZED
    assert after.snoozed_until is not None


def test_reopening_makes_it_the_agents(desk: Desk, browser: Client) -> None:
    info = desk.taken(desk.colleague)
    conversations.resolve(info.id, "Sam Novak")
    _do(browser, info, "reopen")
    after = desk.fresh(info)
    assert (after.status, after.owner, after.assignee_id) == (Status.OPEN, Owner.AGENT, desk.agent.pk)


def test_priority_and_labels(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    _do(browser, info, "priority", priority="urgent")
    _do(browser, info, "labels", add="  Big  Return ")
    _do(browser, info, "labels", add="vip")
    _do(browser, info, "labels", remove="vip")
    after = desk.fresh(info)
    assert (after.priority, after.labels) == ("urgent", ("big-return",))
    assert _do(browser, info, "priority", priority="loud").status_code == 409
    _do(browser, info, "priority", priority="")
    assert desk.fresh(info).priority is None


def test_the_next_one_is_who_waited_longest(desk: Desk, browser: Client) -> None:
    first, second = desk.queued("First"), desk.queued("Second")
    answer = browser.post("/desk/next")
    assert answer["Location"] == f"/desk/conversations/{first.display_id}?view=mine"
    assert desk.fresh(first).assignee_id == desk.agent.pk
    assert desk.fresh(second).owner is Owner.QUEUE


def test_the_next_one_of_an_empty_queue_leads_back_to_the_desk(browser: Client) -> None:
    assert browser.post("/desk/next")["Location"] == "/desk/"
