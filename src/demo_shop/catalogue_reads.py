"""Reads of products and their variants."""

import json
import sqlite3

from demo_shop.database import read_meta
from demo_shop.models import Product, ProductSummary, Variant
from demo_shop.refusals import Refusal
from demo_shop.text import fold, from_cents
from demo_shop.vocabulary import say_options

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


def list_products(
    connection: sqlite3.Connection, query: str = "", language: str = "en"
) -> list[ProductSummary]:
    """List products; with a query, those whose name in any language or category holds each of its words."""
    currency = read_meta(connection, "currency", "EUR")
    words = fold(query).split()
    products = []
    for row in connection.execute(_SUMMARY.format(where="")):
        product = ProductSummary.model_validate(_summary_fields(row, language, currency))
        haystack = fold(" ".join([*product.names.values(), product.category]))
        if all(word in haystack for word in words):
            products.append(product)
    return products


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
