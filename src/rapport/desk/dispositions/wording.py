"""How the desk names the fields, values and grounds of dispositions, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rapport.conversations.contracts import Outcome
from rapport.desk.action_lines import action_line
from rapport.desk.wording import reason_text
from rapport.kernel.languages import pick
from rapport.procedures import api as procedures
from rapport.understanding.api import learning

FIELDS = {
    "reason": gettext_lazy("Reason for contact"),
    "outcome": gettext_lazy("How it ended"),
    "order_ref": gettext_lazy("Order"),
    "product": gettext_lazy("Product"),
    "actions": gettext_lazy("What was done"),
    "root_cause": gettext_lazy("Root cause"),
}
OUTCOMES = {
    Outcome.SOLVED_BY_ASSISTANT: gettext_lazy("Solved by the assistant"),
    Outcome.SOLVED_BY_PERSON: gettext_lazy("Solved by a person"),
    Outcome.REFUSED_BY_RULE: gettext_lazy("Refused by a rule"),
    Outcome.GIVEN_UP: gettext_lazy("Given up by the customer"),
    Outcome.NO_ANSWER: gettext_lazy("Closed without an answer"),
    Outcome.NO_REQUEST: gettext_lazy("Nothing was asked"),
    Outcome.DUPLICATE: gettext_lazy("Duplicate"),
    Outcome.SPAM: gettext_lazy("Spam"),
}
INTENTS = {
    "question": gettext_lazy("Question answered by the help centre"),
    "talk_to_person": gettext_lazy("Wanted a person"),
    "complaint": gettext_lazy("Complaint"),
    "small_talk": gettext_lazy("Small talk"),
    "out_of_scope": gettext_lazy("Outside of what we do"),
    "other": gettext_lazy("Other"),
}
STATES = {
    "done": gettext_lazy("done"),
    "refused": gettext_lazy("refused"),
    "cancelled": gettext_lazy("cancelled"),
    "waiting": gettext_lazy("waiting"),
    "handed_over": gettext_lazy("handed over"),
    "failed": gettext_lazy("failed"),
}


def outcome_text(outcome: str) -> str:
    """How a conversation ended."""
    return str(OUTCOMES.get(Outcome(outcome), outcome)) if outcome in set(Outcome) else outcome


def contact_reason_text(name: str, language: str) -> str:
    """A reason: the title of a procedure, or the name of an intent in words."""
    book = procedures.load_book()
    if name in book:
        return pick(book[name].title, language)
    text = name.replace("_", " ")
    return str(INTENTS.get(name, text[:1].upper() + text[1:]))


def reason_choices(language: str) -> list[tuple[str, str]]:
    """Everything that may be a reason, by its title: procedures, intents and “other”."""
    names = {*procedures.load_book(), *learning.label_names(), "other", "question"}
    return sorted(((name, contact_reason_text(name, language)) for name in names), key=_by_title)


def _by_title(choice: tuple[str, str]) -> tuple[bool, str]:
    return choice[0] == "other", choice[1].casefold()


def value_text(field: str, value: str, language: str) -> str:
    """A value as people read it; empty for none. What the shop calls its root causes its rules say."""
    if not value:
        return ""
    if field == "reason":
        return contact_reason_text(value, language)
    if field == "outcome":
        return outcome_text(value)
    if field == "actions":
        return ", ".join(action_line(name, {}).title for name in value.split(", "))
    return value


def evidence_text(item: dict[str, Any], language: str) -> str:
    """What a value was read from, in a few words."""
    title = str(item.get("title", ""))
    match item.get("kind"):
        case "run":
            name, _colon, state = title.partition(": ")
            word = STATES.get(state, gettext_lazy("not finished"))
            return f"{contact_reason_text(name, language)} · {word}"
        case "action":
            return action_line(title, {}).title
        case "decision":
            return _("Decision %(number)s") % {"number": item.get("ref")}
        case "message":
            return _("An answer of a person")
        case "handover":
            return (
                _("Handed over: %(reason)s") % {"reason": reason_text(title)} if title else _("Handed over")
            )
        case "label":
            return _("Marked: %(label)s") % {"label": title}
    return title
