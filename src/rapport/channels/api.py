"""What other packages may ask of channels."""

from __future__ import annotations

from rapport.channels.dialogue import access_own_conversation
from rapport.channels.downloads import file_answer
from rapport.channels.embedding import forget_inboxes, frame_ancestors
from rapport.channels.erasing import erase_customer
from rapport.channels.ingest import Ingest
from rapport.channels.kinds.email.queries import deliveries_of as mail_deliveries
from rapport.channels.limits import check_request_rate, client_address
from rapport.channels.menu import list_menu
from rapport.channels.presenting import present_inbox_settings
from rapport.channels.rest.access import staff_by_token
from rapport.channels.sessions import access_session, make_session_token
from rapport.channels.streams import stream_topics_of_contact, stream_topics_of_token, stream_topics_of_widget
from rapport.channels.uploads import limit_bytes, read_form

__all__ = [
    "Ingest",
    "access_own_conversation",
    "access_session",
    "check_request_rate",
    "client_address",
    "erase_customer",
    "file_answer",
    "forget_inboxes",
    "frame_ancestors",
    "limit_bytes",
    "list_menu",
    "mail_deliveries",
    "make_session_token",
    "present_inbox_settings",
    "read_form",
    "staff_by_token",
    "stream_topics_of_contact",
    "stream_topics_of_token",
    "stream_topics_of_widget",
]
