"""Several procedures: digression, queue, replacing, identification, cancelling and resuming."""

from rapport.procedures.contracts import (
    ActionResult,
    Affirm,
    Ask,
    Cancel,
    Confirm,
    DialogueState,
    Ended,
    Fill,
    HandOver,
    Identified,
    Identify,
    Resume,
    Say,
    StartProcedure,
    Tell,
)
from rapport.procedures.logic.state import state_from_json, state_to_json
from rapport.procedures.tests.procedures import book
from rapport.procedures.tests.shop import CUSTOMER, Driver


def returning(text: str = "the headphones") -> Driver:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", text))
    assert driver.asked.slot == "refund_to"
    return driver


def names(driver: Driver) -> list[str]:
    return [frame.procedure for frame in driver.state.stack]


def test_reading_in_the_middle_returns_to_the_open_question() -> None:
    driver = returning()
    driver.results = {"shop.get_order": [ActionResult("", True, {"status": "on its way"})]}
    driver.send(StartProcedure("order_status", "and where is W2?"))
    assert driver.effects[:3] == [
        Tell("#W2 is on its way."),
        Ended("order_status", "conv-2", "done"),
        Tell("Back to “Return items”."),
    ]
    assert driver.asked.slot == "refund_to"
    assert names(driver) == ["return_items"]
    assert driver.state.stack[-1].questions == 1


def test_a_digression_may_ask_and_be_cancelled() -> None:
    driver = returning()
    driver.send(StartProcedure("order_status"))
    assert driver.asked.slot == "order"
    assert names(driver) == ["return_items", "order_status"]
    driver.send(Cancel())
    assert driver.told == ["All right, I've stopped. Nothing was changed.", "Back to “Return items”."]
    assert driver.ended == [("order_status", "cancelled")]
    assert driver.asked.slot == "refund_to"


def test_words_in_a_digression_stay_there() -> None:
    driver = returning()
    driver.send(StartProcedure("order_status", "gift"))
    driver.send(Say("W2"))
    assert driver.asked.slot == "refund_to"
    assert driver.values("refund_to") == ()


def test_asking_for_what_lies_below_returns_to_it() -> None:
    driver = returning()
    driver.send(StartProcedure("order_status"))
    driver.send(StartProcedure("return_items", "to the gift"))
    assert driver.ended == [("order_status", "cancelled")]
    assert driver.values("refund_to") == ("gift",)
    assert driver.asked.slot == "reason"


def test_a_second_change_waits_its_turn_and_then_starts_in_the_same_step() -> None:
    driver = returning()
    driver.send(StartProcedure("cancel_order", "also cancel W2"))
    assert driver.told == ["I'll come to “Cancel an order” right after this."]
    assert driver.asked.slot == "refund_to"
    assert driver.state.queue == (("cancel_order", "also cancel W2"),)
    driver.send(StartProcedure("cancel_order", "also cancel W2"))
    assert len(driver.state.queue) == 1
    driver.send(Fill({"refund_to": ("gift",), "reason": ("unwanted",)}))
    driver.send(Affirm())
    assert driver.effects[:3] == [
        Tell("Done. $120.00 go to Gift card."),
        Ended("return_items", "conv-1", "done", ("order_status",)),
        Tell("Now to “Cancel an order”."),
    ]
    assert driver.asked.slot == "note"
    assert driver.values("order") == ("#W2",)
    assert driver.state.queue == ()
    assert driver.state.stack[-1].instance == "conv-2"


def test_what_has_just_begun_is_replaced_unless_both_were_asked_for_at_once() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items"))
    driver.send(StartProcedure("cancel_order"))
    assert driver.effects[0] == Ended("return_items", "conv-1", "cancelled")
    assert driver.told == []
    assert names(driver) == ["cancel_order"]
    driver = Driver(book())
    driver.send(StartProcedure("return_items"))
    driver.send(StartProcedure("cancel_order", after=True))
    assert names(driver) == ["return_items"]
    assert driver.state.queue == (("cancel_order", ""),)
    assert driver.resting() == [Ask]


def test_the_queue_goes_on_after_a_cancellation_and_after_a_refusal() -> None:
    driver = returning()
    driver.send(StartProcedure("cancel_order"))
    driver.send(Cancel())
    assert driver.told == ["All right, I've stopped. Nothing was changed.", "Now to “Cancel an order”."]
    assert names(driver) == ["cancel_order"]
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "W3"))
    driver.send(StartProcedure("cancel_order"))
    driver.send(Fill({"items": ("l2",)}))
    assert driver.told == ["Returns over $600.00 are not possible.", "Now to “Cancel an order”."]


def test_asking_for_the_same_again_is_taken_as_words() -> None:
    driver = returning()
    driver.send(StartProcedure("return_items", "gift"))
    assert driver.values("refund_to") == ("gift",)
    assert driver.state.counter == 1
    driver.send(StartProcedure("return_items"))
    assert driver.asked.slot == "reason"
    assert driver.asked.problem == ""


def test_a_handover_stops_everything_and_leaves_the_rest_for_later() -> None:
    driver = returning()
    driver.send(StartProcedure("cancel_order"))
    for _ in range(3):
        driver.send(Say("?!"))
    assert driver.resting() == [HandOver]
    assert driver.state.stack == ()
    assert driver.state.queue == (("cancel_order", ""),)
    driver.send(Resume())
    assert names(driver) == ["cancel_order"]


def test_an_unknown_procedure_brings_a_person_and_touches_nothing() -> None:
    driver = returning()
    before = driver.state
    driver.send(StartProcedure("no_such_thing"))
    assert driver.one(HandOver).reason == "unknown_procedure"
    assert driver.state == before


def test_the_customer_is_identified_first() -> None:
    driver = Driver(book(), customer=None)
    driver.send(StartProcedure("return_items", "the headphones"))
    assert driver.effects == [Identify("verified_customer")]
    assert driver.needs == []
    driver.send(Say("to my gift card"))
    assert driver.resting() == [Identify]
    driver.send(Affirm())
    assert driver.resting() == [Identify]
    driver.send(Identified())
    assert driver.resting() == [Identify]
    driver.customer = CUSTOMER
    driver.send(Identified())
    assert driver.values("items") == ("l1",)
    assert driver.asked.slot in ("refund_to", "reason")


def test_a_procedure_for_anyone_needs_no_identification() -> None:
    driver = Driver(book(), customer=None)
    driver.send(StartProcedure("profile"))
    assert driver.asked.slot == "mail"


def test_a_yes_counts_for_nobody_who_is_not_identified_any_more() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "return the headphones to my gift, changed my mind"))
    driver.customer = None
    driver.send(Affirm())
    assert driver.resting() == [Identify]
    assert driver.calls == []
    driver.customer = CUSTOMER
    driver.send(Identified())
    assert driver.resting() == [Confirm]


def test_resuming_asks_the_open_question_again() -> None:
    driver = returning()
    driver.send(Resume())
    assert driver.asked.slot == "refund_to"
    driver.send(Fill({"refund_to": ("gift",), "reason": ("unwanted",)}))
    confirm = driver.one(Confirm)
    driver.send(Resume())
    assert driver.effects == [confirm]
    assert driver.state.stack[-1].questions == 2


def test_nothing_running_means_nothing_to_do() -> None:
    driver = Driver(book())
    for given in (Say("hello"), Affirm(), Cancel(), Resume(), Fill({"a": ("b",)}), ActionResult("k", True)):
        driver.send(given)
        assert driver.effects == []
    assert driver.state == DialogueState(seed="conv")


def test_instances_are_unique_within_and_across_conversations() -> None:
    driver = Driver(book())
    for _ in range(25):
        driver.send(StartProcedure("order_status", "W1"))
    keys = [call.key for call in driver.calls]
    assert len(set(keys)) == 25
    assert keys[0] == "conv-1:0"
    assert len(driver.state.finished) == 20
    assert driver.state.finished[-1].instance == "conv-25"


def test_state_survives_json_while_data_is_awaited() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items"))
    driver.step(Fill({"order": ("#W1",)}))
    assert driver.state.pending is not None
    assert state_from_json(state_to_json(driver.state)) == driver.state
    assert state_from_json({}) == DialogueState()
