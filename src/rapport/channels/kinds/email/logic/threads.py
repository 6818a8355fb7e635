"""Signs by which a mail is known to belong to a conversation: tokens, Message-IDs, numbers, subjects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapport.channels.kinds.email.contracts import Mail

TOKEN_BYTES = 16
MAX_TOKENS = 20
_TOKEN = re.compile(rf"\+([0-9a-f]{{{2 * TOKEN_BYTES}}})@", re.IGNORECASE)
_PREFIX = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|antw|odp|odpověď|sv|vs|tr|rv|res|ref|ынт|отв|на|пересл|回复|答复|回覆|转发|轉寄)(?:\s?\[\d+\])?\s?[:：]\s*)+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\[#(\d{1,12})\]")
_ORDER = re.compile(r"#?\b[A-Z]{0,3}\d{5,12}\b")
MAX_LINE = 76


def tokens_in(mail: Mail) -> tuple[str, ...]:
    """Reply tokens among the addresses it was delivered to."""
    found = (_TOKEN.search(address) for address in mail.delivered_to)
    return tuple(dict.fromkeys(m[1].lower() for m in found if m))[:MAX_TOKENS]


def own_id(token: str, domain: str) -> str:
    """The Message-ID of a mail of ours, without brackets: its random part is the token."""
    return f"rapport.{token}@{domain}"


def named_ids(mail: Mail) -> tuple[str, ...]:
    """Message-IDs it names, the most telling first: what it answers, then the thread from its end."""
    return tuple(dict.fromkeys((*mail.in_reply_to, *reversed(mail.references))))


def without_prefixes(subject: str) -> str:
    """A subject without ``Re:`` and the like in many languages, and without our number."""
    bare = _NUMBER.sub("", _PREFIX.sub("", " ".join(subject.split())))
    return " ".join(bare.split())


def number_in(subject: str) -> int | None:
    """Our conversation's number, as ``[#123]``."""
    found = _NUMBER.search(subject)
    return int(found[1]) if found else None


def reply_subject(subject: str, number: int | None) -> str:
    """The subject of an answer: one ``Re:``, and the conversation's number where it is wanted."""
    bare = without_prefixes(subject)
    mark = f" [#{number}]" if number is not None else ""
    return f"Re: {bare}{mark}" if bare else f"Re:{mark}"


def rule_key(rule: str, subject: str) -> str:
    """What a configured rule sees in a subject; two mails of one sender with the same belong together."""
    bare = without_prefixes(subject)
    if rule == "same_subject":
        return bare.casefold() if len(bare) >= 4 else ""
    if rule == "order_number":
        found = _ORDER.search(bare.upper())
        return found[0].lstrip("#") if found else ""
    if rule.startswith("/") and rule.endswith("/"):
        matched = re.search(rule[1:-1], bare[:300], re.IGNORECASE)
        return (matched[1] if matched.groups() else matched[0]).casefold() if matched else ""
    return ""


def extend_references(before: Iterable[str], answered: str) -> tuple[str, ...]:
    """The thread as an answer names it, oldest first; its beginning and its end where it has grown very long."""
    ids = list(dict.fromkeys((*before, answered)))
    return tuple(ids if len(ids) <= 60 else [*ids[:5], *ids[-55:]])


def folded(ids: Sequence[str]) -> str:
    """Message-IDs for a header, a few on each line."""
    lines: list[str] = []
    for one in ids:
        piece = f"<{one}>"
        if lines and len(lines[-1]) + 1 + len(piece) <= MAX_LINE:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return "\r\n ".join(lines)
