"""From YAML to a definition, with every mistake named by place at once.

Nothing loads half: a document with any problem yields no definition.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from rapport.connectors.contracts import Fields
from rapport.kernel.errors import InvalidInput
from rapport.procedures.logic import keys
from rapport.procedures.logic.checking import check_links, check_meaning, check_types
from rapport.procedures.logic.definition import (
    AUDIENCES,
    CLOSED_TYPES,
    CONNECTOR_TYPE,
    FREE_TYPES,
    HELD_TYPES,
    Audience,
    ChoiceOption,
    Confirmation,
    Definition,
    HumanRule,
    Line,
    Refusal,
    Rule,
    Slot,
)
from rapport.procedures.logic.limit_parsing import read_limit, read_lookup
from rapport.procedures.logic.problems import Path, Problem, Report, read_document
from rapport.procedures.logic.sections import NAME, Section, read_words
from rapport.procedures.logic.step_parsing import read_steps, read_undo

TYPES = (*FREE_TYPES, *CLOSED_TYPES, *HELD_TYPES)
"""The types of the house; any other is a kind of record of a connected system."""
SYSTEM_TYPES = "or a kind of record of a connected system, as shop.order"


class InvalidDefinition(InvalidInput):
    """The procedure's definition has mistakes; `problems` names each with its place."""

    code = "invalid_definition"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems[:5]), problems=len(problems))


def parse_definition(source: str | Mapping[str, Any]) -> Definition:
    """Read one procedure.

    Raises: InvalidDefinition: with all its problems.
    """
    definition, report = read_definition(source)
    if definition is None or report.problems:
        raise InvalidDefinition(report.sorted())
    return definition


def check_definition(
    source: str | Mapping[str, Any],
    procedures: Collection[str] | None = None,
    actions: Collection[str] | None = None,
    types: Collection[str] | None = None,
    fields: Mapping[str, Fields] | None = None,
) -> tuple[Problem, ...]:
    """All problems of a definition.

    With the names that exist, also offers, actions and types that lead nowhere; with the fields of records by their
    kind, also those that no record has.
    """
    definition, report = read_definition(source, fields)
    if definition is not None:
        check_links(definition, report, procedures, actions)
        check_types(definition, report, types)
    return report.sorted()


def read_definition(
    source: str | Mapping[str, Any], fields: Mapping[str, Fields] | None = None
) -> tuple[Definition | None, Report]:
    """As much of a procedure as can be read (for further checks only), and what is wrong with it."""
    data, report = read_document(source)
    if report.problems and data is None:
        return None, report
    top = Section.of(report, (), data, keys.TOP)
    if not top.data:
        report.add((), "is empty")
        return None, report
    if not isinstance(top.data.get("tests") or {}, Mapping):
        top.add("tests", "must be a mapping with the keys given, cases")
    definition = Definition(
        name=top.name("procedure", is_required=True),
        version=_version(top),
        title=top.words("title", is_required=True),
        description=top.words("description"),
        icon=top.text("icon"),
        menu=top.number("menu"),
        group=top.words("group"),
        must_identify=_must_identify(top),
        audience=_audience(top),
        limits=tuple(read_limit(report, path, value) for path, value in top.items("limits")),
        slots=tuple(_slot(report, name, path, value) for name, path, value in top.entries("slots")),
        lookups=tuple(read_lookup(report, name, path, value) for name, path, value in top.entries("lookups")),
        let=top.expressions("let"),
        rules=tuple(_rule(report, path, value) for path, value in top.items("rules")),
        human_when=tuple(_human_rule(report, path, value) for path, value in top.items("human_when")),
        confirm=_confirmation(top),
        steps=read_steps(top, "do"),
        done=_lines(top, "done"),
        undo=read_undo(top),
        offer=top.names("offer"),
    )
    check_meaning(definition, report, fields)
    return definition, report


def _version(top: Section) -> int:
    version = top.number("version")
    if version is None or version < 1:
        top.add("version", "a version is a whole number from 1")
        return 1
    return version


def _must_identify(top: Section) -> bool:
    value = top.text("identify", is_required=True)
    if value and value not in ("verified_customer", "none"):
        top.add("identify", f"unknown {value!r}; allowed: verified_customer, none")
    return value != "none"


def _audience(top: Section) -> Audience:
    value = top.text("audience") or "both"
    found = next((audience for audience in AUDIENCES if audience == value), None)
    if found is None:
        top.add("audience", f"unknown {value!r}; allowed: {', '.join(AUDIENCES)}")
    return found or "both"


def _slot(report: Report, name: str, path: Path, value: Any) -> Slot:
    if not NAME.match(name):
        report.add(path, f"{name!r} is no name: use small letters, digits and _")
    section = Section.of(report, path, value, keys.SLOT)
    kind = section.text("type", is_required=True)
    if kind and kind not in TYPES and not CONNECTOR_TYPE.match(kind):
        section.add("type", f"unknown type {kind!r}; allowed: {', '.join(TYPES)}, {SYSTEM_TYPES}")
    return Slot(
        name=name,
        type=kind or "text",
        ask=section.words("ask", is_required=True),
        where=section.expression("where"),
        of=section.names("of"),
        many=section.flag("many"),
        each=section.text("each") or None,
        optional=section.flag("optional"),
        when=section.expression("when"),
        default=section.expression("default"),
        none=section.words("none"),
        refused=tuple(_refusal(report, item, entry) for item, entry in section.items("refused")),
        options=_options(section, kind),
        label=section.words("label"),
        accept=section.names("accept"),
    )


def _refusal(report: Report, path: Path, value: Any) -> Refusal:
    section = Section.of(report, path, value, keys.REFUSAL)
    return Refusal(
        when=section.expression("when", is_required=True) or "true",
        say=section.words("say", is_required=True),
        offer=section.text("offer") or None,
        rule=section.name("rule"),
    )


def _options(section: Section, kind: str) -> tuple[ChoiceOption, ...]:
    if kind != "choice":
        if "options" in section.data:
            section.add("options", "only a slot of type choice has options")
        return ()
    options: list[ChoiceOption] = []
    for path, value in section.items("options"):
        entry = Section.of(section.report, path, value, keys.OPTION)
        option = ChoiceOption(
            entry.text("value", is_required=True),
            entry.words("title", is_required=True),
            entry.names("aliases"),
        )
        if option.value in {other.value for other in options}:
            entry.add("value", f"the value {option.value!r} stands here twice")
        options.append(option)
    if not options:
        section.add("options", "a slot of type choice needs options: a list of {value, title, aliases}")
    return tuple(options)


def _rule(report: Report, path: Path, value: Any) -> Rule:
    section = Section.of(report, path, value, keys.RULE)
    return Rule(
        name=section.name("name", is_required=True),
        check=section.expression("check", is_required=True) or "true",
        say=section.words("say", is_required=True),
        slot=section.text("slot") or None,
    )


def _human_rule(report: Report, path: Path, value: Any) -> HumanRule:
    section = Section.of(report, path, value, keys.HUMAN_RULE)
    return HumanRule(
        name=section.name("name", is_required=True),
        when=section.expression("when", is_required=True) or "true",
        say=section.words("say", is_required=True),
        team=section.text("team") or None,
        after=section.flag("after"),
    )


def _confirmation(top: Section) -> Confirmation | None:
    if top.data.get("confirm") is None:
        return None
    section = Section.of(top.report, ("confirm",), top.data["confirm"], keys.CONFIRMATION)
    lines = _lines(section, "lines")
    if not lines:
        section.add("lines", "say what will happen: a list of texts per language")
    return Confirmation(lines, section.words("question"))


def _lines(section: Section, key: str) -> tuple[Line, ...]:
    """One text per language, or a list of texts, each plain or ``{when, say}``."""
    value = section.data.get(key)
    if value is None:
        return ()
    if isinstance(value, Mapping) and "say" not in value:
        return (Line(read_words(section.report, (*section.path, key), value)),)
    entries = section.items(key) if isinstance(value, list) else [((*section.path, key), value)]
    lines: list[Line] = []
    for path, entry in entries:
        if isinstance(entry, Mapping) and ("say" in entry or "when" in entry):
            part = Section.of(section.report, path, entry, keys.LINE)
            lines.append(Line(part.words("say", is_required=True), part.expression("when")))
        else:
            lines.append(Line(read_words(section.report, path, entry)))
    return tuple(lines)
