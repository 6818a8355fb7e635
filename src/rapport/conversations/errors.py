"""Errors of conversations.

RapportError
├── Conflict
│   └── WrongOwner     somebody else owns the conversation by now
└── InvalidInput
    └── NotAnswerable  the message takes no such answer
"""

from __future__ import annotations

from rapport.kernel.errors import Conflict, InvalidInput


class WrongOwner(Conflict):
    """Somebody else owns this conversation by now; read it again."""

    code = "wrong_owner"


class NotAnswerable(InvalidInput):
    """This message cannot be answered with these values; the facts name what it offers."""

    code = "not_answerable"
