"""The guided menu, and choices among likely meanings, as a message shows them."""

from __future__ import annotations

from rapport.assistant.logic.choosing import ESCALATION, likely_meanings
from rapport.assistant.logic.inputs import KEEP, MENU, RESUME, TALK_TO_PERSON, WITHDRAW
from rapport.assistant.wording import say
from rapport.kernel.languages import pick
from rapport.procedures import api as procedures
from rapport.procedures.contracts import DialogueState, Frame
from rapport.understanding.contracts import Understanding


def menu_items(language: str) -> list[dict[str, str]]:
    """The guided menu as choices, a person last."""
    items = [
        {
            "title": m.title,
            "value": f"start:{m.procedure}",
            "description": m.description,
            "icon": m.icon,
            **({"group": m.group} if m.group else {}),
        }
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


def waiting_items(
    state: DialogueState, book: procedures.ProcedureBook, language: str
) -> list[dict[str, str]]:
    """What is under way as choices to stop it, the latest first; leaving it alone last."""
    by_instance = {frame.instance: frame for frame in state.waiting}
    items = [
        {
            "title": say("withdraw_this", language, title=_named(_begun(frame, by_instance), book, language)),
            "value": f"{WITHDRAW}{frame.instance}",
        }
        for frame in reversed(state.waiting)
        if frame.waiting is not None
    ]
    return [*items, {"title": say("keep_under_way", language), "value": KEEP}]


def _begun(frame: Frame, by_instance: dict[str, Frame]) -> Frame:
    """The procedure that the customer began, where one runs another."""
    while frame.parent is not None and frame.parent in by_instance:
        frame = by_instance[frame.parent]
    return frame


def _named(frame: Frame, book: procedures.ProcedureBook, language: str) -> str:
    """A procedure's title with what it is about, as its first answer says."""
    definition = book.at(frame.procedure, frame.version)
    title = pick(definition.title, language) if definition else frame.procedure.replace("_", " ")
    about = next((o.title for value in frame.slots.values() for o in value.options if o.title), "")
    return f"{title} ({about})" if about else title
