"""``Authentication-Results``: what a mail server that we trust says about who sent a mail."""

from __future__ import annotations

import re

from rapport.channels.kinds.email.contracts import Mail
from rapport.channels.kinds.email.logic.reading import ADDRESS

MAX_SAID_CHARS = 8000
_QUOTED = re.compile(r'"[^"\\();]*"')
_COMMENT = re.compile(r"\([^()]*\)")
_DKIM = re.compile(r"\s*dkim\s*=\s*pass\b(.*)", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(r"(?<!\S)header\.[di]\s*=\s*(?:[^\s@]*@)?([A-Za-z0-9.-]+)(?!\S)", re.IGNORECASE)


def authenticated_address(mail: Mail, trusted_server: str) -> str:
    """The address in ``From``, where the trusted server saw a DKIM signature of its domain; else empty.

    Only the first header counts: whoever sends a mail may write as many below it as they like, but the server that
    delivers it puts its own on top. It repeats what the sender wrote, so that whatever is unclear counts for nothing.
    """
    address = mail.header_from.address
    said = mail.header("authentication-results")
    server, _, results = said.partition(";")
    if server.split()[:1] != [trusted_server] or len(said) > MAX_SAID_CHARS or not _is_from_one(mail):
        return ""
    for part in _parts(results):
        passed = _DKIM.fullmatch(part)
        signed = _DOMAIN.search(passed[1]) if passed else None
        if signed and signed[1].lower().rstrip(".") == address.rpartition("@")[2]:
            return address
    return ""


def _is_from_one(mail: Mail) -> bool:
    """Whether the mail names its author once: servers differ in which of several they sign."""
    said = mail.headers.get("from", ())
    if len(said) != 1:
        return False
    named = ADDRESS.findall(said[0])
    return len(named) == said[0].count("@") and {a.lower() for a in named} == {mail.header_from.address}


def _parts(results: str) -> list[str]:
    """What was found by each method, without comments; nothing where these are not told apart beyond doubt."""
    plain = _QUOTED.sub("?", results)
    if set(plain) & set('"\\'):
        return []
    plain = _COMMENT.sub("", plain)
    return [] if set(plain) & set("()") else plain.split(";")
