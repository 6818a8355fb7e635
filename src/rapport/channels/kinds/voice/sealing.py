"""The platform's account token: how it is stored, and whether a request was signed with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence

from rapport.channels import sealing

_SALT = "rapport.voice"


def seal(token: str) -> str:
    """A token as it is stored."""
    return sealing.seal(token, _SALT)


def unseal(sealed: str) -> str:
    """The token again, or empty."""
    return sealing.unseal(sealed, _SALT)


def sign(token: str, url: str, params: Mapping[str, Sequence[str]]) -> str:
    """What ``X-Twilio-Signature`` holds: HMAC-SHA1 over the address and the parameters in their names' order."""
    text = url + "".join(f"{name}{value}" for name in sorted(params) for value in sorted(set(params[name])))
    digest = hmac.new(token.encode(), text.encode("utf-8", "replace"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(token: str, signature: str, urls: Iterable[str], params: Mapping[str, Sequence[str]]) -> bool:
    """Whether the signature fits one of the addresses under which the platform may know us."""
    given = signature.encode("utf-8", "replace")
    fits = [hmac.compare_digest(sign(token, url, params).encode(), given) for url in urls]
    return bool(token) and any(fits)
