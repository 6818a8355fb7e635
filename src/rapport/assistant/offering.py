"""Choices outside procedures: the guided menu, the likely meanings of words, a person."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.assistant.driver import active_procedure, has_question
from rapport.assistant.logic.inputs import TALK_TO_PERSON
from rapport.assistant.menus import likely_items, menu_items, person_offer, resume_item, waiting_items
from rapport.assistant.outcome import Outcome
from rapport.assistant.wording import say
from rapport.procedures import api as procedures
from rapport.understanding.contracts import Understanding


@dataclass(frozen=True, slots=True)
class Offers:
    """Puts choices, and what the customer should know, into the reply of one turn."""

    out: Outcome
    book: procedures.ProcedureBook

    def clarify(self, read: Understanding) -> None:
        """Ask which of the likely meanings was meant."""
        language = self.out.language
        items = likely_items(read, self.book, language)
        if has_question(self.out.run.state):
            items = [i for i in items if i["value"] != f"start:{self._active()}"]
            items.append(resume_item(self._active(), self.book, language))
        items.append({"title": say("talk_to_person", language), "value": TALK_TO_PERSON})
        self.out.texts.append(say("clarify", language))
        self._put(items)

    def person(self, why: str, read: Understanding) -> None:
        """Offer a person, and what the customer was about."""
        language = self.out.language
        likely = [
            i for i in likely_items(read, self.book, language) if i["value"] != f"start:{self._active()}"
        ]
        if has_question(self.out.run.state):
            likely.insert(0, resume_item(self._active(), self.book, language))
        text, items = person_offer(why, likely, language)
        self.out.texts.append(text)
        self._put(items)

    def menu(self, *, with_title: bool = True) -> None:
        """Offer everything there is, a person last."""
        if with_title:
            self.out.texts.append(say("menu_title", self.out.language))
        self._put(menu_items(self.out.language))

    def withdraw(self) -> None:
        """Ask which of what is under way is to be stopped."""
        language = self.out.language
        self.out.texts.append(say("withdraw_offer", language))
        self._put(waiting_items(self.out.run.state, self.book, language))

    def name_unknown_orders(self, read: Understanding, known: frozenset[str] | None) -> None:
        """An order number that is not among the customer's orders is named, never silently replaced by another."""
        for entity in read.entities if known is not None else ():
            if entity.kind == "order_id" and str(entity.value) not in (known or ()):
                self.out.texts.append(say("order_not_yours", self.out.language, order=str(entity.value)))

    def _active(self) -> str:
        return active_procedure(self.out.run.state)

    def _put(self, items: list[dict[str, str]]) -> None:
        self.out.attributes["items"] = items
        self.out.content_type = "input_select"
