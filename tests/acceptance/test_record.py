"""What stays on record: a decision for every turn, an intent and a result for every action, appeals."""

from __future__ import annotations

import pytest
from tests.acceptance.support.customer import Customer, buttons, is_confirmation, items, options, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.connectors.models import ActionCall
from rapport.governance.models import Appeal, Decision

CONSEQUENTIAL = {
    "cancel_order": "pending",
    "change_address": "pending",
    "change_items": "pending",
    "change_payment": "pending",
    "return_items": "delivered",
    "exchange_items": "delivered",
    "report_damage": "delivered",
    "update_profile_address": "delivered",
}
DOCUMENTS = {
    "return_items": ["documents.return_label"],
    "exchange_items": ["documents.return_label"],
    "report_damage": ["documents.complaint_form"],
}
ADDRESS = {
    "address1": "7 Birch Road",
    "address2": "",
    "zip": "M1 4PD",
    "city": "Manchester",
    "state": "Greater Manchester",
    "country": "GB",
}


def move_on(customer: Customer) -> None:
    """Answer the open question with the first thing possible."""
    asked = customer.last
    match asked["content_attributes"].get("expects"):
        case "many":
            customer.choose(options(asked)[0])
        case "form":
            names = [i["name"] for i in asked["content_attributes"]["items"]]
            customer.fill(**{n: ADDRESS[n.rsplit(".", 1)[-1]] for n in names})
        case "text":
            customer.say("a crack across the lid")
        case "file":
            customer.click(buttons(asked)[0])
        case _:
            customer.click(items(asked)[0])


@pytest.mark.parametrize("procedure", CONSEQUENTIAL)
def test_given_any_consequential_procedure_then_nothing_is_called_before_a_yes(
    system: System, shop: RunningShop, procedure: str
) -> None:
    shopper = shop.shopper(having=CONSEQUENTIAL[procedure], methods=2)
    customer = signed_in(system, shopper)
    before = shop.operations()
    customer.command(f"start:{procedure}")
    while not is_confirmation(customer.last):
        assert ActionCall.objects.count() == 0
        move_on(customer)
        assert len(customer.messages) < 20, [m["content"] for m in customer.messages]
    assert (ActionCall.objects.count(), shop.operations()) == (0, before)
    listed = customer.last["content_attributes"]["confirm"]
    assert len(listed) > 1
    customer.click("confirm:yes")
    call, *documents = ActionCall.objects.order_by("id")
    assert [(c.action, c.state) for c in documents] == [(d, "done") for d in DOCUMENTS.get(procedure, ())]
    assert len(customer.last.get("attachments", ())) == len(documents)
    assert (call.state, call.attempts, call.code) == ("done", 1, "")
    assert call.result
    assert call.intended_at <= call.finished_at
    assert shop.operations() == before + 1
    decision = system.decisions(customer.id)[-1]
    assert {
        "kind": "action",
        "ref": call.key,
        "title": call.action,
        "score": None,
        "ok": True,
        "code": "",
    } in decision.evidence


def test_given_any_turn_then_its_decision_tells_candidates_model_latency_and_reasons(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    customer.say(f"cancel my order {shopper.order('pending').id}, my card is 4111 1111 1111 1111")
    customer.click("no_longer_needed")
    customer.say("yes")
    customer.say("thanks!")
    customer.say("what is the meaning of life")
    decisions = system.decisions(customer.id)
    replies = [m for m in customer.replies if m["decision_id"]]
    assert [m["decision_id"] for m in replies] == [d.id for d in decisions]
    assert len(decisions) == 5
    for decision, reply in zip(decisions, replies, strict=True):
        assert decision.chosen != "none"
        assert decision.candidates
        assert all(set(c) == {"step", "score", "allowed", "reason"} for c in decision.candidates)
        assert decision.candidates[0]["allowed"]
        assert {"cpu_total", "wall_total", "cpu_understand", "cpu_systems"} <= set(decision.latency_ms)
        assert decision.latency_ms["cpu_total"] > 0
        assert decision.evidence[0]["kind"] == "message"
        found = customer.explanation(reply)
        assert found["text"]
        assert found["is_ai"] is True
        assert found["text"] == decision.explanation["text"]
    read = [d for d in decisions if "intents" in d.understanding]
    assert len(read) == 3, "a click and the words on a button need no understanding"
    assert all((d.model_name, d.model_version) == ("scripted", "1 · words") for d in read)
    assert "4111" not in str(decisions[0].understanding)


def test_given_a_refusal_when_the_customer_objects_then_a_person_must_answer(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    customer = signed_in(system, shopper)
    customer.say(f"cancel my order {shopper.order('pending').id}")
    refusal = customer.click("other")
    url = f"{customer.url}/messages/{refusal['id']}/appeal"
    opened = customer.call("POST", url, {"reason": "I was told it is possible."})
    assert opened["state"] == "open"
    assert opened["due_at"] > refusal["created_at"]
    row = Appeal.objects.get()
    assert (row.decision_id, row.conversation_id) == (refusal["decision_id"], customer.id)
    assert row.reason == "I was told it is possible."


def test_given_the_greeting_or_the_customer_s_own_words_then_there_is_nothing_to_explain(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    customer.say("hello")
    for message in customer.messages[:2]:
        assert customer.request("GET", f"{customer.url}/messages/{message['id']}/explanation")[0] == 404


def test_given_an_order_changed_meanwhile_then_the_rule_refuses_and_nothing_is_called(
    system: System, shop: RunningShop
) -> None:
    """The policy is asked on fresh records just before the action, not only when the order was chosen."""
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    first, second = signed_in(system, shopper), signed_in(system, shopper)
    for customer in (first, second):
        customer.say(f"cancel my order {order.id}")
        customer.click("no_longer_needed")
    first.click("confirm:yes")
    reply = second.click("confirm:yes")
    assert f"{order.id} has been cancelled" in reply["content"]
    assert system.calls(second.id) == []
    refused = [r["name"] for r in system.decisions(second.id)[-1].rules if not r["held"]]
    assert refused == ["cancel_order/order_is_pending"]
    assert shop.operations(f"{order.id[1:]}/cancel") <= 1
    assert shop.status(order.id) == "cancelled"


def test_given_many_requests_at_once_then_what_was_chosen_still_fits_its_column(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered"))
    customer.say(
        "I have moved, take my new home. And also what is left on my gift card balance? "
        "And also, change the items to another colour. And also please change the delivery address of it."
    )
    (decision,) = system.decisions(customer.id)
    limit = Decision._meta.get_field("chosen").max_length
    assert limit is not None
    assert len(decision.chosen) <= limit


def test_given_an_only_choice_then_the_explanation_names_what_was_not_asked_by_its_label(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="pending"))
    customer.say("cancel my order")
    found = customer.explanation(customer.replies[-1])
    assert "I did not ask for what was already known: Order." in found["points"]


def test_given_a_czech_customer_then_the_explanation_names_what_was_done_in_czech(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="pending"), language="cs")
    customer.call("POST", f"{customer.url}/messages", {"command": "start:cancel_order"})
    system.settle()
    customer.click("no_longer_needed")
    customer.click("confirm:yes")
    found = customer.explanation(customer.replies[-1])
    assert "Potvrdili jste to a já jsem provedl: Zrušit objednávku." in found["points"]
