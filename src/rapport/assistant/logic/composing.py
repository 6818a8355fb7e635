"""Effects and texts become the one message of a turn, in the shapes Chatwoot's clients know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rapport.assistant.logic.inputs import CONFIRM_CANCEL, CONFIRM_NO, CONFIRM_YES, START
from rapport.procedures.contracts import SKIP, Ask, Confirm, Effect, Ended, Field, Option, Tell

MAX_CHOICES = 30
"""More than this is a list nobody reads; words still find every option."""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Labels of the standing buttons, in the customer's language."""

    yes: str
    no: str
    cancel: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A message being put together."""

    content: str
    content_type: str = "text"
    attributes: dict[str, Any] = field(default_factory=dict)


def compose(
    texts: Sequence[str], effects: Sequence[Effect], buttons: Buttons, titles: dict[str, str]
) -> Reply:
    """One message out of introductory texts and the interpreter's effects.

    `titles` names procedures that may be offered as buttons.
    """
    parts = [t for t in texts if t]
    parts += [e.text for e in effects if isinstance(e, Tell) and e.text]
    question = next((e for e in reversed(effects) if isinstance(e, Ask | Confirm)), None)
    if isinstance(question, Ask):
        return _with_question(parts, question, _offers(question.offer, titles))
    if isinstance(question, Confirm):
        return _with_confirmation(parts, question, buttons)
    offers = _offers([p for e in effects if isinstance(e, Ended) for p in e.offer], titles)
    return Reply("\n\n".join(parts), attributes={"quick_replies": offers} if offers else {})


def _offers(procedures: Sequence[str], titles: dict[str, str]) -> list[dict[str, str]]:
    return [{"title": titles[p], "value": START + p} for p in dict.fromkeys(procedures) if p in titles]


def _with_question(parts: list[str], ask: Ask, offers: list[dict[str, str]]) -> Reply:
    text = "\n\n".join([*parts, *([ask.problem] if ask.problem else []), ask.prompt])
    attributes: dict[str, Any] = {"slot": ask.slot, "expects": ask.kind}
    if offers:
        attributes["quick_replies"] = offers
    if ask.kind == "choice":
        attributes["items"] = [_item(o) for o in ask.options[:MAX_CHOICES]]
        return Reply(text, "input_select", attributes)
    if ask.kind == "many":
        options = [
            {"label": o.title, "value": o.value, "description": o.description}
            for o in ask.options[:MAX_CHOICES]
        ]
        attributes["items"] = [
            {
                "name": ask.slot,
                "label": ask.label or ask.prompt,
                "type": "multi_select",
                "required": True,
                "options": options,
            }
        ]
        return Reply(text, "form", attributes)
    if ask.kind == "file":
        attributes |= {"accept": list(ask.accept), "many": ask.is_many}
        attributes["items"] = [_item(o) for o in ask.options if o.value != SKIP][-MAX_CHOICES:]
        skip = [{"title": o.title, "value": o.value} for o in ask.options if o.value == SKIP]
        attributes["quick_replies"] = [*skip, *offers]
        return Reply(text, "input_file", attributes)
    if ask.kind == "form":
        attributes["items"] = [_field(f) for f in ask.fields]
        return Reply(text, "form", attributes)
    attributes["quick_replies"] = [*({"title": o.title, "value": o.value} for o in ask.options), *offers]
    return Reply(text, "text", attributes)


def _with_confirmation(parts: list[str], confirm: Confirm, buttons: Buttons) -> Reply:
    lines = "\n".join(f"• {line}" for line in confirm.lines)
    text = "\n\n".join([*parts, lines, confirm.question])
    items = [
        {"title": buttons.yes, "value": CONFIRM_YES},
        {"title": buttons.no, "value": CONFIRM_NO},
        {"title": buttons.cancel, "value": CONFIRM_CANCEL},
    ]
    return Reply(text, "input_select", {"items": items, "confirm": list(confirm.lines), "expects": "confirm"})


def _item(option: Option) -> dict[str, str]:
    item = {"title": option.title, "value": option.value}
    if option.description:
        item["description"] = option.description
    return item


def _field(given: Field) -> dict[str, Any]:
    item: dict[str, Any] = {
        "name": given.name,
        "label": given.label,
        "type": given.kind,
        "required": given.required,
        "default": given.value,
    }
    if given.options:
        item["options"] = [{"label": o.title, "value": o.value} for o in given.options]
    return item
