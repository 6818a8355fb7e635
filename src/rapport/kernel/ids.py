"""Typed identifiers: row keys for use inside, opaque tokens for the outside."""

from __future__ import annotations

import secrets
import uuid
from typing import NewType

StaffId = NewType("StaffId", int)
TeamId = NewType("TeamId", int)
CustomerId = NewType("CustomerId", int)
InboxId = NewType("InboxId", int)
ConversationId = NewType("ConversationId", int)
MessageId = NewType("MessageId", int)
DecisionId = NewType("DecisionId", int)

ACCOUNT_ID = 1
"""One installation serves one organisation; Chatwoot-shaped paths carry this account number."""


def new_uuid() -> str:
    """A random public identifier, 36 characters."""
    return str(uuid.uuid4())


def new_token(bytes_: int = 24) -> str:
    """An unguessable URL-safe secret with `bytes_` bytes of entropy."""
    return secrets.token_urlsafe(bytes_)
