"""What a sentence commits us to: figures with their units, names and addresses, and the limits it sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from rapport.knowledge.logic.analysis import fold

LIMITS = ("only", "except", "if", "at_least", "at_most", "must", "contrast")
"""Classes of `limits.yaml` beside the negation."""
HARD_LIMITS = ("negation", "only", "except", "if")
"""Without these a sentence says something else; the others mostly stand beside a figure that is compared itself."""

KEPT = 4096
"""Texts whose claims are remembered; a sentence is looked at once for each it is compared with."""

_NUMBER = re.compile(r"(?<![A-Za-z0-9_])(?<!\d[.,])\d+(?:[ \u00a0\u202f']\d{3})*(?:[.,:]\d+)*")
_HAN = re.compile("[\u3400-\u9fff]")
_ADDRESS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}|https?://[^\s)]+"
    r"|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|example|eu|cz|de|es|ru|cn|io)(?!\w)(?:/[^\s)]*)?"
)
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9][\w-]{2,}\b|\b[A-Z]{2,}[A-Z0-9-]*\b")
_BOLD = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|[“„«]([^”“»]{2,60})[”“»]")
_BEFORE, _AFTER = 14, 26


@dataclass(frozen=True, slots=True, order=True)
class Figure:
    """A number with what it counts."""

    value: Decimal
    unit: str
    """A currency, ``%``, a unit of time, ``free`` (of charge, with the value 0), or empty."""

    def __str__(self) -> str:
        if self.unit == "free":
            return self.unit
        is_price = self.unit.isupper() and self.value % 1
        shown = f"{self.value:.2f}" if is_price else f"{self.value.normalize():f}"
        return f"{shown} {self.unit.replace('_', ' ')}" if self.unit else shown


@cache
def _data(name: str) -> Any:
    return yaml.safe_load((files("rapport.knowledge.logic") / name).read_text("utf-8"))


@cache
def _pattern(words: str, *, is_chinese: bool) -> re.Pattern[str]:
    """One expression for a list of words; longer ones first."""
    parts = []
    for word in sorted(words.split(), key=len, reverse=True):
        body = re.escape(word.strip("*")).replace("_", r"\s+")
        before, after = (r"\w+" if word.startswith("*") else ""), (r"\w*" if word.endswith("*") else "")
        parts.append(f"{before}{body}{after}")
    joined = "|".join(parts)
    return re.compile(joined if is_chinese else rf"(?<!\w)(?:{joined})(?!\w)")


@lru_cache(maxsize=KEPT)
def limits_of(text: str, language: str) -> frozenset[str]:
    """The classes of limits a text sets, ``negation`` among them."""
    folded = fold(text).replace("'", "").replace("’", "")
    is_chinese = language == "zh"
    found = set()
    for name in ("negation", *LIMITS):
        words = _data("limits.yaml")[name].get(language, "")
        if not words:
            continue
        hits = {m.group() for m in _pattern(words, is_chinese=is_chinese).finditer(folded)}
        harmless = _data("limits.yaml")["not_negations"].get(language, "") if name == "negation" else ""
        if harmless:
            apart = _pattern(harmless, is_chinese=is_chinese)
            hits = {hit for hit in hits if not apart.fullmatch(hit)}
        if hits:
            found.add(name)
    opening = _data("limits.yaml")["opening"].get(language, "")
    if opening and _pattern(opening, is_chinese=False).match(folded) and not folded.rstrip().endswith("?"):
        found.add("if")
    return frozenset(found)


@lru_cache(maxsize=KEPT)
def figures_of(text: str, language: str) -> tuple[Figure, ...]:
    """Every number of a text, in order, with its currency or unit of time."""
    folded = fold(text).replace("\u00a0", " ").replace("\u202f", " ")
    found = []
    for match in _NUMBER.finditer(folded):
        values = _values(match.group())
        unit = _unit(
            folded[match.end() : match.end() + _AFTER],
            folded[max(0, match.start() - _BEFORE) : match.start()],
            language,
        )
        found += [(match.start(), Figure(value, unit)) for value in values]
    found += _in_words(folded, language)
    free = _pattern(_data("numerals.yaml")["free"].get(language, "free"), is_chinese=language == "zh")
    found += [(match.start(), Figure(Decimal(0), "free")) for match in free.finditer(folded)]
    return tuple(figure for _, figure in sorted(found, key=lambda pair: pair[0]))


def _in_words(folded: str, language: str) -> list[tuple[int, Figure]]:
    """Small numbers in words, where they count a unit."""
    words = _data("numerals.yaml")["words"].get(language, {})
    pattern = _pattern(" ".join(words), is_chinese=language == "zh") if words else None
    found = []
    for match in pattern.finditer(folded) if pattern else ():
        unit = _unit(folded[match.end() : match.end() + _AFTER], "", language)
        if unit and unit != "%":
            found.append((match.start(), Figure(Decimal(words[match.group()]), unit)))
    return found


def _values(text: str) -> list[Decimal]:
    """``4,90`` is 4.9, ``1.500`` 1500; ``8:30`` is two numbers, as are dates."""
    parts = re.split(r":", re.sub(r"[ ']", "", text))
    if len(parts) > 1:
        return [Decimal(part) for part in parts if part.isdigit()]
    pieces = re.split(r"([.,])", parts[0])
    digits, marks = pieces[::2], pieces[1::2]
    if len(digits) > 2 and not all(len(d) == 3 for d in digits[1:-1]):
        return [Decimal(d) for d in digits if d]
    if marks and (len(digits[-1]) != 3 or (len(digits) > 2 and marks[-1] != marks[0])):
        whole, fraction = "".join(digits[:-1]), digits[-1]
    else:
        whole, fraction = "".join(digits), ""
    try:
        return [Decimal(f"{whole}.{fraction}" if fraction else whole)]
    except InvalidOperation:
        return []


def _unit(after: str, before: str, language: str) -> str:
    """What a number counts: from the words behind it, else from a currency before it."""
    for name, words in _data("numerals.yaml")["currencies"].items():
        if _begins(after, words) or _ends(before, words):
            return str(name)
    units = _data("numerals.yaml")["units"].get(language, {})
    for name in sorted(units, key=lambda n: n != "business_day"):
        if _begins(after, units[name]):
            return str(name)
    return ""


def _begins(after: str, words: str) -> bool:
    return any(re.match(rf"[\s-]*{_body(w)}", after) for w in words.split())


def _ends(before: str, words: str) -> bool:
    return any(re.search(rf"(?<!\w){_body(w)}\s*$", before) for w in words.split())


def _body(word: str) -> str:
    body = re.escape(word.rstrip("*.")).replace("_", r"\s+")
    if not word[0].isalpha() or _HAN.search(word):
        return body
    return rf"{body}\w*" if word.endswith("*") else rf"{body}(?!\w)"


def names_of(text: str) -> frozenset[str]:
    """Addresses, codes and what is set apart (bold, quoted), folded; menus by their parts."""
    marked = [part for groups in _BOLD.findall(text) for part in groups if part]
    menus = [item.strip() for part in marked for item in re.split(r"→|>|›", part) if item.strip()]
    found = [*_ADDRESS.findall(text.lower()), *_CODE.findall(text), *menus]
    return frozenset(fold(name).strip(" .,:;!?") for name in found)
