"""The root of every error Rapport raises on purpose.

RapportError
├── NotFound        a row that does not exist, or that the asker may not know exists
├── NotPermitted    known to exist, not allowed
├── InvalidInput    the caller's data is wrong; facts say which field
├── Conflict        the state has moved on; read again and decide
└── Unavailable     a system we depend on did not answer

Capabilities add their own bases below these; `web/errors.py` maps them to HTTP in one place.
"""

from __future__ import annotations

import enum
from typing import Any, ClassVar


class Whose(enum.StrEnum):
    """Who can do something about an error."""

    CALLER = "caller"
    """The request must change."""
    US = "us"
    """A fault in Rapport or its configuration."""
    VENDOR = "vendor"
    """A connected system failed."""


class RapportError(Exception):
    """Something went wrong in a way Rapport knows by name."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
    whose: ClassVar[Whose] = Whose.US

    def __init__(self, message: str = "", **facts: Any) -> None:
        self.facts = facts
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class NotFound(RapportError):
    """Nothing with that identifier is here for you."""

    code = "not_found"
    whose = Whose.CALLER


class NotPermitted(RapportError):
    """You may not do this; ask an administrator for the permission named in the facts."""

    code = "not_permitted"
    whose = Whose.CALLER


class InvalidInput(RapportError):
    """The data sent is not valid; the facts name the field and the reason."""

    code = "invalid_input"
    whose = Whose.CALLER


class Conflict(RapportError):
    """The state has changed meanwhile; read it again and decide anew."""

    code = "conflict"
    retryable = True
    whose = Whose.CALLER


class Unavailable(RapportError):
    """A system Rapport depends on did not answer; the work will be tried again."""

    code = "unavailable"
    retryable = True
    whose = Whose.VENDOR
