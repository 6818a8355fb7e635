"""What a new card holds: valid from the start, so that the preview runs while it is being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rapport.studio.logic.cards import free_name
from rapport.studio.logic.writing import write

JsonDict = dict[str, Any]

STEPS: Mapping[str, JsonDict] = {
    "action": {"action": "", "with": {}},
    "if": {"if": "true", "then": [{"say": {"en": "This is said if it holds."}}]},
    "wait": {"wait": {"for": "3 days"}, "say": {"en": "I will get back to you here in three days."}},
    "approve": {
        "approve": {"title": {"en": "May this be done?"}, "expires": "3 days"},
        "say": {"en": "A colleague has to agree. You will hear from me here."},
        "rejected": {"en": "I am sorry, this was not agreed to."},
    },
    "run": {"run": "", "with": {}},
    "person": {"person": {"say": {"en": "A colleague takes over and answers you here."}}},
    "say": {"say": {"en": "One moment, please."}},
}
SINGLE: Mapping[str, Any] = {
    "confirmation": {"lines": [{"en": "This is what will happen"}], "question": {"en": "Shall I do this?"}},
    "undo": {"within": "30 minutes"},
    "offer": [],
}


def new_entry(kind: str, taken: list[str]) -> tuple[str, Any]:
    """A name (of entries of a mapping) and a value for a new card of a kind."""
    match kind:
        case "slot":
            return free_name("question", taken), {"type": "text", "ask": {"en": "What should I know?"}}
        case "lookup":
            return free_name("found", taken), {"action": "", "with": {}}
        case "value":
            return free_name("value", taken), "true"
        case "rule":
            name = free_name("rule", taken)
            return name, {"name": name, "check": "true", "say": {"en": "I am sorry, that is not possible."}}
        case "human_rule":
            name = free_name("person_decides", taken)
            return name, {
                "name": name,
                "when": "false",
                "say": {"en": "A colleague looks at this and answers you here."},
            }
        case "limit":
            name = free_name("limit", taken)
            say = {"en": "This is possible only once in that time."}
            return name, {"name": name, "count": 1, "within": "365 days", "say": say}
        case "line":
            return "", {"say": {"en": "Done."}}
        case "option":
            value = free_name("answer", taken)
            return value, {"value": value, "title": {"en": "Another answer"}}
        case "refusal":
            return "", {"when": "true", "say": {"en": "That one cannot be chosen."}}
        case _:
            return "", SINGLE.get(kind, STEPS.get(kind, {}))


OPTIONS = (
    {"value": "first", "title": {"en": "First answer"}},
    {"value": "second", "title": {"en": "Second answer"}},
)
ABOVE: Mapping[str, tuple[str, ...]] = {
    "shop.order_item": ("shop.order",),
    "shop.variant": ("shop.order_item", "shop.product"),
    "shop.delivery_window": ("shop.appointment", "shop.order"),
}
"""Kind of record → the kinds it belongs to."""


def fit_type(slot: JsonDict, earlier: Mapping[str, Any]) -> JsonDict:
    """A question whose kind was changed, with what the new kind needs and without what only the old one had."""
    found, type_ = dict(slot), str(slot.get("type", ""))
    if type_ == "choice" and not found.get("options"):
        found["options"] = [dict(option) for option in OPTIONS]
    if type_ != "choice":
        found.pop("options", None)
    wanted = ABOVE.get(type_, ())
    known = [
        name for name, other in earlier.items() if isinstance(other, Mapping) and other.get("type") in wanted
    ]
    if known and not found.get("of"):
        found["of"] = [known[-1]]
    if "." not in type_:
        for key in ("of", "where", "none", "refused"):
            found.pop(key, None)
    return found


def empty_procedure(name: str, title: str) -> str:
    """The text of a procedure that only says something."""
    return write(
        {
            "procedure": name,
            "version": 1,
            "title": {"en": title},
            "identify": "none",
            "done": {"en": "Thank you. That is all I know about this so far."},
        }
    )
