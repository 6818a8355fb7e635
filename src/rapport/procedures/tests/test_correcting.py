"""Corrections: at any time, of any slot, with what stands on it re-examined."""

from rapport.procedures.contracts import (
    CHANGE,
    STOP,
    Affirm,
    Cancel,
    Confirm,
    Deny,
    Fill,
    HandOver,
    Say,
    StartProcedure,
)
from rapport.procedures.tests.procedures import book
from rapport.procedures.tests.shop import Driver


def at_confirmation() -> Driver:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "return the headphones to my gift, changed my mind"))
    assert driver.resting() == [Confirm]
    return driver


def test_the_confirmation_states_what_will_be_done() -> None:
    confirm = at_confirmation().one(Confirm)
    assert confirm.lines == ("Return Headphones, black from #W1", "Refund $120.00 to Gift card")
    assert confirm.question == "Shall I?"
    assert confirm.facts == {
        "actions": [
            {
                "action": "shop.return_items",
                "arguments": {"order_id": "#W1", "item_ids": ["l1"], "payment_method_id": "gift"},
            }
        ]
    }


def test_words_at_the_confirmation_change_a_slot_and_are_confirmed_anew() -> None:
    driver = at_confirmation()
    driver.send(Say("rather the lamp"))
    assert driver.filled == ["return_items.items=l2 (said)"]
    assert driver.one(Confirm).lines == ("Return Lamp, white from #W1", "Refund $40.00 to Gift card")
    assert driver.calls == []


def test_another_order_clears_its_items_and_keeps_what_is_still_valid() -> None:
    driver = at_confirmation()
    driver.send(Say("no, order W3", is_correction=True))
    assert driver.values("order") == ("#W3",)
    assert driver.asked.slot == "items"
    assert [option.title for option in driver.asked.options] == ["Lamp, blue", "Chair, green"]
    driver.send(Say("lamp"))
    assert driver.values("refund_to") == ("gift",)
    assert driver.values("reason") == ("unwanted",)
    assert driver.one(Confirm).lines == ("Return Lamp, blue from #W3", "Refund $45.00 to Gift card")


def test_the_words_of_a_correction_fill_what_it_cleared() -> None:
    driver = at_confirmation()
    driver.send(Deny("no, the lamp of order W3"))
    assert driver.filled == ["return_items.order=#W3 (said)", "return_items.items=l1 (said)"]
    assert driver.one(Confirm).lines == ("Return Lamp, blue from #W3", "Refund $45.00 to Gift card")


def test_the_other_one_is_understood_among_those_left() -> None:
    driver = at_confirmation()
    driver.send(Say("no, the other order", is_correction=True))
    assert driver.values("order") == ("#W3",)


def test_a_correction_to_an_impossible_value_is_explained_and_changes_nothing() -> None:
    driver = at_confirmation()
    before = driver.state
    driver.send(Deny("no, order W2"))
    assert driver.told == ["Order #W2 has not been sent yet."]
    assert driver.resting() == [Confirm]
    assert driver.state.stack[-1].slots == before.stack[-1].slots


def test_a_correction_while_another_slot_is_asked() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "the headphones"))
    assert driver.asked.slot == "refund_to"
    driver.send(Say("the lamp"))
    assert driver.filled == ["return_items.items=l2 (said)"]
    assert driver.asked.slot == "refund_to"
    assert driver.asked.problem == ""


def test_words_naming_the_present_value_change_nothing() -> None:
    driver = at_confirmation()
    driver.send(Say("the headphones"))
    assert driver.told == [
        "I'm not sure I understood. Please answer yes or no, or tell me what to change.",
    ]
    assert driver.filled == []
    assert driver.resting() == [Confirm]


def test_unclear_words_at_the_confirmation_bring_a_person_in_the_end() -> None:
    driver = at_confirmation()
    driver.send(Say("hm"))
    driver.send(Say("hm"))
    driver.send(Say("hm"))
    assert driver.one(HandOver).reason == "too_many_attempts"
    assert driver.calls == []


def test_no_asks_what_to_change() -> None:
    driver = at_confirmation()
    driver.send(Deny())
    assert (driver.asked.slot, driver.asked.prompt, driver.asked.kind) == (
        CHANGE,
        "What should I change?",
        "choice",
    )
    assert [(option.value, option.title) for option in driver.asked.options] == [
        ("order", "Order: #W1 · 2 items"),
        ("items", "Items: Headphones, black"),
        ("refund_to", "Gift card"),
        ("reason", "No longer needed"),
        (STOP, "Nothing, stop here"),
    ]
    driver.send(Affirm())
    assert driver.asked.slot == CHANGE
    assert driver.calls == []
    driver.send(Fill({CHANGE: ("refund_to",)}))
    assert driver.asked.slot == "refund_to"
    driver.send(Fill({"refund_to": ("visa",)}))
    assert driver.one(Confirm).lines == (
        "Return Headphones, black from #W1",
        "Refund $120.00 to Visa ending 4242",
    )


def test_what_to_change_may_be_answered_in_words() -> None:
    driver = at_confirmation()
    driver.send(Deny())
    driver.send(Say("the items"))
    assert driver.asked.slot == "items"
    driver.send(Say("lamp"))
    assert driver.resting() == [Confirm]
    driver.send(Deny())
    driver.send(Say("take visa"))
    assert driver.one(Confirm).lines[1] == "Refund $40.00 to Visa ending 4242"
    driver.send(Deny())
    driver.send(Say("whatever"))
    assert driver.asked.problem == "I couldn't find that among the choices."


def test_changing_an_order_to_the_same_one_keeps_everything() -> None:
    driver = at_confirmation()
    driver.send(Deny())
    driver.send(Fill({CHANGE: ("order",)}))
    driver.send(Fill({"order": ("#W1",)}))
    assert driver.resting() == [Confirm]
    assert driver.values("items") == ("l1",)


def test_what_to_change_may_stop() -> None:
    driver = at_confirmation()
    driver.send(Deny())
    driver.send(Fill({CHANGE: (STOP,)}))
    assert driver.told == ["All right, I've stopped. Nothing was changed."]
    assert driver.ended == [("return_items", "cancelled")]


def test_cancel_ends_it_and_a_late_yes_does_nothing() -> None:
    driver = at_confirmation()
    driver.send(Cancel())
    assert driver.told == ["All right, I've stopped. Nothing was changed."]
    assert driver.ended == [("return_items", "cancelled")]
    driver.send(Affirm())
    assert driver.effects == []
    assert driver.calls == []


def test_a_click_at_the_confirmation_changes_and_is_confirmed_anew() -> None:
    driver = at_confirmation()
    driver.send(Fill({"items": ("l1", "l2")}))
    assert driver.one(Confirm).lines[1] == "Refund $160.00 to Gift card"
    driver.send(Fill({"items": ("l9",)}))
    assert driver.told == ["I couldn't find that among the choices."]
    assert driver.one(Confirm).lines[1] == "Refund $160.00 to Gift card"


def test_other_items_clear_the_replacements_chosen_for_them() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "headphones of W1 for silver"))
    driver.send(Fill({"items": ("l2",)}))
    assert driver.values("replacements") == ("lamp-grey",)
    assert driver.one(Confirm).lines == ("Lamp, white becomes grey",)


def test_a_value_that_is_no_longer_possible_is_asked_again() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "headphones to visa, changed my mind"))
    assert driver.resting() == [Confirm]
    paid_by_paypal = driver.orders[2].data | {"payment_method_id": "paypal"}
    driver.orders = (
        *driver.orders[:2],
        type(driver.orders[2])("#W3", "#W3", data=paid_by_paypal, aliases=("W3",)),
    )
    driver.send(Say("no, the lamp of W3", is_correction=True))
    assert driver.asked.slot == "refund_to"
    assert [option.value for option in driver.asked.options] == ["gift", "paypal"]


def test_a_correction_that_only_names_a_slot_asks_it_again() -> None:
    driver = at_confirmation()
    driver.send(Deny("the items are wrong"))
    assert driver.asked.slot == "items"
    assert driver.asked.problem == ""
    driver.send(Say("lamp"))
    assert driver.resting() == [Confirm]


def test_a_correction_that_says_nothing_usable_asks_what_to_change() -> None:
    driver = at_confirmation()
    driver.send(Say("no, not like that", is_correction=True))
    assert driver.asked.slot == CHANGE
