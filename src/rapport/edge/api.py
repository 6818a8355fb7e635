"""What `rapport.bootstrap` calls to make the one ASGI application."""

from __future__ import annotations

from rapport.edge.app import EdgeApplication, create_application
from rapport.edge.contracts import Authorize, Ingest, StreamGrant, StreamRequest

__all__ = ["Authorize", "EdgeApplication", "Ingest", "StreamGrant", "StreamRequest", "create_application"]
