"""Errors of channels.

RapportError
├── NotPermitted
│   └── NotSignedIn      no token, or one that is wrong, expired or signed out
├── InvalidInput
│   ├── Malformed        the body is not the JSON that was promised
│   └── TooLarge         the body is larger than this API takes
└── TooManyRequests      slow down; the facts say for how long
"""

from __future__ import annotations

from rapport.kernel.errors import InvalidInput, NotPermitted, RapportError, Whose


class NotSignedIn(NotPermitted):
    """The token is missing, wrong, expired or signed out; get a new one."""

    code = "not_authenticated"


class Malformed(InvalidInput):
    """The body is not a JSON object in UTF-8."""

    code = "malformed"


class TooLarge(InvalidInput):
    """The body is larger than this API takes."""

    code = "too_large"


class TooManyRequests(RapportError):
    """Too many requests; try again after the number of seconds in the facts."""

    code = "too_many_requests"
    retryable = True
    whose = Whose.CALLER
