"""Secrets of webhooks: how they are made, stored, and used to sign."""

from __future__ import annotations

import hashlib
import hmac

from django.core import signing

from rapport.kernel.ids import new_token

_SALT = "rapport.webhooks"


def make_secret() -> str:
    """A new secret to sign with."""
    return new_token(32)


def seal(secret: str) -> str:
    """A secret as it is stored: signed and encoded with the installation's key."""
    return signing.dumps(secret, salt=_SALT)


def unseal(sealed: str) -> str:
    """The secret again. Raises BadSignature when the installation's key has changed."""
    return str(signing.loads(sealed, salt=_SALT))


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """What ``X-Chatwoot-Signature`` holds: HMAC-SHA256 over time and raw body."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"
