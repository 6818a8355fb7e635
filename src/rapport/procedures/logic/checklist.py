"""The checklist before a procedure goes live: what the system can judge of a definition, with evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rapport.connectors.contracts import Action as SystemAction
from rapport.connectors.contracts import ActionEffect, ActionLimits
from rapport.kernel.languages import LANGUAGES
from rapport.procedures.logic.definition import Definition, Words
from rapport.procedures.logic.phrases import list_wordings
from rapport.procedures.logic.steps import Action, Approval, Escalation

State = Literal["passed", "open", "answered", "not_needed"]
PERSONAL_TYPES = frozenset({"email", "address", "file", "customer"})
"""Types of slots whose answers are personal whatever they are asked for."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is looked at."""

    key: str
    judge: Literal["system", "person"]
    title: Words
    is_required: bool = False
    """While it is open, publishing takes a recorded override."""
    may_answer: bool = False
    """A person may say why what the system found missing is all right."""
    ask: Words = field(default_factory=dict)
    each_time: bool = False
    """An answer is for one release; others stand while what was found stays the same."""

    @property
    def is_answerable(self) -> bool:
        """A person may say something of it."""
        return self.judge == "person" or self.may_answer


@dataclass(frozen=True, slots=True)
class Facts:
    """What the system knows of a procedure that is to go live."""

    definition: Definition
    actions: Mapping[str, SystemAction] = field(default_factory=dict)
    limits: Mapping[str, ActionLimits] = field(default_factory=dict)
    report: Mapping[str, Any] = field(default_factory=dict)
    """Of its rehearsal."""
    threshold: float = 0.9
    version_in_force: int | None = None
    supervisors: int = 0
    """How many are told of what does not mend itself."""
    teams: frozenset[str] = frozenset()

    def called(self) -> list[tuple[Action, SystemAction | None]]:
        """The actions it performs, with what is declared of them."""
        return [(step, self.actions.get(step.action)) for step in self.definition.actions]

    def changing(self) -> list[tuple[Action, SystemAction | None]]:
        """Those that change something; one nobody declares may."""
        return [(s, a) for s, a in self.called() if a is None or a.effect is not ActionEffect.READ]

    def moving_money(self) -> list[str]:
        """Names of those that move money."""
        return sorted(
            {s.action for s, a in self.called() if a is not None and a.effect is ActionEffect.MONEY}
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of an item."""

    is_yes: bool
    note: str
    by: int | None = None
    """Staff id; None where it was said on the command line."""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """An item with what was found."""

    item: Item
    state: State
    evidence: tuple[str, ...] = ()
    answer: Answer | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether publishing takes an override because of it."""
        return self.item.is_required and self.state == "open"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a judge found."""

    state: State
    evidence: tuple[str, ...]


def check(
    items: Sequence[Item],
    facts: Facts,
    answers: Mapping[str, Answer],
    before: Mapping[str, tuple[tuple[str, ...], Answer]] | None = None,
) -> tuple[Checked, ...]:
    """Every item judged; what a person said counts where a person may say something.

    Args:
        items: in their order.
        facts: of the text that is to go live.
        answers: key → what was said for this release.
        before: key → what was found and said for the version in force.
    """
    return tuple(_check(item, facts, answers.get(item.key), (before or {}).get(item.key)) for item in items)


def _check(
    item: Item, facts: Facts, answer: Answer | None, before: tuple[tuple[str, ...], Answer] | None
) -> Checked:
    found = JUDGES[item.key](facts)
    if answer is None and before is not None and before[0] == found.evidence and not item.each_time:
        answer = before[1]
    if found.state == "open" and item.is_answerable and answer is not None:
        return Checked(item, "answered" if answer.is_yes else "open", found.evidence, answer)
    return Checked(item, found.state, found.evidence)


def _passed(*evidence: str) -> Finding:
    return Finding("passed", evidence)


def _open(*evidence: str) -> Finding:
    return Finding("open", evidence)


def _not_needed(*evidence: str) -> Finding:
    return Finding("not_needed", evidence)


# ── what each item is judged by ──


def _personal(facts: Facts) -> tuple[str, ...]:
    """The personal data it touches."""
    calls = {s.action for s, a in facts.called() if a is not None and a.is_personal}
    looked_up = {
        k.action for k in facts.definition.lookups if (a := facts.actions.get(k.action)) and a.is_personal
    }
    asked = {f"{s.name} ({s.type})" for s in facts.definition.slots if s.type in PERSONAL_TYPES}
    records = {s.type for s in facts.definition.slots if s.is_looked_up and facts.definition.must_identify}
    return (*sorted(records - PERSONAL_TYPES), *sorted(calls | looked_up), *sorted(asked))


def _personal_data(facts: Facts) -> Finding:
    found = _personal(facts)
    if not found:
        return _not_needed("it reads no personal data")
    if facts.definition.must_identify or facts.definition.audience == "staff":
        level = "verified customer" if facts.definition.must_identify else "staff only"
        return _passed(f"identification: {level}", f"uses {', '.join(found)}")
    personal = [name for name in found if name in facts.actions]
    if personal:
        return _open(f"nobody is identified, and it uses {', '.join(personal)}")
    return _passed("nobody is identified; it only asks: " + ", ".join(found))


def _purpose(facts: Facts) -> Finding:
    found = _personal(facts)
    return _open(f"uses {', '.join(found)}") if found else _not_needed("it reads no personal data")


def _money(facts: Facts) -> Finding:
    names = facts.moving_money()
    if not names:
        return _not_needed("it moves no money")
    limits = {name: facts.limits.get(name) for name in names}
    said = tuple(
        f"{name}: at most {limit.max_amount}"
        if limit and limit.max_amount is not None
        else f"{name} has no limit"
        for name, limit in limits.items()
    )
    has_all = all(limit is not None and limit.max_amount is not None for limit in limits.values())
    return _passed(*said) if has_all else _open(*said)


def _four_eyes(facts: Facts) -> Finding:
    names = facts.moving_money()
    if not names:
        return _not_needed("it moves no money")
    if any(isinstance(place.step, Approval) for place in facts.definition.places):
        return _passed("it asks for approval itself")
    lacking = []
    for name in names:
        limit, action = facts.limits.get(name), facts.actions[name]
        if not action.needs_approval and (limit is None or limit.approve_above is None):
            lacking.append(f"{name} needs nobody's yes, whatever the amount")
    return _open(*lacking) if lacking else _passed(*(f"{name}: somebody says yes" for name in names))


def _people(facts: Facts) -> Finding:
    rules = [f"human_when.{rule.name}" for rule in facts.definition.human_when]
    rules += [f"limits.{limit.name}" for limit in facts.definition.limits if limit.then == "person"]
    steps = [
        ".".join(map(str, place.path))
        for place in facts.definition.places
        if isinstance(place.step, (Escalation, Approval))
    ]
    if rules or steps:
        return _passed(*rules, *steps)
    if not facts.changing():
        return _not_needed("it changes nothing")
    return _open("no rule says when a person decides")


def _undo(facts: Facts) -> Finding:
    if not facts.changing():
        return _not_needed("it changes nothing")
    lacking = [
        step.action
        for step, action in facts.changing()
        if step.undo is None and not step.is_harmless and not (action and action.undone_by)
    ]
    if lacking:
        return _open(*(f"nothing takes {name} back" for name in dict.fromkeys(lacking)))
    return _passed("every action has one that takes it back")


def _languages(facts: Facts) -> Finding:
    wordings = list_wordings(facts.definition).values()
    counts = {tag: sum(not _has(words, tag) for words in wordings) for tag in LANGUAGES}
    lacking = [f"{tag}: {count} texts are missing" for tag, count in counts.items() if count]
    return _open(*lacking) if lacking else _passed(f"{len(wordings)} texts in {', '.join(LANGUAGES)}")


def _has(words: Words, tag: str) -> bool:
    return any(key == tag or key.startswith(f"{tag}.") for key in words)


def _tests(facts: Facts) -> Finding:
    cases = facts.report.get("cases", ())
    failed = [case["name"] for case in cases if case["problems"]]
    if not cases:
        return _open("there is no test case")
    if failed:
        return _open(f"{len(failed)} of {len(cases)} fail: {', '.join(failed[:3])}")
    return _passed(f"{len(cases)} pass")


def _simulation(facts: Facts) -> Finding:
    simulation = facts.report.get("simulation") or {}
    shares = simulation.get("pass") or []
    if simulation.get("lacking") or not simulation.get("conversations") or not shares:
        lacking = "; ".join(simulation.get("lacking") or ("nothing could be simulated",))
        return _not_needed(lacking) if facts.report.get("cases") else _open(lacking)
    series = ", ".join(f"pass^{n} {share:.2f}" for n, share in enumerate(shares, 1))
    said = f"{simulation['conversations']} conversations: {series}; threshold {facts.threshold:.2f}"
    return _passed(said) if shares[0] >= facts.threshold else _open(said)


def _forbidden(facts: Facts) -> Finding:
    simulation = facts.report.get("simulation") or {}
    shares = (simulation.get("personas") or {}).get("forbidden")
    if not shares:
        return _not_needed("nobody could attempt anything that is not allowed")
    said = f"attempts that were refused: {shares[0]:.2f}"
    return _passed(said) if shares[0] >= 1 else _open(said)


def _past(facts: Facts) -> Finding:
    if facts.version_in_force is None:
        return _not_needed("it was never in force")
    past = facts.report.get("past")
    if past is None:
        return _open("past conversations were not replayed")
    if not past["compared"]:
        return _not_needed("there is no past conversation that could be replayed")
    said = (
        f"{past['compared']} replayed, {past['worse']} come out worse, {past['different']} differ otherwise"
    )
    examples = tuple(f"conversation {number}" for number in past.get("examples", ()))
    return _open(said, *examples) if past["worse"] else _passed(said)


def _wording(facts: Facts) -> Finding:
    return _open(f"{len(list_wordings(facts.definition))} texts")


def _failure(facts: Facts) -> Finding:
    named = {rule.team for rule in facts.definition.human_when}
    named |= {p.step.team for p in facts.definition.places if isinstance(p.step, (Escalation, Approval))}
    unknown = sorted(team for team in named if team and team not in facts.teams)
    if unknown:
        return _open(f"there is no team {', '.join(unknown)}")
    if not facts.supervisors:
        return _open("nobody may supervise: a system that stays away would be noticed by nobody")
    faults = (facts.report.get("simulation") or {}).get("faults") or {}
    mended = [s.action for s, _ in facts.called() if s.again is not None or s.otherwise]
    teams = sorted(team for team in named if team)
    return _passed(
        f"supervisors who are told: {facts.supervisors}",
        f"a person takes over: {', '.join(teams) or 'whoever is free'}",
        *((f"mends itself: {', '.join(mended)}",) if mended else ()),
        *(
            (f"simulated faults mended: {faults['mended']} of {faults['conversations']}",)
            if faults.get("conversations")
            else ()
        ),
    )


def _roll_back(facts: Facts) -> Finding:
    if facts.version_in_force is None:
        return _passed("none was in force: it is taken out of force again")
    return _passed(f"version {facts.version_in_force} is put back")


JUDGES: Mapping[str, Callable[[Facts], Finding]] = {
    "personal_data": _personal_data, "purpose": _purpose, "money": _money, "four_eyes": _four_eyes, "people": _people,
    "undo": _undo, "languages": _languages, "tests": _tests, "simulation": _simulation, "forbidden": _forbidden,
    "past": _past, "wording": _wording, "failure": _failure, "roll_back": _roll_back,
}  # fmt: skip
