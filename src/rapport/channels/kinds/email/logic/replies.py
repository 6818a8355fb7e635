"""What a mail newly says: the text that is understood, or the answer it gives to a question in the form asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rapport.channels.kinds.email.logic.threads import without_prefixes
from rapport.channels.logic.plain_text import Question, core_of, read_answer

FEW_WORDS = 8
"""With fewer words of its own, a first mail says what it wants in its subject."""
_MARK = re.compile(r"^(?:\s*>)+\s?")
_IDENTIFIER = re.compile(r"\b[#A-Z]{0,3}\d{4,12}\b", re.IGNORECASE)


def text_to_read(subject: str, written: str, *, is_first: bool) -> str:
    """What a mail says to whoever understands it: its text, and of a first mail the subject where that says more."""
    bare = without_prefixes(subject)
    if not is_first or not bare:
        return written or bare
    is_short = len(re.findall(r"\w+", core_of(written))) < FEW_WORDS and len(core_of(written)) < 40
    names_more = any(found not in written for found in _IDENTIFIER.findall(bare))
    is_said = bare.casefold() in written.casefold()
    if is_said or not (is_short or names_more):
        return written
    return core_of(f"{bare}\n{core_of(written)}") if is_short else f"{bare}\n\n{written}"


def answer_in(written: str, full: str, question: Question) -> list[dict[str, Any]] | None:
    """The submitted values a mail stands for.

    A form is often filled in where it is quoted: then its lines are looked for in the whole mail, provided that
    nothing else was written.
    """
    answered = read_answer(written, question)
    if answered is not None or not question.lines:
        return answered
    lines = [_MARK.sub("", line).strip() for line in full.splitlines()]
    labels = {line.label.casefold() for line in question.lines}
    filled = [line for line in lines if _label_of(line) in labels]
    if len(filled) > len(question.lines) or _says_more(written, filled):
        return None
    values = read_answer("\n".join(filled), question)
    given = {line.name: line.default for line in question.lines if line.default}
    return values if values and any(given.get(v.get("name", "")) != v["value"] for v in values) else None


def _label_of(line: str) -> str:
    label = re.split("[:：]", line, maxsplit=1)[0]
    return re.sub(r"\([^()]*\)\s*$", "", label).strip().casefold()


def _says_more(written: str, filled: Sequence[str]) -> bool:
    """Whether the new part holds words of its own besides the filled-in lines."""
    rest = [line for line in core_of(written).splitlines() if _MARK.sub("", line).strip() not in filled]
    return len(" ".join(rest)) > 40 and not any(line.lstrip().startswith(">") for line in rest)
