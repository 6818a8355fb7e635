"""Message text as a voice can say it: no marks, no addresses, no bullets; identifiers spelled."""

from __future__ import annotations

import re

MAX_PART_CHARS = 700
"""A longer text is said in parts."""
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_URL = re.compile(r"\(?\b(?:https?://|www\.)[^\s<>()\]]*[^\s<>()\].,;:!?]\)?", re.IGNORECASE)
_MARKS = re.compile(r"[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}")
_HEAD = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[•·▪*+–-]\s+|\d{1,2}[.)]\s+)", re.MULTILINE)
_PICTURES = re.compile("[\U0001f000-\U0001faff\u2190-\u21ff\u2600-\u27bf\ufe0f\u200d]")
_CODE = re.compile(r"(?<![\w@./:-])#?(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{6,}(?![\w@]|[.,:/-]\d|\s?(?:€|Kč|\$|%))")
_STOPS = ".!?…:;,。！？：；，"


def speakable(text: str, language: str) -> str:
    """What a voice says of a text."""
    said = _LINK.sub(r"\1", text)
    said = _URL.sub("", said)
    said = _HEAD.sub("", said)
    said = _MARKS.sub("", said)
    said = re.sub(r"\s*[\u2190-\u21ff›»]+\s*", ", ", said) if re.search("[\u2190-\u21ff›]", said) else said
    said = _PICTURES.sub("", said)
    said = said.replace("|", ", ").replace("—", ", ").replace(" ·", ",")
    said = _CODE.sub(lambda found: _code(found[0]), said)
    lines = [" ".join(line.split()) for line in said.splitlines()]
    return _closed([line for line in lines if re.search(r"\w", line)], language)


def _closed(lines: list[str], language: str) -> str:
    stop = "。" if language == "zh" else "."
    said = [line if line[-1] in _STOPS else line + stop for line in lines]
    together = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(said))
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", together)


def _code(code: str) -> str:
    """An identifier as it is spelled; a word with a figure in it stays."""
    bare = code.lstrip("#")
    figures = sum(c.isdigit() for c in bare)
    if figures < 4:
        return code
    return spell(bare)


def spell(code: str) -> str:
    """Characters one by one, in pairs with a pause between: ``W123456`` → ``W 1, 2 3, 4 5, 6``."""
    kept = [c.upper() for c in code if c.isalnum()]
    pairs = [" ".join(kept[n : n + 2]) for n in range(0, len(kept), 2)]
    return ", ".join(pairs)


def parts_of(text: str) -> tuple[str, ...]:
    """A text in parts that can be listened to, cut between sentences."""
    if len(text) <= MAX_PART_CHARS:
        return (text,)
    parts: list[str] = []
    said = ""
    for sentence in re.split(r"(?<=[.!?。！？])\s*", text):
        if said and len(said) + len(sentence) > MAX_PART_CHARS:
            parts.append(said.strip())
            said = ""
        said += sentence + " "
    if said.strip():
        parts.append(said.strip())
    return tuple(parts)
