"""Bytes of mails as text, whatever charset they claim."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header

_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "ansi_x3.110-1983": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "utf8": "utf-8",
    "x-user-defined": "cp1252",
}
"""What senders mean who name these."""
_DIGITS = re.compile(r"^(?:cp|windows|win|ibm)[-_]?(\d{3,4})$")


def decode_text(raw: bytes, charset: str) -> str:
    """Text of a part: by the charset it names, else UTF-8, else Windows' Western one; never fails."""
    known = _known(charset)
    for name in (known, "utf-8"):
        if name:
            try:
                return _storable(raw.decode(name))
            except (UnicodeDecodeError, ValueError):
                continue
    return _storable(raw.decode(known if known and known != "utf-8" else "cp1252", "replace"))


def _storable(text: str) -> str:
    """Without NUL and half characters, which some charsets bring about."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _known(charset: str) -> str:
    """A charset Python knows, or nothing."""
    name = charset.strip().strip("\"'").lower()
    digits = _DIGITS.match(name)
    meant = _MEANT.get(name) or (f"cp{digits[1]}" if digits else name)
    try:
        found = codecs.lookup(meant)
    except (LookupError, ValueError, UnicodeError):
        return ""
    return found.name if getattr(found, "_is_text_encoding", True) else ""


def decode_words(raw: str) -> str:
    """A header's value with its encoded words read, on one line."""
    flat = re.sub(r"[\r\n]+[ \t]*", " ", raw)
    try:
        pieces = decode_header(flat)
    except (HeaderParseError, ValueError):  # broken base64
        return _one_line(_without_surrogates(flat))
    text = "".join(
        p if isinstance(p, str) else decode_text(_escaped(p, charset), charset or "") for p, charset in pieces
    )
    return _one_line(_without_surrogates(text))


def _escaped(piece: bytes, charset: str | None) -> bytes:
    """Raw bytes between encoded words come back as ASCII with escapes; the others stay as they are."""
    if charset is not None or b"\\" not in piece:
        return piece
    return re.sub(rb"\\udc([0-9a-f]{2})", lambda m: bytes([int(m[1], 16)]), piece)


def _without_surrogates(text: str) -> str:
    """Raw 8-bit bytes in a header arrive as surrogates."""
    if not any("\ud800" <= c <= "\udfff" for c in text):
        return text
    return decode_text(text.encode("utf-8", "surrogateescape"), "utf-8")


def _one_line(text: str) -> str:
    return " ".join("".join(" " if ord(c) < 32 or ord(c) == 127 else c for c in text).split())
