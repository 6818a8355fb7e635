"""What each figure means: whom it counts, among whom, and in words.

A condition is a list of alternatives; each names fields and the values they may have. The same condition counts rows
and lists them, so a figure and the list behind it cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rapport.reports.logic.shares import Share

Alternative = Mapping[str, tuple[Any, ...]]
Condition = tuple[Alternative, ...]


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogues; it is translated where it is shown."""
    return text


class Cell(Protocol):
    """Rows that are alike, counted."""

    @property
    def count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Metric:
    """A share of contacts, or of runs of procedures."""

    id: str
    name: str
    formula: str
    """In words, as the page explains it."""
    of: Literal["contacts", "runs"]
    counted: Condition
    among: Condition
    unit: str = "share"
    is_lower_better: bool = False

    def measure(self, cells: Iterable[Cell]) -> Share:
        """The figure of these cells; cells that differ in nothing the conditions name are judged once."""
        names = sorted({name for one in (*self.counted, *self.among) for name in one})
        verdicts: dict[tuple[Any, ...], tuple[bool, bool]] = {}
        count = of = 0
        for cell in cells:
            key = tuple([getattr(cell, name) for name in names])
            verdict = verdicts.get(key)
            if verdict is None:
                verdict = verdicts[key] = holds(self.among, cell), holds(self.counted, cell)
            is_among, is_counted = verdict
            if is_among:
                of += cell.count
                count += cell.count if is_counted else 0
        return Share(count, of)


def holds(condition: Condition, cell: object) -> bool:
    """Whether one alternative fits."""
    return any(all(getattr(cell, name) in values for name, values in one.items()) for one in condition)


def both(first: Condition, second: Condition) -> Condition:
    """Where both hold."""
    found = []
    for one in first:
        for other in second:
            shared = {n: tuple(v for v in one[n] if v in other[n]) for n in one.keys() & other.keys()}
            found.append({**one, **other, **shared})
    return tuple(found)


ALL: Condition = ({},)
ASKED: Condition = ({"outcome": ("solved", "person", "refused", "unsolved")},)
"""Contacts that asked for something and are over."""
TAKEN_PART = both(ASKED, ({"is_answered": (True,)},))
HELPED: Condition = ({"outcome": ("solved",), "is_reopened": (False,)},)
ENDED: Condition = (
    {
        "outcome": (
            "done", "no_action", "with_person", "refused", "person", "failed", "cancelled", "abandoned",
        )
    },
)  # fmt: skip
CHANGING = both(ENDED, ({"changes": (True,)},))
TELLING = both(ENDED, ({"changes": (False,)},))

METRICS = (
    Metric(
        "digital",
        gettext_noop("Solved without a person"),
        gettext_noop(
            "Contacts whose last request was answered or done without a person and that were not reopened within seven "
            "days, of all contacts that asked for something and are over."
        ),
        "contacts",
        HELPED,
        ASKED,
    ),
    Metric(
        "straight_through",
        gettext_noop("Straight through"),
        gettext_noop(
            "Runs of procedures that change something, which ended done with their action carried out in the connected "
            "system and without a person, of all "
            "such runs that ended."
        ),
        "runs",
        ({"outcome": ("done",)},),
        CHANGING,
    ),
    Metric(
        "involvement",
        gettext_noop("Involvement"),
        gettext_noop("Contacts in which the assistant answered at least once, of all new contacts."),
        "contacts",
        ({"is_answered": (True,)},),
        ALL,
    ),
    Metric(
        "containment",
        gettext_noop("Containment"),
        gettext_noop(
            "Contacts no person took part in, whether or not they were solved, of all contacts that asked for "
            "something and are over."
        ),
        "contacts",
        ({"outcome": ("solved", "refused", "unsolved")},),
        ASKED,
    ),
    Metric(
        "confirmed",
        gettext_noop("Confirmed resolution"),
        gettext_noop(
            "The customer said thanks after the solution and did not write again about something within seven days; of "
            "the contacts over in which the assistant answered."
        ),
        "contacts",
        both(HELPED, ({"is_confirmed": (True,)},)),
        TAKEN_PART,
    ),
    Metric(
        "assumed",
        gettext_noop("Assumed resolution"),
        gettext_noop(
            "The customer left after the solution without a word and did not write again about something within seven "
            "days; of the contacts over in which the assistant answered."
        ),
        "contacts",
        both(HELPED, ({"is_confirmed": (False,)},)),
        TAKEN_PART,
    ),
    Metric(
        "resolution",
        gettext_noop("Resolution"),
        gettext_noop("Confirmed and assumed resolution together."),
        "contacts",
        HELPED,
        TAKEN_PART,
    ),
    Metric(
        "reopened",
        gettext_noop("Reopened"),
        gettext_noop(
            "Contacts whose customer wrote again about something within seven days of leaving with a solution, of all "
            "contacts with a solution."
        ),
        "contacts",
        ({"is_reopened": (True,)},),
        ({"outcome": ("solved",)}, {"is_reopened": (True,)}),
        is_lower_better=True,
    ),
    Metric(
        "first_contact",
        gettext_noop("First-contact resolution"),
        gettext_noop(
            "Solved without a person, and the same customer began no other contact about the same within seven days; "
            "of all contacts that asked for something and are over."
        ),
        "contacts",
        both(HELPED, ({"came_back": (False,)},)),
        ASKED,
    ),
    Metric(
        "informed",
        gettext_noop("Looked up and told"),
        gettext_noop(
            "Runs of procedures that only look something up, which ended done without a person, of all "
            "such runs that ended."
        ),
        "runs",
        ({"outcome": ("done",)},),
        TELLING,
    ),
)
BY_ID = {metric.id: metric for metric in METRICS}
TARGETED = tuple(m.id for m in METRICS if not m.is_lower_better)
"""Figures that may have a target line."""

AUTOMATION = (
    gettext_noop("Automation"),
    gettext_noop("Involvement times resolution: the share of all new contacts that the assistant solved."),
)
INTERACTIONS = (
    gettext_noop("Interactions per solved problem"),
    gettext_noop(
        "How often customers wrote or clicked in contacts without a person that are over, divided by those solved."
    ),
)


def stage_of(share: float | None) -> str:
    """Where the share of contacts solved without a person stands, as a word for the page."""
    if share is None:
        return "unknown"
    for floor, stage in ((0.95, "nearly_all"), (0.70, "most"), (0.40, "half")):
        if share >= floor:
            return stage
    return "few"
