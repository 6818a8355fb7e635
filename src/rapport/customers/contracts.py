"""Frozen values about customers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from rapport.kernel.ids import CustomerId


@dataclass(frozen=True, slots=True)
class CustomerInfo:
    """A customer, as other packages see them."""

    id: CustomerId
    uuid: str
    name: str
    email: str
    phone_number: str
    language: str
    is_blocked: bool
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    identities: tuple[IdentityInfo, ...] = ()
    created_at: dt.datetime | None = None
    last_activity_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class IdentityInfo:
    """One verified identity."""

    kind: str
    value: str
    verified_by: str
    verified_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a customer's timeline."""

    at: dt.datetime
    kind: str
    title: str
    source: str
    reference: str
    data: dict[str, Any]
