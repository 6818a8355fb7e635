"""The envelope in which news travels from a package to those above it, and to browsers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, written in the transaction that made it happen."""

    id: int
    """Position in the change feed; grows, with gaps."""
    kind: str
    """Chatwoot-shaped name such as ``message_created``."""
    topics: tuple[str, ...]
    """Who may hear of it: ``desk``, ``conversation:<id>``."""
    at: dt.datetime
    """When it was written."""
    data: dict[str, Any]
    """JSON payload, already in its outward shape."""
