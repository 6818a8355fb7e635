"""Commands become what the assistant already knows how to act on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.understanding.contracts import (
    Context,
    Entity,
    IntentScore,
    ModelRef,
    Segment,
    Sentiment,
    Signals,
    Understanding,
)
from rapport.understanding.language_model.commands import Command, Pointed, Reading
from rapport.understanding.language_model.meaning import overlay
from rapport.understanding.language_model.settings import LanguageModelSettings, Server

TEXT = "Take the boots back, it is order no. W12 345-67, two of them."
WEIGHED = (IntentScore("order_status", 0.6), IntentScore("return_items", 0.3), IntentScore("question", 0.1))
READ = Understanding(
    text=TEXT,
    language="en",
    language_confidence=0.9,
    act=None,
    segments=(Segment(TEXT, 0, len(TEXT), WEIGHED, accepted=False, abstention="uncertain"),),
    entities=(),
    sentiment=Sentiment("neutral", 0.1, anger=0.3, urgency=0.2),
    signals=Signals(injection=True),
    model=ModelRef("intents", "v1", "lexical"),
    encode_ms=1.0,
    total_ms=2.0,
    threshold=0.8,
)
SETTINGS = LanguageModelSettings(Server("https://models.example/v1", "a-model"), min_confidence=0.7)


def read(*commands: Command, context: Context | None = None, **more: object) -> Understanding:
    return overlay(READ, Reading(tuple(commands), **more), context or Context(), SETTINGS)  # type: ignore[arg-type]


def test_the_chosen_request_comes_first_and_the_rest_keeps_its_order() -> None:
    (segment,) = read(Command("start_procedure", 0.9, procedure="return_items")).segments
    assert [i.name for i in segment.intents] == ["return_items", "order_status", "question"]
    assert [round(i.probability, 3) for i in segment.intents] == [0.9, 0.06, 0.01]
    assert segment.accepted


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (Command("ask_knowledge", 0.9), "question"),
        (Command("small_talk", 0.9), "small_talk"),
        (Command("hand_over", 0.9, reason="customer_asked"), "talk_to_person"),
        (Command("hand_over", 0.9, reason="complaint"), "complaint"),
    ],
)
def test_commands_without_a_procedure_go_by_the_labels_the_assistant_knows(
    command: Command, name: str
) -> None:
    (segment,) = read(command).segments
    assert (segment.intents[0].name, segment.accepted) == (name, True)


def test_a_message_from_another_world_is_abstained_from() -> None:
    (segment,) = read(Command("clarify", 0.95, reason="out_of_scope")).segments
    assert (segment.intents[0].name, segment.accepted, segment.abstention) == (
        "out_of_scope",
        False,
        "out_of_scope",
    )


def test_filling_a_slot_is_no_request_even_where_one_was_accepted_before() -> None:
    sure = replace(READ, segments=(replace(READ.segments[0], accepted=True, abstention=None),))
    filled = Reading((Command("fill_slot", 0.9, slot="items", value="boots"),))
    (segment,) = overlay(sure, filled, Context(expects="items"), SETTINGS).segments
    assert (segment.accepted, segment.abstention, segment.intents) == (False, "uncertain", WEIGHED)


def test_a_move_made_by_words_is_not_overruled() -> None:
    moved = replace(READ, act="skip")
    found = overlay(moved, Reading((Command("cancel", 1.0),)), Context(expects="items"), SETTINGS)
    assert found.act == "skip"


def test_signs_sentiment_shades_and_sure_language_stay_as_they_were_read() -> None:
    found = read(Command("small_talk", 0.9), sentiment="very_negative", language="cs")
    assert found.signals == READ.signals
    assert found.sentiment == Sentiment("very_negative", -0.9, anger=0.3, urgency=0.2)
    assert found.language == "en"
    guessed = overlay(replace(READ, language_confidence=0.2), Reading((), language="cs"), Context(), SETTINGS)
    assert guessed.language == "cs"


def test_values_count_only_if_they_are_spelt_in_the_text() -> None:
    pointed = (
        Pointed("order_id", "#W1234567", "W12 345-67"),
        Pointed("order_id", "#W7654321", "W12 345-67"),
        Pointed("quantity", "2", "two"),
        Pointed("postal_code", "12345", "nowhere"),
    )
    found = read(Command("small_talk", 0.9), entities=pointed).entities
    start = TEXT.index("W12")
    assert found == (Entity("order_id", "#W1234567", "W12 345-67", start, start + 10, 0.5),)
