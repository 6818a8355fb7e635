"""Writes about customers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from rapport.customers.models import Customer, Identity, TimelineEvent
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.kernel.ids import CustomerId, new_uuid


def create_customer(
    *, name: str = "", email: str = "", phone_number: str = "", language: str = ""
) -> CustomerId:
    """A customer of whom nothing is verified yet."""
    row = Customer.objects.create(
        uuid=new_uuid(),
        name=name[:200],
        email=email.strip().lower()[:254],
        phone_number=phone_number[:32],
        language=language[:10],
        last_activity_at=now(),
    )
    return CustomerId(row.pk)


@transaction.atomic
def update_customer(customer_id: int, changes: Mapping[str, Any], *, is_new: bool = False) -> None:
    """Set the plain fields of a profile (name, email, phone_number, language, custom_attributes, is_blocked).

    Args:
        customer_id: whose.
        changes: field to value.
        is_new: the customer was just made: that is told by whoever made it.
    """
    allowed = {
        "name",
        "email",
        "phone_number",
        "language",
        "custom_attributes",
        "is_blocked",
        "last_activity_at",
    }
    assert set(changes) <= allowed, set(changes) - allowed
    row = Customer.objects.filter(pk=customer_id)
    before = row.values(*{"name", *changes}).first()
    row.update(**changes)
    if before is not None and not is_new:
        _tell_change(customer_id, before, changes)


_TOLD_AS = {"is_blocked": "blocked"}


def _tell_change(customer_id: int, before: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    changed = [
        {_TOLD_AS.get(name, name): {"current_value": value, "previous_value": before[name]}}
        for name, value in changes.items()
        if name != "last_activity_at" and before[name] != value
    ]
    if changed:
        name = changes.get("name", before["name"])
        jobs.publish(
            "contact_updated", ["desk"], {"id": customer_id, "name": name, "changed_attributes": changed}
        )


def add_timeline(
    customer_id: int,
    kind: str,
    title: str,
    *,
    source: str,
    reference: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append to a customer's timeline, in the caller's transaction."""
    TimelineEvent.objects.create(
        customer_id=customer_id,
        at=now(),
        kind=kind,
        title=title[:200],
        source=source,
        reference=reference,
        data=dict(data or {}),
    )


@transaction.atomic
def attach_identity(customer_id: int, kind: str, value: str, *, verified_by: str) -> CustomerId:
    """Give a customer a verified identity and return who holds it now.

    When another customer already holds it, the two are the same person: the newer, anonymous row is merged
    into the holder. A row that holds other identities of the same kind is never merged silently.
    """
    value = value.strip().lower() if kind == "email" else value.strip()
    held = Identity.objects.filter(kind=kind, value=value).first()
    if held is None:
        Identity.objects.create(customer_id=customer_id, kind=kind, value=value, verified_by=verified_by)
        return CustomerId(customer_id)
    Identity.objects.filter(pk=held.pk).update(verified_by=verified_by, verified_at=now())
    if held.customer_id == customer_id:
        return CustomerId(customer_id)
    if not Identity.objects.filter(customer_id=customer_id).exists():
        Customer.objects.filter(pk=customer_id).update(merged_into_id=held.customer_id)
        TimelineEvent.objects.filter(customer_id=customer_id).update(customer_id=held.customer_id)
    return CustomerId(held.customer_id)
