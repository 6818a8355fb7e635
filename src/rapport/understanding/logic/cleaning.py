"""Text made fit to be read: control characters, markup and blobs removed, case and diacritics folded."""

from __future__ import annotations

import html
import re
import unicodedata

MAX_CHARS = 20_000
"""What is kept of any message; the rest is cut off and the reader abstains."""
READ_WORDS = 150
"""Words (Chinese characters) of a message that are encoded; time grows with each, and what a message is about
stands at its beginning. The rest counts for entities and signals."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd\ud800-\udfff]"
)
_HIDDEN_BLOCK = re.compile(
    r"<(script|style|head)\b[^<>]{0,300}>.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,500}>")
_BLOB = re.compile(r"[A-Za-z0-9+/=_\-]{60,}")
_IDENTIFIER = re.compile(
    r"https?://\S{1,300}|\S{1,64}@[\w.-]{3,100}|#\s?\w{0,3}\d{3,20}|\b[A-Za-z]{0,3}\d{5,20}\b|\+\d[\d\s()./-]{7,20}\d"
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class _Folding(dict[int, int]):
    """Character by character: lower case, no diacritics, half width; length is kept so that spans hold."""

    def __missing__(self, code: int) -> int:
        decomposed = unicodedata.normalize("NFKD", chr(code).lower())
        folded = ord(decomposed[0].lower()[0])
        if len(self) < 20_000:
            self[code] = folded
        return folded


_FOLDING = _Folding({ord("’"): ord("'"), ord("ß"): ord("s"), ord("ı"): ord("i"), ord("ł"): ord("l")})


def clean(text: str) -> str:
    """The text without what no person reads; at most `MAX_CHARS` characters, NFC."""
    text = _INVISIBLE.sub(" ", text[: 3 * MAX_CHARS])
    if "<" in text and _TAG.search(text):
        text = html.unescape(_TAG.sub(" ", _HIDDEN_BLOCK.sub(" ", text)))
    return unicodedata.normalize("NFC", text)[:MAX_CHARS].strip()


def without_blobs(text: str) -> str:
    """The text without encoded data such as base64, which no person writes."""
    return _BLOB.sub(" ", text)


def without_identifiers(text: str) -> str:
    """The text without order ids, addresses of pages and mailboxes, phones: they say who, not what."""
    bare = _IDENTIFIER.sub(" ", text)
    return bare.strip() if has_words(bare) else text


def fold(text: str) -> str:
    """Lower case without diacritics, of the same length as `text` (so spans carry over)."""
    return text.translate(_FOLDING)


def words(text: str) -> list[str]:
    """Words of a text; every Chinese character counts as one."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        found.extend(word if _HAN.search(word) else [word])
    return found


def first_words(text: str, count: int) -> str:
    """The text up to its `count`-th word, where every Chinese character counts as one."""
    seen = 0
    for match in _WORD.finditer(text):
        seen += len(match.group()) if _HAN.search(match.group()) else 1 + len(match.group()) // 12
        if seen > count:
            return text[: match.start()] or text[:count]
    return text[: 8 * count]


def readable(text: str) -> str:
    """What the encoder is given of a message: its beginning, without identifiers and blobs.

    Whoever needs the vector of a message that was understood asks for this text: the encoder still knows it.
    """
    return first_words(without_identifiers(without_blobs(text)), READ_WORDS)


def has_words(text: str) -> bool:
    """Whether the text holds a letter or a digit at all."""
    return _WORD.search(text) is not None


def is_han(text: str) -> bool:
    """Whether the text holds Chinese characters."""
    return _HAN.search(text) is not None
