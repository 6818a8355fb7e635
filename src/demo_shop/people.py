"""The shop's own customers: names, addresses and payment methods drawn from plain lists."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from demo_shop.text import fold
from demo_shop.vocabulary import load_data

_CARD_BRANDS = ("visa", "mastercard", "amex")


@dataclass(slots=True)
class Wallet:
    """One payment method of a generated customer."""

    method_id: str
    source: str
    brand: str | None = None
    last_four: str | None = None
    balance_cents: int | None = None
    planned_cents: int = 0
    """What planned orders will take from it."""


@dataclass(slots=True)
class Person:
    """A generated customer; the showcase ones have a fixed set of orders for the demonstration."""

    customer_id: str
    first_name: str
    last_name: str
    email: str
    phone: str
    language: str
    address: dict[str, str]
    created_at: datetime
    is_showcase: bool
    wallets: list[Wallet] = field(default_factory=list)

    @property
    def city(self) -> str:
        """City of the default address."""
        return self.address["city"]


def build_people(rng: random.Random, count: int, now: datetime) -> list[Person]:
    """Make customers of six countries, each country's first being its showcase customer."""
    countries = cast("dict[str, dict[str, Any]]", load_data("people"))
    total = sum(entry["share"] for entry in countries.values())
    people: list[Person] = []
    for code, entry in countries.items():
        size = round(count * entry["share"] / total)
        people += list(_of_country(rng, code, entry, size, now))
    return people[:count]


def _digits(rng: random.Random, pattern: str) -> str:
    return "".join(str(rng.randint(1, 9)) if c == "#" else c for c in pattern)


def _phones(pattern: str) -> Iterator[str]:
    width = pattern.count("#")
    for number in range(10**width):
        yield pattern.replace("#" * width, f"{number:0{width}d}")


def _of_country(
    rng: random.Random, code: str, entry: dict[str, Any], size: int, now: datetime
) -> Iterator[Person]:
    names = [(first, last) for first in entry["first"] for last in entry["last"]]
    rng.shuffle(names)
    phones = _phones(entry["phone"])
    for index in range(size):
        first, last = names[index % len(names)]
        is_woman = first[1] == "f"
        surname = last[1] if is_woman and len(last) > 1 else last[0]
        latin_first = first[2] if len(first) > 2 else first[0]
        latin_last = (last[3] if is_woman else last[2]) if len(last) > 2 else surname
        number = 1000 + (index * 7919 + len(code) * 131 + ord(code[0]) * 17 + ord(code[1])) % 9000
        slug = _slug(f"{latin_first} {latin_last}")
        person = Person(
            customer_id=f"{slug.replace('.', '_')}_{number}",
            first_name=first[0],
            last_name=surname,
            email=f"{slug}{number}@example.com",
            phone=next(phones),
            language=entry["language"],
            address=_address(rng, code, entry),
            created_at=now - timedelta(days=rng.randint(410, 1500), minutes=rng.randint(0, 1440)),
            is_showcase=index == 0,
        )
        person.wallets = _wallets(rng, is_showcase=person.is_showcase)
        yield person


def _slug(text: str) -> str:
    plain = fold(text.replace("ß", "ss"))
    return ".".join("".join(c for c in word if c.isascii() and c.isalnum()) for word in plain.split())


def _address(rng: random.Random, code: str, entry: dict[str, Any]) -> dict[str, str]:
    city, state, zip_pattern = rng.choice(entry["cities"])
    values = {
        "street": rng.choice(entry["streets"]),
        "number": rng.randint(1, 120),
        "floor": rng.randint(1, 6),
        "door": rng.choice("ABCD"),
        "flat": rng.randint(1, 80),
    }
    return {
        "address1": entry["street"].format(**values),
        "address2": entry["second"].format(**values),
        "city": city,
        "country": code,
        "state": state,
        "zip": _digits(rng, zip_pattern),
    }


def _wallets(rng: random.Random, *, is_showcase: bool) -> list[Wallet]:
    """One to three payment methods; a showcase customer has a card, PayPal and a filled gift card."""
    kinds = ["credit_card", "paypal", "gift_card", "bank_transfer"]
    if is_showcase:
        chosen = kinds[:3]
    else:
        weights = (6, 3, 2, 2)
        first = rng.choices(kinds, weights)[0]
        first = "credit_card" if first == "gift_card" else first
        others = [kind for kind in kinds if kind != first and rng.random() < 0.35]
        chosen = [first, *others]
    wallets = []
    for kind in chosen:
        wallet = Wallet(f"{kind}_{rng.randint(10**6, 10**7 - 1)}", kind)
        if kind == "credit_card":
            wallet.brand = rng.choice(_CARD_BRANDS)
            wallet.last_four = f"{rng.randint(0, 9999):04d}"
        elif kind == "gift_card":
            wallet.balance_cents = 12000 if is_showcase else rng.choice((2500, 5000, 10000, 15000, 25000))
        wallets.append(wallet)
    return wallets
