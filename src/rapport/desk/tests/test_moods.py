"""The mood of a conversation as agents and supervisors see it: a series, a sentence, a risk with reasons."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from rapport.conversations import api as conversations
from rapport.conversations.contracts import Briefing, ConversationInfo
from rapport.desk.moods import REASONS, briefing_mood, mood_context
from rapport.desk.tests.conftest import Desk
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.understanding.api import follow, recorded_moods


def _read(info: ConversationInfo, label: str, score: float, anger: float = 0.0, *signals: str) -> None:
    felt = {"label": label, "score": score, "anger": anger}
    understanding = {"sentiment": felt, "signals": list(signals)}
    governance.record_decision(
        DecisionDraft("turn", "start:order_status", int(info.id), understanding=understanding)
    )


def _falling(desk: Desk) -> ConversationInfo:
    info = desk.queued()
    for label, score, anger in (
        ("positive", 0.4, 0.0),
        ("negative", -0.4, 0.2),
        ("very_negative", -0.9, 0.9),
    ):
        _read(info, label, score, anger)
    return info


def test_a_falling_mood_is_said_in_words(desk: Desk) -> None:
    with translation.override("en"):
        mood = mood_context(_falling(desk))
    assert mood is not None
    assert mood.summary == "Worse than at the start, anger rising"
    assert [mark.label for mark in mood.series] == ["Positive", "Negative", "Very negative"]
    assert (mood.risk.label, mood.risk.tone) == ("Risk of a complaint: high", "bad")
    assert mood.reasons == ("angry now", "the mood is low now", "the mood keeps falling")


def test_nothing_read_shows_nothing(desk: Desk, browser: Client) -> None:
    info = desk.queued()
    assert mood_context(info) is None
    assert "mood-title" not in browser.get(f"/desk/conversations/{info.display_id}/panel").content.decode()


def test_the_panel_names_each_message_for_screen_readers(desk: Desk, browser: Client) -> None:
    info = _falling(desk)
    page = browser.get(f"/desk/conversations/{info.display_id}/panel").content.decode()
    assert "Worse than at the start, anger rising" in page
    assert '<span class="visually-hidden">3. Very negative</span>' in page
    assert "Risk of a complaint: high" in page


def test_a_calm_conversation_has_a_low_risk(desk: Desk) -> None:
    info = desk.queued()
    _read(info, "neutral", 0.0)
    mood = mood_context(info)
    assert mood is not None
    assert (mood.summary, mood.risk.tone, mood.reasons) == ("One message so far", "good", ())


def test_the_briefing_says_what_makes_a_complaint_likely(desk: Desk, browser: Client) -> None:
    info = desk.conversation()
    mood = {"direction": "worse", "now": -0.6, "risk": 0.8, "reasons": ["anger", "falling"]}
    briefing = Briefing("customer_asked", "Mia", (), (), "negative", ("answer",), facts={"mood": mood})
    conversations.hand_over(info.id, briefing)
    page = browser.get(f"/desk/conversations/{info.display_id}").content.decode()
    assert "Getting worse" in page
    assert "Risk of a complaint: high (angry now, the mood keeps falling)" in page


@pytest.mark.parametrize("facts", [{}, {"mood": None}, {"mood": {"direction": "steady", "risk": 0.1}}])
def test_a_briefing_without_a_telling_mood_says_nothing(facts: dict[str, object]) -> None:
    assert briefing_mood(facts) == ()


def test_every_reason_has_words() -> None:
    signs = ["legal_threat", "safety", "vulnerability", "contract_cancellation", "abuse"]
    shares = {"anger": 1.0, "urgency": 1.0, "disappointment": 1.0}
    worst = {"sentiment": {"label": "very_negative", "score": -1.0, **shares}, "signals": signs}
    calm = {"sentiment": {"label": "positive", "score": 0.9}}
    gone = follow(recorded_moods([("x", calm), *([("reply:not_understood", worst)] * 3)]))
    assert set(gone.reasons) == set(REASONS)
