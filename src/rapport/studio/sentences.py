"""Cards in plain words: what happens there, under which condition, and what is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapport.kernel.languages import LANGUAGES
from rapport.studio.logic.cards import Card
from rapport.studio.logic.conditions import WITHOUT_VALUE, Clause, read_condition
from rapport.studio.logic.rows import as_line
from rapport.studio.offers import Offers, readable, type_names

JsonDict = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a card says."""

    title: str
    """What happens, in a few words."""
    said: str = ""
    """The customer's words on it, as they read them."""
    details: tuple[str, ...] = ()
    """Conditions and exceptions."""
    icon: str = "circle"


def sentence_of(card: Card, offers: Offers) -> Sentence:
    """A card in words."""
    tell: Callable[[Card, JsonDict, Offers], Sentence] = _TELLS.get(card.kind, _other)
    value = card.value if isinstance(card.value, Mapping) else {}
    return tell(card, value, offers)


def start_of(document: JsonDict) -> Sentence:
    """The head of a procedure in words."""
    is_known = document.get("identify") != "none"
    who = _("a customer who has proven who they are") if is_known else _("anybody")
    if document.get("audience") == "staff":
        who = _("a member of staff")
    place = document.get("menu")
    where = _("in the menu and in words") if place is not None else _("in words (it is not in the menu)")
    title = _("It starts when %(who)s asks for it %(where)s") % {"who": who, "where": where}
    return Sentence(title, words(document.get("title")), (), "play")


def words(value: Any, language: str = "en") -> str:
    """A wording in one language, else in English."""
    if not isinstance(value, Mapping):
        return value if isinstance(value, str) else ""
    found = value.get(language) or value.get("en") or next(iter(value.values()), "")
    if isinstance(found, Mapping):
        found = found.get("formal") or next(iter(found.values()), "")
    return str(found)


def condition(expression: Any) -> str:
    """A condition in words; what is more than rows can say stays an expression."""
    text = str(expression).lower() if isinstance(expression, bool) else str(expression or "").strip()
    if text in ("", "true"):
        return _("always")
    if text == "false":
        return _("never")
    found = read_condition(text)
    if found is None:
        return text
    joint = _(" or ") if found.any_of else _(" and ")
    return joint.join(_clause(clause) for clause in found.clauses)


def comparisons() -> dict[str, str]:
    """Comparisons in words."""
    return {
        "is": _("is"), "is_not": _("is not"), "one_of": _("is one of"), "not_one_of": _("is none of"),
        "more": _("is more than"), "at_least": _("is at least"), "less": _("is less than"),
        "at_most": _("is at most"), "holds": _("includes"), "contains": _("contains the words"),
        "starts": _("starts with"), "yes": _("is true"), "no": _("is not true"), "known": _("is known"),
        "unknown": _("is not known"), "empty": _("is empty"), "filled": _("is not empty"),
    }  # fmt: skip


def _clause(clause: Clause) -> str:
    name, said = readable(clause.field), comparisons().get(clause.comparison, clause.comparison)
    if clause.comparison in WITHOUT_VALUE:
        return f"{name} {said}"
    value = (
        readable(clause.value)
        if clause.kind == "field"
        else f"“{clause.value}”"
        if clause.kind == "text"
        else clause.value
    )
    return f"{name} {said} {value}"


def _kind_of_answer(value: JsonDict) -> str:
    type_ = str(value.get("type", ""))
    name = type_names().get(type_, readable(type_))
    if value.get("many"):
        name = _("%(kind)s, several") % {"kind": name}
    return name


def _slot(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del offers
    details = [_kind_of_answer(value)]
    options = value.get("options")
    if isinstance(options, list):
        details.append(" · ".join(words(o.get("title")) for o in options if isinstance(o, Mapping)))
    if value.get("where") is not None:
        details.append(_("only where %(condition)s") % {"condition": condition(value["where"])})
    if value.get("when") is not None:
        details.append(_("asked only if %(condition)s") % {"condition": condition(value["when"])})
    if value.get("each"):
        details.append(_("once for each of %(name)s") % {"name": readable(str(value["each"]))})
    if value.get("optional"):
        details.append(_("may be skipped"))
    refused = value.get("refused")
    if isinstance(refused, list) and refused:
        text = ngettext(
            "%(n)d answer when another one is named", "%(n)d answers when another one is named", len(refused)
        )
        details.append(text % {"n": len(refused)})
    title = _("Ask for %(name)s") % {"name": readable(str(card.path[-1]))}
    return Sentence(title, words(value.get("ask")), tuple(details), "message-circle")


def _value(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del value, offers
    return Sentence(
        _("Work out %(name)s") % {"name": readable(str(card.path[-1]))}, "", (str(card.value),), "hash"
    )


def _lookup(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    facts = {
        "what": offers.title_of_action(str(value.get("action", ""))) or "…",
        "name": readable(str(card.path[-1])),
    }
    return Sentence(_("Look up: %(what)s, called %(name)s") % facts, "", _when(value), "search")


def _limit(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card, offers
    facts = {"n": value.get("count", "?"), "within": value.get("within", "?")}
    then = _("Then a person decides") if value.get("then") == "person" else _("Beyond it: ends")
    return Sentence(
        _("At most %(n)s times within %(within)s") % facts, words(value.get("say")), (then,), "gauge"
    )


def _rule(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card, offers
    title = _("Go on only if %(condition)s") % {"condition": condition(value.get("check"))}
    slot = value.get("slot")
    then = (
        _("otherwise asks again for %(name)s") % {"name": readable(str(slot))}
        if slot
        else _("otherwise it ends here")
    )
    return Sentence(title, words(value.get("say")), (then,), "shield-check")


def _person(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card
    title = _("A person decides if %(condition)s") % {"condition": condition(value.get("when"))}
    details = [_("after the steps are done")] if value.get("after") else []
    details += _team(value.get("team"), offers)
    return Sentence(title, words(value.get("say")), tuple(details), "user-round")


def _team(key: Any, offers: Offers) -> list[str]:
    return [_("team %(name)s") % {"name": dict(offers.teams).get(str(key), str(key))}] if key else []


def _confirmation(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card, offers
    lines = value.get("lines")
    shown = [as_line(line) for line in lines] if isinstance(lines, list) else []
    details = [_conditioned(line) for line in shown]
    return Sentence(
        _("The customer agrees to this"), words(value.get("question")), tuple(details), "circle-check"
    )


def _conditioned(line: JsonDict) -> str:
    text = words(line.get("say"))
    if line.get("when") is None:
        return text
    return _("%(text)s (if %(condition)s)") % {"text": text, "condition": condition(line["when"])}


def _line(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del value, offers
    line = as_line(card.value)
    title = _("Say at the end")
    if line.get("when") is not None:
        title = _("Say at the end if %(condition)s") % {"condition": condition(line["when"])}
    elif card.index:
        title = _("Otherwise say at the end")
    return Sentence(title, words(line.get("say")), (), "message-square")


def _offer(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del value
    names = card.value if isinstance(card.value, list) else [card.value]
    listed = ", ".join(offers.title_of_procedure(str(name)) for name in names)
    return Sentence(_("Offer as buttons: %(names)s") % {"names": listed}, "", (), "arrow-right")


def _undo(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card, offers
    title = _("The customer can take it back within %(time)s") % {"time": value.get("within", "?")}
    return Sentence(title, words(value.get("say")), (), "undo-2")


def _when(value: JsonDict) -> tuple[str, ...]:
    if value.get("when") is None:
        return ()
    return (_("only if %(condition)s") % {"condition": condition(value["when"])},)


def _action(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card
    name = str(value.get("action", ""))
    given = value.get("with")
    details = list(_when(value))
    if isinstance(given, Mapping) and given:
        details.append(" · ".join(f"{readable(str(k))}: {v}" for k, v in given.items()))
    if value.get("each"):
        details.append(_("once for each of %(name)s") % {"name": readable(str(value["each"]))})
    failed = value.get("failed")
    if isinstance(failed, Mapping) and failed:
        text = ngettext(
            "%(n)d answer when the system refuses", "%(n)d answers when the system refuses", len(failed)
        )
        details.append(text % {"n": len(failed)})
    if value.get("undo"):
        details.append(_("can be taken back"))
    again = value.get("again")
    if isinstance(again, Mapping):
        details.append(_("kept for %(time)s while the system is away") % {"time": again.get("within", "?")})
    title = (
        _("Do: %(what)s") % {"what": offers.title_of_action(name)}
        if name
        else _("Do something (choose an action)")
    )
    return Sentence(title, "", tuple(details), "zap")


def _if(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card, offers
    return Sentence(_("If %(condition)s") % {"condition": condition(value.get("if"))}, "", (), "split")


def _wait(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card, offers
    wait = value.get("wait")
    wait = wait if isinstance(wait, Mapping) else {}
    parts = []
    if wait.get("for"):
        parts.append(_("for %(time)s") % {"time": wait["for"]})
    if wait.get("until"):
        parts.append(_("until %(moment)s") % {"moment": wait["until"]})
    if wait.get("event"):
        parts.append(_("until “%(event)s” is reported") % {"event": readable(str(wait["event"]))})
    title = _("Wait %(how)s") % {"how": _(" or ").join(parts) or "…"}
    return Sentence(title, words(value.get("say")), _when(value), "hourglass")


def _approve(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card
    approval = value.get("approve")
    approval = approval if isinstance(approval, Mapping) else {}
    details = [*_when(value), *_when(approval), *_team(approval.get("team"), offers)]
    if approval.get("expires"):
        details.append(_("given up after %(time)s") % {"time": approval["expires"]})
    title = _("A colleague approves: %(what)s") % {"what": words(approval.get("title"))}
    return Sentence(title, words(value.get("say")), tuple(details), "badge-check")


def _run(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card
    name = str(value.get("run", ""))
    title = _("Run the procedure “%(name)s”") % {"name": offers.title_of_procedure(name) or "…"}
    details = [*_when(value)]
    if value.get("required") is False:
        details.append(_("goes on even if it was not done"))
    return Sentence(title, "", tuple(details), "workflow")


def _person_step(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card
    person = value.get("person")
    person = person if isinstance(person, Mapping) else {}
    details = (*_when(value), *_team(person.get("team"), offers))
    return Sentence(_("A person takes over"), words(person.get("say")), details, "user-round")


def _say(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del card, offers
    return Sentence(_("Say in between"), words(value.get("say")), _when(value), "message-square")


def _other(card: Card, value: JsonDict, offers: Offers) -> Sentence:
    del value, offers
    return Sentence(readable(card.kind))


_TELLS: Mapping[str, Callable[[Card, JsonDict, Offers], Sentence]] = {
    "slot": _slot, "value": _value, "lookup": _lookup, "limit": _limit, "rule": _rule, "human_rule": _person,
    "confirmation": _confirmation, "line": _line, "offer": _offer, "undo": _undo, "action": _action, "if": _if,
    "wait": _wait, "approve": _approve, "run": _run, "person": _person_step, "say": _say,
}  # fmt: skip


def missing_languages(value: Any) -> tuple[str, ...]:
    """Languages that some text below lacks, though another of the procedure's languages may be there."""
    lacking: set[str] = set()
    _note_missing(value, lacking)
    return tuple(language for language in LANGUAGES if language in lacking)


def _note_missing(value: Any, lacking: set[str]) -> None:
    if isinstance(value, Mapping):
        if value and all(key in LANGUAGES for key in value):
            lacking |= {language for language in LANGUAGES if not value.get(language)}
            return
        for item in value.values():
            _note_missing(item, lacking)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            _note_missing(item, lacking)
