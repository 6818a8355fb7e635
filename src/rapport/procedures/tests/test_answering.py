"""Answers to the open question: by words, clicks and forms."""

import pytest

from rapport.procedures.contracts import (
    SKIP,
    Affirm,
    Ask,
    Confirm,
    Deny,
    Fill,
    HandOver,
    Input,
    Provided,
    Resume,
    Say,
    StartProcedure,
)
from rapport.procedures.tests.procedures import book
from rapport.procedures.tests.shop import Driver, order


def returning(text: str = "") -> Driver:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", text))
    return driver


def test_ambiguous_words_ask_again_with_the_candidates_only() -> None:
    driver = Driver(book(), orders=(*Driver(book()).orders, order("8", "delivered", [])))
    driver.send(StartProcedure("return_items"))
    driver.send(Say("the one with the lamp"))
    assert driver.asked.problem == "More than one fits. Which one do you mean?"
    assert [option.value for option in driver.asked.options] == ["#W1", "#W3"]
    assert driver.state.stack[-1].shown == ("#W1", "#W3")
    driver.send(Say("headphones"))
    assert driver.values("order") == ("#W1",)


def test_words_that_fit_nothing_are_counted_and_the_third_brings_a_person() -> None:
    driver = returning()
    for count in (1, 2):
        driver.send(Say("something else"))
        assert driver.asked.problem == "I couldn't find that among the choices."
        assert driver.state.stack[-1].attempts == {"order": count}
    driver.send(Say("something else"))
    assert driver.ended == [("return_items", "handed_over")]
    assert driver.one(HandOver) == HandOver(
        "too_many_attempts", "I'm not getting this right. A colleague will help you.", None
    )
    assert driver.resting() == [HandOver]
    assert driver.state.stack == ()


def test_an_answer_forgives_earlier_attempts() -> None:
    driver = returning()
    driver.send(Say("what"))
    driver.send(Say("W1"))
    assert driver.state.stack[-1].attempts == {}


def test_ambiguity_is_counted_apart() -> None:
    driver = returning()
    driver.send(Say("a lamp"))
    driver.send(Say("a lamp"))
    assert driver.state.stack[-1].attempts == {"order~": 2}
    driver.send(Say("a lamp"))
    assert driver.one(HandOver).reason == "too_many_attempts"


def test_an_existing_value_that_may_not_be_chosen_is_explained() -> None:
    driver = returning()
    driver.send(Say("order W2"))
    assert driver.asked.problem == "Order #W2 has not been sent yet."
    assert driver.asked.offer == ("cancel_order",)
    driver.send(Fill({"order": ("#W1",)}))
    driver.send(Fill({"items": ("l1",)}))
    driver.send(Say("paypal"))
    assert driver.asked.problem == "Refunds go to Visa ending 4242 or a gift card."
    assert [option.value for option in driver.asked.options] == ["visa", "gift"]


def test_a_value_refused_without_a_reason_gets_a_general_one() -> None:
    driver = Driver(
        book(), orders=(order("2", "pending", []), order("4", "pending", []), order("1", "delivered", []))
    )
    driver.send(StartProcedure("cancel_order"))
    driver.send(Say("W1"))
    assert driver.asked.problem == "That one isn't possible here."


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (("#W9",), "I couldn't find that among the choices."),
        (("#W1", "#W3"), "I couldn't find that among the choices."),
        ((), "I couldn't find that among the choices."),
        ((SKIP,), "I couldn't find that among the choices."),
        (("#W2",), "Order #W2 has not been sent yet."),
    ],
)
def test_a_click_must_be_among_the_options_offered(values: tuple[str, ...], problem: str) -> None:
    driver = returning()
    driver.send(Fill({"order": values}))
    assert driver.asked.slot == "order"
    assert driver.asked.problem == problem
    assert driver.state.stack[-1].attempts == {"order": 1}
    assert driver.filled == []


def test_several_items_are_chosen_by_click_in_the_order_offered_and_once() -> None:
    driver = returning("W1")
    driver.send(Fill({"items": ("l2", "l1", "l2")}))
    assert driver.filled == ["return_items.items=l1,l2 (chosen)"]


def test_a_form_may_fill_several_slots_at_once() -> None:
    driver = returning()
    driver.send(Fill({"reason": ("unwanted",), "order": ("#W1",), "items": ("l1",)}))
    assert driver.asked.slot == "refund_to"
    driver.send(Fill({"refund_to": ("visa",)}))
    assert driver.resting() == [Confirm]


def test_values_for_slots_that_cannot_be_filled_yet_or_do_not_exist_are_ignored() -> None:
    driver = returning()
    driver.send(Fill({"items": ("l1",), "nothing": ("x",), "order[0]": ("#W1",)}))
    assert driver.asked.slot == "order"
    assert driver.asked.problem == ""
    assert driver.state.stack[-1].slots == {}
    assert driver.state.stack[-1].questions == 1


def test_yes_takes_the_single_option_shown_and_otherwise_asks_again() -> None:
    driver = returning()
    driver.send(Affirm())
    assert (driver.asked.slot, driver.state.stack[-1].questions) == ("order", 1)
    one = Driver(book(), orders=Driver(book()).orders[:2])
    one.send(StartProcedure("return_items", "W2"))
    assert [option.value for option in one.asked.options] == ["#W1"]
    one.send(Affirm())
    assert one.values("order") == ("#W1",)


def test_no_skips_an_optional_question_and_skip_is_offered() -> None:
    for answer in (Deny(), Fill({"note": (SKIP,)}), Fill({"note": ()}), Fill({"note": ("",)})):
        driver = Driver(book())
        driver.send(StartProcedure("cancel_order"))
        assert [(option.value, option.title) for option in driver.asked.options] == [(SKIP, "Skip")]
        driver.send(answer)
        assert driver.one(Confirm).lines == ("Cancel #W2 (—)",)


def test_free_text_answers_a_text_question() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("cancel_order"))
    assert (driver.asked.kind, driver.asked.fields) == ("text", ())
    driver.send(Say("bought twice"))
    assert driver.filled == ["cancel_order.note=bought twice (said)"]
    assert driver.one(Confirm).lines == ("Cancel #W2 (bought twice)",)


@pytest.mark.parametrize("given", [Resume(), Deny(), Say("  "), Provided({}), Affirm()])
def test_what_says_nothing_asks_the_same_again_without_counting(given: Input) -> None:
    driver = returning()
    before = driver.state
    driver.send(given)
    assert driver.asked.slot == "order"
    assert driver.asked.problem == ""
    assert driver.state == before


def test_each_turn_rests_with_one_open_question() -> None:
    driver = returning()
    for given in (Say("x"), Say("a lamp"), Say("W2"), Resume(), Fill({"order": ("#W1",)})):
        driver.send(given)
        assert driver.resting() == [Ask]


def test_a_form_that_fails_once_too_often_stops_at_the_handover() -> None:
    driver = returning()
    driver.send(Fill({"order": ("x",)}))
    driver.send(Fill({"order": ("x",)}))
    driver.send(Fill({"order": ("x",), "reason": ("unwanted",)}))
    assert driver.resting() == [HandOver]
    assert driver.filled == []


def test_a_place_in_the_list_counts_for_the_open_question_only() -> None:
    driver = returning("return the second one")
    assert driver.filled == []
    assert (driver.asked.slot, driver.asked.problem) == ("order", "")
    driver.send(Say("the second one"))
    assert driver.filled == ["return_items.order=#W3 (said)"]
    assert driver.asked.slot == "items"
    driver.send(Say("the first one"))
    assert driver.filled == ["return_items.items=l1 (said)"]
    driver.send(Say("the third one"))
    assert driver.asked.problem == "I couldn't find that among the choices."
    assert driver.values("order") == ("#W3",)
