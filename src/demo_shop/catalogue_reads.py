"""Reads of products and their variants."""

import json
import sqlite3
from dataclasses import dataclass

from demo_shop.database import read_meta
from demo_shop.models import Category, Product, ProductSummary, Variant
from demo_shop.refusals import Refusal
from demo_shop.text import fold, from_cents, to_cents
from demo_shop.vocabulary import LANGUAGES, say, say_options

_SUMMARY = """
SELECT product.*, MIN(price_cents) AS price_from_cents, COUNT(item_id) AS variant_count,
       COALESCE(SUM(available), 0) AS available_count
FROM product LEFT JOIN variant USING (product_id) {where}
GROUP BY product.product_id ORDER BY product.position
"""


def _summary_fields(row: sqlite3.Row, language: str, currency: str) -> dict[str, object]:
    names = {"en": row["name"], **json.loads(row["names"])}
    return {
        "product_id": row["product_id"],
        "name": row["name"],
        "names": names,
        "display_name": names.get(language, row["name"]),
        "category": row["category"],
        "is_consumable": bool(row["is_consumable"]),
        "currency": currency,
        "price_from": from_cents(row["price_from_cents"] or 0),
        "variant_count": row["variant_count"],
        "available_count": row["available_count"],
    }


@dataclass(frozen=True, slots=True)
class Wish:
    """What a product must be to be listed; what is empty does not matter."""

    query: str = ""
    """Each of its words stands in the product's name, in any language, or in its category."""
    category: str = ""
    option: str = ""
    """Value that some available variant has, such as ``oak``."""
    max_price: float | None = None
    """What some available variant may cost at most."""


def list_products(
    connection: sqlite3.Connection, wish: Wish = Wish(), language: str = "en"
) -> list[ProductSummary]:
    """List the products that are as wished, in the shop's order."""
    currency = read_meta(connection, "currency", "EUR")
    words = fold(wish.query).split()
    fitting = _with_variant(connection, wish)
    products = []
    for row in connection.execute(_SUMMARY.format(where="")):
        product = ProductSummary.model_validate(_summary_fields(row, language, currency))
        haystack = fold(" ".join([*product.names.values(), product.category]))
        if (
            all(word in haystack for word in words)
            and wish.category in ("", product.category)
            and (fitting is None or product.product_id in fitting)
        ):
            products.append(product)
    return products


def _with_variant(connection: sqlite3.Connection, wish: Wish) -> set[str] | None:
    """Products of which one available variant is as wished; None when every variant would do."""
    if not wish.option and wish.max_price is None:
        return None
    rows = connection.execute(
        "SELECT product_id, options FROM variant WHERE available AND price_cents <= ?",
        (10**12 if wish.max_price is None else to_cents(wish.max_price),),
    )
    wanted = fold(wish.option)
    return {
        row["product_id"]
        for row in rows
        if not wanted or wanted in {fold(str(value)) for value in json.loads(row["options"]).values()}
    }


def list_categories(connection: sqlite3.Connection, language: str = "en") -> list[Category]:
    """List the categories with what is in stock, in the shop's order; a shop without categories has none."""
    currency = read_meta(connection, "currency", "EUR")
    rows = connection.execute(
        "SELECT category, COUNT(DISTINCT product_id) AS products, MIN(price_cents) AS least,"
        " MAX(price_cents) AS most FROM product JOIN variant USING (product_id)"
        " WHERE available AND category <> '' GROUP BY category ORDER BY MIN(product.position)"
    )
    return [
        Category(
            category=row["category"],
            display_name=say("categories", row["category"], language),
            names={code: say("categories", row["category"], code) for code in LANGUAGES},
            product_count=row["products"],
            price_from=from_cents(row["least"]),
            price_to=from_cents(row["most"]),
            currency=currency,
        )
        for row in rows
    ]


def find_product(connection: sqlite3.Connection, product_id: str, language: str = "en") -> Product:
    """Find one product with its variants, or refuse with ``product_not_found``."""
    sql = _SUMMARY.format(where="WHERE product.product_id = ?")
    row = connection.execute(sql, (product_id,)).fetchone()
    if row is None:
        raise Refusal("product_not_found")
    variants = []
    for variant in connection.execute(
        "SELECT * FROM variant WHERE product_id = ? ORDER BY position", (product_id,)
    ):
        options = json.loads(variant["options"])
        variants.append(
            Variant(
                item_id=variant["item_id"],
                options=options,
                display_options=say_options(options, language),
                available=bool(variant["available"]),
                price=from_cents(variant["price_cents"]),
                stock=variant["stock"],
            )
        )
    fields = _summary_fields(row, language, read_meta(connection, "currency", "EUR"))
    return Product.model_validate({**fields, "variants": variants})
