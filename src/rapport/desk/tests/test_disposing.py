"""What the rules of dispositions read off a record."""

from __future__ import annotations

import pytest

from rapport.conversations.api import read_ground
from rapport.conversations.contracts import RootCause
from rapport.desk.logic.disposing import PRIORS, confidence_of, find_ground, main_run, propose
from rapport.desk.logic.disposition_facts import CallFact, Facts, RunFact, TurnFact


def run(procedure: str, status: str = "done", actor: str = "assistant", number: int = 1, **more) -> RunFact:
    return RunFact(f"s-{number}", procedure, status, actor, **more)


def turn(*steps: str, number: int = 1, confidence: float | None = None, **intents: float) -> TurnFact:
    return TurnFact(number, steps, confidence, tuple(intents.items()), bool(intents))


def values(facts: Facts, **more) -> dict[str, str]:
    return {name: str(found.value) for name, found in propose(facts, **more).items()}


def test_a_solved_return_says_everything_with_its_evidence():
    facts = Facts(
        runs=(
            run(
                "return_items",
                orders=(("#W1", "Order #W1"),),
                products=(("4", "Lamp"), ("5", "Lamp"), ("6", "Vase")),
            ),
        ),
        turns=(
            turn("start:return_items", number=9, confidence=0.93, return_items=0.91, exchange_items=0.05),
        ),
        calls=(
            CallFact("k1", "shop.return_items", "done", ""),
            CallFact("k2", "documents.return_label", "done", ""),
            CallFact("k3", "shop.return_items", "refused", "too_late"),
        ),
        has_customer_message=True,
    )
    assert values(facts) == {
        "reason": "return_items",
        "outcome": "solved_by_assistant",
        "order_ref": "#W1",
        "product": "Lamp, Vase",
        "actions": "shop.return_items, documents.return_label",
    }
    reason = propose(facts)["reason"]
    assert (reason.rule, reason.confidence) == ("run_read", pytest.approx(0.91))
    assert [(e["kind"], e["ref"]) for e in reason.evidence] == [("run", "s-1"), ("decision", 9)]
    assert [e["ref"] for e in propose(facts)["actions"].evidence] == ["k1", "k2"]


@pytest.mark.parametrize(
    ("facts", "reason", "outcome"),
    [
        (Facts(runs=(run("a", "refused"),)), "a", "refused_by_rule"),
        (Facts(runs=(run("a", "cancelled"),)), "a", "given_up"),
        (Facts(runs=(run("a", "collecting"),)), "a", "given_up"),
        (Facts(runs=(run("a", "cancelled"), run("b", number=2))), "b", "solved_by_assistant"),
        (Facts(runs=(run("a", "waiting"),)), "a", None),
        (Facts(runs=(run("a"),), is_with_people=True, handover="our_mistake"), "a", "no_answer"),
        (Facts(runs=(run("a"),), is_with_people=True, person_message=3), "a", "solved_by_person"),
        (Facts(runs=(run("a", actor="staff"),), is_with_people=True), "a", "solved_by_person"),
        (Facts(runs=(run("a"),), is_ended=False), "a", None),
        (Facts(runs=(run("a"),), spam_mark="spam"), "a", "spam"),
        (Facts(), None, "no_request"),
        (
            Facts(turns=(turn("reply:greeting", small_talk=0.99),), has_customer_message=True),
            "small_talk",
            "no_request",
        ),
        (
            Facts(turns=(turn("answer:fees", confidence=0.8),), has_customer_message=True),
            "question",
            "solved_by_assistant",
        ),
        (
            Facts(
                turns=(turn("answer:fees"), turn("reply:not_understood", number=2), turn("reply:goodbye")),
                has_customer_message=True,
            ),
            "question",
            "no_answer",
        ),
        (
            Facts(
                turns=(turn("hand_over:customer_asked", talk_to_person=1.0),),
                has_customer_message=True,
                is_with_people=True,
                person_message=4,
            ),
            "talk_to_person",
            "solved_by_person",
        ),
        (
            Facts(
                turns=(turn("person_offer:complaint", complaint=0.8), turn("hand_over:customer_asked", number=2)),
                has_customer_message=True,
                is_with_people=True,
            ),
            "complaint",
            "no_answer",
        ),
        (
            Facts(turns=(turn("clarify:order_status"),), has_customer_message=True),
            None,
            "no_answer",
        ),
    ],
)  # fmt: skip
def test_reason_and_outcome(facts, reason, outcome):
    found = values(facts)
    assert (found.get("reason"), found.get("outcome")) == (reason, outcome)


def test_the_order_of_an_action_is_taken_where_no_run_names_one():
    calls = (CallFact("k", "crm.note", "done", "", ""), CallFact("k2", "shop.x", "refused", "no", "#W9"))
    assert values(Facts(calls=calls))["order_ref"] == "#W9"


def test_confidence_begins_with_the_prior_and_follows_peoples_verdicts():
    assert confidence_of("run_done", {}) == PRIORS["run_done"]
    assert confidence_of("run_done", {"run_done": (0, 20)}) == pytest.approx(0.475)
    assert confidence_of("run_read", {"run_read": (20, 0)}, 0.5) == 0.75
    assert all(0 < prior <= 1 for prior in PRIORS.values())
    facts = Facts(runs=(run("a"),))
    before, after = (propose(facts, verdicts=v)["outcome"].confidence for v in ({}, {"run_done": (0, 5)}))
    assert before > after


def test_a_root_cause_is_proposed_on_evidence_only():
    causes = (
        RootCause("transport", "Damaged in transit", ("slot report_damage.problem = Damaged",)),
        RootCause("stock", "Out of stock", ("refused no_stock", "procedure stock_notice")),
        RootCause("promise", "Wrong promise", ("handover our_mistake",)),
        RootCause("other", "Other"),
    )
    damaged = run("report_damage", slots={"problem": (("damaged", "It arrived damaged"),)})
    assert values(Facts(runs=(damaged,)), causes=causes)["root_cause"] == "transport"
    assert values(Facts(runs=(run("stock_notice"),)), causes=causes)["root_cause"] == "stock"
    refused = Facts(calls=(CallFact("k", "shop.exchange_items", "refused", "no_stock"),))
    found = propose(refused, causes)["root_cause"]
    assert (found.value, found.evidence[0]["ref"], found.evidence[0]["ground"]) == (
        "stock",
        "k",
        "refused no_stock",
    )
    assert values(Facts(handover="our_mistake"), causes=causes)["root_cause"] == "promise"
    taken_back = run("report_damage", "cancelled", slots={"problem": (("damaged", ""),)})
    for facts in (Facts(runs=(taken_back,)), Facts(runs=(run("other"),)), Facts()):
        assert "root_cause" not in values(facts, causes=causes)
    assert find_ground(Facts(runs=(damaged,)), damaged, "slot problem = damaged") is not None
    assert find_ground(Facts(), None, "weather rain") is None


def test_the_main_run_is_the_first_that_was_not_taken_back():
    runs = (run("a", "cancelled"), run("b", number=2), run("c", number=3))
    found = main_run(Facts(runs=runs))
    assert found is not None
    assert found.procedure == "b"
    assert main_run(Facts()) is None


def test_a_ticket_says_what_it_was_opened_with():
    ticket = {"key": "k", "reason": "warranty", "order": "#W1", "product": ""}
    found = propose(Facts(ticket=ticket, is_internal=True, is_with_people=True))
    assert {n: str(v.value) for n, v in found.items()} == {
        "reason": "warranty",
        "order_ref": "#W1",
        "outcome": "solved_by_person",
    }
    assert found["reason"].evidence == ({"kind": "action", "ref": "k", "title": "case.open"},)


@pytest.mark.parametrize(
    "ground",
    [
        "Procedure Cancel_Order",
        "HANDOVER Our_Mistake",
        "refused order_not_delivered",
        "Slot PROBLEM = Damaged",
        "slot Cancel_Order.problem = DAMAGED",
    ],
)
def test_a_ground_holds_however_its_letters_are_written(ground: str) -> None:
    run = RunFact("s-1", "cancel_order", "done", "assistant", {"problem": (("Damaged", "Damaged"),)})
    call = CallFact("s-1:0", "shop.cancel_order", "refused", "ORDER_NOT_DELIVERED")
    facts = Facts(runs=(run,), calls=(call,), handover="our_mistake")
    assert read_ground(ground) is not None
    assert find_ground(facts, run, ground) is not None
