"""Erasing a customer: who is meant, and what this package holds of them. Runs in the caller's transaction."""

from __future__ import annotations

from rapport.customers.models import Customer, Identity, TimelineEvent


def list_rows_of(customer_id: int) -> list[int]:
    """A customer's row and those merged into it, with theirs."""
    found = [customer_id]
    for row in found:
        found += (
            Customer.objects.filter(merged_into_id=row).exclude(pk__in=found).values_list("pk", flat=True)
        )
    return found


def list_customers_with_email(email: str) -> list[int]:
    """Customers who proved this address, or only stated it."""
    address = email.strip().lower()
    proven = Identity.objects.filter(kind="email", value=address).values_list("customer_id", flat=True)
    stated = Customer.objects.filter(email=address, merged_into=None).values_list("pk", flat=True)
    return sorted({*proven, *stated})


def erase(rows: list[int]) -> dict[str, int]:
    """Blank the rows, so that the ledger of consents keeps its entries; delete identities and timeline."""
    blank = {"name": "", "email": "", "phone_number": "", "language": "", "custom_attributes": {}}
    return {
        "customers_identity": Identity.objects.filter(customer_id__in=rows).delete()[0],
        "customers_timelineevent": TimelineEvent.objects.filter(customer_id__in=rows).delete()[0],
        "customers_customer": Customer.objects.filter(pk__in=rows).update(**blank),
    }
