"""Words of the variants' screens."""

from __future__ import annotations

from django.utils.translation import gettext as _

from rapport.knowledge.logic.grounding import Problem
from rapport.knowledge.variant_contracts import Fits


def channel_titles() -> dict[str, str]:
    """Forms of channels, any first."""
    return {
        "": _("Any channel"),
        "web": _("Web chat"),
        "email": _("E-mail"),
        "messenger": _("Messenger, SMS"),
        "voice": _("Voice"),
    }


def channel_icon(channel: str) -> str:
    """The icon of a form of channel."""
    icons = {"web": "message-circle", "email": "mail", "messenger": "smartphone", "voice": "phone"}
    return icons.get(channel, "layers")


def audience_titles() -> dict[str, str]:
    """Whom a variant is for, anyone first."""
    return {"": _("Anyone"), "customer": _("Signed-in customers"), "staff": _("Staff")}


def tone_titles() -> dict[str, str]:
    """Tones, none first."""
    return {"": _("Either tone"), "formal": _("Formal"), "informal": _("Informal")}


def length_titles() -> dict[str, str]:
    """Lengths."""
    return {"full": _("Full"), "short": _("Short")}


def status_marks() -> dict[str, tuple[str, str]]:
    """Status to (tone, title)."""
    return {
        "draft": ("info", _("Draft")),
        "approved": ("good", _("Approved")),
        "outdated": ("warn", _("Out of date")),
        "withdrawn": ("", _("Withdrawn")),
    }


def origin_titles() -> dict[str, str]:
    """What wrote the first draft."""
    return {
        "person": _("Written by a person"),
        "answer": _("Proposed: the answer alone with its limits"),
        "short": _("Proposed: without what carries no figure or condition"),
        "messenger": _("Proposed: for messengers"),
        "voice": _("Proposed: to be said aloud"),
        "voice_answer": _("Proposed: the answer alone, to be said aloud"),
        "language_model": _("Rewritten by the language model, checked against the article"),
    }


def change_titles() -> dict[str, str]:
    """What happened to a variant."""
    return {
        "proposed": _("Proposed"),
        "written": _("Written"),
        "approved": _("Approved"),
        "outdated": _("The article changed"),
        "withdrawn": _("Withdrawn"),
    }


def limit_titles() -> dict[str, str]:
    """Classes of limits, by an example."""
    return {
        "negation": _("not, never, no"),
        "only": _("only"),
        "except": _("except, unless"),
        "if": _("if, when"),
    }


def figure_text(figure: str) -> str:
    """A figure as the check names it, with its unit in the reader's language."""
    units = {
        "second": _("seconds"),
        "minute": _("minutes"),
        "hour": _("hours"),
        "day": _("days"),
        "business day": _("business days"),
        "week": _("weeks"),
        "month": _("months"),
        "year": _("years"),
    }
    if figure == "free":
        return _("free of charge")
    value, _space, unit = figure.partition(" ")
    return f"{value} {units.get(unit, unit)}".strip()


def problem_text(problem: Problem) -> str:
    """One finding of the groundedness check."""
    limit = limit_titles().get(problem.what, problem.what)
    match problem.kind:
        case "figure":
            return _("The article does not say “%(what)s”.") % {"what": figure_text(problem.what)}
        case "name":
            return _("The article does not name “%(what)s”.") % {"what": problem.what}
        case "limit_added":
            return _("A limit the article does not set (%(what)s).") % {"what": limit}
        case "limit_dropped":
            return _("A limit of the article is missing (%(what)s).") % {"what": limit}
    return _("The article says nothing like it.")


def place_of(fits: Fits) -> str:
    """For whom and where, in one line."""
    parts = [channel_titles()[fits.channel], length_titles()[fits.length]]
    parts += [tone_titles()[fits.tone]] if fits.tone else []
    parts += [audience_titles()[fits.audience]] if fits.audience else []
    return " · ".join(parts)


def refusal_text(code: str) -> str:
    """Why a language model gave no draft."""
    known = {
        "budget": _("Today's budget for the language model is spent."),
        "timeout": _("The language model did not answer in time."),
        "garbage": _("The language model's answer could not be read."),
        "no_connection": _("The language model cannot be reached."),
    }
    return known.get(code, _("The language model gave no answer."))
