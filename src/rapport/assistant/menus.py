"""The guided menu, and choices among likely meanings, as a message shows them."""

from __future__ import annotations

from rapport.assistant.logic.choosing import likely_meanings
from rapport.assistant.logic.inputs import TALK_TO_PERSON
from rapport.assistant.wording import say
from rapport.kernel.languages import pick
from rapport.procedures import api as procedures
from rapport.understanding.contracts import Understanding


def menu_items(language: str) -> list[dict[str, str]]:
    """The guided menu as choices, a person last."""
    items = [
        {"title": m.title, "value": f"start:{m.procedure}", "description": m.description, "icon": m.icon}
        for m in procedures.list_menu(language)
    ]
    person = {
        "title": say("talk_to_person", language),
        "value": TALK_TO_PERSON,
        "description": "",
        "icon": "user-round",
    }
    return [*items, person]


def likely_items(read: Understanding, book: procedures.ProcedureBook, language: str) -> list[dict[str, str]]:
    """Procedures a text may ask for as choices, the likeliest first."""
    likely = likely_meanings(read, frozenset(book))
    return [{"title": pick(book[i.name].title, language), "value": f"start:{i.name}"} for i in likely]
