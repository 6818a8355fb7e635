"""People: the handover and what the customer hears of it, the agent's moves, and the way back."""

from __future__ import annotations

import pytest
from tests.acceptance.support.customer import Customer, is_confirmation, items, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.accounts.models import User
from rapport.assistant import api as assistant
from rapport.conversations import api as conversations
from rapport.conversations.contracts import MessageDraft, MessageType, Sender
from rapport.conversations.errors import WrongOwner
from rapport.jobs.api import JobContext
from rapport.kernel.clock import now, use_clock
from rapport.procedures.contracts import Affirm, Fill, StartProcedure
from rapport.testing.scripted_engine import ScriptedEngine


def reply_of(system: System, customer: Customer, text: str, *, is_private: bool = False) -> None:
    """What the agent writes."""
    sender = Sender("user", system.agent.id, system.agent.name)
    conversations.add_message(
        customer.id, MessageDraft(MessageType.OUTGOING, text, sender, is_private=is_private)
    )
    system.settle()


@pytest.mark.parametrize("way", ["menu", "words", "control", "quick_reply"])
def test_given_any_moment_then_a_person_is_one_step_away(system: System, shop: RunningShop, way: str) -> None:
    customer = Customer(system)
    match way:
        case "menu":
            customer.click("talk_to_person")
        case "words":
            customer.say("can I speak to a human please")
        case "control":
            customer.call("POST", f"{customer.url}/handover", {"title": "Talk to a person"})
            system.settle()
        case "quick_reply":
            customer.say("where is my order?")
            customer.click("talk_to_person")
    info = customer.info
    assert (info.owner, info.status) == ("queue", "open")
    assert info.briefing["reason"] == "customer_asked"
    assert "You are number 1" in customer.last["content"]
    (decision,) = [d for d in system.decisions(customer.id) if "hand_over" in d.chosen]
    assert customer.last["decision_id"] == decision.id


def test_given_a_handover_then_reply_decision_owner_and_briefing_are_one_transaction(
    system: System, shop: RunningShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = Customer(system)

    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(conversations, "hand_over", explode)
    before = [m["id"] for m in customer.messages]
    with pytest.raises(RuntimeError):
        customer.say("talk to a person")
    assert [m["id"] for m in customer.replies] == before
    assert (customer.info.owner, customer.info.briefing, system.decisions(customer.id)) == (
        "assistant",
        {},
        [],
    )


def test_given_people_own_the_conversation_then_the_assistant_is_silent(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    customer.say("talk to a person")
    spoken = len(customer.replies)
    for move in ("hello?", "where is my order?", "cancel everything", "yes"):
        customer.say(move)
    assert len(customer.replies) == spoken
    conversations.take(customer.id, system.agent.id, system.agent.name)
    system.settle()
    assert customer.last["content"] == assistant.say("handover_agent_joined", "en", agent="Ada Agent")
    spoken = len(customer.replies)
    customer.say("I want to return something")
    assert len(customer.replies) == spoken
    assert len(system.decisions(customer.id)) == 1


def test_given_an_answer_under_way_when_a_person_takes_over_then_it_is_dropped(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    customer.call("POST", f"{customer.url}/messages", {"content": "hello there"})
    generation = customer.info.generation
    runner_gathers = system.runner.take_steps

    class Slow:
        """A person takes the conversation while the turn is being worked out."""

        engine, searcher = system.runner.engine, system.runner.searcher

        def take_steps(self, gathered: object, **options: object) -> object:
            found = runner_gathers(gathered, **options)  # type: ignore[arg-type]
            conversations.take(customer.id, system.agent.id, system.agent.name)
            return found

    payload = {"conversation_id": customer.id, "generation": generation}
    assistant.TurnRunner.run(Slow(), payload, JobContext(0, None, 1))  # type: ignore[arg-type]
    said = [m for m in customer.replies if m["sender"]["type"] == "assistant"]
    assert len(said) == 1, "only the greeting"


def test_given_an_agent_then_they_reply_note_resolve_and_give_back(system: System, shop: RunningShop) -> None:
    shopper = shop.shopper(having="shipped")
    customer = signed_in(system, shopper)
    customer.say("talk to a person")
    conversations.take(customer.id, system.agent.id, system.agent.name)
    system.settle()
    reply_of(system, customer, "Hello, how can I help?")
    reply_of(system, customer, "VIP, be careful", is_private=True)
    assert customer.last["content"] == "Hello, how can I help?"
    assert customer.last["sender"] == {
        "id": system.agent.id,
        "name": "Ada Agent",
        "type": "user",
        "is_ai": False,
    }
    assert not any("VIP" in body for body in customer.seen)

    conversations.give_back(customer.id, system.agent.name)
    system.settle()
    assert customer.last["content"] == assistant.say("back_to_assistant", "en")
    reply = customer.say("where is my order?")
    assert reply["sender"]["is_ai"] is True
    assert "order" in reply["content"].lower()

    conversations.resolve(customer.id, "Ada Agent")
    assert customer.call("GET", customer.url)["status"] == "resolved"
    customer.say("hello again")
    assert (customer.info.status, customer.info.owner) == ("pending", "assistant")
    with pytest.raises(WrongOwner):
        conversations.give_back(customer.id, "Ada Agent")


def test_given_an_agent_when_they_run_a_procedure_then_it_is_done_in_their_name(
    system: System, shop: RunningShop
) -> None:
    shopper = shop.shopper(having="pending")
    order = shopper.order("pending")
    customer = Customer(system)
    customer.say("talk to a person")
    conversations.take(customer.id, system.agent.id, system.agent.name)
    system.settle()
    engine = ScriptedEngine()
    step = assistant.run_for_customer(engine, customer.id, system.agent, StartProcedure("cancel_order"))
    assert step.needs_identity
    assistant.verify_for_customer(customer.id, system.agent, order_id=order.id, email=shopper.email)
    step = assistant.run_for_customer(engine, customer.id, system.agent, StartProcedure("cancel_order"))
    step = assistant.run_for_customer(engine, customer.id, system.agent, None)
    while step.confirm is None:
        assert step.ask is not None
        value = order.id if step.ask.slot == "order" else "no_longer_needed"
        step = assistant.run_for_customer(engine, customer.id, system.agent, Fill({step.ask.slot: (value,)}))
    assert system.calls(customer.id) == []
    before = len(customer.messages)
    step = assistant.run_for_customer(engine, customer.id, system.agent, Affirm())
    assert [e.outcome for e in step.ended] == ["done"]
    (call,) = system.calls(customer.id)
    assert (call.action, call.actor, call.state) == ("shop.cancel_order", f"staff:{system.agent.id}", "done")
    assert shop.status(order.id) == "cancelled"
    assert [d.kind for d in system.decisions(customer.id)] == ["turn", "staff_procedure"]
    assert len(customer.messages) == before, "the agent tells the customer in their own words"


def test_given_a_waiting_customer_then_they_hear_where_they_stand_only_when_that_has_changed(
    system: System, shop: RunningShop
) -> None:
    first, second = Customer(system), Customer(system)
    first.say("talk to a person")
    reply = second.say("talk to a person")
    assert "You are number 2" in reply["content"]
    assert second.call("GET", f"{second.url}/queue") == {
        "is_waiting": True,
        "position": 2,
        "expected_wait_s": second.call("GET", f"{second.url}/queue")["expected_wait_s"],
        "owner": "queue",
    }
    before = len(second.replies)
    system.settle(125)
    assert len(second.replies) == before, "still number 2"
    conversations.take(first.id, system.agent.id, system.agent.name)
    system.settle(7 * 60)
    assert len(second.replies) == before + 1
    assert second.last["content"].startswith("You are now number 1, about ")
    assert assistant.say("handover_leave_email", "en") not in second.last["content"]
    system.settle(3600)
    assert len(second.replies) == before + 1, "still number 1"
    conversations.take(second.id, system.agent.id, system.agent.name)
    system.settle(24 * 3600)
    assert len(second.replies) == before + 2, "joined, and then silence"


def test_given_a_report_that_a_person_decides_then_one_message_says_each_thing_once(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"))
    customer.command("start:report_damage")
    while not is_confirmation(customer.last):
        match customer.last["content_attributes"]["slot"]:
            case "problem":
                customer.click("not_received")
            case "description":
                customer.say("The parcel never came.")
            case _:
                customer.click(items(customer.last)[0])
        assert len(customer.messages) < 24
    said = customer.click("confirm:yes")["content"].split("\n\n")
    assert said[-1] == assistant.say("handover_place", "en", position=1, minutes=3)
    assert [sum(word in part for part in said) for word in ("registered", "colleague", "business day")] == [
        1,
        1,
        1,
    ], said


def test_given_a_customer_put_back_in_the_queue_then_they_hear_where_they_stand(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    customer.say("talk to a person")
    conversations.take(customer.id, system.agent.id, system.agent.name)
    conversations.release(customer.id, system.agent.name)
    system.settle(125)
    assert customer.last["content"].startswith("You are now number 1, about ")


def test_given_a_waiting_customer_when_they_leave_their_email_then_staff_have_it_as_a_claim(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    customer.say("talk to a person")
    customer.call("POST", f"{customer.url}/email", {"email": "Someone@Example.com"})
    assert customer.info.custom_attributes["reply_to_email"] == "someone@example.com"
    assert customer.info.verification is None
    status, found = customer.request("POST", f"{customer.url}/email", {"email": "nonsense"})
    assert (status, found["error"]["code"]) == (422, "invalid_input")


def test_given_signs_of_danger_then_a_person_is_called_whatever_is_asked(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="delivered", lacking="pending"))
    customer.say("the charger caught fire and burned my hand, I want to return something")
    assert (customer.info.owner, customer.info.briefing["reason"]) == ("queue", "safety")
    assert system.calls(customer.id) == []


def test_given_a_conversation_closed_by_its_customer_then_a_message_reopens_it(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    customer.say("talk to a person")
    assert customer.call("POST", f"{customer.url}/toggle_status", {})["status"] == "resolved"
    assert (
        customer.info.queued_at is None
        or customer.call("GET", f"{customer.url}/queue")["is_waiting"] is False
    )
    reply = customer.say("I want to return something")
    assert reply["sender"]["is_ai"] is True
    assert customer.info.queued_at is None


def test_given_a_customer_still_typing_then_the_assistant_waits_for_the_rest(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    at = now()
    with use_clock(lambda: at):
        customer.call("POST", f"{customer.url}/toggle_typing", {"typing_status": "on"})
        customer.call("POST", f"{customer.url}/messages", {"content": "I want"})
        before = len(customer.replies)
        system.settle(2)
        assert len(customer.replies) == before
        system.settle(3)
        assert len(customer.replies) == before + 1


def test_given_nobody_at_work_then_the_customer_is_told_to_leave_their_email(
    system: System, shop: RunningShop
) -> None:
    User.objects.update(is_available=False)
    reply = Customer(system).say("talk to a person")
    assert assistant.say("handover_leave_email", "en") in reply["content"]


def test_given_clicks_and_words_when_handed_over_then_the_briefing_quotes_the_words(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    customer.say("my lamp arrived broken")
    customer.click("talk_to_person")
    assert customer.info.briefing["asked"] == ["my lamp arrived broken"]


def test_given_the_offer_of_a_person_when_the_customer_says_yes_then_a_person_comes(
    system: System, shop: RunningShop
) -> None:
    customer = Customer(system)
    for _ in range(3):
        customer.say("blorp fnord")
    assert customer.last["content_attributes"]["items"][0]["value"] == "talk_to_person"
    customer.say("yes please")
    assert customer.info.owner == "queue"


def started(system: System, customer: Customer) -> list[str]:
    """The turns that began something."""
    return [d.chosen for d in system.decisions(customer.id) if "start" in d.chosen]


@pytest.mark.parametrize("way", ["give_back", "resolve"])
@pytest.mark.parametrize("is_answered", [True, False])
def test_given_what_was_said_to_a_person_when_the_assistant_is_back_then_it_does_not_begin_that_again(
    system: System, shop: RunningShop, way: str, *, is_answered: bool
) -> None:
    customer = signed_in(system, shop.shopper(having="pending"))
    customer.say("talk to a person")
    conversations.take(customer.id, system.agent.id, system.agent.name)
    system.settle()
    customer.say("please cancel my order")
    if is_answered:
        reply_of(system, customer, "Done, it is cancelled.")
        reply_of(system, customer, "Cancelled by hand", is_private=True)
    if way == "give_back":
        conversations.give_back(customer.id, system.agent.name)
    else:
        conversations.resolve(customer.id, system.agent.name)
    system.settle()
    customer.say("thanks")
    assert customer.info.owner == "assistant"
    assert started(system, customer) == []
    customer.say("where is my order?")
    assert len(started(system, customer)) == 1


def test_given_a_long_talk_with_a_person_then_the_newest_words_are_read(
    system: System, shop: RunningShop
) -> None:
    customer = signed_in(system, shop.shopper(having="shipped"))
    customer.say("talk to a person")
    conversations.take(customer.id, system.agent.id, system.agent.name)
    for number in range(60):
        conversations.receive_message(customer.id, f"and another thing, {number}")
        reply_of(system, customer, "I see")
    conversations.give_back(customer.id, system.agent.name)
    system.settle()
    customer.say("where is my order?")
    assert len(started(system, customer)) == 1
