"""Taking back: the last answer, what was done before a refusal, and a whole procedure."""

import datetime as dt

import pytest

from rapport.procedures.contracts import (
    APPROVED,
    NEEDS_APPROVAL,
    REJECTED,
    ActionResult,
    Affirm,
    Call,
    Cancel,
    Confirm,
    Deny,
    Ended,
    Fill,
    HandOver,
    Identify,
    Input,
    Park,
    Resume,
    Say,
    StartProcedure,
    Tell,
    Undo,
    Wake,
    Withdraw,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.tests.procedures import CANCEL, STATUS, book
from rapport.procedures.tests.shop import CUSTOMER, NOW, Driver
from rapport.procedures.tests.test_narrowing import SHIRTS, notice
from rapport.procedures.tests.test_waiting import waiting_for_parcel

BOOK_TRIP = """
procedure: book_trip
version: 1
identify: verified_customer
title: {en: Book a trip}
slots:
  nights: {type: number, ask: {en: "How many nights?"}}
confirm:
  lines: [{en: "{nights} nights"}]
do:
  - {action: trip.look, with: {}, as: looked, undo: none}
  - {action: trip.flight, with: {}, as: flight, undo: {action: trip.drop_flight, with: {id: flight.id}}}
  - action: trip.night
    each: "looked.days"
    with: {day: item}
    as: nights_booked
    undo: {action: trip.drop_night, with: {day: item, id: nights_booked.id}}
  - {action: trip.pay, with: {}, as: paid, undo: {action: trip.pay_back, with: {amount: paid.amount}}}
done: {en: "Booked."}
undo: {within: "30 minutes", say: {en: "The trip is off."}}
"""


def ok(**data: object) -> ActionResult:
    return ActionResult("", True, dict(data))


def refused(code: str = "odd") -> ActionResult:
    return ActionResult("", False, code=code)


def trip(source: str = BOOK_TRIP, **results: list[ActionResult]) -> Driver:
    planned = {
        "trip.look": [ok(days=["mon", "tue"])],
        "trip.flight": [ok(id="F1")],
        "trip.night": [ok(id="N1"), ok(id="N2")],
        "trip.pay": [ok(amount=90)],
        **{f"trip.{name}": found for name, found in results.items()},
    }
    definitions = [parse_definition(source), parse_definition(STATUS), parse_definition(CANCEL)]
    driver = Driver(ProcedureBook(definitions), results=planned)
    for given in (StartProcedure("book_trip"), Say("2"), Affirm()):
        driver.send(given)
    return driver


def actions(driver: Driver) -> list[str]:
    return [call.action.removeprefix("trip.") for call in driver.calls]


def test_a_late_refusal_takes_back_the_earlier_steps_from_the_last_to_the_first() -> None:
    driver = trip(pay=[refused()])
    assert actions(driver) == [
        "look",
        "flight",
        "night",
        "night",
        "pay",
        "drop_night",
        "drop_night",
        "drop_flight",
    ]
    assert driver.calls[-3:] == [
        Call("trip.drop_night", {"day": "tue", "id": "N2"}, "conv-1:2.1~undo"),
        Call("trip.drop_night", {"day": "mon", "id": "N1"}, "conv-1:2.0~undo"),
        Call("trip.drop_flight", {"id": "F1"}, "conv-1:1~undo"),
    ]
    assert driver.effects == [
        Tell("Unfortunately that wasn't possible."),
        Tell("What had been done for it has been taken back."),
        Ended("book_trip", "conv-1", "refused"),
        HandOver("refused_by_system", "A colleague will look at it and get back to you here."),
    ]


def test_a_refusal_in_the_middle_of_a_loop_takes_back_its_first_values() -> None:
    driver = trip(night=[ok(id="N1"), refused()])
    assert actions(driver) == ["look", "flight", "night", "night", "drop_night", "drop_flight"]


def test_where_one_step_cannot_be_taken_back_none_is_and_a_person_comes() -> None:
    without = BOOK_TRIP.replace(", undo: {action: trip.drop_flight, with: {id: flight.id}}", "")
    driver = trip(
        without.replace('undo: {within: "30 minutes", say: {en: "The trip is off."}}\n', ""), pay=[refused()]
    )
    assert actions(driver)[-1] == "pay"
    assert driver.one(HandOver).reason == "partly_done"
    driver = trip(flight=[ok()], pay=[refused()])  # the answer does not hold what taking it back needs
    assert actions(driver)[-1] == "pay"
    assert driver.one(HandOver).reason == "partly_done"


@pytest.mark.parametrize("code", ["odd", "unavailable", "unknown"])
def test_what_cannot_be_taken_back_after_all_is_left_to_a_person(code: str) -> None:
    driver = trip(pay=[refused()], drop_night=[ok(), refused(code)])
    assert actions(driver)[-2:] == ["drop_night", "drop_night"]
    assert driver.ended == [("book_trip", "failed")]
    assert driver.one(HandOver).reason == "partly_done"


def test_nothing_was_done_where_only_harmless_steps_went_before() -> None:
    driver = trip(flight=[refused()])
    assert actions(driver) == ["look", "flight"]
    assert driver.told == ["Unfortunately that wasn't possible."]
    assert driver.ended == [("book_trip", "refused")]


def test_taking_back_survives_a_restart_and_every_other_input() -> None:
    driver = trip(pay=[refused()])
    driver = Driver(driver.book, results={"trip.look": [ok(days=[])], "trip.flight": [ok(id="F1")]})
    for given in (StartProcedure("book_trip"), Say("2")):
        driver.send(given)
    step = driver.step(Affirm())
    while step.call is not None and step.call.action != "trip.pay":
        step = driver.step(driver.perform(step.call))
    assert step.call is not None
    undoing = driver.step(ActionResult(step.call.key, False, code="odd"))
    assert undoing.call == Call("trip.drop_flight", {"id": "F1"}, "conv-1:1~undo")
    state = driver.state
    given: Input
    for given in (
        Resume(),
        Affirm(),
        Cancel(),
        Undo(),
        Say("hello?"),
        Fill({}),
        ActionResult("conv-1:1", True),
    ):
        assert driver.step(given).call == undoing.call
        assert driver.state == state


def test_an_action_that_takes_back_may_need_a_yes_itself() -> None:
    needs = ActionResult("", False, {"team": "money"}, NEEDS_APPROVAL)
    driver = trip(pay=[refused()], drop_flight=[needs, ok()])
    assert driver.one(Park).wait.key == "conv-1:1~undo"
    driver.send(Wake("conv-1:1~undo", APPROVED))
    assert driver.calls[-1] == driver.calls[-2]
    assert driver.ended == [("book_trip", "refused")]
    driver = trip(pay=[refused()], drop_flight=[needs])
    driver.send(Wake("conv-1:1~undo", REJECTED))
    assert driver.one(HandOver).reason == "partly_done"


# ── the customer takes back a procedure that is done ──


def test_a_procedure_that_is_done_is_taken_back_after_a_yes() -> None:
    driver = trip()
    made = len(driver.calls)
    driver.send(Undo())
    confirm = driver.one(Confirm)
    assert (confirm.lines, confirm.question) == (("Take back: Book a trip",), "Shall I take this back?")
    assert confirm.facts["actions"][0] == {"action": "trip.pay_back", "arguments": {"amount": 90.0}}
    assert len(driver.calls) == made
    driver.send(Affirm())
    assert actions(driver)[made:] == ["pay_back", "drop_night", "drop_night", "drop_flight"]
    assert driver.effects == [Tell("The trip is off."), Ended("book_trip", "conv-1", "cancelled")]
    driver.send(Undo())
    assert driver.told == ["There is nothing I could take back."]


@pytest.mark.parametrize("given", [Deny(), Cancel(), Deny("no, leave it")])
def test_a_no_leaves_it_as_it_is(given: Input) -> None:
    driver = trip()
    before = driver.state
    driver.send(Undo())
    driver.send(given)
    assert driver.effects == [Tell("All right, it stays as it is.")]
    assert driver.state == before
    driver.send(Undo())
    assert driver.one(Confirm)


def test_words_that_are_no_answer_are_asked_again_and_then_it_stays() -> None:
    driver = trip()
    driver.send(Undo())
    for _ in range(2):
        driver.send(Say("hm 5"))
        assert driver.one(Confirm).question == "Shall I take this back?"
    driver.send(Say("hm"))
    assert driver.told[-1] == "All right, it stays as it is."
    assert driver.state.finished[-1].status == "done"
    assert driver.state.finished[-1].slots["nights"].options[0].value == "2"


def test_it_is_too_late_after_the_time_that_the_definition_gives() -> None:
    driver = trip()
    driver.now = NOW + dt.timedelta(minutes=31)
    driver.send(Undo())
    assert driver.told[0].startswith("That can't be taken back here any more.")
    driver = trip()
    driver.send(Undo())
    driver.now = NOW + dt.timedelta(minutes=31)
    driver.send(Affirm())
    assert driver.told[0].startswith("That can't be taken back here any more.")
    assert driver.state.finished[-1].status == "done"
    driver = trip()
    driver.now = None
    driver.send(Undo())
    assert driver.told[0].startswith("That can't be taken back here any more.")


def test_only_who_is_known_takes_something_back() -> None:
    driver = trip()
    driver.customer = None
    driver.send(Undo())
    assert driver.one(Identify)
    made = len(driver.calls)
    for given in (Affirm(), Say("yes"), Resume()):
        driver.send(given)
        assert driver.resting() == [Identify]
    assert len(driver.calls) == made
    driver.customer = dict(CUSTOMER)
    driver.send(Resume())
    assert driver.one(Confirm)


def test_what_has_no_undo_is_not_taken_back() -> None:
    driver = trip()
    driver.send(StartProcedure("cancel_order"))
    driver.send(Say("x"))
    driver.send(Affirm())
    driver.send(Undo())
    assert driver.told[0].startswith("That can't be taken back here any more.")
    assert driver.state.stack == ()


def test_what_changed_nothing_is_passed_over() -> None:
    driver = trip()
    driver.results = {"shop.get_order": [ActionResult("", True, {"status": "x"})]}
    source = STATUS.replace("as: result}", "as: result, undo: none}")
    driver.book = ProcedureBook([parse_definition(BOOK_TRIP), parse_definition(source)])
    driver.send(StartProcedure("order_status", "W2"))
    driver.send(Undo())
    assert driver.one(Confirm).lines == ("Take back: Book a trip",)


def test_a_new_request_waits_until_it_is_said_whether_to_take_back() -> None:
    driver = trip()
    driver.send(Undo())
    driver.send(StartProcedure("cancel_order"))
    assert driver.told == ["I'll come to “Cancel an order” right after this."]
    driver.send(Deny())
    assert driver.asked.slot == "note"


# ── the customer takes back an answer ──


def test_the_last_answer_is_taken_back_and_asked_again() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "W1"))
    driver.send(Say("lamp"))
    driver.send(Fill({"refund_to": ("gift",)}))
    assert driver.asked.slot == "reason"
    driver.send(Undo())
    assert driver.asked.slot == "refund_to"
    driver.send(Undo())
    assert driver.asked.slot == "items"
    driver.send(Say("headphones"))
    assert driver.values("items") == ("l1",)
    assert driver.asked.slot == "refund_to"


def test_at_the_confirmation_it_takes_back_the_last_answer_too() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "return the headphones to my gift"))
    driver.send(Fill({"reason": ("unwanted",)}))
    assert driver.one(Confirm)
    driver.send(Undo())
    assert driver.asked.slot == "reason"
    assert driver.calls == []


def test_of_several_answers_to_one_question_the_last_is_asked_again() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "W1"))
    driver.send(Fill({"items": ("l1", "l2")}))
    driver.send(Fill({"replacements[0]": ("headphones-blue",)}))
    driver.send(Fill({"replacements[1]": ("lamp-grey",)}))
    driver.send(Undo())
    assert driver.asked.slot == "replacements[1]"
    assert driver.values("replacements") == ("headphones-blue",)


def test_where_nothing_was_answered_the_question_is_asked_again() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items"))
    asked = driver.asked.slot
    driver.send(Undo())
    assert driver.told == ["There is nothing I could take back."]
    assert driver.asked.slot == asked
    assert driver.state.stack[-1].questions == 1


def test_without_anything_there_is_nothing_to_take_back() -> None:
    driver = Driver(book())
    driver.send(Undo())
    assert driver.effects == [Tell("There is nothing I could take back.")]


# ── what waits ──


@pytest.mark.parametrize("given", [Withdraw("conv-1"), Undo()])
def test_what_waits_can_be_withdrawn(given: Input) -> None:
    driver = waiting_for_parcel()
    driver.send(given)
    assert driver.told == ["All right, I've stopped."]
    assert driver.one(HandOver).reason == "partly_done"
    assert driver.state.waiting == ()
    assert driver.send(Wake("conv-1:1", "parcel.returned")) == []


def test_what_waits_and_has_done_nothing_just_ends() -> None:
    source = BOOK_TRIP.replace("do:\n", 'do:\n  - approve: {title: {en: "A trip"}}\n')
    driver = trip(source)
    assert driver.one(Park)
    driver.send(Withdraw("conv-1"))
    assert driver.effects == [
        Tell("All right, I've stopped. Nothing was changed."),
        Ended("book_trip", "conv-1", "cancelled"),
    ]
    assert driver.send(Wake("conv-1:0", APPROVED)) == []
    assert driver.calls == []


@pytest.mark.parametrize("given", [Cancel(), Withdraw("conv-2"), Withdraw("")])
def test_what_waits_is_withdrawn_by_its_name_alone(given: Input) -> None:
    driver = waiting_for_parcel()
    before = driver.state.waiting
    assert driver.send(given) == []
    assert driver.state.waiting == before


def test_what_waits_is_withdrawn_while_something_else_is_open() -> None:
    driver = trip(BOOK_TRIP.replace("do:\n", 'do:\n  - approve: {title: {en: "A trip"}}\n'))
    driver.send(StartProcedure("book_trip"))
    driver.send(Withdraw("conv-1"))
    assert ("book_trip", "cancelled") in driver.ended
    assert [frame.instance for frame in driver.state.stack] == ["conv-2"]


def test_what_waits_for_a_yes_to_a_call_never_makes_it_once_withdrawn() -> None:
    driver = trip(pay=[ActionResult("", False, {}, NEEDS_APPROVAL)])
    assert driver.one(Park).wait.key == "conv-1:3"
    driver.send(Withdraw("conv-1"))
    assert actions(driver)[-3:] == ["drop_night", "drop_night", "drop_flight"]
    assert driver.ended == [("book_trip", "cancelled")]
    assert driver.send(Wake("conv-1:3", APPROVED)) == []


def test_an_attribute_that_was_chosen_is_taken_back_before_the_answers() -> None:
    driver = notice(SHIRTS)
    first = [option.value for option in driver.asked.options]
    driver.send(Fill({"shirt": (first[0],)}))
    assert [option.value for option in driver.asked.options] != first
    driver.send(Undo())
    assert [option.value for option in driver.asked.options] == first


def test_who_turned_down_one_call_of_a_loop_is_told_with_its_value() -> None:
    night = '    failed: {rejected: {en: "Not on {item}."}}\n'
    source = BOOK_TRIP.replace("    as: nights_booked\n", "    as: nights_booked\n" + night)
    driver = trip(source, night=[ok(id="N1"), ActionResult("", False, {}, NEEDS_APPROVAL)])
    wait = driver.one(Park).wait
    assert (wait.key, wait.facts["arguments"]) == ("conv-1:2.1", {"day": "tue"})
    driver.send(Wake("conv-1:2.1", REJECTED))
    assert driver.told[0] == "Not on tue."
    assert actions(driver)[-2:] == ["drop_night", "drop_flight"]
    driver = trip(source, night=[ok(id="N1"), ActionResult("", False, {}, NEEDS_APPROVAL), ok(id="N2")])
    driver.send(Wake("conv-1:2.1", APPROVED))
    assert [call.key for call in driver.calls][-3:] == ["conv-1:2.1", "conv-1:2.1", "conv-1:3"]
    assert driver.ended == [("book_trip", "done")]
