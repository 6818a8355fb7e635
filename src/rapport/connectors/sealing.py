"""Credentials of connected systems as they are stored."""

from __future__ import annotations

from django.core import signing

_SALT = "rapport.connectors"


def seal(secret: str) -> str:
    """A credential as it is stored: signed and encoded with the installation's key."""
    return signing.dumps(secret, salt=_SALT)


def unseal(sealed: str) -> str:
    """The credential again. Raises when the installation's key has changed."""
    return str(signing.loads(sealed, salt=_SALT)) if sealed else ""
