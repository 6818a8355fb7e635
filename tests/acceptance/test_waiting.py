"""Procedures that wait: for a person's yes, an event, a moment; woken once, whatever happens in between."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from tests.acceptance.support.customer import Customer, is_confirmation, items, signed_in
from tests.acceptance.support.shop import RunningShop, Shopper
from tests.acceptance.support.system import System

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Staff
from rapport.assistant import api as assistant
from rapport.assistant.driver import Driver
from rapport.assistant.models import Dialogue
from rapport.connectors import api as connectors
from rapport.connectors.contracts import ActionLimits
from rapport.conversations import api as conversations
from rapport.conversations.models import Message
from rapport.kernel.clock import now
from rapport.kernel.errors import Conflict, NotPermitted
from rapport.procedures import api as procedures
from rapport.procedures.contracts import Affirm, Fill, Input, Resume, StartProcedure
from rapport.procedures.models import Run, Wait
from rapport.testing.scripted_engine import ScriptedEngine

CANCEL = "shop.cancel_order"

REPAIR = """
procedure: repair
version: 1
identify: none
title: {en: Repair, cs: Oprava, de: Reparatur, es: Reparación, ru: Ремонт, zh: 维修}
slots:
  what: {type: text, ask: {en: "What is broken?"}}
do:
  - wait: {for: "14 days", event: parcel.returned, of: what}
    as: parcel
    say: {en: "Send it in; I'll wait two weeks."}
done:
  - {when: "parcel.event == 'timeout'", say: {en: "It has not arrived, so I close this."}}
  - {say: {en: "It has arrived: {parcel.data.weight} kg."}}
"""


@pytest.fixture
def boss(system: System) -> Staff:
    row = accounts.create_staff("bea@example.com", "Bea Boss", "supervisor")
    found = accounts.find_staff(row.pk)
    assert found is not None
    return found


@pytest.fixture
def shopper(shop: RunningShop) -> Shopper:
    return shop.shopper(having="pending")


def needs_yes(**limits: object) -> None:
    connectors.save_limits(ActionLimits(CANCEL, **{"approve_above": Decimal(0), **limits}))  # type: ignore[arg-type]


def cancels(system: System, shopper: Shopper) -> Customer:
    """A customer who has confirmed that an order is to be cancelled."""
    customer = signed_in(system, shopper)
    customer.say(f"cancel my order {shopper.order('pending').id} please")
    assert is_confirmation(customer.say("I ordered it by mistake"))
    customer.click("confirm:yes")
    return customer


def waiting_for_parcel(system: System) -> Customer:
    procedures.publish(REPAIR)
    procedures.forget_book()
    customer = Customer(system)
    customer.click("start:repair") if "start:repair" in items(customer.last) else customer.command(
        "start:repair"
    )
    customer.say("lamp-7")
    assert "wait two weeks" in customer.last["content"]
    return customer


def the_wait() -> Wait:
    return Wait.objects.get()


def pending(staff: Staff) -> list[procedures.Approval]:
    return procedures.list_approvals(staff, "en")


# ── approval ────────────────────────────────────────────────────────────────────────────────────────


def test_given_a_limit_when_it_is_exceeded_then_a_person_approves_and_the_customer_is_told(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    order = shopper.order("pending")
    customer = cancels(system, shopper)
    assert (shop.status(order.id), system.calls(customer.id)) == ("pending", [])
    said = len(customer.replies)
    (asked,) = pending(boss)
    assert (asked.title, asked.bar, asked.proposed_by) == ("Cancel an order", "", "")
    assert asked.amount == pytest.approx(sum(item["price_cents"] for item in order.items) / 100)
    assert asked.actions == (
        {"action": CANCEL, "arguments": {"order_id": order.id, "reason": "ordered by mistake"}},
    )
    assert procedures.count_approvals(boss) == 1
    procedures.decide(asked.id, boss, is_approved=True, reason="fine")
    assert len(customer.replies) == said
    system.settle()
    assert customer.last["content"].startswith(f"Done: order {order.id} is cancelled.")
    assert len(customer.replies) == said + 1
    assert shop.status(order.id) == "cancelled"
    assert shop.operations(f"{order.id[1:]}/cancel") == 1
    (decision,) = [d for d in system.decisions(customer.id) if d.chosen == "wake:cancel_order"]
    assert decision.evidence[0] == {
        "kind": "approval", "ref": the_wait().key, "title": "approved", "score": None, "staff": boss.id,
    }  # fmt: skip
    assert (the_wait().state, the_wait().outcome, pending(boss)) == ("ended", "approved", [])
    assert Run.objects.filter(procedure="cancel_order", outcome="done", subject=shopper.ref).count() == 1


def test_given_a_limit_when_the_amount_stays_below_then_nobody_is_asked(
    system: System, shop: RunningShop, shopper: Shopper
) -> None:
    needs_yes(approve_above=Decimal(1_000_000))
    customer = cancels(system, shopper)
    assert shop.status(shopper.order("pending").id) == "cancelled"
    assert len(system.calls(customer.id)) == 1


def test_given_a_largest_amount_when_it_is_exceeded_then_it_is_refused_without_asking_anybody(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes(max_amount=Decimal(1))
    customer = cancels(system, shopper)
    assert "above what I am allowed" in customer.last["content"]
    assert (shop.status(shopper.order("pending").id), pending(boss)) == ("pending", [])
    assert "limit:amount" in [r["name"] for r in system.decisions(customer.id)[-1].rules]


def test_given_an_approval_when_it_is_refused_then_the_customer_is_told_and_nothing_is_done(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    procedures.decide(pending(boss)[0].id, boss, is_approved=False, reason="too dear")
    said = len(customer.replies)
    system.settle()
    assert len(customer.replies) == said + 1
    assert (shop.status(shopper.order("pending").id), system.calls(customer.id)) == ("pending", [])
    with pytest.raises(Conflict):
        procedures.decide(the_wait().pk, boss, is_approved=True, reason="")


def test_given_something_under_way_when_the_customer_cancels_then_they_say_what_is_to_be_stopped(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    order = shopper.order("pending").id
    customer = cancels(system, shopper)
    summary = next(m for m in reversed(customer.messages) if is_confirmation(m))
    outdated = customer.click("confirm:cancel", summary)
    assert outdated["content"].startswith("That choice belonged to an earlier step")
    offer = customer.say("never mind")
    stop, keep = (i["title"] for i in offer["content_attributes"]["items"])
    assert stop.startswith(f"Stop: Cancel an order ({order} · ")
    assert keep == "Leave it as it is"
    assert customer.click("keep")["content"] == "All right, it goes on as it was."
    assert len(pending(boss)) == 1
    stop = items(customer.say("never mind"))[0]
    assert customer.click(stop)["content"] == "All right, I've stopped. Nothing was changed."
    assert (pending(boss), the_wait().state) == ([], "dropped")
    assert shop.status(order) == "pending"
    assert customer.click(stop, offer)["content"].startswith("That choice belonged to an earlier step")


def test_given_nobody_decides_when_a_week_has_gone_then_the_customer_is_told(
    system: System, shop: RunningShop, shopper: Shopper
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    said = len(customer.replies)
    assert the_wait().wake_at is not None
    Wait.objects.update(wake_at=now() - dt.timedelta(seconds=1))
    procedures.call_up_due()
    system.settle()
    assert len(customer.replies) == said + 1
    assert (the_wait().outcome, shop.status(shopper.order("pending").id)) == ("timeout", "pending")


def test_given_a_team_or_the_proposer_when_others_decide_then_only_who_may(
    system: System, shopper: Shopper, boss: Staff
) -> None:
    needs_yes(approve_team="care")
    cancels(system, shopper)
    row = the_wait()
    assert procedures.count_approvals(boss) == 0
    with pytest.raises(NotPermitted) as refusal:
        procedures.decide(row.pk, boss, is_approved=True, reason="")
    assert refusal.value.facts["why"] == "team"
    with pytest.raises(NotPermitted):
        procedures.decide(
            row.pk, system.agent, is_approved=True, reason=""
        )  # of the team, but without the permission
    Wait.objects.update(team="", actor=f"staff:{boss.id}")
    with pytest.raises(NotPermitted) as refusal:
        procedures.decide(row.pk, boss, is_approved=True, reason="")
    assert refusal.value.facts["why"] == "own"
    assert the_wait().state == "waiting"


def test_given_a_turn_that_dies_after_the_action_when_it_is_repeated_then_nothing_happens_twice(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    procedures.decide(pending(boss)[0].id, boss, is_approved=True, reason="")
    said = len(customer.replies)
    with monkeypatch.context() as patch:
        patch.setattr("rapport.assistant.turn.store", _die)
        system.settle(0.5, is_strict=False)
    order = shopper.order("pending").id
    assert (shop.status(order), len(customer.replies)) == ("cancelled", said)
    system.settle(30)
    assert len(customer.replies) == said + 1
    assert customer.last["content"].startswith(f"Done: order {order} is cancelled.")
    assert shop.operations(f"{order[1:]}/cancel") == 1
    assert len([d for d in system.decisions(customer.id) if d.chosen.startswith("wake:")]) == 1


def _die(*_: object, **__: object) -> None:
    raise RuntimeError("killed")


def test_given_a_person_has_the_conversation_when_it_is_approved_then_only_a_private_note_tells(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    conversations.take(customer.id, system.agent.id, system.agent.name)
    system.settle()
    said = len(customer.replies)
    procedures.decide(pending(boss)[0].id, boss, is_approved=True, reason="")
    system.settle()
    assert len(customer.replies) == said
    assert shop.status(shopper.order("pending").id) == "cancelled"
    (note,) = Message.objects.filter(conversation_id=customer.id, is_private=True)
    assert "Done: shop.cancel_order." in note.content
    assert note.content_attributes["suggested_reply"].startswith("Done: order")
    assert (the_wait().state, system.decisions(customer.id)[-1].kind) == ("ended", "wake")


def test_given_a_turn_under_way_when_a_person_takes_over_then_it_goes_on_beside_them(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    procedures.decide(pending(boss)[0].id, boss, is_approved=True, reason="")
    assert conversations.call_assistant(customer.id)
    conversations.take(customer.id, system.agent.id, system.agent.name)
    said = len(customer.replies)
    system.settle()
    assert shop.status(shopper.order("pending").id) == "cancelled"
    assert [m["content"] for m in customer.replies[said:]] == ["Ada Agent has joined the conversation."] or (
        "cancelled" not in customer.last["content"]
    )
    assert Message.objects.filter(conversation_id=customer.id, is_private=True).count() == 1


def test_given_a_resolved_conversation_when_it_is_approved_then_it_is_reopened_and_the_customer_told(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    conversations.resolve(customer.id, "Ada Agent")
    procedures.decide(pending(boss)[0].id, boss, is_approved=True, reason="")
    system.settle()
    assert customer.last["content"].startswith("Done: order")
    assert (customer.info.status.value, customer.info.owner.value) == ("pending", "assistant")


def test_given_a_waiting_procedure_when_the_customer_wants_a_person_then_it_goes_on_waiting(
    system: System, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    customer.command("talk_to_person")
    assert customer.info.owner.value == "queue"
    assert len(pending(boss)) == 1


def test_given_it_cannot_go_on_when_it_was_tried_often_then_a_person_comes_and_the_customer_is_told(
    system: System, shopper: Shopper, boss: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_yes()
    customer = cancels(system, shopper)
    procedures.decide(pending(boss)[0].id, boss, is_approved=True, reason="")
    monkeypatch.setattr("rapport.assistant.turn.store", _die)
    for _ in range(5):
        system.settle(0.2, is_strict=False)
        Wait.objects.update(due_at=now() - dt.timedelta(minutes=3))
        with transaction.atomic():
            procedures.call_up_due()
    system.settle(0.2, is_strict=False)
    assert the_wait().state == "failed"
    assert (customer.info.owner.value, customer.info.briefing["reason"]) == ("queue", "wake_failed")
    assert "A colleague takes over" in customer.last["content"]


# ── staff ───────────────────────────────────────────────────────────────────────────────────────────


def test_given_staff_run_it_for_the_customer_when_somebody_else_approves_then_a_note_tells(
    system: System, shop: RunningShop, shopper: Shopper, boss: Staff
) -> None:
    needs_yes()
    customer = signed_in(system, shopper)
    conversations.take(customer.id, boss.id, boss.name)
    system.settle()
    order = shopper.order("pending")

    def run(given: Input) -> assistant.StaffStep:
        return assistant.run_for_customer(ScriptedEngine(), customer.id, boss, given)

    step = run(StartProcedure("cancel_order"))
    while step.ask is not None:
        wanted = order.id if step.ask.slot == "order" else step.ask.options[0].value
        step = run(Fill({step.ask.slot: (wanted,)}))
    assert step.confirm is not None
    step = run(Affirm())
    assert (step.procedure, system.calls(customer.id)) == ("", [])
    assert "approve" in step.texts[0]
    (asked,) = pending(boss)
    assert (asked.bar, asked.proposed_by) == ("own", "Bea Boss")
    with pytest.raises(NotPermitted):
        procedures.decide(asked.id, boss, is_approved=True, reason="")
    admin = accounts.find_staff(accounts.create_staff("root@example.com", "Root", "administrator").pk)
    assert admin is not None
    said = len(customer.replies)
    procedures.decide(asked.id, admin, is_approved=True, reason="")
    system.settle()
    assert len(customer.replies) == said
    assert shop.status(order.id) == "cancelled"
    (call,) = system.calls(customer.id)
    assert (call.actor, call.state) == (f"staff:{boss.id}", "done")
    (note,) = Message.objects.filter(conversation_id=customer.id, is_private=True)
    assert "Done: shop.cancel_order." in note.content


def test_given_two_tabs_of_the_desk_when_one_went_on_meanwhile_then_the_other_changes_nothing(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = waiting_for_parcel(system)

    def run(given: Input) -> assistant.StaffStep:
        return assistant.run_for_customer(ScriptedEngine(), customer.id, system.agent, given)

    run(StartProcedure("repair"))
    settle = Driver.run

    def late(driver: Driver, *given: Any) -> Any:
        Dialogue.objects.filter(role="staff").update(updated_at=now())
        return settle(driver, *given)

    monkeypatch.setattr(Driver, "run", late)
    with pytest.raises(Conflict):
        run(Fill({"what": ("a chair",)}))
    monkeypatch.undo()
    assert run(Resume()).ask is not None
    assert Wait.objects.filter(role="staff").count() == 0


# ── limits ──────────────────────────────────────────────────────────────────────────────────────────


def test_given_an_action_switched_off_when_a_procedure_needs_it_then_the_customer_is_told_and_a_person_comes(
    system: System, shop: RunningShop, shopper: Shopper
) -> None:
    customer = signed_in(system, shopper)
    customer.say(f"cancel my order {shopper.order('pending').id} please")
    customer.say("I ordered it by mistake")
    connectors.save_limits(ActionLimits(CANCEL, is_revoked=True))
    told = customer.click("confirm:yes")
    assert "switched off" in told["content"]
    assert (customer.info.owner.value, customer.info.briefing["reason"]) == ("queue", "revoked")
    assert (shop.status(shopper.order("pending").id), system.calls(customer.id)) == ("pending", [])
    assert "revoked" in [r["name"] for r in system.decisions(customer.id)[-1].rules]


def test_given_a_daily_limit_when_it_is_reached_then_the_rule_is_named(
    system: System, shop: RunningShop, shopper: Shopper
) -> None:
    connectors.save_limits(ActionLimits(CANCEL, per_customer_per_day=0))
    customer = cancels(system, shopper)
    assert "24 hours" in customer.last["content"]
    assert "limit:customer_per_day" in [r["name"] for r in system.decisions(customer.id)[-1].rules]
    assert shop.status(shopper.order("pending").id) == "pending"


# ── events and time ─────────────────────────────────────────────────────────────────────────────────


def test_given_an_awaited_event_when_it_is_reported_then_the_procedure_goes_on_once(system: System) -> None:
    customer = waiting_for_parcel(system)
    nothing = procedures.report_event("parcel.returned", "lamp-8", {}, actor="test")
    assert (nothing.woken, nothing.is_duplicate) == (0, False)
    first = procedures.report_event("parcel.returned", "lamp-7", {"weight": 2}, event_id="e1", actor="test")
    again = procedures.report_event("parcel.returned", "lamp-7", {"weight": 9}, event_id="e1", actor="test")
    assert (first.woken, again.woken, again.is_duplicate) == (1, 1, True)
    said = len(customer.replies)
    system.settle()
    assert [m["content"] for m in customer.replies[said:]] == ["It has arrived: 2 kg."]
    late = procedures.report_event("parcel.returned", "lamp-7", {}, actor="test")
    assert late.woken == 0


def test_given_two_weeks_without_an_event_when_the_schedule_looks_then_the_procedure_goes_on(
    system: System,
) -> None:
    customer = waiting_for_parcel(system)
    system.settle(13 * 86400)
    assert the_wait().state == "waiting"
    Wait.objects.update(wake_at=now())
    procedures.call_up_due()
    system.settle()
    assert customer.last["content"] == "It has not arrived, so I close this."


def test_given_a_waiting_procedure_when_the_customer_talks_of_something_else_then_both_are_served(
    system: System,
) -> None:
    customer = waiting_for_parcel(system)
    customer.say("hello there")
    assert the_wait().state == "waiting"
    procedures.report_event("parcel.returned", "lamp-7", {"weight": 1}, actor="test")
    customer.say("thanks")
    assert any("It has arrived: 1 kg." in m["content"] for m in customer.replies)
    assert the_wait().state == "ended"
