"""A piece of text that is personal data, the kinds there are, and how overlapping finds are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PersonalKind(StrEnum):
    """What a span is; the value is the word used in labels, reports and documentation."""

    PERSON = "person"
    """A person's name, without the title before it."""
    ORGANIZATION = "organization"
    """A company, authority, school or other body."""
    LOCATION = "location"
    """A city, region or country by name."""
    ADDRESS = "address"
    """A postal address or a part of it: street, house, flat, box."""
    POSTAL_CODE = "postal_code"
    """A postal code outside an address."""
    NATIONALITY = "nationality"
    """Nationality, religion or political group."""
    EMAIL = "email"
    """An e-mail address."""
    PHONE = "phone"
    """A telephone or fax number."""
    CARD = "card"
    """The number of a payment card."""
    IBAN = "iban"
    """An international bank account number."""
    BANK_ACCOUNT = "bank_account"
    """A national account, routing or BIC code."""
    NATIONAL_ID = "national_id"
    """A number a state gives a person: social security, tax, birth, health."""
    VAT_ID = "vat_id"
    """A number for value added tax."""
    PASSPORT = "passport"
    """The number of a passport or identity card."""
    DRIVER_LICENCE = "driver_licence"
    """The number of a driving licence."""
    CRYPTO = "crypto"
    """The address of a crypto wallet."""
    IP = "ip"
    """An IP address, version 4 or 6."""
    MAC = "mac"
    """The hardware address of a network card."""
    URL = "url"
    """A web address or a bare domain."""
    DATE_TIME = "date_time"
    """A calendar date, year, weekday or time of day."""
    BIRTH_DATE = "birth_date"
    """The date a person was born."""
    AGE = "age"
    """The age of a person."""
    SECRET = "secret"  # noqa: S105 - the kind, not a secret
    """A password, token, key or one-time code."""


@dataclass(frozen=True, slots=True)
class PersonalSpan:
    """One find; ``text[start:end]`` is `value`."""

    start: int
    end: int
    kind: PersonalKind
    value: str
    score: float
    """How sure, 0..1; 1 where check digits prove the form."""
    rule: str = ""
    """Which recogniser found it."""


def settle(spans: Iterable[PersonalSpan]) -> list[PersonalSpan]:
    """Non-overlapping spans in order: the surer wins, then the longer, then the earlier."""
    ranked = sorted(spans, key=lambda s: (-s.score, s.start - s.end, s.start))
    if len(ranked) < 2:
        return ranked
    taken = bytearray(max(s.end for s in ranked))
    kept = []
    for span in ranked:
        if any(taken[span.start : span.end]):
            continue
        taken[span.start : span.end] = b"\x01" * (span.end - span.start)
        kept.append(span)
    return sorted(kept, key=lambda s: s.start)
