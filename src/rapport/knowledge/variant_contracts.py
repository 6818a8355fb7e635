"""Frozen values about variants: the same approved content in the form that fits customer, channel and moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

CHANNELS = ("web", "email", "messenger", "voice")
"""Forms of a channel; an empty one stands for any."""
AUDIENCES = ("customer", "staff")
"""A signed-in customer; members of staff. An empty one stands for anyone."""
TONES = ("formal", "informal")
LENGTHS = ("full", "short")
CHANNEL_FORMS = {
    "web": "web",
    "api": "web",
    "email": "email",
    "voice": "voice",
    "sms": "messenger",
    "whatsapp": "messenger",
    "telegram": "messenger",
    "wechat": "messenger",
    "messenger": "messenger",
}
"""Kind of an inbox to the form its messages take; of other kinds only variants for any channel are used."""
MARKS = ("channel", "audience", "condition", "tone", "length")
"""Where a variant fits, as files and `Fits` name it."""
STATUSES = ("outdated", "draft", "approved", "withdrawn")
"""What needs somebody comes first."""


@dataclass(frozen=True, slots=True)
class Fits:
    """For whom, where and when a variant is meant."""

    channel: str = ""
    audience: str = ""
    condition: str = ""
    """CEL over ``customer``, ``order`` and ``channel``."""
    tone: str = ""
    length: str = "full"


@dataclass(frozen=True, slots=True)
class VariantInfo:
    """A variant with what it was made from."""

    id: int
    slug: str
    language: str
    title: str
    """Of its article."""
    status: str
    """``draft``, ``approved``, ``outdated`` or ``withdrawn``."""
    fits: Fits
    text: str
    """Markdown."""
    origin: str
    """What wrote the first draft: ``person``, a rule of `proposing`, or ``language_model``."""
    source_version: int
    source_text: str
    """Summary and body it was made from."""
    current_version: int
    current_text: str
    """Summary and body of the article now."""
    written_by: int | None
    approved_by: int | None
    approved_at: dt.datetime | None
    updated_at: dt.datetime
    picture_id: int | None = None
    picture_alt: str = ""

    @property
    def is_current(self) -> bool:
        """Made from, or approved for, the article's text as it is."""
        return self.source_version == self.current_version


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """A variant as somebody writes or proposes it."""

    fits: Fits
    text: str
    origin: str = "person"
    picture_id: int | None = None
    picture_alt: str = ""


@dataclass(frozen=True, slots=True)
class ChangeInfo:
    """One line of a variant's history."""

    at: dt.datetime
    kind: str
    staff_id: int | None
    text: str
    fits: Fits
    source_version: int


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom, where and when an article is about to be quoted."""

    channel: str
    """One of `CHANNELS`; empty for a kind of channel without a form of its own."""
    is_signed_in: bool = False
    is_staff: bool = False
    tone: str = "formal"
    is_aside: bool = False
    """Beside something else that goes on: the short form fits."""
    asked: str = ""
    """The customer's words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a condition."""

    is_met: bool
    reason: str
    """One short clause in English, for the record."""
    consent: str = ""
    """Purpose of the consent that was checked; empty when none had to be."""
    is_consented: bool = True


Judge = Callable[[str], Verdict]
"""Judges a condition for the customer at hand; it looks at a profile only after the consent check."""


@dataclass(frozen=True, slots=True)
class VariantChoice:
    """Which variant was chosen, and why."""

    chosen: VariantInfo | None
    """None: the passage itself is quoted."""
    why: str
    """One short clause in English, for the record."""
    passed_over: tuple[tuple[int, str], ...] = ()
    """(variant, reason) of the approved ones that do not fit."""
    consents: tuple[tuple[str, bool], ...] = ()
    """(purpose, given) of each consent that was checked."""


@dataclass(frozen=True, slots=True)
class QuotedPicture:
    """An approved picture that goes with the words."""

    name: str
    """Of the file: what the picture shows, as clients give it to those who do not see it."""
    alt: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Quotation:
    """The words of an answer, with the choice behind them."""

    text: str
    """Plain text."""
    choice: VariantChoice
    picture: QuotedPicture | None = None


class ConditionLanguage(Protocol):
    """The language of conditions; given by the wiring."""

    def check(self, condition: str) -> frozenset[str]:
        """Names it reads. Raises InvalidInput: it cannot be read, or reads what there is not."""
        ...
