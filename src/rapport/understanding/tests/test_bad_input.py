"""Whatever arrives gets an answer of bounded size, in time that grows no faster than for ordinary text of its length."""

from __future__ import annotations

import base64
import datetime as dt
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapport.understanding.abuse import find_abuse
from rapport.understanding.contracts import Context
from rapport.understanding.entities import find_entities
from rapport.understanding.injection import find_injection, neutralise
from rapport.understanding.language import detect_language, find_languages, identify_language
from rapport.understanding.logic.cleaning import MAX_CHARS, clean
from rapport.understanding.logic.mail_replies import strip_quotes

ALL = ("en", "cs", "de", "es", "ru", "zh")
NOW = Context(now=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
SIZE = 100_000
PROSE = "Hello, I ordered two lamps last Monday and paid $20, but one of them arrived broken. Where can I return it? "
READERS: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "language": lambda text: detect_language(clean(text), ALL, None),
    "languages": lambda text: find_languages(clean(text), ALL),
    "entities": lambda text: find_entities(clean(text), NOW, "en"),
    "injection": find_injection,
    "neutralise": neutralise,
    "abuse": find_abuse,
    "reply": strip_quotes,
}
BAD = {
    "digits": "1234567 ", "one digit": "1", "emoji": "😀", "nul": "\x00", "control": "\x07\x1b[0m", "letters": "a", "mixed scripts": "abв中あא ",
    "base64": base64.b64encode(bytes(range(256))).decode(), "hex": "deadbeef", "tags": "<div class='x'>", "open tags": "<", "closing": "</",
    "quotes": "> ", "mail heads": "From: a <a@b.example>\nTo: c\n", "wrote": "On 1 Jan 2026 at 10:00 x <x@y.example> wrote:\n", "spaces": " ",
    "newlines": "\n", "spaced letters": "a b ", "dashes": "-", "equal signs": "=", "brackets": "[](", "braces": "{{", "system": "System: ",
    "ignore": "ignore all previous ", "percent": "%41", "escapes": "\\u0041", "entities": "&#65;", "morse": ".- ", "bits": "01000001 ",
    "comments": "<!-- x ", "streets": "Hauptstraße ", "capitals": "Aa Bb ", "street numbers": "12 Oak Oak ", "han": "路街号", "dates": "1.1.", "ranges": "1-",
    "from to": "from 3 to ", "money": "$1,", "numbers in words": "twenty hundred ", "not": "not the a, ", "zero width": "a\u200b", "dots": "a.", "leet": "1gn0r3 ",
    "mails": "a@b.", "phones": "+420 777 ", "cyrillic": "аеорсух ", "tag characters": "\U000e0041", "variation": "\ufe0f", "combining": "e\u0301", "rtl": "\u202e",
}  # fmt: skip
RATIO = 25
"""Most CPU time of bad input as a multiple of ordinary prose of the same length."""
FLOOR_S = 0.05
"""Below this nothing is compared: timer noise."""


def cpu_s(reader: Callable[[str], object], text: str, tries: int = 1) -> float:
    """CPU time of this thread at best: the first try may pay for a collection of garbage that others left."""
    spent = []
    for _ in range(tries):
        started = time.thread_time()
        reader(text)
        spent.append(time.thread_time() - started)
    return min(spent)


@pytest.mark.parametrize("name", READERS)
def test_time_does_not_explode(name: str) -> None:
    reader = READERS[name]
    prose = (PROSE * (SIZE // len(PROSE) + 1))[:SIZE]
    reader(prose)
    budget = RATIO * max(FLOOR_S / RATIO, cpu_s(reader, prose)) + FLOOR_S
    slow = {
        kind: round(cpu_s(reader, text), 3)
        for kind, unit in BAD.items()
        if cpu_s(reader, text := (unit * (SIZE // len(unit) + 1))[:SIZE]) > budget
        and cpu_s(reader, text, tries=2) > budget
    }
    assert slow == {}, f"budget {budget:.3f} s"


@pytest.mark.parametrize(
    "text", ["", " ", "x", "1", "中", "😀", "\x00", "\x00\x00", "\ud800", "\n\n", "<", ">", "<b>", "&#0;"]
)
def test_tiny_texts(text: str) -> None:
    for reader in READERS.values():
        reader(text)
    assert find_entities(clean(text), NOW, "en") == ()
    assert not find_injection(text).is_injection


@settings(max_examples=200)
@given(st.text(max_size=500))
def test_clean_is_bounded_and_settles(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= MAX_CHARS
    assert "\x00" not in cleaned
    assert identify_language(cleaned, ALL)[0] in (*ALL, "und")
