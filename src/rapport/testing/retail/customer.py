"""A scripted customer: sees what the public chat API shows, and answers by clicks, forms and short texts.

They know what any customer knows: who they are, what is in their orders, and what they want. A click is taken from
the options shown; words are tried once per question, then they click. They read the summary and say yes only when
it is what they want.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapport.procedures.contracts import ATTRIBUTE
from rapport.testing.retail import words
from rapport.testing.retail.tasks import JsonDict, Proof
from rapport.testing.retail.wishes import Piece, Wish

MOST_ANSWERS = 3
"""So many answers to one question before a wish is given up."""
MOST_RESTARTS = 2
"""So often a customer begins again from the menu when something else was understood."""
_EACH = re.compile(r"^replacements\[(\d+)\]$")
_START = "start:"
SAME_PRICE = "The price stays the same"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a customer talks, one for each seed."""

    word_share: float
    """How many answers are written where they could be clicked [0..1]."""
    opening_share: float
    """How many wishes begin with words instead of the menu [0..1]."""
    precise_share: float
    """How many of those words name order and items [0..1]."""


MANNERS = (Manner(0.0, 0.0, 0.0), Manner(0.0, 1.0, 1.0), Manner(0.5, 0.6, 0.4), Manner(0.9, 1.0, 0.6))
"""Clicks alone; a precise first sentence, then clicks; of everything something; mostly words."""


@dataclass(frozen=True, slots=True)
class Move:
    """What the customer does next: write, use a command, or answer a message."""

    kind: str
    """``say``, ``command`` or ``answer``."""
    text: str = ""
    values: tuple[JsonDict, ...] = ()
    message_id: int = 0


@dataclass(slots=True)
class Record:
    """What happened to one wish."""

    wish: Wish
    told: frozenset[str] = frozenset()
    is_agreed: bool = False
    """The customer said yes to the summary."""
    problem: str = ""
    """Why they gave up."""


class RetailCustomer:
    """One person in one conversation."""

    def __init__(
        self, wishes: Sequence[Wish], proofs: Sequence[Proof], manner: Manner, rng: random.Random
    ) -> None:
        self.records = [Record(wish) for wish in wishes]
        self._proofs, self._manner, self._rng = list(proofs), manner, rng
        self._current = -1
        self._tries: dict[str, int] = {}
        self._given: dict[str, Piece] = {}
        self._restarts, self._must_start = 0, False
        self._wrong = ""
        """Which answer the summary shows wrong."""
        self.questions = 0
        self.asked: list[str] = []

    # ── course ──

    def respond(self, message: JsonDict) -> Move | None:
        """The next move after what the system said; None when nothing is left to do."""
        attributes = message["content_attributes"]
        slot = self._slot(attributes)
        if slot:
            self.questions += 1
            self.asked.append(slot)
        if self._current < 0:
            return self._next(message)
        if self._must_start:
            self._must_start = False
            return self._start(message)
        if slot.startswith("identify:"):
            return self._identify(message)
        if slot == "confirm":
            return self._confirm(message)
        if slot:
            return self._answer(message, slot)
        if self._is_clarifying(attributes):
            return self._restart(message, "not understood")
        if self._is_offered_instead(attributes):
            return self._restart(message, "refused")
        return self._next(message)

    def _slot(self, attributes: JsonDict) -> str:
        return "confirm" if attributes.get("confirm") else str(attributes.get("slot") or "")

    def _is_clarifying(self, attributes: JsonDict) -> bool:
        """Whether the system asks what is wanted, before anything of this wish was agreed to."""
        values = [str(i.get("value", "")) for i in attributes.get("items", [])]
        has_menu = any(v.startswith(_START) or v in {"menu", "talk_to_person"} for v in values)
        return has_menu and not self._record.is_agreed

    def _is_offered_instead(self, attributes: JsonDict) -> bool:
        """Whether something else was understood and refused, and what is wanted is offered in its place."""
        wanted = f"{_START}{self._wish.procedure}"
        offered = any(r.get("value") == wanted for r in attributes.get("quick_replies", []))
        return offered and self._wish.is_change and not self._record.is_agreed

    @property
    def _record(self) -> Record:
        return self.records[self._current]

    @property
    def _wish(self) -> Wish:
        return self._record.wish

    def _next(self, message: JsonDict) -> Move | None:
        """Go on with the next wish."""
        if self._current >= 0 and self._wish.is_change and not self._record.is_agreed:
            self._record.problem = self._record.problem or f"ended: {message['content'][:160]}"
        self._current += 1
        self._tries, self._given, self._restarts = {}, {}, 0
        if self._current >= len(self.records):
            return None
        wish = self._wish
        if not wish.procedure:
            return Move("command", "talk_to_person")
        if self._rng.random() >= self._manner.opening_share:
            return self._start(message)
        is_precise = self._rng.random() < self._manner.precise_share
        first = words.opening(wish, self._rng, is_precise=is_precise)
        self._record.told = first.told
        return Move("say", first.text)

    def _start(self, message: JsonDict) -> Move:
        """Begin the wish's procedure by a button in reach, else by the menu's command."""
        value = f"{_START}{self._wish.procedure}"
        attributes = message["content_attributes"]
        if any(i.get("value") == value for i in attributes.get("items", [])):
            return Move("answer", "", ({"value": value},), message["id"])
        return Move("command", value)

    def _restart(self, message: JsonDict, why: str) -> Move | None:
        """What runs is not what was meant: begin again from the menu."""
        if self._restarts >= MOST_RESTARTS:
            self._record.problem = why
            return self._next(message)
        return self._stop_and_begin_again(message)

    def _stop_and_begin_again(self, message: JsonDict) -> Move:
        self._restarts, self._tries, self._given = self._restarts + 1, {}, {}
        if not self._slot(message["content_attributes"]):
            return self._start(message)
        self._must_start = True
        if self._slot(message["content_attributes"]) == "confirm":
            return Move("answer", "", ({"value": "confirm:cancel"},), message["id"])
        return Move("say", words.STOP)

    def _give_up(self, message: JsonDict, why: str) -> Move | None:
        self._record.problem = self._record.problem or why
        if self._tries.get("stop"):
            return self._next(message)
        self._tries["stop"] = 1
        return Move("say", words.STOP)

    # ── identity ──

    def _identify(self, message: JsonDict) -> Move | None:
        if not self._proofs:
            return self._give_up(message, "not recognised")
        proof = self._proofs.pop(0)
        if self._rng.random() < self._manner.word_share:
            return Move("say", words.stated(proof, self._rng))
        known = {"email": proof.email, "first_name": proof.first_name, "last_name": proof.last_name}
        known["zip"] = proof.zip
        items = message["content_attributes"]["items"]
        values = [{"name": i["name"], "value": known[i["name"]]} for i in items if known.get(i["name"])]
        return Move("answer", "", tuple(values), message["id"])

    # ── questions ──

    def _answer(self, message: JsonDict, slot: str) -> Move | None:
        tries = self._tries.get(slot, 0)
        self._tries[slot] = tries + 1
        if tries >= MOST_ANSWERS or self._tries.get("stop"):
            return self._give_up(message, f"asked again and again: {slot}")
        if slot == "address":
            return self._give_address(message, is_written=tries == 0 and self._writes())
        if slot == "__change__":
            return Move("answer", "", ({"value": self._wrong},), message["id"])
        wanted = self._wanted(message, slot)
        if wanted is None:
            return self._restart(message, f"unexpected question: {slot}")
        options = _options(message)
        if _EACH.match(slot) and (step := _step_towards(options, self._piece_for(message, slot).new_title)):
            wanted = [step]
        shown = [o for o in options if o["value"] in wanted]
        if len(shown) < len(wanted):
            return self._refused(message, slot, tries)
        if tries == 0 and self._writes():
            return Move("say", self._in_words(slot, shown))
        return Move("answer", "", tuple(_submitted(message, wanted)), message["id"])

    def _writes(self) -> bool:
        return self._rng.random() < self._manner.word_share

    def _wanted(self, message: JsonDict, slot: str) -> list[str] | None:
        """The values the customer wants to choose; None when the question does not belong to the wish."""
        wish = self._wish
        if slot == "order":
            return [wish.order_id]
        if slot == "items" and wish.pieces:
            return [p.line for p in wish.pieces]
        if slot in {"pay_with", "refund_to"} and wish.method_id:
            return [wish.method_id]
        if slot == "reason" and wish.reason:
            return [wish.reason.replace(" ", "_")]
        if _EACH.match(slot) and wish.pieces:
            return [self._piece_for(message, slot).new_id]
        return None

    def _piece_for(self, message: JsonDict, slot: str) -> Piece:
        """Which of the items a question for a variant is about, as its words say."""
        if slot not in self._given:
            free = [p for p in self._wish.pieces if p not in self._given.values()] or list(self._wish.pieces)
            named = [p for p in free if p.title in message["content"]]
            self._given[slot] = (named or free)[0]
        return self._given[slot]

    def _refused(self, message: JsonDict, slot: str, tries: int) -> Move | None:
        """What is wanted is not offered: ask for it once in words, then leave it."""
        if tries == 0 and slot != "items":
            name = {"pay_with": "my gift card", "refund_to": "my other card"}.get(slot, self._wish.order_id)
            return Move("say", name)
        if slot == "order" and self._wish.is_possible:
            return self._restart(message, "not offered: order")
        return self._give_up(message, f"not offered: {slot}")

    def _in_words(self, slot: str, shown: list[JsonDict]) -> str:
        if slot == "reason":
            return self._rng.choice(words.REASONS.get(self._wish.reason, (self._wish.reason,)))
        if slot == "order":
            return self._rng.choice(("{o}", "order {o}", "It's {o}")).format(o=self._wish.order_id)
        return words.joined([_plain(o["title"]) for o in shown])

    def _give_address(self, message: JsonDict, *, is_written: bool) -> Move:
        address = dict(self._wish.address)
        if is_written:
            return Move("say", words.address_line(address))
        items = message["content_attributes"]["items"]
        values = [{"name": i["name"], "value": address.get(i["name"].split(".")[-1], "")} for i in items]
        return Move("answer", "", tuple(values), message["id"])

    # ── summary ──

    def _wants_other_method(self, lines: str) -> bool:
        """Where nothing is to pay, the way of paying is not asked; who wants another one on record says so once."""
        is_usual = self._wish.method_id == self._wish.original_id
        return bool(self._wish.pieces) and SAME_PRICE in lines and not is_usual

    def _confirm(self, message: JsonDict) -> Move | None:
        if self._tries.get("stop"):
            return Move("answer", "", ({"value": "confirm:cancel"},), message["id"])
        lines = "\n".join(message["content_attributes"]["confirm"])
        missing = missing_in(lines, self._wish)
        wrong = "pay_with" if not missing and self._wants_other_method(lines) else ""
        wrong = "reason" if missing in words.REASON_SHOWN.values() else wrong
        if wrong and not self._tries.get(f"no {wrong}"):
            self._tries[f"no {wrong}"], self._wrong = 1, wrong
            return Move("answer", "", ({"value": "confirm:no"},), message["id"])
        if not missing:
            self._record.is_agreed = True
            self._tries["confirm"] = self._tries.get("confirm", 0) + 1
            if self._tries["confirm"] == 1 and self._writes():
                return Move("say", self._rng.choice(words.YES))
            return Move("answer", "", ({"value": "confirm:yes"},), message["id"])
        self._record.problem = f"summary lacks {missing}: {lines[:200]}"
        if self._restarts >= MOST_RESTARTS:
            self._tries["stop"] = 1
            return Move("answer", "", ({"value": "confirm:cancel"},), message["id"])
        return self._stop_and_begin_again(message)


def missing_in(lines: str, wish: Wish) -> str:
    """What the summary of a change should say and does not; empty when it is what is wanted."""
    wanted = [wish.order_id] if wish.order_id else []
    for piece in wish.pieces:
        wanted.append(piece.title)
        if piece.new_title:
            wanted.append(f"{piece.name} ({piece.new_title})")
    if wish.reason:
        wanted.append(words.REASON_SHOWN.get(wish.reason, wish.reason))
    if wish.address:
        wanted += [wish.address["address1"], wish.address["zip"]]
    for text in wanted:
        if lines.count(text) < wanted.count(text):
            return text
    for other in wish.others:
        if lines.count(other) > wanted.count(other):
            return f"that {other} stays"
    if wish.method_words and SAME_PRICE not in lines and wish.method_words not in lines.lower():
        return wish.method_words
    return ""


def _options(message: JsonDict) -> list[JsonDict]:
    """What can be chosen, as value and title."""
    attributes = message["content_attributes"]
    items: list[Any] = attributes.get("items", [])
    if message["content_type"] == "form" and items and items[0].get("options"):
        return [{"value": o["value"], "title": o["label"]} for o in items[0]["options"]]
    return [{"value": i.get("value", ""), "title": i.get("title", "")} for i in items]


def _step_towards(options: list[JsonDict], title: str) -> str:
    """Of many variants an attribute is asked first: the value of it that the wanted variant has, if it is shown."""
    said = [part.strip().casefold() for part in title.split(",")]
    return next(
        (
            str(o["value"])
            for o in options
            if str(o["value"]).startswith(ATTRIBUTE) and o["title"].casefold() in said
        ),
        "",
    )


def _submitted(message: JsonDict, wanted: list[str]) -> list[JsonDict]:
    if message["content_type"] == "form":
        name = message["content_attributes"]["items"][0]["name"]
        return [{"name": name, "value": value} for value in wanted]
    return [{"value": wanted[0]}]


def _plain(title: str) -> str:
    """A title as somebody would type it."""
    return title.replace("(", "").replace(")", "").strip()
