"""What fills a slot without a question, and what is asked."""

from rapport.procedures.contracts import Ask, Confirm, Fill, Say, StartProcedure
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.tests.procedures import CANCEL, EXCHANGE, RETURN, STATUS, book
from rapport.procedures.tests.shop import KETTLE, METHODS, ORDERS, Driver, order


def test_the_first_missing_slot_is_asked_with_the_allowed_options_only() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items"))
    assert driver.asked.slot == "order"
    assert driver.asked.prompt == "Which order?"
    assert driver.asked.kind == "choice"
    assert [option.value for option in driver.asked.options] == ["#W1", "#W3"]
    assert driver.asked.problem == ""
    assert driver.filled == []


def test_the_words_that_started_it_fill_every_slot_they_name() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "return the headphones to my gift, changed my mind"))
    assert driver.filled == [
        "return_items.order=#W1 (said)",
        "return_items.items=l1 (said)",
        "return_items.refund_to=gift (said)",
        "return_items.reason=unwanted (said)",
    ]
    assert driver.resting() == [Confirm]
    assert driver.state.stack[-1].questions == 1


def test_an_answer_also_fills_slots_that_come_later() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items"))
    driver.send(Say("the lamp of W1, to the gift please"))
    assert driver.values("order") == ("#W1",)
    assert driver.values("items") == ("l2",)
    assert driver.values("refund_to") == ("gift",)
    assert driver.asked.slot == "reason"


def test_ambiguous_words_fill_nothing_unasked() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "return a lamp"))
    assert driver.asked.slot == "order"
    assert driver.asked.problem == ""


def test_a_refused_value_in_the_first_words_is_explained_before_asking() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items", "return order W2"))
    assert driver.asked.problem == "Order #W2 has not been sent yet."
    assert driver.asked.offer == ("cancel_order",)
    assert [option.value for option in driver.asked.options] == ["#W1", "#W3"]
    assert driver.state.stack[-1].attempts == {}


def test_a_refused_value_ends_the_procedure_when_nothing_else_is_possible() -> None:
    driver = Driver(book(), orders=(order("2", "pending", [KETTLE]),))
    driver.send(StartProcedure("return_items", "return order W2"))
    assert driver.told == ["Order #W2 has not been sent yet."]
    assert driver.ended == [("return_items", "refused")]
    assert driver.effects[-1].offer == ("cancel_order",)  # type: ignore[union-attr]
    assert driver.state.stack == ()


def test_no_option_that_passes_ends_the_procedure() -> None:
    driver = Driver(book(), orders=ORDERS[1:2])
    driver.send(StartProcedure("return_items"))
    assert driver.told == ["You have no delivered order."]
    assert driver.ended == [("return_items", "refused")]
    driver.orders = ()
    driver.send(StartProcedure("cancel_order"))
    assert driver.told == ["There is nothing to choose from here, so I can't go on with this."]


def test_a_single_possible_option_is_taken_without_a_question() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("cancel_order"))
    assert driver.filled == ["cancel_order.order=#W2 (only_option)"]
    assert driver.asked.slot == "note"


def test_of_several_items_none_is_taken_for_granted_but_a_single_one_is() -> None:
    single = order("5", "delivered", [KETTLE])
    driver = Driver(book(), orders=(single,))
    driver.send(StartProcedure("return_items"))
    assert driver.values("items") == ("l3",)
    driver = Driver(book(), orders=ORDERS[:1])
    driver.send(StartProcedure("return_items"))
    assert driver.values("order") == ("#W1",)
    assert (driver.asked.slot, driver.asked.kind) == ("items", "many")


def test_a_choice_with_a_single_option_is_still_asked() -> None:
    source = RETURN.replace(
        "      - {value: damaged, title: {en: It is damaged}, aliases: [broken]}\n", ""
    ).replace("reason == 'damaged'", "reason == 'x'")
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("return_items", "all of W1 to the gift"))
    assert driver.asked.slot == "reason"


def test_a_default_fills_and_is_known_when_it_is_the_customers() -> None:
    source = STATUS.replace("type: shop.order,", "type: shop.order, default: customer.last,")
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.customer = {"id": "c1", "last": "#W3"}
    driver.send(StartProcedure("order_status"))
    assert driver.filled == ["order_status.order=#W3 (known)"]
    driver = Driver(ProcedureBook([parse_definition(source)]))
    driver.send(StartProcedure("order_status"))
    assert driver.asked.slot == "order"
    fixed = STATUS.replace("type: shop.order,", "type: shop.order, default: \"'#W1'\",")
    driver = Driver(ProcedureBook([parse_definition(fixed)]))
    driver.send(StartProcedure("order_status", "W2"))
    assert driver.filled == ["order_status.order=#W2 (said)"]
    driver.send(StartProcedure("order_status"))
    assert driver.filled == ["order_status.order=#W1 (default)"]


def test_nothing_is_asked_twice_and_questions_are_counted() -> None:
    driver = Driver(book())
    asked = []
    driver.send(StartProcedure("return_items"))
    for values in (
        {"order": ("#W1",)},
        {"items": ("l1", "l2")},
        {"refund_to": ("visa",)},
        {"reason": ("unwanted",)},
    ):
        asked.append(driver.asked.slot)
        driver.send(Fill(values))
    assert asked == ["order", "items", "refund_to", "reason"]
    assert driver.resting() == [Confirm]
    assert driver.state.stack[-1].questions == 5


def test_each_chosen_item_gets_its_own_question() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "W1"))
    driver.send(Fill({"items": ("l1", "l2")}))
    assert (driver.asked.slot, driver.asked.prompt) == (
        "replacements[0]",
        "What instead of Headphones, black?",
    )
    assert [option.title for option in driver.asked.options] == ["blue", "silver"]
    driver.send(Say("blue"))
    assert driver.filled == [
        "exchange_items.replacements[0]=headphones-blue (said)",
        "exchange_items.replacements[1]=lamp-grey (only_option)",
    ]
    assert driver.values("replacements") == ("headphones-blue", "lamp-grey")
    variants = [need for need in driver.needs if need.type == "shop.variant"]
    assert variants[0].key == "shop.variant(order=#W1; items=l1,l2; item=l1)"
    assert variants[0].of["item"]["product_id"] == "headphones"
    assert variants[0].of["order"]["id"] == "#W1"
    assert [entry["id"] for entry in variants[0].of["items"]] == ["l1", "l2"]


def test_an_answer_for_one_item_is_not_taken_for_the_next() -> None:
    twice = order(
        "6", "delivered", [{**ORDERS[0].data["items"][0]}, {**ORDERS[0].data["items"][0], "id": "l9"}]
    )
    driver = Driver(book(), orders=(twice,))
    driver.send(StartProcedure("exchange_items"))
    driver.send(Fill({"items": ("l1", "l9")}))
    driver.send(Say("blue"))
    assert driver.asked.slot == "replacements[1]"
    driver.send(Fill({"replacements[1]": ("headphones-silver",)}))
    assert driver.values("replacements") == ("headphones-blue", "headphones-silver")


def test_words_said_before_apply_to_each_item() -> None:
    twice = order(
        "6", "delivered", [{**ORDERS[0].data["items"][0]}, {**ORDERS[0].data["items"][0], "id": "l9"}]
    )
    driver = Driver(book(), orders=(twice,))
    driver.send(StartProcedure("exchange_items", "exchange all for blue"))
    assert driver.values("replacements") == ("headphones-blue", "headphones-blue")


def test_values_for_each_item_may_be_submitted_together() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "all of W1"))
    driver.send(Fill({"replacements": ("headphones-silver", "lamp-grey")}))
    assert driver.values("replacements") == ("headphones-silver", "lamp-grey")


def test_an_item_for_which_nothing_is_left_ends_the_procedure() -> None:
    driver = Driver(book(), orders=(order("7", "delivered", [KETTLE]),))
    driver.send(StartProcedure("exchange_items"))
    assert driver.told == ["There is nothing instead of Kettle, red."]
    assert driver.ended == [("exchange_items", "refused")]


def test_a_slot_is_asked_only_while_its_condition_holds() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "headphones of W1 for silver"))
    assert driver.resting() == [Confirm]
    assert "pay_with" not in driver.state.stack[-1].slots
    assert driver.one(Confirm).lines == ("Headphones, black becomes silver",)
    driver.send(Say("no, blue", is_correction=True))
    assert (driver.asked.slot, driver.asked.prompt) == ("pay_with", "Pay $10.00 how?")


def test_the_options_of_a_slot_are_looked_up_again_in_every_turn() -> None:
    driver = Driver(book())
    driver.send(StartProcedure("return_items"))
    driver.send(Fill({"order": ("#W1",)}))
    assert [need.key for need in driver.needs] == [
        "shop.order()",
        "shop.order()",
        "shop.order_item(order=#W1)",
    ]


def test_wording_follows_the_language_and_falls_back_to_english() -> None:
    driver = Driver(book(), language="cs")
    driver.send(StartProcedure("return_items"))
    assert driver.asked.prompt == "Která objednávka?"
    driver.send(Say("cokoli"))
    assert driver.asked.problem == "To mezi možnostmi nevidím."
    driver.send(Say("W1 all gift"))
    assert driver.asked.prompt == "Why?"
    assert [option.title for option in driver.asked.options] == ["Už nepotřebuji", "It is damaged"]


def test_several_needs_in_a_row_replay_the_same_words() -> None:
    driver = Driver(ProcedureBook([parse_definition(EXCHANGE), parse_definition(CANCEL)]))
    step = driver.step(StartProcedure("exchange_items", "headphones of W1 for blue"))
    assert [type(effect).__name__ for effect in step.effects] == ["Need"]
    assert step.state.stack == ()
    assert step.state.pending is not None
    assert step.state.pending.needs == ("shop.order()",)
    driver.state = driver.state.__class__(seed="conv")
    driver.send(StartProcedure("exchange_items", "headphones of W1 for blue"))
    assert driver.state.pending is None
    assert driver.asked.slot == "pay_with"
    assert [option.value for option in driver.asked.options] == [method.value for method in METHODS]
    assert isinstance(driver.effects[-1], Ask)


def test_words_that_name_an_item_do_not_choose_what_replaces_it() -> None:
    """The words that chose the black headphones say nothing of the new ones; other words do."""
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "exchange in W1"))
    driver.send(Say("headphones, black"))
    assert driver.values("items") == ("l1",)
    assert driver.asked.slot == "replacements[0]"
    driver = Driver(book())
    driver.send(StartProcedure("exchange_items", "exchange the black headphones of W1, silver instead"))
    assert driver.values("replacements") == ("headphones-silver",)


def test_one_name_for_two_things_is_asked_unless_the_words_speak_of_both() -> None:
    """ "The lamp" of an order with two lamps may be either; "all", or what tells them apart, is plain."""
    lamps = [
        {**KETTLE, "id": "l1", "name": "Lamp", "title": "Lamp, white"},
        {**KETTLE, "id": "l2", "name": "Lamp", "title": "Lamp, blue"},
        {**KETTLE, "id": "l3", "name": "Chair", "title": "Chair, green"},
    ]
    for words, chosen in (
        ("return the lamp", ()),
        ("return all", ("l1", "l2", "l3")),
        ("return lamp white and lamp blue", ("l1", "l2")),
        ("return the chair", ("l3",)),
    ):
        driver = Driver(book(), orders=(order("7", "delivered", lamps),))
        driver.send(StartProcedure("return_items", words))
        assert driver.values("items") == chosen, words
