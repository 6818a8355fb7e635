"""What the pages of insights show, as frozen values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rapport.accounts import api as accounts
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.insights import wording
from rapport.insights.contracts import Cause, Kind, Part
from rapport.insights.grouping import LEAST
from rapport.insights.preparing import prepare
from rapport.insights.queries import IssueInfo, distinct_examples
from rapport.kernel.languages import base_language, pick
from rapport.procedures import api as procedures
from rapport.studio import api as studio

KINDS: dict[Kind, tuple[Promise, str, str]] = {
    Kind.NEW: (gettext_lazy("No procedure yet"), "accent", "sparkles"),
    Kind.UNREAD: (gettext_lazy("Not recognised"), "info", "text-search"),
    Kind.FAILING: (gettext_lazy("Ends with a person"), "warn", "users"),
}
REASONS = {
    "customer_asked": gettext_lazy("the customer asked for a person"),
    "not_understood": gettext_lazy("the request was not understood"),
    "too_many_attempts": gettext_lazy("a question was asked too often"),
    "system_unavailable": gettext_lazy("a connected system did not answer"),
    "refused_by_system": gettext_lazy("a connected system refused"),
    "partly_done": gettext_lazy("it stopped halfway"),
    "revoked": gettext_lazy("an action is switched off"),
}


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One group as the list shows it."""

    info: IssueInfo
    title: str
    kind: str
    tone: str
    icon: str
    trend: int | None
    """Change against the period before [per cent]; None where there were too few before."""
    example: str
    example_language: str


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One line of a flow."""

    level: int
    keyword: str
    text: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part of a draft, in words, and how many conversations it comes from."""

    text: str
    count: int
    of: int

    @property
    def share(self) -> float:
        """0..1."""
        return self.count / max(1, self.of)


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as the group's page shows it."""

    name: str
    flow: tuple[FlowLine, ...]
    parts: tuple[PartLine, ...]
    dropped: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft somebody began here."""

    procedure: str
    by: str
    at: dt.datetime


def line_of(info: IssueInfo) -> IssueLine:
    """A group with its name in the reader's language."""
    label, tone, icon = KINDS[info.kind]
    before = info.count_before
    trend = round(100 * (info.count - before) / before) if before >= LEAST else None
    language = base_language(get_language())
    own = (example for example in info.examples if example.language == language)
    typical = next(own, info.examples[0] if info.examples else None)
    return IssueLine(
        info,
        title_of(info),
        str(label),
        tone,
        icon,
        trend,
        typical.text if typical else "",
        typical.language if typical else "",
    )


def title_of(info: IssueInfo) -> str:
    """The procedure's title, or the group's typical words."""
    language = base_language(get_language())
    if info.procedure:
        book = procedures.load_book()
        return pick(book[info.procedure].title, language) if info.procedure in book else info.procedure
    return pick(info.titles, language) if info.titles else _("Without telling words")


def draft_of(info: IssueInfo) -> DraftView:
    """The prepared draft as a flow."""
    draft = prepare(info)
    definition = procedures.parse_definition(draft.source)
    flow = [_flow_line(line) for line in procedures.describe(definition, base_language(get_language()))]
    parts = tuple(PartLine(_part_text(part), part.count, part.of) for part in draft.parts)
    titles = {action.name: action.title for action in connectors.list_actions()}
    return DraftView(
        draft.name,
        tuple(flow),
        parts,
        tuple(titles.get(name, name) for name in draft.dropped),
        draft.source,
    )


def _flow_line(line: str) -> FlowLine:
    text = line.lstrip()
    level = (len(line) - len(text)) // 2
    first, _sep, rest = text.partition(" ")
    if level == 0 and first.rstrip(".").isdigit():
        first, _sep, rest = rest.partition(" ")
    is_keyword = first.isupper() and len(first) > 1 and first.isascii()
    return FlowLine(level, first if is_keyword else "", rest if is_keyword else text)


def _part_text(part: Part) -> str:
    language = base_language(get_language())
    kinds = wording.kinds()
    if part.what == "slot":
        name = pick(kinds[part.name]["label"], language) if part.name in kinds else part.name
        needed = _("Question: %(name)s, which the action needs")
        return (_("Question: %(name)s") if part.count else needed) % {"name": name}
    if part.what == "action":
        action = connectors.find_action(part.name)
        return _("Action: %(name)s") % {"name": action.title if action else part.name}
    texts = {
        "examples": _("Different wordings of customers"),
        "answer": _("The closing words, as colleagues reply"),
        "suggestion": _("What colleagues reply, as a suggestion in the text"),
        "person": _("The step to a person"),
    }
    return texts[part.what]


def cause_lines(info: IssueInfo) -> tuple[PartLine, ...]:
    """What runs that ended with a person have in common, in sentences."""
    of = info.evidence.conversations
    return tuple(PartLine(_cause_text(info, c), c.count, of) for c in info.evidence.causes)


def _cause_text(info: IssueInfo, cause: Cause) -> str:
    name = {
        "name": _slot_label(info.procedure, cause.name) if cause.kind in {"asked", "slot"} else cause.name
    }
    match cause.kind:
        case "person_rule":
            return _("Its rule “%(name)s” sends them to a person. Is it still needed for all of them?") % name
        case "rule":
            return (
                _("Its rule “%(name)s” did not hold. Say earlier what is possible, or offer something else.")
                % name
            )
        case "slot":
            return _("“%(name)s” was asked in vain. Word the question better, or make it optional.") % name
        case "asked":
            return _("At “%(name)s” they asked for a person. Do they know what is wanted there?") % name
        case "unread":
            return _("Their first words were not surely read as this. Teach the assistant these wordings.")
    reason = str(REASONS.get(cause.name, cause.name.replace("_", " ")))
    return _("It went to a person because %(reason)s.") % {"reason": reason}


def _slot_label(procedure: str, slot: str) -> str:
    book = procedures.load_book()
    found = book[procedure].find_slot(slot.split("[", maxsplit=1)[0]) if procedure in book else None
    if found is not None and found.label:
        return pick(found.label, base_language(get_language()))
    return _("proof of identity") if slot.startswith("identify") else slot


def example_groups(info: IssueInfo, *, may_open: bool) -> list[tuple[str, list[tuple[str, int | None]]]]:
    """Requests by language with the number of their conversation, for those who may open it."""
    shown = distinct_examples(info)
    ids = [e.conversation_id for found in shown.values() for e in found]
    numbers = conversations.numbers_of(ids) if may_open else {}
    return [
        (language, [(e.text, numbers.get(e.conversation_id)) for e in found])
        for language, found in shown.items()
    ]


def own_draft(info: IssueInfo, staff_id: int) -> str:
    """The draft this person began from it and has not published or thrown away."""
    mine = studio.list_drafts(staff_id)
    return next((name for name, by, _at in info.drafts if by == staff_id and name in mine), "")


def begun_lines(info: IssueInfo) -> tuple[Begun, ...]:
    """Drafts that were begun from this group."""
    names = {int(a.staff.id): a.staff.name for a in accounts.list_accounts()}
    return tuple(Begun(procedure, names.get(staff_id, "?"), at) for procedure, staff_id, at in info.drafts)
