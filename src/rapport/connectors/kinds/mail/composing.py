"""A message from a template: placeholders filled, recipients from a list, no line of a header from outside."""

from __future__ import annotations

import hashlib
import json
import re
from email.utils import parseaddr
from typing import Any

from django.utils.translation import gettext as _

from rapport.connectors.pointing import plain_text
from rapport.kernel.errors import InvalidInput

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,38})\}", re.ASCII)
MAX_SUBJECT_CHARS = 200
MAX_VALUE_CHARS = 10_000
_ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}", re.ASCII)
_ENTRY = re.compile(r"(?:\*@|[A-Za-z0-9._%+'-]{1,64}@)(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}", re.ASCII)


def placeholders(*templates: str) -> tuple[str, ...]:
    """Names in templates, each once, in order."""
    return tuple(dict.fromkeys(name for text in templates for name in PLACEHOLDER.findall(text)))


def fill_template(template: str, values: dict[str, Any]) -> str:
    """A template with its placeholders filled once: a value that looks like a placeholder stays as it is."""
    return PLACEHOLDER.sub(lambda found: _text(values.get(found[1])), template)


def _text(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return plain_text(text, MAX_VALUE_CHARS)


def one_line(text: str) -> str:
    """Text for a header: one line, without control characters."""
    return " ".join(plain_text(text.replace("\r", " ")).split())[:MAX_SUBJECT_CHARS]


def check_entries(entries: list[str]) -> None:
    """Refuse what is neither an address nor ``*@domain``. Raises InvalidInput."""
    wrong = [entry for entry in entries if not _ENTRY.fullmatch(entry)]
    if wrong or not entries:
        raise InvalidInput(
            _("An address or *@domain a line: %(wrong)s") % {"wrong": ", ".join(wrong)}, field="recipients"
        )


def is_allowed(address: str, entries: list[str]) -> bool:
    """Whether a message may go there: a plain address on the list."""
    if not _ADDRESS.fullmatch(address) or parseaddr(address)[1] != address:
        return False
    low = address.lower()
    return any(low == e.lower() or (e.startswith("*@") and low.endswith(e[1:].lower())) for e in entries)


def message_id(key: str, sender: str) -> str:
    """The same call always makes the same Message-ID, so that a repeated message is known as the same."""
    digest = hashlib.sha256(f"{sender}\n{key}".encode()).hexdigest()[:40]
    return f"<rapport.{digest}@{sender.rpartition('@')[2] or 'localhost'}>"
