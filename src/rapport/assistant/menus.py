"""The guided menu, and choices among likely meanings, as a message shows them."""

from __future__ import annotations

from rapport.assistant.logic.choosing import ESCALATION, likely_meanings
from rapport.assistant.logic.inputs import MENU, RESUME, TALK_TO_PERSON
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


OFFERS = {
    "no_answer": "no_answer_offer_person",
    "complaint": "complaint_reply",
    ESCALATION: "escalation_offer_person",
}


def person_offer(why: str, likely: list[dict[str, str]], language: str) -> tuple[str, list[dict[str, str]]]:
    """The words that offer a person, and the choices: a person first, then what the customer was about."""
    person = {"title": say("talk_to_person", language), "value": TALK_TO_PERSON}
    other = {"title": say("other_topics", language), "value": MENU}
    meant = likely if why == ESCALATION else []
    return say(OFFERS.get(why, "not_understood_again_offer_person"), language), [person, *meant, other]


def resume_item(procedure: str, book: procedures.ProcedureBook, language: str) -> dict[str, str]:
    """The choice to go on where a question is open."""
    title = pick(book[procedure].title, language) if procedure in book else procedure
    return {"title": say("resumed", language, title=title), "value": RESUME}
