"""A simulated customer: sees only messages, answers by clicks or words, as their persona does."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapport.conversations.contracts import MessageInfo
from rapport.testing.personas import Persona, Phrasebook, with_typos

MAX_MOVES = 14
"""Nobody talks longer than this to a machine."""
TRIES_IN_WORDS = 2
"""After this many answers in words to one question, anyone clicks."""
REPHRASINGS = 2
"""How often a customer says what they want in other words before they give up or ask for a person."""
PERSON_SHARE = 0.75
"""How many of those who did not get what they want take the offer of a person; the others leave."""
IMPATIENT_SHARE = 0.025
"""How often anyone asks for a person instead of making the next move."""
TALK_TO_PERSON, RESUME, STOP, SKIP = "talk_to_person", "resume", "__stop__", "__skip__"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a customer comes for."""

    procedure: str = ""
    """Empty when nothing is to be done: a question, a complaint, small talk."""
    words: str = ""
    """First words, where they are not the persona's for the procedure."""
    order_id: str = ""
    email: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    """Where things shall be sent from now on."""
    product: str = ""
    is_change: bool = False
    """Reached only after a confirmation."""


@dataclass(frozen=True, slots=True)
class Words:
    """The customer writes."""

    text: str


@dataclass(frozen=True, slots=True)
class Click:
    """The customer chooses, or submits a form."""

    submitted: list[dict[str, Any]]
    instead: str
    """What they would have written."""


Move = Words | Click


@dataclass(slots=True)
class Memory:
    """What a customer remembers of the conversation."""

    moves: int = 0
    has_started: bool = False
    has_confirmed: bool = False
    is_reached: bool = False
    rephrasings: int = 0
    asked_slot: str = ""
    tries: int = 0
    did: set[str] = field(default_factory=set)


class SimulatedCustomer:
    """One customer in one conversation."""

    def __init__(
        self, persona: Persona, book: Phrasebook, goal: Goal, language: str, rng: random.Random
    ) -> None:
        self.persona, self.goal, self.language = persona, goal, language
        self._book, self._rng = book, rng
        self.memory = Memory()

    def pause_s(self) -> float:
        """How long they take for the next move [seconds]."""
        return self._rng.uniform(*self.persona.delay_s)

    # ── first move ─────────────────────────────────────────────────────────────────────────────────

    def open(self, greeting: MessageInfo | None) -> Move:
        """The first move, after the greeting."""
        items = greeting.content_attributes.get("items", []) if greeting else []
        if self.persona.opens == "menu" and (found := _item(items, f"start:{self.goal.procedure}")):
            self.memory.has_started = True
            return _choice(found)
        if self.persona.opens == "person" and self._rng.random() < 0.5:
            self.memory.did.add("person")
            return self._words("person")
        if self.persona.does("greets_share", self._rng) and self._rng.random() < 0.25:
            return self._words("greeting")
        return self._state_goal()

    def _state_goal(self) -> Words:
        text = self.goal.words
        if not text:
            styles = [s for s in self.persona.styles if s != "precise" or self.goal.order_id] or ["plain"]
            text = self._book.opening(self.goal.procedure, self.language, self._rng.choice(styles))
            text = text.replace("{order}", self.goal.order_id)
        for share, purpose in (("confused_share", "confused"), ("chatter_share", "chatter")):
            if not self.goal.words and self.memory.rephrasings == 0 and self.persona.does(share, self._rng):
                text = f"{self._phrase(purpose)} {text}"
        is_first = self.memory.rephrasings == 0 and "vented" not in self.memory.did
        if is_first and self.persona.does("angry_share", self._rng):
            self.memory.did.add("vented")
            text = f"{text} {self._phrase('angry')}"
        return Words(self._write(text))

    # ── later moves ────────────────────────────────────────────────────────────────────────────────

    def respond(self, message: MessageInfo) -> Move | None:
        """The next move, or None when they leave."""
        memory, persona = self.memory, self.persona
        memory.moves += 1
        if memory.moves > MAX_MOVES or "closed" in memory.did:
            return None
        attributes = message.content_attributes
        slot = str(attributes.get("slot") or ("confirm" if attributes.get("confirm") else ""))
        memory.tries = memory.tries + 1 if slot and slot == memory.asked_slot else 0
        memory.asked_slot = slot
        memory.has_started = memory.has_started or bool(slot)
        self._notice(message, slot)
        if memory.is_reached:
            return self._close()
        if memory.moves > 1 and persona.does("gives_up_share", self._rng):
            memory.did.add("closed")
            return self._words("stop") if slot and self._rng.random() < 0.5 else None
        aside = self._aside(slot)
        if aside is not None:
            return aside
        if slot:
            return self._answer(slot, message)
        return self._again([*attributes.get("items", []), *attributes.get("quick_replies", [])])

    def _notice(self, message: MessageInfo, slot: str) -> None:
        """Whether this message is what the customer came for."""
        memory, attributes = self.memory, message.content_attributes
        if memory.is_reached:
            return
        is_open = bool(slot or attributes.get("items"))
        if self.goal.procedure:
            is_answered = not is_open and not attributes.get("sources") and "said" in memory.did
            memory.is_reached = is_answered and (memory.has_confirmed or not self.goal.is_change)
        else:
            memory.is_reached = "said" in memory.did and (bool(attributes.get("sources")) or not is_open)

    def _aside(self, slot: str) -> Words | None:
        """What has nothing to do with the question: a person, anger, a question back, another topic."""
        did, rng = self.memory.did, self._rng
        wants_person = self.persona.does("asks_person_share", rng) and rng.random() < 0.5
        if "person" not in did and (wants_person or rng.random() < IMPATIENT_SHARE):
            did.add("person")
            return self._words("person")
        if slot and "vented" not in did and self.persona.does("angry_share", rng) and rng.random() < 0.3:
            did.add("vented")
            return self._words("angry")
        if slot and "lost" not in did and self.persona.does("confused_share", rng) and rng.random() < 0.4:
            did.add("lost")
            return self._words("lost")
        if slot and "digressed" not in did and self.persona.does("digression_share", rng):
            did.add("digressed")
            return self._words("digression")
        return None

    def _close(self) -> Words | None:
        """Thanks, a goodbye, or nothing."""
        did, persona = self.memory.did, self.persona
        did_thank = "thanked" in did
        if not did_thank and persona.does("leaves_silently_share", self._rng):
            return None
        if not did_thank and persona.does("thanks_share", self._rng):
            did.add("thanked")
            return self._words("thanks")
        did.add("closed")
        return self._words("closing") if persona.does("closes_share", self._rng) else None

    def _again(self, items: list[dict[str, Any]]) -> Move | None:
        """Nothing was asked: choose what fits among what is offered, or say it in other words."""
        memory = self.memory
        wanted = _item(items, f"start:{self.goal.procedure}") if self.goal.procedure else None
        if wanted:
            memory.did.add("said")
            if self._clicks() or memory.rephrasings:
                memory.has_started = True
                return _choice(wanted)
            memory.rephrasings += 1
            return Words(self._write(wanted["title"]))
        if "said" not in memory.did:
            return self._state_goal()
        if memory.has_started and not items:
            memory.did.add("closed")
            return self._words("thanks") if self.persona.does("thanks_share", self._rng) else None
        memory.rephrasings += 1
        if resume := _item(items, RESUME):
            return _choice(resume)
        if memory.rephrasings > REPHRASINGS or not self.goal.procedure:
            person = _item(items, TALK_TO_PERSON)
            memory.did.add("closed")
            return _choice(person) if person and self._rng.random() < PERSON_SHARE else None
        if memory.rephrasings == REPHRASINGS:
            return Words(self._book.opening(self.goal.procedure, self.language, "plain"))
        return self._state_goal()

    # ── answers ────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, slot: str, message: MessageInfo) -> Move:
        attributes = message.content_attributes
        items = attributes.get("items", [])
        if slot == "confirm":
            return self._confirm(items)
        if slot.startswith("identify:"):
            if self.goal.order_id:
                return self._prove(items)
            self.memory.did.add("closed")
            return self._words("stop")
        if message.content_type == "input_select":
            return self._select(slot, items)
        if message.content_type == "form":
            options = items[0].get("options") if len(items) == 1 else None
            return self._select_many(items[0]) if options else self._fill(items)
        quick = attributes.get("quick_replies", [])
        skip = next((q for q in quick if q["value"] == SKIP), None)
        if skip and (message.content_type == "input_file" or self._rng.random() < 0.3):
            return _choice(skip)
        return Words(self._write(self.goal.product or self._phrase("damage")))

    def _confirm(self, items: list[dict[str, Any]]) -> Move:
        did = self.memory.did
        if "changed" not in did and self.persona.does("changes_mind_share", self._rng):
            did.add("changed")
            kind = self._rng.choice(("no", "no", "stop"))
            if kind == "stop":
                did.add("closed")
            value = "confirm:no" if kind == "no" else "confirm:cancel"
            return self._either(_item(items, value), self._phrase(kind))
        self.memory.has_confirmed = True
        return self._either(_item(items, "confirm:yes"), self._phrase("yes"))

    def _prove(self, items: list[dict[str, Any]]) -> Move:
        known = {"order_number": self.goal.order_id, "email": self.goal.email}
        submitted = [
            {"name": i["name"], "value": known.get(i["name"]) or i.get("default") or "000000"} for i in items
        ]
        return self._either_form(submitted, f"{self.goal.order_id}, {self.goal.email}")

    def _select(self, slot: str, items: list[dict[str, Any]]) -> Move:
        useful = [i for i in items if i["value"] not in {STOP, SKIP}] or items
        found = _item(items, self.goal.order_id)
        if found is None:
            found = useful[0] if slot.startswith("reason") else self._rng.choice(useful)
        others, did = [i for i in useful if i is not found], self.memory.did
        if found["value"] == self.goal.order_id and others and self._mistakes():
            found = self._rng.choice(others)
        elif "mistaken" in did and "corrected" not in did and slot != "order":
            did.add("corrected")
            return Words(self._write(self._phrase("correct").replace("{other}", self.goal.order_id)))
        text = found["value"] if found["value"].startswith("#") else found["title"]
        return self._either(found, text)

    def _mistakes(self) -> bool:
        """Whether they name the wrong order first, once."""
        did, rng = self.memory.did, self._rng
        if "mistaken" in did or not self.persona.does("changes_mind_share", rng) or rng.random() < 0.5:
            return False
        did.add("mistaken")
        return True

    def _select_many(self, entry: dict[str, Any]) -> Move:
        options = entry["options"]
        count = len(options) if self._rng.random() < 0.25 else 1
        chosen = self._rng.sample(options, count)
        submitted = [{"name": entry["name"], "value": o["value"]} for o in chosen]
        text = self._phrase("all") if count == len(options) and count > 1 else chosen[0]["label"]
        return self._either_form(submitted, text)

    def _fill(self, items: list[dict[str, Any]]) -> Move:
        submitted = []
        for item in items:
            name = item["name"].rsplit(".", 1)[-1]
            value = self.goal.address.get(name) or item.get("default") or ""
            if item.get("options"):
                value = value if _option(item["options"], value) else item["options"][0]["value"]
            if value or item.get("required", True):
                submitted.append({"name": item["name"], "value": value or self._phrase("damage")})
        address = self.goal.address
        parts = [address.get(k, "") for k in ("address1", "address2", "zip", "city", "country")]
        return self._either_form(submitted, ", ".join(p for p in parts if p) or self._phrase("damage"))

    # ── ways of speaking ───────────────────────────────────────────────────────────────────────────

    def _clicks(self) -> bool:
        return self.memory.tries >= TRIES_IN_WORDS or self.persona.does("click_share", self._rng)

    def _either(self, item: dict[str, Any] | None, text: str) -> Move:
        self.memory.did.add("said")
        if item is not None and self._clicks():
            return _choice(item)
        return Words(self._write(text))

    def _either_form(self, submitted: list[dict[str, Any]], text: str) -> Move:
        self.memory.did.add("said")
        return Click(submitted, text) if self._clicks() else Words(text)

    def _words(self, purpose: str) -> Words:
        return Words(self._phrase(purpose))

    def _phrase(self, purpose: str) -> str:
        return self._book.phrase(purpose, self.language, self._rng)

    def _write(self, text: str) -> str:
        """As the persona types it."""
        self.memory.did.add("said")
        text = with_typos(text, self.persona.shares["typo_rate"], self._rng)
        return text.lower() if self.persona.does("lower_case_share", self._rng) else text


def _item(items: list[dict[str, Any]], value: str) -> dict[str, Any] | None:
    return next((i for i in items if value and i.get("value") == value), None)


def _option(options: list[dict[str, Any]], value: str) -> bool:
    return any(o["value"] == value for o in options)


def _choice(item: dict[str, Any]) -> Click:
    return Click([{"value": item["value"]}], str(item["title"]))
