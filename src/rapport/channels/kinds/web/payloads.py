"""What the widget sends to open and prove a session."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rapport.channels.payloads import ContactPayload, Email, Line, Payload


class SessionPayload(ContactPayload):
    """Who opens the widget, on which site."""

    website_token: Annotated[str, Field(min_length=1, max_length=80)]
    page_url: Annotated[str, Field(max_length=2000)] | None = None


class IdentifyPayload(Payload):
    """The host page's signature for its signed-in customer."""

    identifier: Line
    identifier_hash: Line
    name: Line | None = None
    email: Email | None = None
