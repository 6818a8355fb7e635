"""``/api/v1/accounts/{account_id}/contacts…``."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from rapport.accounts.contracts import Permission
from rapport.channels import shapes
from rapport.channels.http import json_answer
from rapport.channels.rest import payloads
from rapport.channels.rest import shapes as rest_shapes
from rapport.channels.rest.access import READERS, Account, Number, check_may, pick
from rapport.channels.rest.presenting import present_contact_inbox, present_customer, present_listed
from rapport.channels.rest.routes import put_and_patch
from rapport.conversations import api as conversations
from rapport.customers import api as customers
from rapport.customers.contracts import CustomerInfo
from rapport.jobs import api as jobs
from rapport.kernel.errors import Conflict, InvalidInput, NotFound

router = Router(tags=["Contacts"])

PAGE_SIZE = 15
PlainPage = Annotated[int, Query(ge=1, le=100_000)]


@router.get("", response=shapes.responses(rest_shapes.ContactListShape))
def list_contacts(request: HttpRequest, account_id: Account, page: PlainPage = 1) -> HttpResponse:
    """Contacts, the most recently active first, fifteen a page."""
    check_may(request, account_id, *READERS)
    return json_answer(_found("", page))


@router.get("/search", response=shapes.responses(rest_shapes.ContactListShape))
def search_contacts(
    request: HttpRequest,
    account_id: Account,
    q: Annotated[str, Query(max_length=200)] = "",
    page: PlainPage = 1,
) -> HttpResponse:
    """Contacts by name, e-mail, phone or a verified identity."""
    check_may(request, account_id, *READERS)
    return json_answer(_found(q.strip(), page))


def _found(query: str, page: int) -> dict[str, Any]:
    rows, total = customers.search_customers(query, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    return {"meta": {"count": total, "current_page": page}, "payload": [present_customer(c) for c in rows]}


@router.post("", response=shapes.responses(rest_shapes.StaffNewContactShape))
def create_contact(
    request: HttpRequest, account_id: Account, payload: payloads.StaffContactPayload
) -> HttpResponse:
    """A contact; with ``inbox_id`` one that can write there, and its ``source_id``."""
    check_may(request, account_id, Permission.ANSWER)
    customer_id, contact_inbox = _create(payload)
    shown = present_customer(_customer(customer_id))
    return json_answer({"payload": {"contact": shown, "contact_inbox": contact_inbox}})


@transaction.atomic
def _create(payload: payloads.StaffContactPayload) -> tuple[int, dict[str, Any] | None]:
    if payload.identifier and customers.find_customer_by_identity("identifier", payload.identifier):
        raise Conflict("Another contact has this identifier.", field="identifier")
    profile = pick(payload.model_dump(), "name", "email", "phone_number", "language", "custom_attributes")
    contact_inbox = None
    if payload.inbox_id is not None:
        inbox = conversations.find_inbox_by_id(payload.inbox_id)
        if inbox is None:
            raise InvalidInput("There is no inbox with this id.", field="inbox_id")
        contact = conversations.create_contact(inbox, profile)
        customer_id, contact_inbox = contact.customer_id, present_contact_inbox(contact)
    else:
        attributes = profile.pop("custom_attributes", None)
        customer_id = customers.create_customer(**profile)
        if attributes:
            customers.update_customer(customer_id, {"custom_attributes": attributes}, is_new=True)
        jobs.publish("contact_created", ["desk"], {"id": int(customer_id), "name": profile.get("name", "")})
    if payload.identifier:
        customer_id = customers.attach_identity(
            customer_id, "identifier", payload.identifier, verified_by="staff"
        )
    return customer_id, contact_inbox


def _customer(customer_id: int) -> CustomerInfo:
    found = customers.find_customer(customer_id)
    if found is None:
        raise NotFound("There is no contact with this id.", id=customer_id)
    return found


@router.get("/{number}", response=shapes.responses(rest_shapes.OneContactShape))
def show_contact(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """One contact."""
    check_may(request, account_id, *READERS)
    return json_answer({"payload": present_customer(_customer(number))})


def update_contact(
    request: HttpRequest, account_id: Account, number: Number, payload: payloads.StaffContactPayload
) -> HttpResponse:
    """Change a contact's profile, or block it."""
    check_may(request, account_id, Permission.ANSWER)
    found = _customer(number)
    changes = pick(payload.model_dump(), "name", "email", "phone_number", "language", "custom_attributes")
    if "email" in changes:
        changes["email"] = changes["email"].strip().lower()
    if "custom_attributes" in changes:
        changes["custom_attributes"] = {**found.custom_attributes, **changes["custom_attributes"]}
    if payload.blocked is not None:
        changes["is_blocked"] = payload.blocked
    if changes:
        customers.update_customer(found.id, changes)
    return json_answer({"payload": present_customer(_customer(found.id))})


put_and_patch(router, update_contact, rest_shapes.OneContactShape, "contact")


@router.get("/{number}/conversations", response=shapes.responses(rest_shapes.ContactConversationsShape))
def list_contact_conversations(request: HttpRequest, account_id: Account, number: Number) -> HttpResponse:
    """A contact's twenty latest conversations over all inboxes."""
    check_may(request, account_id, *READERS)
    found = _customer(number)
    return json_answer(
        {"payload": [present_listed(c) for c in conversations.list_customer_conversations(found.id)]}
    )
