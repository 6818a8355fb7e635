"""The disposition at the desk: filled in on resolving, shown with its grounds, corrected, filtered, exported."""

from __future__ import annotations

import csv
import io
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapport.accounts.api import create_staff
from rapport.assistant.models import Dialogue
from rapport.connectors.models import ActionCall
from rapport.conversations import api as conversations
from rapport.conversations.contracts import (
    TURN_JOB,
    ConversationInfo,
    DispositionRules,
    MessageDraft,
    MessageType,
    RootCause,
    Sender,
    Status,
)
from rapport.desk.api import fill_missing_dispositions
from rapport.desk.jobs import KINDS, SUBSCRIPTIONS
from rapport.desk.tests.conftest import Desk
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.jobs import api as jobs
from rapport.jobs.api import JobKind, Registry
from rapport.procedures.contracts import DialogueState, Frame, Option, SlotValue
from rapport.procedures.logic.state import state_to_json
from rapport.understanding.models.examples import TrainingExample


def solved(desk: Desk, status: str = "done", order: str = "#W7") -> ConversationInfo:
    """A conversation in which the assistant cancelled an order."""
    info = desk.conversation(text="please cancel my order")
    message = conversations.list_latest_messages(info.id)[0]
    slots = {"order": SlotValue((Option(order, f"Order {order}"),), "chosen")}
    state = DialogueState(finished=(Frame("s-1", "cancel_order", 1, status, slots),))  # type: ignore[arg-type]
    Dialogue.objects.create(conversation_id=info.id, role="customer", state=state_to_json(state))
    understood = {"language": "en", "intents": [{"name": "cancel_order", "probability": 0.9, "segment": 0}]}
    draft = DecisionDraft(
        "turn", "start:cancel_order", int(info.id), confidence=0.9, understanding=understood,
        evidence=({"kind": "message", "ref": int(message.id)},),
    )  # fmt: skip
    governance.record_decision(draft)
    ActionCall.objects.create(
        key="k1",
        action="shop.cancel_order",
        arguments={"order_id": order},
        conversation_id=info.id,
        state="done",
    )
    return desk.fresh(info)


def follow() -> None:
    """Let the desk's followers react to what has happened."""
    jobs.run_due(Registry([*KINDS, JobKind(TURN_JOB, lambda *_: None)]), subscriptions=SUBSCRIPTIONS)


def _values(info: ConversationInfo) -> dict[str, tuple[str, str]]:
    found = conversations.find_disposition(int(info.id))
    assert found is not None
    return {name: (v.value, v.state) for name, v in found.values.items() if v.state}


def test_it_is_filled_in_whoever_resolves_and_again_after_reopening(desk: Desk) -> None:
    info = solved(desk)
    conversations.resolve(info.id, "the customer")
    follow()
    assert _values(info) == {
        "reason": ("cancel_order", "proposed"),
        "outcome": ("solved_by_assistant", "proposed"),
        "order_ref": ("#W7", "proposed"),
        "actions": ("shop.cancel_order", "proposed"),
    }
    conversations.reopen(info.id, "Alex")
    follow()
    assert "outcome" not in _values(info)
    conversations.take(info.id, desk.agent.pk, "Alex")
    sender = Sender("user", desk.agent.pk, "Alex")
    conversations.add_message(info.id, MessageDraft(MessageType.OUTGOING, "Done.", sender))
    conversations.resolve(info.id, "Alex")
    follow()
    assert _values(info)["outcome"] == ("solved_by_person", "proposed")


def test_what_was_resolved_before_is_filled_in_once(desk: Desk) -> None:
    info = solved(desk)
    desk.conversation("Otto")
    conversations.resolve(info.id, "Alex")
    assert (fill_missing_dispositions(), fill_missing_dispositions()) == (1, 0)
    assert _values(info)["reason"] == ("cancel_order", "proposed")


def test_the_dialog_is_filled_in_and_one_key_accepts(desk: Desk, browser: Client) -> None:
    info = solved(desk)
    conversations.take(info.id, desk.agent.pk, "Alex")
    page = browser.get(f"/desk/conversations/{info.display_id}/resolving").content.decode()
    assert '<option value="cancel_order" selected>' in page
    assert '<option value="no_answer" selected>' in page
    assert 'value="#W7"' in page
    assert "autofocus" in page
    given = {"reason": "cancel_order", "outcome": "solved_by_person", "order_ref": "#W7", "product": ""}
    answer = browser.post(
        f"/desk/conversations/{info.display_id}/resolve", given, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "close-dialogs" in answer["HX-Trigger"]
    assert desk.fresh(info).status is Status.RESOLVED
    follow()
    assert _values(info) == {
        "reason": ("cancel_order", "confirmed"),
        "outcome": ("solved_by_person", "changed"),
        "order_ref": ("#W7", "confirmed"),
        "actions": ("shop.cancel_order", "proposed"),
    }
    assert conversations.count_verdicts()["nobody_answered"] == (0, 1)


def test_what_was_read_from_is_shown_and_markup_is_text(desk: Desk, browser: Client) -> None:
    info = solved(desk, order="<b>#W7</b>")
    page = browser.get(f"/desk/conversations/{info.display_id}/disposition").content.decode()
    assert "&lt;b&gt;#W7&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "Cancel order · done" in page
    decision = governance.list_decisions(int(info.id))[0].id
    assert f"/desk/conversations/{info.display_id}/decisions/{decision}" in page
    assert 'name="outcome"' not in page


def test_a_corrected_reason_is_an_example_for_understanding(desk: Desk, browser: Client) -> None:
    for label in ("cancel_order", "return_items"):
        TrainingExample.objects.create(text=label, label=label, key=label, source="agent", status="accepted")
    info = solved(desk)
    path = f"/desk/conversations/{info.display_id}/disposition"
    assert browser.post(path, {"reason": "return_items", "order_ref": "#W7"}).status_code == 200
    assert _values(info)["reason"] == ("return_items", "changed")
    found = TrainingExample.objects.get(status="proposed")
    assert (found.text, found.label, found.reason) == ("please cancel my order", "return_items", "correction")
    assert conversations.list_disposition_changes(int(info.id))[0]["actor_id"] == desk.agent.pk
    assert browser.post(path, {"reason": "world_peace"}).status_code == 422
    assert browser.post(path, {"outcome": "happy"}).status_code == 422
    assert _values(info)["reason"] == ("return_items", "changed")


def test_the_shop_may_ask_for_it_before_resolving(desk: Desk, browser: Client) -> None:
    conversations.save_rules(DispositionRules(True, (RootCause("late", "Late"),)))
    info = solved(desk)
    path = f"/desk/conversations/{info.display_id}"
    refused = browser.post(f"{path}/resolve", {"reason": "cancel_order"})
    assert (refused.status_code, "how it ended" in unquote(refused["X-Problem"])) == (409, True)
    sent = browser.post(
        f"{path}/messages",
        {"content": "Done.", "kind": "reply", "then": "resolve"},
        headers={"HX-Request": "true"},
    )
    assert "resolve-asked" in sent["HX-Trigger"]
    assert desk.fresh(info).status is Status.OPEN
    assert "Resolve without checking" not in browser.get(f"{path}/resolving").content.decode()
    browser.post(f"{path}/resolve", {"reason": "cancel_order", "outcome": "spam", "root_cause": "late"})
    assert desk.fresh(info).status is Status.RESOLVED
    assert _values(info)["root_cause"] == ("late", "changed")


def test_a_wrong_value_resolves_nothing(desk: Desk, browser: Client) -> None:
    info = solved(desk)
    answer = browser.post(
        f"/desk/conversations/{info.display_id}/resolve", {"reason": "", "outcome": "happy"}
    )
    assert answer.status_code == 409
    assert desk.fresh(info).status is Status.PENDING
    assert conversations.find_disposition(int(info.id)) is None


def test_the_record_is_read_once_and_before_anything_is_locked(desk: Desk, browser: Client) -> None:
    info = solved(desk)
    path = f"/desk/conversations/{info.display_id}/disposition"
    with CaptureQueriesContext(connection) as caught:
        assert browser.post(path, {"reason": "cancel_order"}).status_code == 200
    said = [q["sql"] for q in caught]
    assert sum('FROM "conversations_dispositionpolicy"' in sql for sql in said) == 3
    readings = [n for n, sql in enumerate(said) if '"governance_decision"."understanding"' in sql]
    written = next(n for n, sql in enumerate(said) if sql.startswith(("SAVEPOINT", "INSERT", "UPDATE")))
    assert readings[0] < written
    assert len(readings) == 2


def test_the_list_is_narrowed_by_reason_and_outcome(desk: Desk, browser: Client) -> None:
    one, other = solved(desk), desk.conversation("Otto")
    for info in (one, other):
        conversations.resolve(info.id, "Alex")
    follow()
    for query, numbers in (
        ("reason=cancel_order", {one.display_id}),
        ("outcome=solved_by_assistant&reason=cancel_order", {one.display_id}),
        ("outcome=no_request", {other.display_id}),
        ("outcome=spam", set()),
        ("reason=';--", set()),
    ):
        page = browser.get(f"/desk/list?view=resolved&{query}").content.decode()
        found = {n for n in (one.display_id, other.display_id) if f'data-number="{n}"' in page}
        assert found == numbers, query
        assert "list-filtered" in page
    assert "Cancel order" in browser.get("/desk/list?view=all&reason=cancel_order").content.decode()
    assert 'id="filter-reason"' in browser.get("/desk/filters?view=all").content.decode()


def test_the_table_has_a_row_per_conversation_and_no_formulas(desk: Desk) -> None:
    info = solved(desk, order="=cmd()")
    desk.conversation("Otto")
    conversations.resolve(info.id, "Alex")
    follow()
    boss = Client()
    boss.force_login(desk.colleague)
    text = b"".join(boss.get("/desk/dispositions.csv").streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["conversation"], row["reason"], row["outcome_state"]) == (
        str(info.display_id), "cancel_order", "proposed",
    )  # fmt: skip
    assert row["order_ref"] == "'=cmd()"
    assert row["reason_confidence"] == "0.9"
    later = b"".join(boss.get("/desk/dispositions.csv?since=2999-01-01").streaming_content).decode()
    assert len(later.splitlines()) == 1
    agent = Client()
    agent.force_login(desk.agent)
    assert agent.get("/desk/dispositions.csv").status_code == 403


def test_only_those_who_answer_see_and_correct(desk: Desk) -> None:
    info = solved(desk)
    marketer = Client()
    marketer.force_login(create_staff("m@example.com", "Mo", "marketer"))
    for path in ("disposition", "resolving"):
        assert marketer.get(f"/desk/conversations/{info.display_id}/{path}").status_code == 403
    assert marketer.post(f"/desk/conversations/{info.display_id}/disposition", {}).status_code == 403
    assert conversations.find_disposition(int(info.id)) is None


@pytest.mark.parametrize("label", ["Spam", "junk"])
def test_a_label_marks_spam(desk: Desk, label: str) -> None:
    info = solved(desk)
    conversations.update_conversation(info.id, {"labels": [label]})
    conversations.resolve(info.id, "Alex")
    follow()
    assert _values(info)["outcome"] == ("spam", "proposed")
