"""Who writes when, and what for: a plan of past conversations that fits the orders of their day."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from demo_shop.past import Course, Person, list_courses, list_people
from rapport.testing.calendar import plan_moments
from rapport.testing.personas import Persona, Phrasebook, read_yaml
from rapport.testing.simulation import Goal

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
CHANGES = {
    "cancel_order",
    "change_address",
    "change_items",
    "change_payment",
    "exchange_items",
    "report_damage",
    "return_items",
    "update_profile_address",
}
"""Procedures that ask for a confirmation."""
NOTHING_SHARE = 0.1
"""Share of conversations about nothing the shop's procedures or articles cover."""
SPIKE_MIX_SHARE = 0.6
"""On the bad day this share of conversations asks where an order is."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One conversation to come."""

    at: dt.datetime
    person: Person
    persona: Persona
    goal: Goal
    language: str
    is_signed: bool
    """The host page proves who the customer is."""
    inbox: str
    """``web`` or ``api``."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a plan is made of."""

    book: Phrasebook
    people: Sequence[Person]
    courses: Sequence[Course]
    questions: dict[str, list[str]]
    """Sample questions of the help centre, by language."""
    other: dict[str, dict[str, list[str]]]
    """Openings of conversations that are about nothing we do: ``small_talk``, ``off_topic``, ``complaint``."""


def load_material(book: Phrasebook, shop: Path, demo: Path) -> Material:
    """Read the shop and the demonstration's files."""
    people = [p for p in list_people(shop) if not p.is_showcase]
    known = {p.customer_id for p in people}
    courses = [c for c in list_courses(shop) if c.customer_id in known]
    other = read_yaml(demo / "agents.yaml")["openings"]
    return Material(book, people, courses, _questions(demo / "articles"), other)


def _questions(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.yaml")):
        data: dict[str, Any] = read_yaml(path)
        if data.get("audience", "customers") == "customers":
            for language, text in data["translations"].items():
                found[language] += [str(q) for q in text.get("questions", [])]
    return dict(found)


class Planner:
    """Chooses conversation by conversation; an order and a customer are used only once in a while."""

    def __init__(self, material: Material, rng: random.Random) -> None:
        self._material, self._rng = material, rng
        self._people = {p.customer_id: p for p in material.people}
        self._used_orders: set[str] = set()
        self._last_seen: dict[str, dt.datetime] = {}

    def plan(self, end: dt.datetime, *, days: int, count: int, spike_days_ago: int) -> list[Planned]:
        """All conversations, in order of time."""
        moments = plan_moments(self._rng, end, days=days, count=count, spike_days_ago=spike_days_ago)
        spike = (end - dt.timedelta(days=spike_days_ago)).date()
        return [self.plan_one(at, is_spike=at.date() == spike) for at in moments]

    def plan_one(
        self, at: dt.datetime, *, is_spike: bool = False, kind: str = "", personas: Sequence[str] = ()
    ) -> Planned:
        """One conversation at a moment; `kind` names a procedure, or leaves the choice to the mix."""
        rng, book = self._rng, self._material.book
        persona = book.choose_persona(rng, personas)
        roll = rng.random()
        if not kind and roll < NOTHING_SHARE and not is_spike:
            return self._about_nothing(at, persona)
        if not kind and roll < NOTHING_SHARE + book.question_share and not is_spike:
            return self._question(at, persona)
        if not kind and is_spike and rng.random() < SPIKE_MIX_SHARE:
            kind = "order_status"
        for _ in range(8):
            procedure = kind or rng.choices(list(book.mix), list(book.mix.values()))[0]
            course, person = self._whose(procedure, at)
            if person is not None:
                return self._procedure(at, persona, procedure, person, course)
        return self._question(at, persona)

    # ── kinds of conversations ─────────────────────────────────────────────────────────────────────

    def _procedure(
        self, at: dt.datetime, persona: Persona, procedure: str, person: Person, course: Course | None
    ) -> Planned:
        if course is not None:
            self._used_orders.add(course.order_id)
        goal = Goal(
            procedure=procedure,
            order_id=course.order_id if course else "",
            email=person.email,
            address=self._new_address(person),
            product=self._product(procedure, self._language(person, persona)),
            is_change=procedure in CHANGES,
        )
        is_signed = course is None or self._rng.random() < 0.78
        if procedure == "product_question":
            is_signed = self._rng.random() < 0.3
        return self._planned(at, person, persona, goal, is_signed=is_signed)

    def _question(self, at: dt.datetime, persona: Persona) -> Planned:
        person = self._someone(at, lambda _: True)
        assert person is not None, "a shop without customers has no history"
        language = self._language(person, persona)
        known = self._material.questions.get(language) or self._material.questions["en"]
        goal = Goal(words=self._rng.choice(known))
        return self._planned(
            at, person, replace(persona, opens="text"), goal, is_signed=self._rng.random() < 0.35
        )

    def _about_nothing(self, at: dt.datetime, persona: Persona) -> Planned:
        person = self._someone(at, lambda _: True)
        assert person is not None, "a shop without customers has no history"
        kind = self._rng.choices(("small_talk", "off_topic", "complaint"), (2, 3, 6))[0]
        goal = Goal(words=self._rng.choice(self._material.other[kind][self._language(person, persona)]))
        return self._planned(
            at, person, replace(persona, opens="text"), goal, is_signed=self._rng.random() < 0.4
        )

    def _planned(
        self, at: dt.datetime, person: Person, persona: Persona, goal: Goal, *, is_signed: bool
    ) -> Planned:
        self._last_seen[person.customer_id] = at
        inbox = "api" if self._rng.random() < 0.14 else "web"
        return Planned(at, person, persona, goal, self._language(person, persona), is_signed, inbox)

    # ── who ────────────────────────────────────────────────────────────────────────────────────────

    def _whose(self, procedure: str, at: dt.datetime) -> tuple[Course | None, Person | None]:
        """An order, and its customer, that the procedure fits at this moment."""
        fits = FITS.get(procedure)
        if fits is None:
            wants_card = procedure == "gift_card_balance"
            return None, self._someone(at, lambda p: p.has_gift_card or not wants_card)
        found = [
            c
            for c in self._material.courses
            if c.order_id not in self._used_orders and fits(c, at) and self._is_free(c.customer_id, at)
        ]
        if not found:
            return None, None
        course = self._rng.choice(found)
        return course, self._people[course.customer_id]

    def _someone(self, at: dt.datetime, fits: Callable[[Person], bool]) -> Person | None:
        found = [p for p in self._material.people if fits(p) and self._is_free(p.customer_id, at)]
        return self._rng.choice(found) if found else None

    def _is_free(self, customer_id: str, at: dt.datetime) -> bool:
        """Nobody writes again within the day, and later claims (whose numbers count) stay what they are."""
        seen = self._last_seen.get(customer_id)
        claimed = self._people[customer_id].claimed_at
        return (seen is None or seen < at - DAY) and all(moment < at for moment in claimed)

    def _language(self, person: Person, persona: Persona) -> str:
        """Their own; who writes in a foreign language writes English, and the English write German."""
        if persona.id != "non_native":
            return person.language
        return "en" if person.language != "en" else "de"

    def _product(self, procedure: str, language: str) -> str:
        """What they look for, in the words they would open with."""
        return (
            self._material.book.opening(procedure, language, "terse")
            if procedure == "product_question"
            else ""
        )

    def _new_address(self, person: Person) -> dict[str, str]:
        """The street of somebody in the same country."""
        country = person.address.get("country")
        other = self._rng.choice([p for p in self._material.people if p.address.get("country") == country])
        return dict(other.address)


def _is_pending(course: Course, at: dt.datetime) -> bool:
    """Placed a while ago, not yet packed, nothing changed since."""
    until = [m - HOUR / 2 for m in (course.packed_at, course.ended_at) if m is not None]
    return course.placed_at + HOUR / 4 < at and all(at < m for m in until) and not course.is_modified


def _is_delivered(course: Course, at: dt.datetime, *, within: dt.timedelta) -> bool:
    delivered = course.delivered_at
    if delivered is None or not delivered + 2 * HOUR < at < delivered + within:
        return False
    return course.ended_at is None or at < course.ended_at


def _is_on_its_way(course: Course, at: dt.datetime) -> bool:
    if course.ended_kind == "cancelled" or course.placed_at + 6 * HOUR > at:
        return False
    return course.delivered_at is None or at < course.delivered_at


def _is_refund_awaited(course: Course, at: dt.datetime) -> bool:
    if course.ended_at is None or course.ended_kind == "exchange requested":
        return False
    return course.ended_at + DAY < at < (course.closed_at or course.ended_at + 7 * DAY) + 3 * DAY


FITS: dict[str, Callable[[Course, dt.datetime], bool]] = {
    "order_status": _is_on_its_way,
    "order_details": lambda c, at: c.placed_at + HOUR < at < c.placed_at + 20 * DAY,
    "cancel_order": _is_pending,
    "change_address": _is_pending,
    "change_items": _is_pending,
    "change_payment": lambda c, at: _is_pending(c, at) and c.payments == 1 and c.methods > 1,
    "return_items": lambda c, at: _is_delivered(c, at, within=20 * DAY),
    "exchange_items": lambda c, at: _is_delivered(c, at, within=14 * DAY),
    "report_damage": lambda c, at: _is_delivered(c, at, within=4 * DAY),
    "refund_status": _is_refund_awaited,
}
"""When an order suits a procedure; the others need no order."""
