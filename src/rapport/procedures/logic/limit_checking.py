"""What is wrong with the look-ups and limits of a definition."""

from __future__ import annotations

from rapport.procedures.logic.checker import Checker
from rapport.procedures.logic.dependencies import lookups_behind, mentioned, mentioned_slots, needed_by
from rapport.procedures.logic.problems import Path


def check_lookups(checker: Checker, slots: list[str]) -> None:
    """Arguments and conditions read slots, computed values and earlier look-ups."""
    names = [lookup.name for lookup in checker.definition.lookups]
    for index, lookup in enumerate(checker.definition.lookups):
        path: Path = ("lookups", lookup.name)
        places = [((*path, "when"), lookup.when)]
        places += [((*path, "with", name), expression) for name, expression in lookup.arguments.items()]
        for place, expression in places:
            checker.expression(place, expression, slots)
            later = sorted(lookups_behind(checker.definition, expression or "") - set(names[:index]))
            if later:
                checker.report.add(place, f"{later[0]!r} is not looked up before {lookup.name!r}")
        needed = needed_by(checker.definition, lookup)
        checker.words((*path, "none"), lookup.none, [name for name in slots if name in needed])


def check_limits(checker: Checker) -> None:
    """Each limit has a name of its own and a subject that can be known."""
    definition, report = checker.definition, checker.report
    slots = {slot.name for slot in definition.slots}
    names: set[str] = set()
    for index, limit in enumerate(definition.limits):
        path: Path = ("limits", index)
        if limit.name in names:
            report.add((*path, "name"), f"there is another limit {limit.name!r}")
        names.add(limit.name)
        checker.expression((*path, "of"), limit.subject, slots)
        checker.words((*path, "say"), limit.say, sorted(mentioned_slots(definition, limit.subject)))
        if "customer" in mentioned(definition, limit.subject) and not definition.must_identify:
            report.add(
                (*path, "of"), "runs of a customer are counted only with 'identify: verified_customer'"
            )
