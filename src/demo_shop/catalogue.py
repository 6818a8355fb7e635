"""The shop's own products: read from the catalogue file, with ids that depend on names alone."""

import hashlib
import itertools
import random
from dataclasses import dataclass, field
from typing import Any, cast

from demo_shop.vocabulary import LANGUAGES, load_data

_SOLD_OUT_SHARE = 0.08
_MOST_PIECES = 60


@dataclass(slots=True)
class StockedVariant:
    """A variant as generated."""

    item_id: str
    options: dict[str, str]
    price_cents: int
    stock: int


@dataclass(slots=True)
class StockedProduct:
    """A product as generated; ``popularity`` weighs how often it is bought."""

    product_id: str
    names: dict[str, str]
    category: str
    picture: str
    is_consumable: bool
    popularity: float
    variants: list[StockedVariant] = field(default_factory=list)


def _number(text: str) -> str:
    """Ten digits that stay the same for a text, whatever the seed."""
    return str(10**9 + int(hashlib.sha256(text.encode()).hexdigest(), 16) % (9 * 10**9))


def _price_cents(base: int, surcharges: list[int]) -> int:
    """Price of a variant, ending in .90 or .00 as shop prices do."""
    amount = base * (1 + sum(surcharges) / 100)
    return round(amount) * 100 - (10 if amount < 200 else 0)


def build_catalogue(rng: random.Random) -> list[StockedProduct]:
    """Make every product with all its variants; the seed decides stock and popularity only."""
    products = []
    for entry in cast("list[dict[str, Any]]", load_data("catalogue")["products"]):
        product = StockedProduct(
            product_id=_number(entry["key"]),
            names=dict(zip(LANGUAGES, entry["names"], strict=True)),
            category=entry["category"],
            picture=entry["picture"],
            is_consumable=entry["is_consumable"],
            popularity=rng.gammavariate(2.0, 1.0) + (1.0 if entry["is_consumable"] else 0.1),
        )
        options: dict[str, dict[str, int]] = entry["options"]
        for values in itertools.product(*(choices.items() for choices in options.values())):
            chosen = dict(zip(options, (value for value, _ in values), strict=True))
            is_sold_out = rng.random() < _SOLD_OUT_SHARE
            product.variants.append(
                StockedVariant(
                    item_id=_number(entry["key"] + repr(sorted(chosen.items()))),
                    options=chosen,
                    price_cents=_price_cents(entry["price"], [extra for _, extra in values]),
                    stock=0 if is_sold_out else rng.randint(2, _MOST_PIECES),
                )
            )
        products.append(product)
    return products
