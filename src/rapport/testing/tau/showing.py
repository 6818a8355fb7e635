"""A message of this system as plain text: who cannot click sees choices, forms and buttons as lists."""

from __future__ import annotations

from rapport.testing.retail.tasks import JsonDict

MAX_LISTED = 30


def show(message: JsonDict) -> str:
    """What a customer reads who has nothing but text."""
    attributes = message.get("content_attributes") or {}
    items = attributes.get("items") or []
    lines = [str(message.get("content") or "")]
    if attributes.get("confirm"):
        lines.append(_choices(items))
    elif message.get("content_type") == "form":
        lines += [_field(item) for item in items]
    elif message.get("content_type") == "input_select":
        lines += _numbered(items)
    buttons = [str(b.get("title", "")) for b in attributes.get("quick_replies") or [] if b.get("title")]
    lines += [f"({' | '.join(buttons)})"] if buttons else []
    return "\n".join(line for line in lines if line)


def _choices(items: list[JsonDict]) -> str:
    return f"({' | '.join(str(item.get('title', '')) for item in items)})"


def _numbered(items: list[JsonDict]) -> list[str]:
    lines = []
    for number, item in enumerate(items[:MAX_LISTED], 1):
        about = f" ({item['description']})" if item.get("description") else ""
        lines.append(f"{number}. {item.get('title') or item.get('label', '')}{about}")
    return lines


def _field(item: JsonDict) -> str:
    options = item.get("options") or []
    if options:
        return "\n".join(_numbered([{**o, "title": o.get("label", "")} for o in options]))
    known = f" [{item['default']}]" if item.get("default") else ""
    return f"- {item.get('label') or item.get('name')}:{known}"
