"""Cases: one action, a sink per procedure, each case once."""

from __future__ import annotations

import csv

import pytest
from django.core import mail

from rapport.accounts.models import Team
from rapport.connectors import api as connectors
from rapport.connectors import services
from rapport.connectors.contracts import Principal, UnknownOutcome
from rapport.connectors.kinds.mail.system import MailSystem
from rapport.connectors.models import ActionCall, Connector
from rapport.connectors.offering import FORMS
from rapport.conversations import api as conversations
from rapport.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db
ANA = Principal("ana_1", "hmac")


def _connect(key, kind, base_url="", **given):
    settings = FORMS[kind].compose(key, given)
    services.save_connector(key, kind, base_url, "", settings)


@pytest.fixture
def house(tmp_path):
    Team.objects.create(key="care", name="Care")
    _connect(
        "rows",
        "table",
        place="csv",
        folder=str(tmp_path),
        file="c.csv",
        columns="customer\nsummary\norder_id",
    )
    _connect(
        "letter",
        "mail",
        recipients="care@shop.example",
        to="care@shop.example",
        subject="{summary}",
        body="{details}",
    )
    sinks = "default: ticket care\nreturn_items: letter.send\nreport_damage: rows.append_row\nlost: gone.send"
    _connect("case", "case", sinks=sinks)
    return tmp_path


def _open(key="k1", principal=ANA, **arguments):
    return connectors.call_action(
        "case.open", arguments, key=key, principal=principal, conversation_id=None, actor="assistant"
    )


def test_a_ticket_waits_for_its_team_once(house):
    first = _open(summary="Lamp is\nbroken", details={"order_id": "#W1", "note": None})
    ActionCall.objects.update(state="intended")
    again = _open(summary="Lamp is\nbroken", details={"order_id": "#W1"})
    assert first.data == again.data == {"case_id": first.data["case_id"], "sink": "ticket"}
    info = conversations.find_conversation_by_number(int(first.data["case_id"].lstrip("#")))
    assert (info.owner.value, info.team_id, info.custom_attributes["customer_ref"]) == (
        "queue", Team.objects.get().pk, "ana_1",
    )  # fmt: skip
    notes = [m for m in conversations.list_messages(info.id) if m.is_private]
    assert [m.content for m in notes] == ["Lamp is broken\n\norder_id: #W1\nnote: —"]
    assert [i.is_enabled for i in conversations.list_inboxes() if i.name == "Cases"] == [False]


def test_the_procedure_chooses_the_sink(house):
    assert (
        _open("k1", procedure="return_items", summary="Back", details={"order_id": "#W1"}).data["sink"]
        == "letter.send"
    )
    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("Back", "order_id: #W1")
    _open("k2", procedure="report_damage", summary="=Wet", details={"order_id": "#W2"})
    _open("k2", procedure="report_damage", summary="=Wet", details={"order_id": "#W2"})
    with (house / "c.csv").open(newline="") as file:
        assert list(csv.reader(file))[1:] == [["ana_1", "'=Wet", "#W2", "k2"]]


def test_a_sink_that_is_not_connected_is_unavailable_and_nothing_is_lost(house):
    assert _open(procedure="lost", summary="x").code == "unavailable"
    assert ActionCall.objects.get().state == "intended"
    with pytest.raises(connectors.ConnectorDown):
        connectors.check_connector("case")


def test_a_case_in_doubt_is_looked_for_where_it_went(house, monkeypatch):
    real = MailSystem.call

    def lost(self, *given):
        real(self, *given)
        raise UnknownOutcome("lost")

    monkeypatch.setattr(MailSystem, "call", lost)
    assert _open(procedure="return_items", summary="Back").code == "unavailable"
    monkeypatch.setattr(MailSystem, "call", real)
    assert _open(procedure="return_items", summary="Back").ok
    assert len({m.message()["Message-ID"] for m in mail.outbox}) == 1


def test_without_a_summary_or_team_no_case_is_opened(house):
    assert _open(summary=" \n").code == "invalid_arguments"
    Team.objects.all().delete()
    assert _open("k2", summary="x").code == "unknown_team"
    assert [i for i in conversations.list_inboxes() if i.name == "Cases"] == []


@pytest.mark.parametrize(
    "sinks",
    [
        "return_items: ticket",
        "default: case.open",
        "default: shop.cancel_order",
        "default",
        "default: ticket\ndefault: ticket",
        "default: x",
    ],
)
def test_what_cannot_work_is_refused_when_entered(sinks):
    with pytest.raises(InvalidInput):
        FORMS["case"].compose("case", {"sinks": sinks})


def test_an_action_that_reads_is_no_sink(tmp_path):
    queries = "all: {sql: 'SELECT 1 AS id', personal: false}"
    url = f"sqlite://{tmp_path}/x"
    settings = FORMS["sql"].compose("crm", {"base_url": url, "queries": queries})
    services.save_connector("crm", "sql", url, "", settings)
    _connect("case", "case", sinks="default: crm.all")
    assert _open(summary="x").code == "unavailable"
    assert Connector.objects.count() == 2


def _talk(*texts, **changes):
    inbox = conversations.create_inbox("Shop", "api")
    info = conversations.create_conversation(conversations.create_contact(inbox, {}), language="cs")
    for text in texts:
        conversations.receive_message(info.id, text)
    if changes:
        conversations.update_conversation(info.id, changes)
    return info


def _open_in(info, key="k9", **arguments):
    return connectors.call_action(
        "case.open", arguments, key=key, principal=ANA, conversation_id=int(info.id), actor="assistant"
    )


def test_a_ticket_is_filled_in_without_typing(house):
    info = _talk("Lampa přišla\nrozbitá", "prosím rychle", sentiment="very_negative")
    details = {"order": {"id": "#W1", "status": "delivered"}, "items": [{"id": "4", "name": "Lamp"}]}
    opened = _open_in(info, procedure="warranty", summary="Broken lamp", details=details)
    ticket = conversations.find_conversation_by_number(int(opened.data["case_id"].lstrip("#")))
    assert {k: v for k, v in ticket.custom_attributes.items() if k not in {"case_key", "customer_ref"}} == {
        "subject": "Broken lamp",
        "reason": "warranty",
        "priority": "high",
        "order": "#W1",
        "product": "Lamp",
        "language": "cs",
        "summary": "Lampa přišla rozbitá\nprosím rychle",
        "conversation": f"#{info.display_id}",
    }
    assert (ticket.priority, ticket.language) == ("high", "cs")
    assert ticket.briefing["asked"] == ["Lampa přišla rozbitá", "prosím rychle"]


def test_without_a_summary_the_customers_words_are_the_subject(house):
    info = _talk("Where is my parcel?", priority="low")
    opened = _open_in(info, details={"priority": "URGENT", "order_id": "#W2"})
    ticket = conversations.find_conversation_by_number(int(opened.data["case_id"].lstrip("#")))
    found = ticket.custom_attributes
    assert (found["subject"], found["priority"], found["order"]) == ("Where is my parcel?", "urgent", "#W2")
    assert "product" not in found
    assert ticket.additional_attributes["mail_subject"] == "Where is my parcel?"


def test_other_systems_get_the_same_fields_and_details_count_more(house):
    _connect(
        "log",
        "table",
        place="csv",
        folder=str(house),
        file="d.csv",
        columns="subject\npriority\norder\nlanguage",
    )
    Connector.objects.filter(key="case").delete()
    _connect("case", "case", sinks="default: log.append_row")
    assert _open_in(_talk("Hi"), summary="Hello", details={"order": "#W3"}).ok
    with (house / "d.csv").open(newline="") as file:
        assert list(csv.reader(file))[1][:4] == ["Hello", "medium", "#W3", "cs"]
