"""Session tokens of customers: signed, with an end, and dead once the customer signs out."""

from __future__ import annotations

import datetime as dt

from django.core import signing

from rapport.channels.errors import NotSignedIn
from rapport.conversations import api as conversations
from rapport.conversations.contracts import ContactInfo
from rapport.kernel.clock import now

SALT = "rapport.channels.session"
LIFETIME = dt.timedelta(days=30)
MAX_TOKEN_CHARS = 400


def make_session_token(contact: ContactInfo) -> str:
    """A token that speaks for this contact until it ends, or until the contact's sessions are ended.

    It holds row numbers only: what it says helps nobody once it has ended.
    """
    claims = [contact.id, contact.session_epoch, int((now() + LIFETIME).timestamp())]
    return signing.Signer(salt=SALT).sign_object(claims)


def access_session(token: str) -> ContactInfo:
    """The contact a token speaks for. Raises NotSignedIn."""
    if not token or len(token) > MAX_TOKEN_CHARS:
        raise NotSignedIn
    try:
        contact_id, epoch, ends_at = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotSignedIn from error
    if ends_at <= now().timestamp():
        raise NotSignedIn("The session has expired; start a new one.", reason="expired")
    contact = conversations.find_contact_by_id(contact_id)
    if contact is None or contact.session_epoch != epoch:
        raise NotSignedIn("The session was ended; start a new one.", reason="ended")
    return contact
