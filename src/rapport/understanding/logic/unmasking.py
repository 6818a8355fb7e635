"""What is written under a disguise: invisible and look-alike characters, digits for letters, spaced letters, encodings.

Every view keeps where its characters came from, so that a finding points into the text as it was given.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from rapport.understanding.logic.cleaning import fold

_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_TAGS = re.compile("[\U000e0000-\U000e007f]{4,}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{8,}")
_GREEK_CYRILLIC = "аеорсухіјѕһԁԛԝвкмнтгαεορτυνικηχω"
_LATIN = "aeopcyxijshdqwbkmhtraeoptuvikhxw"
_LOOKALIKE = str.maketrans(_GREEK_CYRILLIC, _LATIN)
_MIXED = re.compile(r"(?=\w*[a-z])(?=\w*[\u0370-\u04ff\u0500-\u052f])\w+")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_ORDINARY_CYRILLIC = re.compile("[бгджзилпфцчшщъыьэюя]")
_LEET = str.maketrans("0345789@$!|€+", "oeastbgasiiet")
_LETTER = re.compile("[a-z]")
_LEET_WORD = re.compile(r"(?<![\w#@.$!|€+])[a-z0-9@$!|€+]{3,24}(?![\w@])")
_LEET_SIGN = re.compile(r"[0134579@$!|€]")
_SPACED = re.compile(r"(?<!\w)\w(?:[ .\-_*|/~,\t]{1,2}\w(?!\w)|[ \t.]{3,8}\w(?!\w)){6,}")
_SPLIT_WORD = re.compile(r"(?<!\w)[^\W\d_]{1,3}(?:[*_~^|\\/.\-]{1,2}[^\W\d_]{1,3}(?![^\W\d_])){3,}")
_SPLITTER = re.compile(r"[*_~^|\\/.\-]")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=_\-])[A-Za-z0-9+/_\-]{16,8000}={0,2}(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s,:]?){10,4000}(?![0-9A-Za-z])")
_BITS = re.compile(r"(?<!\d)(?:[01]{8}[\s,]?){6,2000}")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}[\w.+\-]{0,20}){4,}")
_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4}|&#x?[0-9A-Fa-f]{2,6};){6,2000}")
_MORSE = re.compile(r"(?:[.\-]{1,5}[ /]{1,3}){10,2000}")
_CIPHER = re.compile(
    r"rot.?13|caesar|c[ae]sar|cipher|reverse|backward|decode|decrypt|dekod|pozpatku|ruckwart|al reves|наоборот|расшифр|反转|倒序|解码|解密"
)
_COMMENT = re.compile(r"<!--(.{4,4000}?)-->|\[//\]:\s?#\s?[(\"'](.{4,2000}?)[)\"']", re.DOTALL)
_UNSEEN = re.compile(
    r"<(\w{1,12})\b[^<>]{0,200}?(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?[01](?:px|pt|em)?\b|opacity\s?:\s?0(?![.\d])"
    r"|(?<!-)color\s?:\s?(?:#fff(?:fff)?\b|white|transparent)|\bhidden\b)[^<>]{0,200}>(.{4,4000}?)</\1>",
    re.DOTALL | re.IGNORECASE,
)
_MAX_DECODED = 6
_MORSE_LETTERS = dict(
    zip(
        (
            ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
        ).split(),
        "abcdefghijklmnopqrstuvwxyz",
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a text."""

    text: str
    """Folded."""
    disguise: str | None
    """``invisible, lookalike, leet, spaced, encoded, hidden``; None for the text as it stands."""
    span: tuple[int, int] | None
    """Where the disguised passage stands; None where `offsets` tells each character's place."""
    offsets: tuple[int, ...] | None = None
    """Place of each character in the text given; None where it is the same."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of this view stands in the text given."""
        if self.span:
            return self.span
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def views(text: str) -> Iterator[View]:
    """The text as it stands, then what shows under each disguise that occurs."""
    seen, offsets = _without_invisible(text)
    folded = fold(seen)
    yield View(folded, None, None, offsets)
    if offsets and _INVISIBLE.search(text[1:]) and _hides_inside_words(text):
        yield View(folded, "invisible", None, offsets)
    plain = _without_lookalikes(folded)
    if plain != folded:
        yield View(plain, "lookalike", None, offsets)
    if _LEET_SIGN.search(plain):
        for one in ("l", "i"):
            unleeted = _LEET_WORD.sub(partial(_unleeted, one=one), plain)
            if unleeted != plain:
                yield View(unleeted, "leet", None, offsets)
    yield from _spaced(plain, offsets)
    yield from _hidden(text)
    for decoded, span in _decoded(text):
        yield View(fold(decoded), "encoded", span)
    if _CIPHER.search(folded):
        yield View(codecs.encode(folded, "rot13"), "encoded", (0, len(text)))
        yield View(folded[::-1], "encoded", (0, len(text)))


def _letters(word: str, one: str) -> str:
    """A word with letters for the digits and signs in it, if it holds both."""
    if not _LEET_SIGN.search(word) or not _LETTER.search(word):
        return word
    return word.replace("1", one).translate(_LEET)


def _without_invisible(text: str) -> tuple[str, tuple[int, ...] | None]:
    if not _INVISIBLE.search(text):
        return text, None
    kept = tuple(i for i, char in enumerate(text) if not _INVISIBLE.match(char))
    return "".join(text[i] for i in kept), kept


def _hides_inside_words(text: str) -> bool:
    """Several invisible characters between letters; soft hyphens and joiners of ordinary texts are few."""
    return len(re.findall("[^\\W\\d_][\u200b-\u200f\u2060-\u2064\ufeff\xad][^\\W\\d_]", text)) >= 3


def _without_lookalikes(folded: str) -> str:
    """Latin letters for their Cyrillic and Greek doubles, in words that mix scripts or hold nothing but doubles."""
    if not _OTHER_SCRIPT.search(folded):
        return folded
    mixed = _MIXED.sub(lambda match: match.group().translate(_LOOKALIKE), folded)
    if mixed != folded and not _ORDINARY_CYRILLIC.search(mixed):
        return mixed.translate(_LOOKALIKE)
    return mixed


def _spaced(plain: str, offsets: tuple[int, ...] | None) -> Iterator[View]:
    for match in _SPACED.finditer(plain):
        wide = re.sub(r"[ \t]{2,}", "\x00", match.group())
        joined = re.sub(r"[\s.\-_*|/~,]+", "", wide).replace("\x00", " ")
        span = match.span()
        yield View(joined, "spaced", (offsets[span[0]], offsets[span[1] - 1] + 1) if offsets else span)
    if _SPLIT_WORD.search(plain):
        joined = _SPLIT_WORD.sub(lambda match: _SPLITTER.sub("", match.group()), plain)
        yield View(joined, "spaced", (0, offsets[-1] + 1 if offsets else len(plain)))


def _hidden(text: str) -> Iterator[View]:
    if "<" in text or "[//]" in text:
        for match in _COMMENT.finditer(text):
            yield View(fold(match[1] or match[2]), "hidden", match.span())
        for match in _UNSEEN.finditer(text):
            yield View(fold(match[2]), "hidden", match.span())
    for match in _TAGS.finditer(text):
        yield View(
            fold("".join(chr(ord(c) - 0xE0000) for c in match.group() if ord(c) > 0xE001F)),
            "hidden",
            match.span(),
        )
    for match in _SELECTORS.finditer(text):
        raw = bytes(
            ord(c) - 0xFE00 if ord(c) < 0xFE10 else (ord(c) - 0xE0100 + 16) & 255 for c in match.group()
        )
        yield View(fold(raw.decode("utf-8", "ignore")), "hidden", match.span())


def _decoded(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Readable texts inside encoded passages; at most `_MAX_DECODED`, each decoded once."""
    found = 0
    for pattern, decode in (
        (_BASE64, _from_base64),
        (_HEX, _from_hex),
        (_BITS, _from_bits),
        (_PERCENT, unquote),
        (_ESCAPES, _from_escapes),
        (_MORSE, _from_morse),
    ):
        for match in pattern.finditer(text):
            decoded = decode(match.group())
            if decoded and _is_readable(decoded) and found < _MAX_DECODED:
                found += 1
                yield decoded, match.span()


def _from_base64(written: str) -> str:
    bare = written.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _from_hex(written: str) -> str:
    bare = re.sub(r"0x|\\x|[\s,:]", "", written)
    try:
        return bytes.fromhex(bare).decode("utf-8")
    except ValueError:
        return ""


def _from_bits(written: str) -> str:
    bare = re.sub(r"[\s,]", "", written)
    return bytes(int(bare[i : i + 8], 2) for i in range(0, len(bare) - 7, 8)).decode("utf-8", "ignore")


def _from_escapes(written: str) -> str:
    numbers = re.findall(r"\\u([0-9A-Fa-f]{4})|&#(x?[0-9A-Fa-f]{2,6});", written)
    codes = [
        int(u, 16) if u else int(h[1:], 16) if h[0] == "x" else int(h) if h.isdigit() else 0
        for u, h in numbers
    ]
    return "".join(chr(code) for code in codes if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000)


def _from_morse(written: str) -> str:
    words = re.split(r"\s{2,}|\s*/\s*", written.strip())
    return " ".join("".join(_MORSE_LETTERS.get(sign, "") for sign in word.split()) for word in words)


def _is_readable(text: str) -> bool:
    letters = sum(char.isalpha() or char == " " for char in text)
    return len(text) >= 8 and letters >= 0.8 * len(text) and text.isprintable() | ("\n" in text)


def _unleeted(match: re.Match[str], *, one: str) -> str:
    return _letters(match.group(), one)
