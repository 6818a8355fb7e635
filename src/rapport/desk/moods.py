"""How a conversation's mood went, message by message and in words, for those who answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.conversations.contracts import ConversationInfo
from rapport.desk.contexts import Mark, MoodContext
from rapport.desk.lists import sentiment_mark
from rapport.governance import api as governance
from rapport.understanding.api import Mood, Trajectory, follow, recorded_moods

SHOWN = 12
"""Messages in the series; earlier ones still count."""
RISES = 0.3
"""From this difference on anger has risen."""
HIGH, SOME = 0.6, 0.3
"""Risk of a complaint from which on it is called high, or there is some."""
REASONS = {
    "legal_threat": gettext_lazy("a legal step was mentioned"),
    "safety": gettext_lazy("safety is at stake"),
    "vulnerability": gettext_lazy("the customer may need special care"),
    "contract_cancellation": gettext_lazy("the customer wants to end a contract"),
    "abuse": gettext_lazy("abusive language"),
    "anger": gettext_lazy("angry now"),
    "low_now": gettext_lazy("the mood is low now"),
    "falling": gettext_lazy("the mood keeps falling"),
    "long_negative": gettext_lazy("negative for three messages"),
    "urgent": gettext_lazy("it is urgent"),
    "disappointed": gettext_lazy("disappointed now"),
    "repeated": gettext_lazy("had to say it again"),
}
"""Why a complaint is likely; keys as in `understanding.logic.trajectory`."""


def mood_context(info: ConversationInfo) -> MoodContext | None:
    """From the decisions of a conversation; None where nothing the customer wrote was read."""
    moods = recorded_moods(governance.list_understandings(info.id))
    if not moods:
        return None
    gone = follow(moods)
    marks = [sentiment_mark(mood.sentiment.label) for mood in moods[-SHOWN:]]
    return MoodContext(
        series=tuple(mark for mark in marks if mark),
        summary=_summary(moods, gone),
        risk=risk_mark(gone.risk),
        reasons=reason_texts(gone.reasons),
    )


def risk_mark(risk: float) -> Mark:
    """How likely a complaint seems, in words."""
    if risk >= HIGH:
        return Mark("trending-up", _("Risk of a complaint: high"), "bad")
    if risk >= SOME:
        return Mark("activity", _("Risk of a complaint: some"), "warn")
    return Mark("check", _("Risk of a complaint: low"), "good")


def reason_texts(reasons: Sequence[str]) -> tuple[str, ...]:
    """What raises the risk, the weightiest first."""
    return tuple(str(REASONS[reason]) for reason in reasons if reason in REASONS)


def briefing_mood(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The mood at the handover in a few lines; nothing where it was not followed or nothing stands out."""
    mood = facts.get("mood")
    if not isinstance(mood, Mapping):
        return ()
    risk = float(mood.get("risk", 0.0))
    lines = [_("Getting worse")] if mood.get("direction") == "worse" else []
    if risk < SOME:
        return tuple(lines)
    why = ", ".join(reason_texts(mood.get("reasons", ())))
    return (*lines, f"{risk_mark(risk).label} ({why})" if why else risk_mark(risk).label)


def _summary(moods: Sequence[Mood], gone: Trajectory) -> str:
    first, last = moods[0].sentiment, moods[-1].sentiment
    if len(moods) == 1:
        return _("One message so far")
    if gone.is_recovered:
        course = _("Recovered after a low point")
    elif gone.direction == "worse":
        course = _("Worse than at the start")
    elif gone.direction == "better":
        course = _("Better than at the start")
    else:
        course = _("Much as at the start")
    if last.anger - first.anger >= RISES:
        return _("%(course)s, anger rising") % {"course": course}
    if first.anger - last.anger >= RISES:
        return _("%(course)s, anger fading") % {"course": course}
    return course
