"""What `rapport.bootstrap` calls to make the one ASGI application."""

from __future__ import annotations

from rapport.edge.app import EdgeApplication, create_application
from rapport.edge.bodies import MAX_BODY_BYTES
from rapport.edge.contracts import Authorize, Ingest, RequestRules, StreamGrant, StreamRequest

__all__ = [
    "MAX_BODY_BYTES",
    "Authorize",
    "EdgeApplication",
    "Ingest",
    "RequestRules",
    "StreamGrant",
    "StreamRequest",
    "create_application",
]
