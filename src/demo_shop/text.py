"""Text and money forms used at the borders: folded search keys, order ids, cents, times."""

import unicodedata
from datetime import UTC, datetime


def fold(text: str) -> str:
    """Reduce a name or e-mail to a key that ignores case, accents and surrounding space."""
    decomposed = unicodedata.normalize("NFKD", text.strip())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def fold_zip(text: str) -> str:
    """Reduce a postal code to its letters and digits."""
    return "".join(c for c in text if c.isalnum()).upper()


def full_order_id(text: str) -> str:
    """Complete an order id written without its leading '#', as people do."""
    text = text.strip()
    return text if text.startswith("#") else f"#{text}"


def to_cents(amount: float) -> int:
    """Convert a price in currency units to whole cents."""
    return round(amount * 100)


def from_cents(cents: int) -> float:
    """Convert whole cents to a price with at most two decimals."""
    return cents / 100


def utc_now() -> datetime:
    """Give the present moment; the only clock of the shop."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Write a moment in UTC to the second, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
