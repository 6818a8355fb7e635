"""The guided menu as a message shows it."""

from __future__ import annotations

from rapport.assistant.logic.inputs import TALK_TO_PERSON
from rapport.assistant.wording import say
from rapport.procedures import api as procedures


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
