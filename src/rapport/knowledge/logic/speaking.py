"""An article's text as it is said aloud, and as a messenger shows it: the same words, other marks."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from rapport.knowledge.logic.markdown import LINK, plain
from rapport.knowledge.logic.statements import Statement, read_statements, split_sentences

_URL = re.compile(r"https?://([\w.-]+)\S*")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_MONEY_FIRST = re.compile(r"(€|\$|£|EUR|USD|GBP|CZK)\s?(\d[\d.,]{0,20}\d|\d)")
_MONEY_LAST = re.compile(r"(?<![\d.,])(\d[\d.,]{0,20}\d|\d)\s?(€|\$|£|Kč|EUR\b|USD\b|GBP\b|CZK\b)")
_CURRENCY = {"€": "EUR", "$": "USD", "£": "GBP", "Kč": "CZK"}
_PERCENT = re.compile(r"(?<![\d.,])(\d[\d.,]{0,20})\s?%")
_RANGE = re.compile(r"(\d)\s?[–—]\s?(?=\d)")
_DEGREES = re.compile(r"\s?°\s?C\b")
_TIGHT = re.compile(r"([，。：；！？、])\s+")
"""Chinese has no space behind its marks."""
_STOP = (".", "!", "?", "…", "。", "！", "？", ":", "：")
_LONG_LINE = 160
"""A line of a messenger that is longer is broken after its sentences."""


@cache
def _words() -> Any:
    return yaml.safe_load((files("rapport.knowledge.logic") / "spoken.yaml").read_text("utf-8"))


def speak(summary: str, body: str, language: str) -> str:
    """The text for a voice: no marks, links by their words, lists and tables as sentences, signs as words.

    Nothing is left out and nothing said in other words but marks, abbreviations and signs. Times and numbers stay in
    figures, which every voice reads.
    """
    said = [_aloud(summary, language)]
    block: list[Statement] = []
    for one in [*read_statements(body), None]:
        if one is not None and (not block or one.block == block[0].block):
            block.append(one)
            continue
        said.append(("" if language == "zh" else " ").join(_block_aloud(block, language)))
        block = [one] if one is not None else []
    return "\n\n".join(part for part in said if part)


def _block_aloud(block: list[Statement], language: str) -> list[str]:
    """The sentences of one block; steps are counted aloud."""
    found, steps = [], 0
    counted = _words()["steps"].get(language, _words()["steps"]["en"])
    for one in block:
        text = _aloud(_row(one) if one.kind == "row" else one.text, language)
        if one.kind == "step" and steps < len(counted):
            text = f"{counted[steps]}{text}"
            steps += 1
        if not text.endswith(_STOP):
            text = text.rstrip(",;，；") + ("。" if language == "zh" else ".")
        found.append(text)
    return found


def _row(one: Statement) -> str:
    """A row of a table: each cell with the head of its column."""
    cells = one.text.split(" | ")
    if len(one.header) != len(cells):
        return ", ".join(cells)
    return ", ".join(
        f"{head}: {cell}" if head else cell for head, cell in zip(one.header, cells, strict=True)
    )


def _aloud(text: str, language: str) -> str:
    signs = _words()["signs"].get(language, _words()["signs"]["en"])
    page = _words()["page"].get(language, _words()["page"]["en"])
    text = LINK.sub(lambda m: m[1] if m[1] and m[1] != m[2] else page, text)
    text = _MAIL.sub(lambda m: m[0].replace(".", signs["dot"]).replace("@", signs["at"]), text)
    text = _URL.sub(lambda m: m[1].replace(".", signs["dot"]), plain(text))
    for written, spoken in _words()["abbreviations"].get(language, {}).items():
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", spoken, text)
    text = re.sub(r"\s*(?:→|›)\s*", signs["then"], text)
    text = _MONEY_FIRST.sub(lambda m: f"{m[2]} {_currency(m[1], language)}", text)
    text = _MONEY_LAST.sub(lambda m: f"{m[1]} {_currency(m[2], language)}", text)
    text = _RANGE.sub(rf"\1{signs['to']}", text)
    text = _DEGREES.sub(signs["degrees"], text)
    if language == "zh":
        text = _PERCENT.sub(rf"{signs['percent']}\1", text)
    else:
        text = _PERCENT.sub(rf"\1 {signs['percent']}", text)
    text = re.sub(r"\s=\s", signs["equals"], text).replace("•", "")
    text = " ".join(re.sub(r"(?<=\S)\s\+\s(?=\S)", signs["plus"], text).split())
    return _TIGHT.sub(r"\1", text) if language == "zh" else text


def _currency(sign: str, language: str) -> str:
    code = _CURRENCY.get(sign, sign)
    return str(_words()["currencies"].get(language, _words()["currencies"]["en"]).get(code, code))


def compact(summary: str, body: str) -> str:
    """The text for a messenger: short lines, lists with dots and numbers, rows of tables as lines, no other marks."""
    blocks: list[list[str]] = [_lines(summary)]
    last = 0
    numbers = 0
    for one in read_statements(body):
        if one.block != last:
            blocks.append([])
            last, numbers = one.block, 0
        if one.kind == "step":
            numbers += 1
            blocks[-1].append(f"{numbers}. {plain(one.text)}")
        elif one.kind == "item":
            blocks[-1].append(f"• {plain(one.text)}")
        else:
            blocks[-1] += _lines(_row(one) if one.kind == "row" else one.text)
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _lines(text: str) -> list[str]:
    shown = plain(text)
    return [shown] if len(shown) <= _LONG_LINE else split_sentences(shown)
