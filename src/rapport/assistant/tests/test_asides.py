"""A question beside a request is answered in the same turn, and the request goes on."""

from __future__ import annotations

from dataclasses import replace

from rapport.assistant.logic.choosing import HIGH_RISK, Situation, choose
from rapport.knowledge.contracts import Hit
from rapport.understanding.contracts import (
    IntentScore,
    ModelRef,
    Segment,
    Sentiment,
    Signals,
    Understanding,
)

HIT = Hit(1, "delivery-costs", "en", "Delivery costs", "", "€4.90", "/help/1", 0.9, is_relevant=True)
READ = Understanding(
    text="Return my lamp. How much is delivery?",
    language="en",
    language_confidence=1.0,
    act=None,
    segments=(
        Segment("Return my lamp.", 0, 15, (IntentScore("return_items", 0.99),), True, None),
        Segment("How much is delivery?", 16, 37, (IntentScore("question", 0.97),), True, None),
    ),
    entities=(),
    sentiment=Sentiment("neutral", 0.0),
    signals=Signals(),
    model=ModelRef("intents", "1", "lexical"),
    encode_ms=0.0,
    total_ms=0.0,
)
NOW = Situation(
    has_open_question=False,
    active_procedure="",
    is_confirming=False,
    takes_free_text=False,
    fills_open_question=False,
    answer_share=0.0,
    is_identifying=False,
    identifies=False,
    procedures=frozenset({"return_items"}),
    misses=0,
    asides=(("How much is delivery?", HIT),),
)


def _steps(now: Situation) -> list[tuple[str, str]]:
    return [(step.step, step.target) for step in choose(READ, now)[0]]


def test_the_request_is_begun_and_the_question_answered() -> None:
    assert _steps(NOW) == [("start", "return_items"), ("answer", "delivery-costs")]


def test_a_passage_below_the_floor_is_no_answer_and_one_passage_is_quoted_once() -> None:
    weak = replace(HIT, is_relevant=False)
    assert _steps(replace(NOW, asides=(("How much?", weak),))) == [("start", "return_items")]
    twice = replace(NOW, asides=NOW.asides * 2)
    assert _steps(twice) == [("start", "return_items"), ("answer", "delivery-costs")]


def test_a_person_who_is_needed_comes_before_any_answer() -> None:
    assert _steps(replace(NOW, risk=HIGH_RISK)) == [("person_offer", "escalation")]


def test_the_open_question_may_be_answered_and_another_asked_at_once() -> None:
    answering = replace(
        NOW,
        has_open_question=True,
        fills_open_question=True,
        answer_share=1.0,
        active_procedure="return_items",
    )
    assert _steps(answering) == [("continue", "return_items"), ("answer", "delivery-costs")]
