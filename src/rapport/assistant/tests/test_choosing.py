"""When a conversation goes badly a person is offered first, and only once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rapport.assistant.logic.choosing import HIGH_RISK, Situation, choose
from rapport.assistant.menus import person_offer
from rapport.understanding.contracts import (
    IntentScore,
    ModelRef,
    Segment,
    Sentiment,
    Signals,
    Understanding,
)

CALM = Situation(
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
)
BADLY = replace(CALM, risk=HIGH_RISK)


def _read(**changes: object) -> Understanding:
    segment = Segment("return it", 0, 9, (IntentScore("return_items", 0.99),), accepted=True, abstention=None)
    read = Understanding(
        text="return it",
        language="en",
        language_confidence=1.0,
        act=None,
        segments=(segment,),
        entities=(),
        sentiment=Sentiment("very_negative", -0.9, anger=0.9),
        signals=Signals(),
        model=ModelRef("intents", "1", "lexical"),
        encode_ms=0.0,
        total_ms=0.0,
    )
    return replace(read, **changes)  # type: ignore[arg-type]


def _steps(read: Understanding, now: Situation) -> list[tuple[str, str]]:
    return [(step.step, step.target) for step in choose(read, now)[0]]


def test_below_the_threshold_the_request_is_begun() -> None:
    assert _steps(_read(), CALM) == [("start", "return_items")]
    assert _steps(_read(), replace(CALM, risk=HIGH_RISK - 0.01)) == [("start", "return_items")]


def test_a_high_risk_offers_a_person_first_and_records_why() -> None:
    steps, considered = choose(_read(), BADLY)
    assert [(s.step, s.target, s.score) for s in steps] == [("person_offer", "escalation", HIGH_RISK)]
    assert "risk of a complaint" in steps[0].reason
    assert ("start", "return_items") in [(c.step, c.target) for c in considered]


def test_it_is_offered_once() -> None:
    assert _steps(_read(), replace(BADLY, was_person_offered=True)) == [("start", "return_items")]


def test_an_answer_to_the_open_question_and_the_moves_of_the_dialogue_go_on() -> None:
    answering = replace(BADLY, has_open_question=True, fills_open_question=True, answer_share=1.0)
    assert _steps(_read(), answering)[0][0] == "continue"
    assert _steps(_read(act="human"), BADLY) == [("hand_over", "customer_asked")]
    assert _steps(_read(signals=Signals(safety=True)), BADLY) == [("hand_over", "safety")]


def test_the_offer_names_a_person_first_and_keeps_what_the_customer_wanted() -> None:
    likely = [{"title": "Return items", "value": "start:return_items"}]
    text, items = person_offer("escalation", likely, "de")
    assert text.startswith("Es tut mir leid")
    assert [item["value"] for item in items] == ["talk_to_person", "start:return_items", "menu"]
    assert [item["value"] for item in person_offer("no_answer", likely, "de")[1]] == [
        "talk_to_person",
        "menu",
    ]


@pytest.mark.parametrize("act", ["undo", "back"])
def test_taking_back_needs_something_to_take_back(act: str) -> None:
    assert _steps(_read(act=act), CALM) == [("start", "return_items")]
    asked = replace(CALM, can_undo=True, active_procedure="return_items", has_open_question=True)
    assert _steps(_read(act=act), asked) == [("undo", "return_items")]
    assert _steps(_read(act=act), replace(CALM, can_undo=True)) == [("undo", "")]


def test_a_yes_to_an_offer_takes_it() -> None:
    yes = _read(act="affirm", segments=())
    assert _steps(yes, replace(CALM, offered="return_items")) == [("start", "return_items")]
    assert _steps(yes, replace(CALM, offered="talk_to_person")) == [("hand_over", "customer_asked")]
    assert _steps(yes, replace(CALM, offered="#W1")) == [("reply", "not_understood")]
