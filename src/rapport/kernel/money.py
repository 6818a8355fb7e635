"""Money carries its currency and is never a bare number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_DECIMALS = {"JPY": 0, "KRW": 0, "HUF": 0}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, rounded to the currency's smallest unit."""

    amount: Decimal
    """Rounded half up to the currency's decimals."""
    currency: str
    """ISO 4217 code, upper case."""

    @classmethod
    def of(cls, amount: Decimal | float | str, currency: str) -> Money:
        """Make money from a number as other systems send it."""
        code = currency.upper()
        step = Decimal(1).scaleb(-_DECIMALS.get(code, 2))
        return cls(Decimal(str(amount)).quantize(step, ROUND_HALF_UP), code)

    def __add__(self, other: Money) -> Money:
        assert self.currency == other.currency, "adding two currencies"
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
