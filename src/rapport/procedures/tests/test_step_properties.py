"""What holds of waiting, approving, looping, nesting and undoing, whatever comes in which order."""

import datetime as dt
import os
from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from rapport.procedures.contracts import (
    APPROVED,
    NEEDS_APPROVAL,
    REJECTED,
    TIMED_OUT,
    ActionResult,
    Affirm,
    Ask,
    Call,
    Cancel,
    Confirm,
    Deny,
    DialogueState,
    Ended,
    Fill,
    HandOver,
    Identify,
    Input,
    Need,
    Option,
    Park,
    Provided,
    Resume,
    Say,
    StartProcedure,
    Undo,
    Wake,
)
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.interpreter import advance
from rapport.procedures.logic.parsing import check_definition, parse_definition
from rapport.procedures.logic.state import input_from_json, input_to_json, state_from_json, state_to_json
from rapport.procedures.tests.procedures import STATUS
from rapport.procedures.tests.shop import NOW, Driver

TRIP = """
procedure: trip
version: 1
identify: verified_customer
title: {en: Trip}
slots:
  order: {type: shop.order, ask: {en: "Which order?"}}
  items: {type: shop.order_item, of: [order], many: true, ask: {en: "Which items?"}}
  fast: {type: yes_no, ask: {en: "Fast?"}}
confirm:
  lines: [{en: "Go {items}"}]
do:
  - {action: a.open, with: {order_id: order.id}, as: opened, undo: {action: a.close, with: {id: opened.key}}}
  - if: fast
    then:
      - approve: {team: care, title: {en: "Fast {items}"}, expires: "1 days"}
        as: agreed
      - say: {en: "It may be fast."}
    else:
      - wait: {for: "3 days", event: a.arrived, of: order.id}
        as: came
  - action: a.send
    each: items
    when: "item.price > 30"
    with: {item: item.id}
    as: sent
    undo: {action: a.call_back, with: {id: sent.key, item: item.id}}
  - {run: pack, with: {label: order.id}, as: packed, required: false, when: "size(sent) > 0"}
  - {action: a.finish, with: {count: size(sent), note: "string(now)"}, amount: "size(sent) * 100",
     undo: {action: a.unfinish, with: {}}}
done: {en: "Gone."}
undo: {within: "2 days"}
"""

PACK = """
procedure: pack
version: 1
identify: none
title: {en: Pack}
slots:
  label: {type: text, ask: {en: "Label?"}}
  colour:
    type: choice
    options: [{value: red, title: {en: Red}}, {value: blue, title: {en: Blue}}]
    ask: {en: "Colour?"}
confirm:
  lines: [{en: "Pack {label} {colour}"}]
do:
  - {action: p.box, with: {colour: colour}, as: box, undo: {action: p.unbox, with: {id: box.key}}}
  - {wait: {until: "add_days(now, 1)"}, when: "colour == 'red'"}
  - {action: p.tape, with: {id: box.key}, undo: {action: p.untape, with: {id: box.key}}}
undo: {within: "30 minutes"}
"""

HELP = """
procedure: help
version: 1
identify: none
title: {en: Help}
slots:
  note: {type: text, ask: {en: "What is it?"}}
confirm:
  lines: [{en: "Ask {note}"}]
do:
  - {action: h.ask, with: {note: note}, as: answer, undo: none}
  - {run: trip, required: false, when: "answer.key != 'x'"}
  - {person: {say: {en: "A colleague."}}, when: "size(note) > 3"}
done: {en: "Helped."}
"""

SOURCES = (TRIP, PACK, HELP, STATUS)
NAMES = ("trip", "pack", "help", "order_status")
BOOK = ProcedureBook([parse_definition(source) for source in SOURCES])
OLDER = ProcedureBook(
    [parse_definition(source.replace("version: 1", "version: 2")) for source in SOURCES], older=BOOK.values()
)
GONE = ProcedureBook([parse_definition(source.replace("version: 1", "version: 2")) for source in SOURCES])

KEYS = tuple(f"conv-{n}:{step}" for n in range(1, 5) for step in ("0", "2", "4", "5.0", "6", "7", "0~undo"))
EVENTS = (APPROVED, REJECTED, TIMED_OUT, "a.arrived", "odd")
texts = st.sampled_from(["W1", "lamp", "red", "all", "hm", "a long note", ""])
odd_inputs: st.SearchStrategy[Input] = st.one_of(
    st.builds(Wake, st.sampled_from(KEYS), st.sampled_from(EVENTS), st.just({"by": "Eva"})),
    st.builds(ActionResult, st.sampled_from(KEYS), st.booleans()),
    st.builds(StartProcedure, st.sampled_from(NAMES), texts, st.booleans()),
    st.builds(Say, texts, st.booleans()),
    st.sampled_from([Cancel(), Undo(), Resume(), Deny(), Affirm(), Provided({}), Fill({"fast": ("no",)})]),
)
moves = st.one_of(st.integers(0, 5), st.integers(0, 5), st.integers(10, 13), odd_inputs)
outcomes = st.sampled_from(["ok", "ok", "ok", "ok", "ok", "refused", NEEDS_APPROVAL, "unavailable"])
QUICK = settings(
    max_examples=int(os.environ.get("EXAMPLES", "40")),
    suppress_health_check=list(HealthCheck),
)


class Watcher(Driver):
    """Performs calls as planned and keeps what was really done, by key."""

    def __init__(self, planned: list[str]) -> None:
        super().__init__(BOOK)
        self.planned = list(planned)
        self.approved: set[str] = set()
        self.done: dict[str, Call] = {}
        self.made: dict[str, Call] = {}

    def perform(self, call: Call) -> ActionResult:
        assert self.made.setdefault(call.key, call) == call, "one key, one call"
        assert call.key not in self.done, "nothing is done twice"
        outcome = self.planned.pop(0) if self.planned else "ok"
        if outcome == NEEDS_APPROVAL and call.key in self.approved:
            outcome = "ok"
        if outcome == "ok":
            self.done[call.key] = call
        return ActionResult(call.key, outcome == "ok", {"key": call.key} if outcome == "ok" else {}, outcome)


def play(driver: Watcher, move: Input | int) -> Input:
    """An answer that fits what is open, or the end of a wait; anything else as it is."""
    if not isinstance(move, int):
        return move
    if move >= 10:
        waits = [frame.waiting for frame in driver.state.waiting if frame.waiting is not None]
        if waits:
            wait = waits[move % len(waits)]
            event = {"time": TIMED_OUT, "event": wait.event}.get(wait.kind, (APPROVED, REJECTED)[move % 2])
            if event == APPROVED:
                driver.approved.add(wait.key)
            return Wake(wait.key, event, {"by": "Eva"})
        return Resume()
    for effect in driver.effects:
        if isinstance(effect, Confirm):
            return Affirm()
        if isinstance(effect, Ask) and effect.options:
            return Fill({effect.slot: (effect.options[move % len(effect.options)].value,)})
    return Say("red lamp")


def check_rest(driver: Watcher) -> None:
    """What holds whenever the interpreter rests."""
    state = driver.state
    assert len(driver.resting()) <= 1
    assert bool(state.stack and driver.effects) <= bool(driver.resting())
    frames = (*state.stack, *state.waiting, *state.finished)
    instances = [frame.instance for frame in frames]
    assert len(instances) == len(set(instances))
    assert all(frame.status == "waiting" for frame in state.waiting)
    waiting = {frame.instance for frame in state.waiting}
    for frame in state.waiting:
        assert (frame.waiting is None) == (frame.child in waiting)
    assert all(frame.waiting is None for frame in (*state.stack, *state.finished))
    for frame in state.finished:
        if frame.status in ("refused", "cancelled"):
            mine = [key for key in driver.done if key.startswith(f"{frame.instance}:")]
            kept = [key for key in mine if not key.endswith("~undo") and f"{key}~undo" not in driver.done]
            assert [driver.done[key].action for key in kept if driver.done[key].action != "h.ask"] == []


@QUICK
@given(st.lists(moves, min_size=6, max_size=30), st.sampled_from(NAMES[:3]), st.lists(outcomes, max_size=8))
def test_any_course_keeps_the_promises(
    given_moves: list[Input | int], first: str, planned: list[str]
) -> None:
    driver = Watcher(planned)
    agreed: set[str] = set()
    for move in (StartProcedure(first), *given_moves):
        given_input = play(driver, move)
        before = len(driver.made)
        if isinstance(given_input, Affirm) and driver.state.stack:
            top = driver.state.stack[-1]
            agreed |= {top.instance} if top.status == "confirming" else set()
        parked = {f.waiting.key for f in driver.state.waiting if f.waiting}
        driver.send(given_input)
        check_rest(driver)
        new = [call for call in list(driver.made.values())[before:] if call.action != "shop.get_order"]
        assert {call.key.split(":")[0] for call in new} <= agreed, "nothing happens that nobody agreed to"
        if isinstance(given_input, Wake):
            assert bool(new) <= (given_input.key in parked)
            state = driver.state
            if given_input.key not in {f.waiting.key for f in state.waiting if f.waiting}:
                assert driver.send(given_input) == []
                assert driver.state == state
        driver.now = (driver.now or NOW) + dt.timedelta(hours=1)
    parks = [effect.wait.key for effect in driver.effects if isinstance(effect, Park)]
    assert len(parks) == len(set(parks))


@QUICK
@given(
    st.lists(moves, min_size=4, max_size=16),
    st.lists(outcomes, max_size=6),
    st.integers(0, 12),
    st.sampled_from([OLDER, GONE]),
)
def test_another_version_at_any_moment_is_followed_or_ends_with_a_person(
    given_moves: list[Input | int], planned: list[str], moment: int, later: ProcedureBook
) -> None:
    driver = Watcher(planned)
    for number, move in enumerate((StartProcedure("trip"), 0, 1, 2, 3, *given_moves)):
        if number == moment:
            driver.book = later
        running = {frame.instance for frame in (*driver.state.stack, *driver.state.waiting)}
        driver.send(play(driver, move))
        check_rest(driver)
        if later is GONE and number >= moment:
            if driver.effects and HandOver not in driver.resting():
                assert [f.instance for f in driver.state.stack if f.version == 1] == []
            ended = {f.instance: f.status for f in driver.state.finished if f.version == 1}
            touched = running & ended.keys()
            assert all(ended[name] != "done" for name in touched)


@QUICK
@given(st.lists(moves, max_size=14), st.lists(outcomes, max_size=8), st.data())
def test_a_driver_that_stops_anywhere_goes_on_from_the_state_alone(
    given_moves: list[Input | int], planned: list[str], data: st.DataObject
) -> None:
    driver = Watcher(planned)
    for move in (StartProcedure("trip"), 0, 1, 2, 3, *given_moves):
        given_input = play(driver, move)
        driver.effects = []
        step = driver.step(given_input)
        for _ in range(data.draw(st.integers(0, 6))):
            driver.effects += [e for e in step.effects if not isinstance(e, (Need, Call))]
            if step.needs:
                step = driver.step(Provided({need.key: driver.look_up(need) for need in step.needs}))
            elif step.call and step.call.key not in driver.done:
                step = driver.step(driver.perform(step.call))
            elif step.call:
                step = driver.step(ActionResult(step.call.key, True, {"key": step.call.key}))
        if step.call:
            again = advance(driver.book, driver.state, Resume(), driver.world)
            assert again.call == step.call
            assert again.state == step.state
        kinds = [e for e in step.effects if isinstance(e, (Ask, Confirm, Identify, HandOver, Call))]
        assert len(kinds) <= 1


wild = st.dictionaries(
    st.sampled_from(["id", "items", "price", "key", "size"]),
    st.one_of(st.none(), st.text(max_size=3), st.integers(-5, 900), st.just([{}, 1]), st.booleans()),
    max_size=4,
)


@QUICK
@given(st.lists(moves, max_size=14), st.lists(st.tuples(st.booleans(), wild), max_size=10), st.lists(wild))
def test_data_of_any_shape_never_raises(
    given_moves: list[Input | int], answers: list[tuple[bool, dict[str, Any]]], records: list[dict[str, Any]]
) -> None:
    driver = Watcher([])
    supply = list(answers)

    def perform(call: Call) -> ActionResult:
        ok, data = supply.pop(0) if supply else (True, {})
        return ActionResult(call.key, ok, data, "" if ok else "odd")

    driver.perform = perform  # type: ignore[method-assign]
    found = tuple(Option(str(n), str(n), data=record) for n, record in enumerate(records))
    driver.look_up = lambda _need: found  # type: ignore[method-assign]
    for move in (StartProcedure("trip"), 0, 0, 1, 2, *given_moves):
        driver.send(play(driver, move))


@QUICK
@given(odd_inputs)
def test_inputs_survive_json(given_input: Input) -> None:
    assert input_from_json(input_to_json(given_input)) == given_input


def test_an_old_state_is_read_as_one_in_which_something_was_done() -> None:
    driver = Watcher([])
    driver.send(StartProcedure("trip"))
    done = replace(driver.state.stack[-1], results={"opened": {"key": "k"}})
    old = state_to_json(replace(driver.state, stack=(done,)))
    names = (
        "completed",
        "call",
        "each",
        "undoing",
        "child",
        "given",
        "answered",
        "ended_at",
        "waiting",
        "parent",
    )
    for frame in (*old["stack"], *old["finished"]):
        for name in names:
            frame.pop(name)
    del old["waiting"]
    read = state_from_json(old)
    assert isinstance(read, DialogueState)
    assert [done.undo for frame in read.stack for done in frame.completed] == [""]


@QUICK
@given(st.integers(0, len(TRIP)), st.integers(0, 40), st.text(max_size=6))
def test_a_damaged_definition_is_reported_and_never_raises(start: int, length: int, put: str) -> None:
    check_definition(TRIP[:start] + put + TRIP[start + length :])


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just("none")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["action", "if", "then", "else", "wait", "for", "until", "event", "of", "approve", "title",
                 "en", "team", "expires", "run", "with", "person", "say", "as", "undo", "each", "amount", "when"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@QUICK
@given(json_values, json_values)
def test_steps_of_any_shape_are_reported_and_never_raise(steps: Any, undo: Any) -> None:
    source = {
        "procedure": "x",
        "version": 1,
        "identify": "none",
        "title": {"en": "X"},
        "do": steps,
        "undo": undo,
    }
    found = check_definition(source)
    if not found:
        parse_definition(source)


def test_a_conversation_that_ends_has_told_how() -> None:
    driver = Watcher([])
    for move in (StartProcedure("trip"), 0, 0, 1, 0):
        driver.send(play(driver, move))
    assert [type(effect) for effect in driver.effects if isinstance(effect, Ended)] == []
    assert driver.one(Park).procedure == "trip"
