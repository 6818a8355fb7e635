"""Writes about inboxes and contacts: who may speak through which address, and what they have proven."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rapport.conversations.contracts import ContactInfo, InboxInfo
from rapport.conversations.models import ContactInbox, Conversation, Inbox
from rapport.conversations.queries import contact_info, inbox_info
from rapport.customers import api as customers
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.errors import NotFound, NotPermitted
from rapport.kernel.ids import new_token, new_uuid


def create_inbox(
    name: str, channel_kind: str, *, settings: Mapping[str, Any] | None = None, **fields: Any
) -> InboxInfo:
    """A new address customers reach us at."""
    return inbox_info(
        Inbox.objects.create(name=name, channel_kind=channel_kind, settings=dict(settings or {}), **fields)
    )


@transaction.atomic
def update_inbox(inbox_id: int, changes: Mapping[str, Any]) -> InboxInfo:
    """Set fields of an inbox (name, settings, is_hmac_mandatory, is_enabled). Raises NotFound."""
    allowed = {"name", "settings", "is_hmac_mandatory", "is_enabled"}
    assert set(changes) <= allowed, set(changes) - allowed
    if not Inbox.objects.filter(pk=inbox_id).update(**changes):
        raise NotFound
    return inbox_info(Inbox.objects.get(pk=inbox_id))


def rotate_hmac_token(inbox_id: int) -> str:
    """A new signing secret for an inbox; signatures made with the old one are refused from now on."""
    secret = new_token()
    if not Inbox.objects.filter(pk=inbox_id).update(hmac_token=secret):
        raise NotFound
    return secret


def is_identity_proven(inbox: InboxInfo, identifier: str, identifier_hash: str) -> bool:
    """Whether the host page really signed this identifier (hex HMAC-SHA256 with the inbox's secret)."""
    expected = hmac.new(inbox.hmac_token.encode(), identifier.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), identifier_hash.strip().lower().encode())


@transaction.atomic
def create_contact(inbox: InboxInfo, profile: Mapping[str, Any]) -> ContactInfo:
    """A contact in an inbox: anonymous, or proven by the host page's signature.

    `profile` may hold ``name``, ``email``, ``phone_number``, ``language``, ``custom_attributes``,
    ``identifier`` and ``identifier_hash``. An unproven identifier or e-mail is kept as a claim and never leads
    to another customer's data. Raises NotPermitted for a wrong signature, or for none where one is mandatory.
    """
    identifier, signature = (
        str(profile.get("identifier") or "").strip(),
        str(profile.get("identifier_hash") or ""),
    )
    is_proven = bool(identifier and signature) and is_identity_proven(inbox, identifier, signature)
    if (signature and not is_proven) or (inbox.is_hmac_mandatory and not is_proven):
        raise NotPermitted("The identifier is not signed with this inbox's secret.", field="identifier_hash")
    customer_id = customers.create_customer(
        name=str(profile.get("name") or ""),
        email=str(profile.get("email") or ""),
        phone_number=str(profile.get("phone_number") or ""),
        language=str(profile.get("language") or ""),
    )
    if profile.get("custom_attributes"):
        attributes = {"custom_attributes": dict(profile["custom_attributes"])}
        customers.update_customer(customer_id, attributes, is_new=True)
    if is_proven:
        customer_id = customers.attach_identity(customer_id, "shop", identifier, verified_by="hmac")
        known = {k: str(profile[k]) for k in ("name", "email") if profile.get(k)}
        customers.update_customer(customer_id, known)
    row = ContactInbox.objects.create(
        inbox_id=inbox.id,
        customer_id=customer_id,
        source_id=new_uuid(),
        is_hmac_verified=is_proven,
        identifier=identifier[:200],
    )
    row = ContactInbox.objects.select_related("inbox").get(pk=row.pk)
    news = {"id": int(customer_id), "name": str(profile.get("name") or ""), "inbox_id": int(inbox.id)}
    jobs.publish("contact_created", ["desk"], news)
    return contact_info(row)


@transaction.atomic
def prove_contact(contact: ContactInfo, identifier: str, identifier_hash: str) -> ContactInfo:
    """Accept the host page's signature for a contact that was anonymous so far."""
    if not is_identity_proven(contact.inbox, identifier, identifier_hash):
        raise NotPermitted("The identifier is not signed with this inbox's secret.", field="identifier_hash")
    if contact.is_hmac_verified and contact.identifier != identifier:
        raise NotPermitted("This contact belongs to somebody else; start a new one.", field="identifier")
    customer_id = customers.attach_identity(contact.customer_id, "shop", identifier, verified_by="hmac")
    ContactInbox.objects.filter(pk=contact.id).update(
        is_hmac_verified=True, identifier=identifier[:200], customer_id=customer_id
    )
    Conversation.objects.filter(contact_inbox_id=contact.id).update(
        customer_id=customer_id, verified_ref=identifier[:120], verified_method="hmac", verified_at=now()
    )
    return contact_info(ContactInbox.objects.select_related("inbox").get(pk=contact.id))


def end_contact_sessions(contact_id: int) -> None:
    """Sign-out on the host page: session tokens given before die."""
    row = ContactInbox.objects.get(pk=contact_id)
    ContactInbox.objects.filter(pk=contact_id).update(session_epoch=row.session_epoch + 1)
