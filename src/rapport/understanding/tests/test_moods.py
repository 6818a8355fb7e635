"""What a decision keeps of a mood is read back as it was."""

from __future__ import annotations

from dataclasses import replace

from rapport.understanding.contracts import Context, Sentiment, Signals
from rapport.understanding.moods import mood_of, mood_record, recorded_moods
from rapport.understanding.tests.test_engine import ENGINE


def test_a_recorded_mood_is_read_back() -> None:
    read = replace(
        ENGINE.understand("where is my parcel", Context()),
        sentiment=Sentiment("negative", -0.5, anger=0.6, urgency=0.2),
        signals=Signals(abuse=True),
    )
    record = mood_record(read)
    assert record == {
        "sentiment": {"label": "negative", "score": -0.5, "anger": 0.6, "urgency": 0.2},
        "signals": ["abuse"],
    }
    assert recorded_moods([("start:order_status", record)]) == [mood_of(read)]


def test_records_without_a_mood_are_left_out() -> None:
    assert (
        recorded_moods([("menu", {"click": "Menu"}), ("none", {}), ("none", {"sentiment": "negative"})]) == []
    )


def test_older_records_hold_label_and_score_only() -> None:
    (mood,) = recorded_moods([("none", {"sentiment": {"label": "negative", "score": -0.4}})])
    assert (mood.sentiment, mood.signals) == (Sentiment("negative", -0.4), Signals())


def test_after_what_was_not_understood_the_customer_says_it_again() -> None:
    felt = {"sentiment": {"label": "neutral", "score": 0.0}}
    moods = recorded_moods([("reply:not_understood", felt), ("start:order_status", felt)])
    assert [mood.is_repeated for mood in moods] == [False, True]
