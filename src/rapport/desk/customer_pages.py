"""Pages about customers: find one, read the profile, correct it. Every reading is on record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rapport.accounts import api as accounts
from rapport.accounts.api import StaffRequest, require
from rapport.accounts.contracts import Permission
from rapport.channels import api as channels
from rapport.conversations import api as conversations
from rapport.customers import api as customers
from rapport.customers.contracts import CustomerInfo, IdentityInfo, TimelineEntry
from rapport.desk.contexts import ConsentLine, ListRow
from rapport.desk.lists import list_row
from rapport.desk.panels import orders_of
from rapport.desk.wording import identity_text, method_text, purpose_text
from rapport.governance import api as governance
from rapport.kernel.languages import LANGUAGE_NAMES, LANGUAGES

PAGE_ROWS = 25
MAX_PAGES = 10_000
SHOWN_CONVERSATIONS = 50
SHOWN_EVENTS = 60
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]{3,30}")
NAMED_IN_AUDIT = ("language", "is_blocked")
"""Fields whose values the audit log may keep; of the others it keeps that they were changed."""


@dataclass(frozen=True, slots=True)
class IdentityLine:
    """One way the customer is recognised, in words."""

    label: str
    identity: IdentityInfo
    how: str


@dataclass(frozen=True, slots=True)
class ListContext:
    """One page of the customers found."""

    rows: tuple[CustomerInfo, ...]
    query: str
    total: int
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class ProfileContext:
    """What the profile shows."""

    customer: CustomerInfo
    name: str
    identities: tuple[IdentityLine, ...]
    consents: tuple[ConsentLine, ...]
    timeline: tuple[TimelineEntry, ...]
    conversations: tuple[ListRow, ...]
    attributes: tuple[tuple[str, str], ...]
    may_protect: bool
    """May open the ledger of consents."""


@never_cache
@require_safe
@require(Permission.ANSWER)
def customer_list(request: StaffRequest) -> HttpResponse:
    """Find customers by name, e-mail, phone or a verified identity."""
    query = request.GET.get("q", "").strip()[:100]
    raw = request.GET.get("page", "1")
    page = min(max(1, int(raw)), MAX_PAGES) if raw.isascii() and raw.isdigit() and len(raw) < 8 else 1
    offset = (page - 1) * PAGE_ROWS
    rows, total = customers.search_customers(query, limit=PAGE_ROWS, offset=offset)
    context = ListContext(tuple(rows), query, total, page, offset + len(rows) < total)
    return render(request, "desk/customers/list.html", {"list": context})


def customer_or_404(customer_id: int) -> CustomerInfo:
    """The customer with this id, or whom they were merged into."""
    found = customers.find_customer(customer_id)
    if found is None:
        raise Http404
    return found


def shown_name(customer: CustomerInfo) -> str:
    """What to call a customer who may have told us no name."""
    return customer.name or customer.email or _("Customer %(number)d") % {"number": customer.id}


@never_cache
@require_safe
@require(Permission.ANSWER)
def profile(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Everything known of one customer; who looked is on record."""
    customer = customer_or_404(customer_id)
    if customer.id != customer_id:
        return HttpResponseRedirect(reverse("customers:profile", args=[customer.id]))
    note_reading(request, customer)
    return render(request, "desk/customers/profile.html", {"profile": _profile(customer, request)})


def note_reading(request: StaffRequest, customer: CustomerInfo) -> None:
    """Put on record that a member of staff opened a customer's data."""
    accounts.record_audit(
        "customer_viewed",
        actor_id=request.staff.id,
        subject=f"customer:{customer.id}",
        detail={"page": request.path},
        ip_address=channels.client_address(request),
    )


def _profile(customer: CustomerInfo, request: StaffRequest) -> ProfileContext:
    found = conversations.list_customer_conversations(customer.id, limit=SHOWN_CONVERSATIONS)
    consents = governance.list_consents(customer.id)
    attributes = customer.custom_attributes.items()
    return ProfileContext(
        customer=customer,
        name=shown_name(customer),
        identities=tuple(
            IdentityLine(identity_text(i.kind), i, method_text(i.verified_by)) for i in customer.identities
        ),
        consents=tuple(ConsentLine(purpose_text(c.purpose), c) for c in consents),
        timeline=tuple(customers.list_timeline(customer.id, limit=SHOWN_EVENTS)),
        conversations=tuple(list_row(c) for c in found),
        attributes=tuple((str(k), str(v)) for k, v in attributes if v not in ("", None)),
        may_protect=Permission.PROTECT_DATA in request.staff.permissions,
    )


@never_cache
@require_safe
@require(Permission.ANSWER)
def orders(request: StaffRequest, customer_id: int) -> HttpResponse:
    """The customer's orders, asked of the connected shop when the page is already there."""
    customer = customer_or_404(customer_id)
    reference = next((i.value for i in customer.identities if i.kind == "shop"), "")
    return render(request, "desk/orders.html", {"orders": orders_of(reference)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@require(Permission.ANSWER)
def edit(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Correct the plain fields of a profile; verified identities stay as they are."""
    customer = customer_or_404(customer_id)
    values: dict[str, Any] = {f: getattr(customer, f) for f in ("name", "email", "phone_number", "language")}
    values["is_blocked"] = customer.is_blocked
    problems: dict[str, str] = {}
    if request.method == "POST":
        values, problems = read_profile_form(request.POST)
        if not problems:
            _save(request, customer, values)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("customers:profile", args=[customer.id]))
    context = {
        "customer": customer,
        "name": shown_name(customer),
        "values": values,
        "problems": problems,
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
    }
    return render(request, "desk/customers/edit.html", context, status=422 if problems else 200)


def read_profile_form(given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """(what was entered, what is wrong with it, by field)."""
    values: dict[str, Any] = {
        "name": conversations.clean_text(given.get("name", "")).replace("\n", " "),
        "email": given.get("email", "").strip().lower(),
        "phone_number": given.get("phone_number", "").strip(),
        "language": given.get("language", ""),
        "is_blocked": given.get("is_blocked") == "1",
    }
    problems = {}
    if len(values["name"]) > 200:
        problems["name"] = _("At most 200 characters.")
    if values["email"] and not _is_email(values["email"]):
        problems["email"] = _("This is no e-mail address.")
    if values["phone_number"] and not _PHONE.fullmatch(values["phone_number"]):
        problems["phone_number"] = _("Only digits, spaces and + ( ) / . - belong in a phone number.")
    if values["language"] and values["language"] not in LANGUAGES:
        problems["language"] = _("There is no such language.")
    return values, problems


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


@transaction.atomic
def _save(request: StaffRequest, customer: CustomerInfo, values: dict[str, Any]) -> None:
    changes = {field: value for field, value in values.items() if getattr(customer, field) != value}
    if not changes:
        return
    customers.update_customer(customer.id, changes)
    if "name" in changes:
        for conversation in conversations.list_customer_conversations(customer.id, limit=200):
            conversations.update_conversation(conversation.id, {"customer_name": changes["name"]})
    known = [f for f in changes if f in NAMED_IN_AUDIT]
    accounts.record_audit(
        "customer_changed",
        actor_id=request.staff.id,
        subject=f"customer:{customer.id}",
        detail={
            "fields": sorted(changes),
            "before": {f: getattr(customer, f) for f in known},
            "after": {f: changes[f] for f in known},
        },
        ip_address=channels.client_address(request),
    )
