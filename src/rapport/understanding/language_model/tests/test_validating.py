"""Whatever a model writes, only commands of the closed list come through."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.understanding.language_model.commands import KINDS, SENTIMENTS, Broken, Command, Reading
from rapport.understanding.language_model.contracts import Offer
from rapport.understanding.language_model.prompting import MAX_COMMANDS
from rapport.understanding.language_model.validating import MAX_VALUE_CHARS, UNSAID, read_answer

OFFERS = (Offer("return_items", "Return items", slots=("order", "items")), Offer("order_status", "Status"))


def read(content: Any, expects: str | None = None) -> Reading | Broken:
    text = content if isinstance(content, str) else json.dumps(content)
    return read_answer(text, offers=OFFERS, languages=("en", "cs"), expects=expects)


def accepted(content: Any, expects: str | None = None) -> Reading:
    found = read(content, expects)
    assert isinstance(found, Reading)
    return found


def test_a_whole_answer_is_read() -> None:
    found = accepted(
        {
            "language": "cs",
            "commands": [
                {
                    "command": "start_procedure",
                    "procedure": "return_items",
                    "quote": "take it",
                    "confidence": 0.9,
                },
                {"command": "clarify", "options": ["return_items", "order_status", "return_items"]},
                {"command": "correct", "slot": "items", "value": 2, "confidence": 2},
            ],
            "sentiment": "negative",
            "entities": [{"kind": "quantity", "value": "2", "quote": "two"}],
            "confidence": 0.8,
        }
    )
    assert found.commands == (
        Command("start_procedure", 0.9, procedure="return_items", quote="take it"),
        Command("clarify", 0.8, options=("return_items", "order_status")),
        Command("correct", 1.0, slot="items", value="2"),
    )
    assert (found.language, found.sentiment, found.dropped) == ("cs", "negative", 0)
    assert [(e.kind, e.value) for e in found.entities] == [("quantity", "2")]


@pytest.mark.parametrize(
    "command",
    [
        {"command": "call_action"},
        {"command": "affirm"},
        {"command": "START_PROCEDURE", "procedure": "return_items"},
        {"command": "start_procedure"},
        {"command": "start_procedure", "procedure": "refund_all"},
        {"command": "fill_slot", "slot": "price", "value": "0"},
        {"command": "fill_slot", "slot": "items"},
        {"command": "clarify", "options": ["refund_all"]},
        {"command": {}},
        [],
        7,
    ],
)
def test_what_is_not_in_the_list_is_dropped_and_counted(command: Any) -> None:
    found = accepted({"commands": [command, {"command": "small_talk"}]})
    assert [c.kind for c in found.commands] == ["small_talk"]
    assert found.dropped == 1
    assert len(found.problems) == 1


def test_the_open_slot_may_be_filled_whichever_procedure_asks() -> None:
    command = {"command": "fill_slot", "slot": "new_item[1]", "value": "blue"}
    assert accepted({"commands": [command]}, "new_item[1]").dropped == 0
    assert accepted({"commands": [command]}, "order").dropped == 1


def test_too_many_commands_and_too_long_values_are_cut() -> None:
    many = [{"command": "fill_slot", "slot": "items", "value": "x" * 1000}] * (MAX_COMMANDS + 3)
    found = accepted({"commands": many})
    assert (len(found.commands), found.dropped) == (MAX_COMMANDS, 3)
    assert {len(c.value) for c in found.commands} == {MAX_VALUE_CHARS}


@pytest.mark.parametrize("confidence", [None, "high", True, [], "NaN"])
def test_a_confidence_that_is_no_number_convinces_nobody(confidence: Any) -> None:
    found = accepted(
        {"commands": [{"command": "small_talk", "confidence": confidence}], "confidence": confidence}
    )
    assert found.commands[0].confidence == UNSAID


def test_nan_and_infinity_are_no_confidence() -> None:
    for word in ("NaN", "Infinity", "-Infinity", "1e999"):
        found = accepted(f'{{"commands": [{{"command": "small_talk", "confidence": {word}}}]}}')
        assert found.commands[0].confidence == UNSAID


@pytest.mark.parametrize(
    "content",
    [
        "",
        "null",
        "[]",
        "{",
        "I think the customer wants a return.",
        '{"commands": "start"}',
        '{"command": "small_talk"}',
        "{" * 100_000,
        '{"commands": ' + "[" * 50_000,
        "x" * 200_000,
    ],
)
def test_what_is_not_the_agreed_form_is_refused_with_a_reason(content: str) -> None:
    found = read(content)
    assert isinstance(found, Broken)
    assert found.reason


def test_words_and_fences_around_the_answer_do_no_harm() -> None:
    found = accepted(
        'Sure, here it is:\n```json\n{"commands": [{"command": "small_talk"}]}\n```\nAnything else?'
    )
    assert [c.kind for c in found.commands] == ["small_talk"]


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20) | st.sampled_from(KINDS),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["command", "procedure", "slot", "value", "options", "quote"]), inner
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(
    commands=st.lists(_json, max_size=8),
    rest=st.dictionaries(st.sampled_from(["sentiment", "entities"]), _json),
)
def test_any_json_at_all(commands: list[Any], rest: dict[str, Any]) -> None:
    found = read({"commands": commands, **rest}, "order")
    assert isinstance(found, Reading)
    assert len(found.commands) + found.dropped == len(commands)
    for command in found.commands:
        assert command.kind in KINDS
        assert 0 <= command.confidence <= 1
        assert command.procedure in {"", "return_items", "order_status"}
        assert command.slot in {"", "order", "items"}
    assert found.sentiment is None or found.sentiment in SENTIMENTS
