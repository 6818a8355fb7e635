"""An answer that comes when a person has the conversation already: what was done is told, nothing newer is lost."""

from __future__ import annotations

from typing import Any

import pytest
from tests.acceptance.support.customer import Customer, is_confirmation, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.assistant import storing
from rapport.assistant.models import Dialogue
from rapport.conversations import api as conversations
from rapport.conversations.models import Message
from rapport.kernel.clock import now


@pytest.fixture
def customer(system: System, shop: RunningShop) -> Customer:
    """About to agree to a cancellation."""
    shopper = shop.shopper(having="pending")
    found = signed_in(system, shopper)
    found.say(f"cancel my order {shopper.order('pending').id} please")
    assert is_confirmation(found.say("I ordered it by mistake"))
    return found


def _person_comes_first(
    monkeypatch: pytest.MonkeyPatch,
    system: System,
    customer: Customer,
    *,
    state: dict[str, Any] | None = None,
) -> None:
    """Just before the answer is stored a person takes the conversation, and perhaps something else goes on in it."""
    store = storing.store

    def late(*arguments: Any, **named: Any) -> None:
        conversations.take(customer.id, system.agent.id, system.agent.name)
        if state is not None:
            Dialogue.objects.filter(conversation_id=customer.id).update(state=state, updated_at=now())
        store(*arguments, **named)

    monkeypatch.setattr("rapport.assistant.turn.store", late)


def _notes(customer: Customer) -> list[str]:
    rows = Message.objects.filter(conversation_id=customer.id, is_private=True).order_by("id")
    return list(rows.values_list("content", flat=True))


def test_given_a_person_who_came_first_then_they_learn_what_was_done_and_the_state_knows_it(
    monkeypatch: pytest.MonkeyPatch, system: System, customer: Customer
) -> None:
    _person_comes_first(monkeypatch, system, customer)
    customer.click("confirm:yes")
    assert [call.action for call in system.calls(customer.id)] == ["shop.cancel_order"]
    assert "Done by the assistant just before you joined: shop.cancel_order" in _notes(customer)
    state = Dialogue.objects.get(conversation_id=customer.id).state
    assert [frame["status"] for frame in state["finished"]] == ["done"]


def test_given_a_procedure_that_went_on_meanwhile_then_its_state_is_kept_and_the_person_is_told(
    monkeypatch: pytest.MonkeyPatch, system: System, customer: Customer
) -> None:
    newer = {"stack": [], "seed": "newer", "counter": 7}
    _person_comes_first(monkeypatch, system, customer, state=newer)
    customer.click("confirm:yes")
    assert Dialogue.objects.get(conversation_id=customer.id).state == newer
    told = _notes(customer)
    assert "Done by the assistant just before you joined: shop.cancel_order" in told
    assert any("went on elsewhere meanwhile" in note for note in told)
