"""Encrypt the mapping of placeholders, with what the standard library has.

Encrypt-then-MAC: the keystream is HMAC-SHA256 of a counter under a fresh 16-byte nonce (a pseudorandom function in
counter mode), the tag HMAC-SHA256 over nonce and ciphertext; the two keys are derived from one secret. It hides and
protects the mapping from who has the database without the installation's key; it is not made for large data.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets

from rapport.kernel.errors import InvalidInput

_NONCE, _TAG, _BLOCK = 16, 32, 32
_VERSION = b"\x01"


def seal(mapping: dict[str, str], key: bytes) -> str:
    """The mapping as printable text that only the key opens."""
    plain = json.dumps(mapping, ensure_ascii=False, separators=(",", ":")).encode()
    nonce = secrets.token_bytes(_NONCE)
    cipher = _mix(plain, _derive(key, b"encrypt"), nonce)
    body = _VERSION + nonce + cipher
    return base64.urlsafe_b64encode(body + _tag(body, key)).decode()


def unseal(sealed: str, key: bytes) -> dict[str, str]:
    """The mapping again. Raises InvalidInput: changed, cut, or sealed with another key."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode("ascii"))
    except (binascii.Error, ValueError) as problem:
        raise InvalidInput("This mapping cannot be read.", field="sealed") from problem
    body, tag = raw[:-_TAG], raw[-_TAG:]
    if len(body) < 1 + _NONCE or body[:1] != _VERSION or not hmac.compare_digest(tag, _tag(body, key)):
        raise InvalidInput("This mapping was changed or sealed with another key.", field="sealed")
    nonce, cipher = body[1 : 1 + _NONCE], body[1 + _NONCE :]
    mapping: dict[str, str] = json.loads(_mix(cipher, _derive(key, b"encrypt"), nonce))
    return mapping


def _derive(key: bytes, purpose: bytes) -> bytes:
    return hmac.new(key, b"rapport.personal_data." + purpose, hashlib.sha256).digest()


def _tag(body: bytes, key: bytes) -> bytes:
    return hmac.new(_derive(key, b"authenticate"), body, hashlib.sha256).digest()


def _mix(data: bytes, key: bytes, nonce: bytes) -> bytes:
    """Data XOR keystream: hiding and showing are the same."""
    blocks = range((len(data) + _BLOCK - 1) // _BLOCK)
    stream = b"".join(hmac.new(key, nonce + i.to_bytes(8, "big"), hashlib.sha256).digest() for i in blocks)
    return bytes(a ^ b for a, b in zip(data, stream, strict=False))
