"""A definition as a readable flow: what is asked, when, what refuses, what is done and said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rapport.kernel.languages import pick
from rapport.procedures.logic.definition import Audience, Definition, Line, Lookup, Slot, Words
from rapport.procedures.logic.moments import duration_text
from rapport.procedures.logic.step_flow import describe_steps


def describe(definition: Definition, language: str = "en") -> tuple[str, ...]:
    """The flow, a line each, indented by two spaces a level."""
    return tuple(_Flow(definition, language).lines())


_START: Mapping[tuple[Audience, bool], str] = {
    ("both", True): " once the customer has proven who they are",
    ("both", False): ", for anyone",
    ("customer", True): " by the customer alone, once they have proven who they are",
    ("customer", False): " by the customer alone, for anyone",
    ("staff", True): " by staff, for a customer who has proven who they are",
    ("staff", False): " by staff",
}


class _Flow:
    def __init__(self, definition: Definition, language: str) -> None:
        self._definition, self._language = definition, language

    def lines(self) -> Iterator[str]:
        """Everything in the order in which it happens."""
        d = self._definition
        yield f"{d.name}, version {d.version}: {self._text(d.title)}"
        if d.description:
            yield f"  {self._text(d.description)}"
        yield "START" + _START[d.audience, d.must_identify]
        for limit in d.limits:
            then = "a person decides" if limit.then == "person" else "end refused"
            whose = "customer" if limit.of == "customer" else f"value of {limit.of}"
            yield f"LIMIT {limit.name}: {limit.count} in {duration_text(limit.within)} for each {whose}"
            yield f"  beyond it {then}: {self._text(limit.say)}"
        for number, slot in enumerate(d.slots, 1):
            yield from self._slot(number, slot)
        for lookup in d.lookups:
            yield from self._lookup(lookup)
        for name, expression in d.let.items():
            yield f"LET {name} = {expression}"
        yield from self._rules()
        if d.confirm is not None:
            yield "CONFIRM"
            yield from self._said(d.confirm.lines)
            if d.confirm.question:
                yield f"  {self._text(d.confirm.question)}"
        yield from self._actions()
        if d.done:
            yield "SAY"
            yield from self._said(d.done)
        if d.offer:
            yield f"OFFER {', '.join(d.offer)}"

    def _lookup(self, lookup: Lookup) -> Iterator[str]:
        condition = f" if {lookup.when}" if lookup.when else ""
        yield f"LOOK UP {lookup.name} = {lookup.action}{condition}"
        for name, expression in lookup.arguments.items():
            yield f"  {name} = {expression}"
        if lookup.none:
            yield f"  if there is none, end refused: {self._text(lookup.none)}"

    def _rules(self) -> Iterator[str]:
        d = self._definition
        for rule in d.rules:
            then = f"ask {rule.slot} again" if rule.slot else "end refused"
            yield f"RULE {rule.name}: {rule.check}"
            yield f"  otherwise {then}: {self._text(rule.say)}"
        for human in d.human_when:
            when = "after the actions" if human.after else "instead of acting"
            yield f"PERSON {human.name}, {when}, if {human.when}" + (
                f" (team {human.team})" if human.team else ""
            )
            yield f"  {self._text(human.say)}"

    def _actions(self) -> Iterator[str]:
        yield from describe_steps(self._definition.steps, self._text)
        undo = self._definition.undo
        if undo is not None:
            yield f"UNDO possible for {duration_text(undo.within)}"
            if undo.say:
                yield f"  {self._text(undo.say)}"

    def _slot(self, number: int, slot: Slot) -> Iterator[str]:
        kind = f"{slot.type}, several" if slot.many else slot.type
        if slot.each:
            kind = f"{slot.type}, one for each of {slot.each}"
        optional = ", optional" if slot.optional else ""
        yield f"{number}. ASK {slot.name} ({kind}{optional})" + (f" if {slot.when}" if slot.when else "")
        yield f"  {self._text(slot.ask)}"
        if slot.accept:
            yield f"  takes {', '.join(slot.accept)}"
        if slot.of:
            yield f"  of {', '.join(slot.of)}"
        if slot.default:
            yield f"  at first {slot.default}"
        for option in slot.options:
            yield f"  - {option.value}: {self._text(option.title)}"
        if slot.where:
            yield f"  only where {slot.where}"
        for refusal in slot.refused:
            named = f" [{refusal.rule}]" if refusal.rule else ""
            offer = f" (offers {refusal.offer})" if refusal.offer else ""
            yield f"  refuses{named} if {refusal.when}: {self._text(refusal.say)}{offer}"
        if slot.none:
            yield f"  if there is none: {self._text(slot.none)}"

    def _said(self, lines: tuple[Line, ...]) -> Iterator[str]:
        for line in lines:
            yield f"  {f'if {line.when}: ' if line.when else ''}{self._text(line.say)}"

    def _text(self, words: Words) -> str:
        return pick(words, self._language)
