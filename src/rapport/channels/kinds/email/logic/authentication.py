"""``Authentication-Results``: what a mail server that we trust says about who sent a mail."""

from __future__ import annotations

import re

from rapport.channels.kinds.email.contracts import Mail

_DKIM = re.compile(r"\bdkim\s*=\s*pass\b([^;]*)", re.IGNORECASE)
_DOMAIN = re.compile(r"\bheader\.(?:d|i)\s*=\s*\"?(?:[^\s;@\"]*@)?([A-Za-z0-9.-]+)", re.IGNORECASE)


def authenticated_address(mail: Mail, trusted_server: str) -> str:
    """The address in ``From``, where the trusted server saw a DKIM signature of its domain; else empty.

    Only the first header counts: whoever sends a mail may write as many below it as they like, but the server that
    delivers it puts its own on top.
    """
    said = mail.header("authentication-results")
    server, _, results = said.partition(";")
    if server.split()[:1] != [trusted_server]:
        return ""
    domain = mail.header_from.address.rpartition("@")[2]
    for passed in _DKIM.findall(re.sub(r"\([^()]*\)", "", results)):
        signed = _DOMAIN.search(passed)
        if signed and signed[1].lower().rstrip(".") == domain:
            return mail.header_from.address
    return ""
