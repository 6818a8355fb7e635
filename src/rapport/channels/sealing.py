"""Secrets that a channel must be able to read again: signed and encoded with the installation's key."""

from __future__ import annotations

from django.core import signing


def seal(secret: str, salt: str) -> str:
    """A secret as it is stored; `salt` names what it is for, and nothing else reads it."""
    return signing.dumps(secret, salt=salt)


def unseal(sealed: str, salt: str) -> str:
    """The secret again; empty where there is none, or the installation's key has changed."""
    try:
        return str(signing.loads(sealed, salt=salt)) if sealed else ""
    except signing.BadSignature:
        return ""
