"""Rapport's own events: actions, procedures, decisions, contacts, and the widget."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from rapport.connectors import settling
from rapport.connectors.contracts import ActionRequest, CallOutcome
from rapport.conversations import api as conversations
from rapport.customers import api as customers
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.jobs.models import FeedEvent
from rapport.procedures import api as procedures
from rapport.procedures.contracts import DialogueState, Ended

pytestmark = pytest.mark.django_db


def _call(talk, key, outcome):
    arguments = {"email": "vera@example.com"}
    row = settling.write_intent(ActionRequest("shop.refund", arguments, key, None, int(talk.id), "assistant"))
    settling.settle(row.pk, outcome)
    return row.pk


def test_an_action_s_end_is_told_without_arguments_or_results(subscribe, talk, receiver, settle):
    subscribe("action_succeeded", "action_failed", with_personal_data=True)
    done = _call(talk, "a", CallOutcome(ok=True, data={"iban": "CZ65"}))
    refused = _call(talk, "b", CallOutcome(ok=False, code="too_late"))
    _call(talk, "c", settling.UNAVAILABLE)
    settle()
    told = [post.data for post in receiver.posts]
    assert [(t["event"], t["id"], t["action"], t["state"], t["code"]) for t in told] == [
        ("action_succeeded", done, "shop.refund", "done", ""),
        ("action_failed", refused, "shop.refund", "refused", "too_late"),
    ]
    assert [t["conversation"]["id"] for t in told] == [talk.display_id] * 2
    assert not any(b"CZ65" in post.body or b"vera@" in post.body for post in receiver.posts)


def test_a_procedure_s_end_is_told(subscribe, talk, receiver, settle):
    subscribe("procedure_ended")
    ended = (Ended("return_items", "c-1", "done"),)
    procedures.record_runs(procedures.RunPlace(talk), DialogueState(), ended, {})
    settle()
    (told,) = (post.data for post in receiver.posts)
    assert (told["procedure"], told["instance"], told["outcome"]) == ("return_items", "c-1", "done")
    assert (told["inbox"]["name"], told["event_subject"]) == ("Shop", f"conversation:{talk.display_id}")
    assert "conversation_row" not in told


def test_a_decision_is_told_as_the_api_shows_it(subscribe, talk, receiver, settle):
    subscribe("decision_recorded")
    draft = DecisionDraft("turn", "answer", int(talk.id), explanation={"text": "Mail vera@example.com"})
    decision_id = governance.record_decision(draft)
    governance.record_decision(DecisionDraft("training", "published"))
    settle()
    (told,) = (post.data for post in receiver.posts)
    assert (told["id"], told["decision"]["chosen"], told["decision"]["kind"]) == (
        decision_id,
        "answer",
        "turn",
    )
    assert told["decision"]["explanation"]["text"] == "Mail [email]"


def test_a_contact_s_change_is_told_with_what_it_was(subscribe, talk, receiver, settle):
    subscribe("contact_updated", with_personal_data=True)
    customers.update_customer(talk.customer_id, {"name": "Vera N.", "is_blocked": True})
    customers.update_customer(talk.customer_id, {"name": "Vera N."})
    settle()
    (told,) = (post.data for post in receiver.posts)
    assert (told["id"], told["name"], told["blocked"]) == (int(talk.customer_id), "Vera N.", True)
    assert told["changed_attributes"] == [
        {"name": {"current_value": "Vera N.", "previous_value": "Vera Novak"}},
        {"blocked": {"current_value": True, "previous_value": False}},
    ]


def test_an_opened_widget_is_told_where_somebody_wants_it(subscribe, receiver, settle):
    web = conversations.create_inbox("Web", "web", settings={})
    asked = json.dumps({"website_token": web.identifier, "language": "cs"})

    def open_widget():
        answer = Client().post(
            "/widget/sessions", asked, "application/json", HTTP_REFERER="https://shop.example/a"
        )
        assert answer.status_code == 200

    open_widget()
    assert not FeedEvent.objects.filter(kind="webwidget_triggered").exists()
    subscribe("webwidget_triggered", inbox_id=int(web.id), with_personal_data=True)
    open_widget()
    settle()
    (told,) = (post.data for post in receiver.posts)
    assert (told["event"], told["inbox"]) == ("webwidget_triggered", {"id": int(web.id), "name": "Web"})
    assert told["event_info"] == {"widget_language": "cs", "referer": "https://shop.example/a"}
    assert told["event_subject"] == f"contact:{told['contact']['id']}"
    assert len(told["source_id"]) == 36
