"""Reads about customers."""

from __future__ import annotations

from django.db.models import Q

from rapport.customers.contracts import CustomerInfo, IdentityInfo, TimelineEntry
from rapport.customers.models import Customer, Identity, TimelineEvent
from rapport.kernel.ids import CustomerId


def customer_info(row: Customer) -> CustomerInfo:
    """The outward value of a customer row."""
    return CustomerInfo(
        id=CustomerId(row.pk),
        uuid=row.uuid,
        name=row.name,
        email=row.email,
        phone_number=row.phone_number,
        language=row.language,
        is_blocked=row.is_blocked,
        custom_attributes=row.custom_attributes,
        identities=tuple(
            IdentityInfo(i.kind, i.value, i.verified_by, i.verified_at)
            for i in sorted(row.identities.all(), key=lambda i: (i.kind, i.pk))
        ),
        created_at=row.created_at,
        last_activity_at=row.last_activity_at,
    )


def find_customer(customer_id: int) -> CustomerInfo | None:
    """One customer by row id; a merged one leads to whom it was merged into."""
    row = Customer.objects.filter(pk=customer_id).first()
    while row is not None and row.merged_into_id:
        row = Customer.objects.filter(pk=row.merged_into_id).first()
    return customer_info(row) if row else None


def find_customer_by_identity(kind: str, value: str) -> CustomerInfo | None:
    """The customer who holds a verified identity."""
    found = Identity.objects.filter(kind=kind, value=value.lower() if kind == "email" else value).first()
    return find_customer(found.customer_id) if found else None


def search_customers(query: str, *, limit: int = 25, offset: int = 0) -> tuple[list[CustomerInfo], int]:
    """Customers whose name, e-mail, phone or identity contains the query, most recent first, and how many there are."""
    rows = Customer.objects.filter(merged_into=None)
    if query:
        rows = rows.filter(_matches(query)).distinct()
    total = rows.count()
    page = rows.order_by("-last_activity_at", "-id").prefetch_related("identities")[offset : offset + limit]
    return [customer_info(r) for r in page], total


def _matches(query: str) -> Q:
    found = Q(email__icontains=query) | Q(phone_number__icontains=query) | Q(identities__value__iexact=query)
    for spelling in {query, query.lower(), query.title()}:  # SQLite folds the case of ASCII letters only
        found |= Q(name__icontains=spelling)
    return found


def list_timeline(customer_id: int, *, limit: int = 50) -> list[TimelineEntry]:
    """The latest events of a customer, newest first."""
    rows = TimelineEvent.objects.filter(customer_id=customer_id).order_by("-at", "-id")[:limit]
    return [TimelineEntry(r.at, r.kind, r.title, r.source, r.reference, r.data) for r in rows]
