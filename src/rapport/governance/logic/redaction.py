"""Replace personal data in text by labels, before it reaches a log, a report or a model.

Recognises what has a checkable form: e-mail addresses, payment cards (Luhn), IBANs (mod 97), phone numbers,
one-time codes after a telling word, bearer tokens. Names and addresses need the understanding package.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_CARD = re.compile(r"(?<![\d#W])\d(?:[ \-]?\d){12,18}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}[ ]?[A-Z0-9]{0,4}\b")
_PHONE = re.compile(
    r"(?<![\w#])(?:\+|00)\d[\d ()\-/.]{6,16}\d(?!\w)|(?<![\w#\-])\d{3}[ \-]\d{3}[ \-]\d{3,4}(?![\w\-])"
)
_SECRET = re.compile(
    r"(?i)\b(bearer|token|api[_-]?key|password|heslo|passwort)(\s*[:=]\s*|\s+)([^\s,;\"']{6,})"
)
_MAX_CHARS = 200_000


def redact(text: str) -> str:
    """The text with personal data replaced by ``[email]``, ``[card]``, ``[iban]``, ``[phone]``, ``[secret]``."""
    text = text[:_MAX_CHARS]
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    text = _SECRET.sub(lambda m: f"{m[1]}{m[2]}[secret]", text)
    if any(c.isdigit() for c in text):
        text = _CARD.sub(_card, text)
        text = _IBAN.sub(_iban, text)
        text = _PHONE.sub("[phone]", text)
    return text


def _card(match: re.Match[str]) -> str:
    return "[card]" if passes_luhn(match[0]) else match[0]


def _iban(match: re.Match[str]) -> str:
    return "[iban]" if passes_iban(match[0]) else match[0]


def passes_luhn(text: str) -> bool:
    """Whether the digits of a text pass the Luhn check of payment cards (ISO/IEC 7812-1)."""
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    total = sum(d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(reversed(digits)))
    return total % 10 == 0


def passes_iban(text: str) -> bool:
    """Whether a text is an IBAN by its check digits (ISO 13616, mod 97)."""
    compact = text.replace(" ", "").upper()
    if not 15 <= len(compact) <= 34 or not compact.isalnum():
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1
