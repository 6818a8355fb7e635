"""How figures, outcomes and reasons are called on the page."""

from __future__ import annotations

import re

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rapport.kernel.languages import pick
from rapport.procedures import api as procedures

OUTCOMES = {
    "solved": gettext_lazy("Solved"),
    "person": gettext_lazy("With a person"),
    "refused": gettext_lazy("Refused by a rule"),
    "unsolved": gettext_lazy("Not solved"),
    "open": gettext_lazy("Under way"),
    "none": gettext_lazy("Asked for nothing"),
    "done": gettext_lazy("Done"),
    "no_action": gettext_lazy("Done without an action"),
    "with_person": gettext_lazy("Done with a person"),
    "failed": gettext_lazy("Failed"),
    "cancelled": gettext_lazy("Stopped by the customer"),
    "abandoned": gettext_lazy("Left in the middle"),
}
MEASURES = {
    "turns": gettext_lazy("Turns"),
    "clicks": gettext_lazy("Clicks"),
    "fields": gettext_lazy("Fields filled"),
    "words": gettext_lazy("Words typed"),
    "questions": gettext_lazy("Questions asked"),
    "repeats": gettext_lazy("Asked twice"),
    "identifications": gettext_lazy("Proofs of identity"),
    "waits": gettext_lazy("Waits"),
    "seconds": gettext_lazy("Minutes"),
}
STAGES = {
    "unknown": gettext_lazy("Too few contacts to say."),
    "few": gettext_lazy("Less than half of the contacts are solved without a person."),
    "half": gettext_lazy("About half of the contacts are solved without a person."),
    "most": gettext_lazy("Most contacts, seven to nine in ten, are solved without a person."),
    "nearly_all": gettext_lazy("Nearly all contacts, above 95 %, are solved without a person."),
}
_REASONS = {
    "question": gettext_lazy("A question"),
    "person": gettext_lazy("Asked for a person"),
    "unclear": gettext_lazy("Not understood"),
    "none": gettext_lazy("Asked for nothing"),
}
_DETAILS = {
    "customer_asked": gettext_lazy("the customer asked"),
    "taken_over": gettext_lazy("a person took over"),
    "too_many_attempts": gettext_lazy("too many attempts"),
    "approval": gettext_lazy("an approval"),
    "reply": gettext_lazy("a reply"),
    "confirm": gettext_lazy("at the summary"),
}


def about(name: str) -> str:
    """What a contact was about: a procedure's title, or a word for what is none."""
    if name in _REASONS:
        return str(_REASONS[name])
    book = procedures.load_book()
    if name in book:
        return pick(book[name].title, (get_language() or "en")[:2])
    return humanised(name)


def detail(outcome: str, reason: str) -> str:
    """Why a run ended as it did."""
    if reason in _DETAILS:
        return str(_DETAILS[reason])
    if outcome == "abandoned" and reason:
        if reason.startswith("identify:"):
            return _("at the proof of identity")
        return _("at the question for: %(slot)s") % {
            "slot": humanised(re.sub(r"\[\d+\]", "", reason)).lower()
        }
    return humanised(reason).lower()


def say_effort(measure: str, value: float) -> str:
    """One number of effort: seconds as minutes, no decimals where there are none."""
    return f"{value / 60:.1f}" if measure == "seconds" else f"{value:.1f}".removesuffix(".0")


def humanised(word: str) -> str:
    """A code word as a reader would write it."""
    text = word.replace("_", " ").replace(":", ": ").strip()
    return text[:1].upper() + text[1:]
