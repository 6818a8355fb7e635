"""Dispositions on record: proposals, people's verdicts, the shop's list of causes."""

from __future__ import annotations

import pytest

from rapport.conversations import api as conversations
from rapport.conversations.contracts import DispositionRules, ProposedValue, RootCause
from rapport.conversations.models import Disposition, DispositionChange
from rapport.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk():
    inbox = conversations.create_inbox("API", "api")
    return int(conversations.create_conversation(conversations.create_contact(inbox, {"name": "Mia"})).id)


def _proposals(**values):
    return {
        n: ProposedValue(v, f"rule_{n}", 0.9, ({"kind": "run", "ref": "s-1"},)) for n, v in values.items()
    }


def _log():
    rows = DispositionChange.objects.order_by("id")
    return [(r.field, r.action, r.before, r.after, r.actor_id) for r in rows]


def test_what_is_proposed_is_stored_with_its_evidence_and_once(talk):
    assert conversations.find_disposition(talk) is None
    proposals = _proposals(reason="return_items", outcome="given_up")
    stored = conversations.fill_disposition(talk, proposals)
    assert stored == conversations.find_disposition(talk)
    assert (stored["reason"].value, stored["reason"].state, stored["reason"].confidence) == (
        "return_items", "proposed", 0.9,
    )  # fmt: skip
    assert stored["reason"].evidence == ({"kind": "run", "ref": "s-1"},)
    assert (stored["product"].value, stored["product"].state) == ("", "")
    conversations.fill_disposition(talk, proposals)
    assert _log() == [
        ("reason", "proposed", "", "return_items", None),
        ("outcome", "proposed", "", "given_up", None),
    ]
    conversations.fill_disposition(talk, _proposals(reason="exchange_items"))
    assert _log()[2:] == [
        ("reason", "proposed", "return_items", "exchange_items", None),
        ("outcome", "cleared", "given_up", "", None),
    ]


def test_what_a_person_says_stays_and_counts_as_a_verdict(talk):
    proposals = _proposals(reason="return_items", outcome="given_up")
    values = {"reason": "return_items", "outcome": "solved_by_person", "product": "", "order_ref": " #W1 "}
    settled = conversations.settle_disposition(talk, values, proposals, actor_id=7)
    assert [
        (settled[n].value, settled[n].state, settled[n].by) for n in ("reason", "outcome", "order_ref")
    ] == [
        ("return_items", "confirmed", 7),
        ("solved_by_person", "changed", 7),
        ("#W1", "changed", 7),
    ]
    assert settled["product"].state == ""
    assert settled["outcome"].confidence is None
    conversations.fill_disposition(
        talk, _proposals(reason="order_status", outcome="no_answer", product="Lamp")
    )
    again = conversations.find_disposition(talk)
    assert [again[n].value for n in ("reason", "outcome", "product")] == [
        "return_items", "solved_by_person", "Lamp",
    ]  # fmt: skip
    assert conversations.count_verdicts() == {"rule_reason": (1, 0), "rule_outcome": (0, 1)}
    conversations.settle_disposition(talk, values, proposals, actor_id=8)
    assert conversations.count_verdicts()["rule_reason"] == (1, 0)
    changes = conversations.list_disposition_changes(talk)
    assert [c["action"] for c in changes] == ["confirmed", "changed", "changed", "proposed", "cleared"]


def test_reopening_opens_the_outcome_alone(talk):
    conversations.reopen_disposition(talk)
    conversations.settle_disposition(
        talk, {"reason": "a", "outcome": "spam"}, _proposals(reason="a"), actor_id=7
    )
    conversations.reopen_disposition(talk)
    found = conversations.find_disposition(talk)
    assert [(found[n].value, found[n].state) for n in ("reason", "outcome")] == [("a", "confirmed"), ("", "")]
    conversations.fill_disposition(talk, _proposals(outcome="given_up"))
    assert conversations.find_disposition(talk)["outcome"].value == "given_up"


@pytest.mark.parametrize(
    "values",
    [{"outcome": "happy"}, {"root_cause": "unknown"}, {"mood": "good"}, {"reason": "a\x00b"}],
)
def test_what_is_not_on_the_list_is_refused_and_nothing_stored(talk, values):
    with pytest.raises(InvalidInput):
        conversations.settle_disposition(talk, values, {}, actor_id=7)
    assert Disposition.objects.count() == DispositionChange.objects.count() == 0


def test_long_values_are_cut_and_the_system_has_no_say_over_the_limits(talk):
    stored = conversations.fill_disposition(talk, _proposals(product="x" * 999))
    assert stored["product"].value == "x" * 299 + "…"
    conversations.delete_conversation(talk)
    assert Disposition.objects.count() == DispositionChange.objects.count() == 0


def test_the_list_of_causes_is_the_shops(talk):
    assert conversations.find_rules() == DispositionRules()
    causes = (
        RootCause(" Transport ", " Damaged  in transit ", ("slot  report_damage.problem = damaged", " ")),
        RootCause("other", "Other"),
    )
    saved = conversations.save_rules(DispositionRules(True, causes))
    assert saved == conversations.find_rules()
    assert saved.causes[0] == RootCause(
        "transport", "Damaged in transit", ("slot report_damage.problem = damaged",)
    )
    settled = conversations.settle_disposition(talk, {"root_cause": "transport"}, {}, actor_id=7)
    assert settled["root_cause"].value == "transport"
    for wrong in (
        (RootCause("a b", "x"),),
        (RootCause("a", " "),),
        (RootCause("a", "x"), RootCause("a", "y")),
        (RootCause("a", "x", ("when it rains",)),),
        (RootCause("a", "x", ("slot a",)),),
    ):
        with pytest.raises(InvalidInput):
            conversations.save_rules(DispositionRules(False, wrong))
    assert conversations.find_rules() == saved


def test_grounds_are_read():
    assert conversations.read_ground("slot a.b = it's  broken") == ("slot", "a.b", "it's broken")
    assert conversations.read_ground("Handover our_mistake") == ("handover", "our_mistake", "")
    assert conversations.read_ground("procedure return_items; drop") is None
