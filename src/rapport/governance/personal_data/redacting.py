"""Replace personal data by labels, for good or so that it can be put back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapport.governance.personal_data.finding import MAX_CHARS, find_personal_data
from rapport.governance.personal_data.spans import PersonalKind, PersonalSpan

REDACTED = frozenset(PersonalKind) - {
    PersonalKind.ORGANIZATION,
    PersonalKind.LOCATION,
    PersonalKind.NATIONALITY,
    PersonalKind.URL,
    PersonalKind.DATE_TIME,
    PersonalKind.AGE,
}
"""What is replaced unless the caller asks for more: what leads to one person, or opens a door."""

_PLAIN = re.compile(r"[a-z_./:]{1,200}")
"""A value of a log line that is an event, a logger or a path: nothing to look for."""
_PLACEHOLDER = re.compile(r"\[([a-z_ ]{2,20}) (\d{1,6})\]")


@dataclass(frozen=True, slots=True)
class Pseudonymised:
    """A text with placeholders, and what they stand for. The mapping is as secret as the text was."""

    text: str
    mapping: dict[str, str] = field(repr=False)
    """Placeholder, as ``[person 1]``, to the words it replaced."""


def redact(text: str, kinds: Iterable[PersonalKind] = REDACTED) -> str:
    """The text with personal data replaced by ``[email]``, ``[person]`` and so on; cut after 200,000 characters."""
    if len(text) < 4 or _PLAIN.fullmatch(text):
        return text
    chosen = frozenset(kinds)
    pieces: list[str] = []
    last = 0
    for span in find_personal_data(text):
        if span.kind in chosen:
            pieces += (text[last : span.start], f"[{_label(span)}]")
            last = span.end
    return "".join((*pieces, text[last:MAX_CHARS])) if pieces else text[:MAX_CHARS]


def pseudonymise(
    text: str, mapping: dict[str, str] | None = None, kinds: Iterable[PersonalKind] = REDACTED
) -> Pseudonymised:
    """The text with each find replaced by a numbered placeholder, the same one for the same value.

    Args:
        text: what a customer or an agent wrote.
        mapping: of earlier texts of the same conversation, so that ``[person 1]`` stays the same person.
        kinds: what to replace.
    Returns: the text and the mapping grown by its new placeholders; the argument is left as it was.
    """
    chosen = frozenset(kinds)
    grown = dict(mapping or {})
    names = {(_kind_of(place), _fold(value)): place for place, value in grown.items()}
    taken = set(grown) | {match[0] for match in _PLACEHOLDER.finditer(text)}
    pieces: list[str] = []
    last = 0
    for span in find_personal_data(text):
        if span.kind not in chosen:
            continue
        label = _label(span)
        key = (label, _fold(span.value))
        if key not in names:
            names[key] = _next_place(label, taken)
            taken.add(names[key])
            grown[names[key]] = span.value
        pieces += (text[last : span.start], names[key])
        last = span.end
    return Pseudonymised("".join((*pieces, text[last:MAX_CHARS])), grown)


def restore(text: str, mapping: dict[str, str]) -> str:
    """The text with the placeholders of a mapping replaced by what they stand for; unknown ones stay."""
    return _PLACEHOLDER.sub(lambda match: mapping.get(match[0], match[0]), text)


def _label(span: PersonalSpan) -> str:
    return span.kind.value.replace("_", " ")


def _kind_of(place: str) -> str:
    return place[1:].rpartition(" ")[0]


def _fold(value: str) -> str:
    return " ".join(value.split()).casefold()


def _next_place(label: str, taken: set[str]) -> str:
    number = 1
    while f"[{label} {number}]" in taken:
        number += 1
    return f"[{label} {number}]"
