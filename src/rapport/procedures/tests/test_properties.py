"""What holds whatever a customer, a driver or a connected system does."""

from collections.abc import Iterable
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from rapport.procedures.contracts import (
    CHANGE,
    SKIP,
    STOP,
    ActionResult,
    Affirm,
    Ask,
    Call,
    Cancel,
    Confirm,
    Deny,
    DialogueState,
    Fill,
    HandOver,
    Identified,
    Identify,
    Input,
    Need,
    Option,
    Provided,
    Resume,
    Say,
    StartProcedure,
    Undo,
    Wake,
)
from rapport.procedures.logic.interpreter import advance
from rapport.procedures.logic.parsing import check_definition
from rapport.procedures.logic.state import input_from_json, input_to_json, state_from_json, state_to_json
from rapport.procedures.tests.procedures import RETURN, book
from rapport.procedures.tests.shop import CUSTOMER, Driver

NAMES = ("return_items", "exchange_items", "cancel_order", "order_status", "profile", "nothing")
SLOTS = (
    "order",
    "items",
    "refund_to",
    "reason",
    "replacements",
    "replacements[0]",
    "replacements[1]",
    "pay_with",
)
OTHER = ("note", "mail", "address.address1", "address.city", "guests", "day", "news", "about", CHANGE, "x[1]")
WORDS = (
    "W1",
    "W2",
    "W3",
    "headphones",
    "lamp",
    "all",
    "gift",
    "visa",
    "blue",
    "grey",
    "changed my mind",
    "broken",
)
VALUES = (
    "#W1",
    "#W2",
    "#W3",
    "l1",
    "l2",
    "visa",
    "gift",
    "unwanted",
    "damaged",
    "headphones-blue",
    "lamp-grey",
)
MORE = (SKIP, STOP, "order", "items", "yes", "no", "5", "2026-05-31", "a@example.com", "", "junk")

texts = st.one_of(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.text(max_size=12))
values = st.lists(st.sampled_from(VALUES + MORE), max_size=3).map(tuple)
inputs: st.SearchStrategy[Input] = st.one_of(
    st.builds(StartProcedure, st.sampled_from(NAMES), texts, st.booleans()),
    st.builds(Fill, st.dictionaries(st.sampled_from(SLOTS + OTHER), values, max_size=3)),
    st.builds(Say, texts, st.booleans()),
    st.builds(Deny, texts),
    st.sampled_from([Affirm(), Affirm(), Cancel(), Resume(), Identified(), Provided({}), Provided({}, "x")]),
    st.sampled_from([Undo(), Wake("conv-1:0", "approved"), Wake("conv-2:1", "timeout", {"by": "Eva"})]),
    st.builds(ActionResult, st.sampled_from(["conv-1:0", "conv-2:0", "k"]), st.booleans()),
)
results = st.one_of(
    st.builds(ActionResult, st.just(""), st.just(True), st.fixed_dictionaries({"refund": st.integers(0, 2)})),
    st.builds(
        ActionResult,
        st.just(""),
        st.just(False),
        st.just({}),
        st.sampled_from(["unavailable", "already_requested", "odd"]),
        st.text(max_size=5),
    ),
)
QUICK = settings(max_examples=60, suppress_health_check=list(HealthCheck))


class Watcher(Driver):
    """A driver that keeps the promises in view."""

    confirmed: dict[str, list[dict[str, Any]]]

    def __init__(self, outcomes: Iterable[ActionResult]) -> None:
        super().__init__(book())
        self.confirmed = {}
        self.outcomes = list(outcomes)

    def perform(self, call: Call) -> ActionResult:
        found = self.outcomes.pop(0) if self.outcomes else ActionResult("", True, {"refund": 1})
        return ActionResult(call.key, found.ok, found.data, found.code, found.message)


def obliging(driver: Driver, choice: int) -> Input:
    """An answer that fits what is open: the n-th option, a text, or yes."""
    for effect in driver.effects:
        if isinstance(effect, Confirm):
            return Affirm()
        if isinstance(effect, Ask) and effect.options:
            return Fill({effect.slot: (effect.options[choice % len(effect.options)].value,)})
    return Say(WORDS[choice % len(WORDS)])


@QUICK
@given(
    st.lists(st.one_of(st.integers(0, 5), st.integers(0, 5), inputs), min_size=5, max_size=20),
    st.sampled_from(NAMES),
    st.lists(results, max_size=4),
    st.booleans(),
)
def test_any_course_keeps_the_promises(
    given_inputs: list[Input | int], first: str, outcomes: list[ActionResult], known: bool
) -> None:
    driver = Watcher(outcomes)
    driver.customer = dict(CUSTOMER) if known else None
    confirmable: dict[str, dict[str, Any]] = {}
    for drawn in (StartProcedure(first), *given_inputs):
        given_input = obliging(driver, drawn) if isinstance(drawn, int) else drawn
        before = len(driver.calls)
        shown = dict(confirmable)
        driver.send(given_input)
        if isinstance(given_input, Wake):
            assert driver.effects == [], "nothing waits here"
            continue
        made = driver.calls[before:]
        resting = driver.resting()
        assert len(resting) <= 1
        assert bool(driver.state.stack) <= bool(resting)
        for call in made:
            instance = call.key.split(":")[0]
            if call.action != "shop.get_order":
                assert isinstance(given_input, Affirm)
                actions = shown[instance]["actions"]
                assert call.action in [action["action"] for action in actions]
                first = next(action for action in actions if action["action"] == call.action)
                known_arguments = {k: v for k, v in first["arguments"].items() if v is not None}
                assert {**call.arguments, **known_arguments} == call.arguments
        confirms = [effect for effect in driver.effects if isinstance(effect, Confirm)]
        confirmable = {driver.state.stack[-1].instance: confirms[0].facts} if confirms else {}
    keys = [call.key for call in driver.calls]
    assert len(keys) == len(set(keys))
    instances = [frame.instance for frame in (*driver.state.finished, *driver.state.stack)]
    assert len(instances) == len(set(instances))


options = st.builds(
    Option,
    st.sampled_from(VALUES),
    st.text(max_size=4),
    st.just(""),
    st.dictionaries(
        st.sampled_from(["status", "price", "items", "kind", "balance", "available", "product_id"]),
        st.one_of(
            st.none(), st.text(max_size=3), st.floats(), st.integers(-5, 900), st.just([{}]), st.booleans()
        ),
    ),
)


@QUICK
@given(st.lists(inputs, max_size=8), st.lists(st.lists(options, max_size=3).map(tuple), max_size=12))
def test_records_of_any_shape_never_raise(given_inputs: list[Input], found: list[tuple[Option, ...]]) -> None:
    driver = Driver(book())
    supply = list(found)
    driver.look_up = lambda _need: supply.pop(0) if supply else ()  # type: ignore[method-assign]
    driver.step = lambda given: _step(driver, given)  # type: ignore[method-assign]
    for given_input in given_inputs:
        driver.send(given_input)


def _step(driver: Driver, given_input: Input) -> Any:
    step = advance(driver.book, driver.state, given_input, driver.world)
    driver.state = step.state
    return step


@QUICK
@given(st.lists(inputs, max_size=10), st.data())
def test_a_driver_that_answers_out_of_order_never_breaks_it(
    given_inputs: list[Input], data: st.DataObject
) -> None:
    driver = Driver(book())
    state = DialogueState(seed="conv")
    calls: list[str] = []
    for given_input in given_inputs:
        step = advance(driver.book, state, given_input, driver.world)
        for _ in range(data.draw(st.integers(0, 4))):
            if step.needs:
                provided = Provided({need.key: driver.look_up(need) for need in step.needs})
                step = advance(driver.book, step.state, provided, driver.world)
        if step.needs:
            assert all(isinstance(effect, Need) for effect in step.effects)
        if step.call:
            calls.append(step.call.key)
        kinds = [e for e in step.effects if isinstance(e, (Ask, Confirm, Identify, HandOver, Call))]
        assert len(kinds) <= 1
        state = state_from_json(state_to_json(step.state))
        assert state == step.state
    assert all(key.startswith("conv-") for key in calls)


@given(inputs)
@QUICK
def test_inputs_survive_json(given_input: Input) -> None:
    assert input_from_json(input_to_json(given_input)) == given_input


@QUICK
@given(st.integers(0, len(RETURN)), st.integers(0, 30), st.text(max_size=6))
def test_a_damaged_definition_is_reported_and_never_raises(start: int, length: int, put: str) -> None:
    check_definition(RETURN[:start] + put + RETURN[start + length :])


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["en", "type", "ask", "when", "say", "value", "title", "action", "with", "lines", "order"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@QUICK
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "procedure",
                "version",
                "title",
                "slots",
                "let",
                "rules",
                "human_when",
                "confirm",
                "do",
                "done",
                "offer",
                "menu",
            ]
        ),
        json_values,
    )
)
def test_a_mapping_of_any_shape_is_reported_and_never_raises(source: dict[str, Any]) -> None:
    assert check_definition(source)
