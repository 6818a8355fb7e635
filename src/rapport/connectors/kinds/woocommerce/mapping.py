"""WooCommerce's JSON in the shape of the demonstration shop's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rapport.connectors.contracts import JsonDict
from rapport.connectors.pointing import plain_text
from rapport.connectors.selling.calling import amount

GUEST = "email:"
"""Begins the reference of a customer without an account."""
_STATUSES = {
    "pending": "pending", "on-hold": "pending", "processing": "pending", "checkout-draft": "pending",
    "cancelled": "cancelled", "failed": "cancelled", "trash": "cancelled", "refunded": "refunded",
}  # fmt: skip
_METHODS = {
    "bacs": "bank_transfer", "paypal": "paypal", "ppcp-gateway": "paypal", "stripe": "credit_card",
    "woocommerce_payments": "credit_card", "braintree_credit_card": "credit_card",
}  # fmt: skip
_TAGS = re.compile(r"<[^<>]*>")


def cents(value: Decimal) -> Decimal:
    """Rounded to hundredths, halves up, as the platform rounds."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _time(text: Any) -> str:
    """A time of the API's `…_gmt` fields with its zone."""
    return (
        f"{text}+00:00" if text and "+" not in str(text) and not str(text).endswith("Z") else str(text or "")
    )


def address(found: Mapping[str, Any]) -> JsonDict:
    """A postal address."""
    names = {"address1": "address_1", "address2": "address_2", "city": "city", "country": "country", "state": "state",
             "zip": "postcode"}  # fmt: skip
    return {ours: plain_text(str(found.get(theirs) or ""), 200) for ours, theirs in names.items()}


def postal(ours: Mapping[str, str]) -> JsonDict:
    """An address as the API takes it."""
    return {
        "address_1": ours["address1"],
        "address_2": ours["address2"],
        "city": ours["city"],
        "state": ours["state"],
        "postcode": ours["zip"],
        "country": ours["country"],
    }


def customer(found: JsonDict) -> JsonDict:
    """A customer with an account."""
    shipping, billing = found.get("shipping") or {}, found.get("billing") or {}
    return _person(
        str(found["id"]),
        str(found.get("email") or ""),
        (
            found.get("first_name") or billing.get("first_name"),
            found.get("last_name") or billing.get("last_name"),
        ),
        address(shipping if shipping.get("address_1") else billing),
    )


def guest(order: JsonDict) -> JsonDict:
    """A customer without an account, as their order knows them."""
    billing = order.get("billing") or {}
    email = str(billing.get("email") or "").strip().lower()
    return _person(
        GUEST + email, email, (billing.get("first_name"), billing.get("last_name")), address(billing)
    )


def _person(ref: str, email: str, names: tuple[Any, Any], where: JsonDict) -> JsonDict:
    first, last = (plain_text(str(name or ""), 200) for name in names)
    return {
        "customer_id": ref,
        "name": {"first_name": first, "last_name": last},
        "email": email,
        "address": where,
        "payment_methods": [],
        "language": "",
    }


def customer_ref(order: JsonDict) -> str:
    """Whose order it is; a guest is known by the e-mail of the order."""
    if order.get("customer_id"):
        return str(order["customer_id"])
    email = str((order.get("billing") or {}).get("email") or "").strip().lower()
    return GUEST + email if email else ""


def order(found: JsonDict, refunds: Iterable[JsonDict], *, completed: str) -> JsonDict:
    """An order with its refunds; `completed` is what the shop means by that status."""
    refunds = list(refunds)
    status = completed if found["status"] == "completed" else _STATUSES.get(found["status"], "processed")
    method = payment_method(found)
    shipping, billing = found.get("shipping") or {}, found.get("billing") or {}
    tracking = _tracking(found)
    done_at = _time(found.get("date_completed_gmt"))
    return {
        "inner_id": str(found["id"]),
        "order_id": f"#{found.get('number') or found['id']}",
        "customer_id": customer_ref(found),
        "status": status,
        "currency": str(found.get("currency") or "EUR"),
        "total": float(amount(found.get("total"))),
        "placed_at": _time(found.get("date_created_gmt")),
        "delivered_at": done_at if status == "delivered" else "",
        "promised_at": "",
        "items": [piece for line in found.get("line_items", []) for piece in pieces(line)],
        "payment_method_id": method["id"],
        "payment_method": method,
        "address": address(shipping if shipping.get("address_1") else billing),
        "fulfillments": [{"tracking_id": [t["tracking_id"] for t in tracking]}],
        "shipments": tracking,
        "payment_history": [_refund(r, method["id"]) for r in refunds],
        "latest_carrier_event": None,
        "claims": [],
        "marks": {str(m.get("key")) for m in _meta(found)}
        | {str(m.get("key")) for r in refunds for m in _meta(r)},
        "refunded": _refunded(refunds),
        "left": amount(found.get("total")) - sum((abs(amount(r.get("amount"))) for r in refunds), Decimal(0)),
        "lines": {str(line["id"]): line for line in found.get("line_items", [])},
    }


def payment_method(found: JsonDict) -> JsonDict:
    """How an order was paid: the way, not the card; the API does not show cards."""
    gateway = str(found.get("payment_method") or "")
    return {
        "id": gateway,
        "source": _METHODS.get(gateway, "other"),
        "title": plain_text(str(found.get("payment_method_title") or gateway), 100),
    }


def pieces(line: JsonDict) -> list[JsonDict]:
    """The pieces of a line, each with an id of its own."""
    quantity = max(int(line.get("quantity") or 0), 0)
    paid = amount(line.get("total")) + amount(line.get("total_tax"))
    options = {
        plain_text(str(m.get("display_key") or m.get("key")), 80): plain_text(str(m.get("display_value")), 80)
        for m in _meta(line)
        if not str(m.get("key", "_")).startswith("_")
        and isinstance(m.get("display_value"), str | int | float)
    }
    name = plain_text(str(line.get("parent_name") or line.get("name") or ""), 200)
    return [
        {
            "line": f"{line['id']}.{n}",
            "line_id": str(line["id"]),
            "item_id": str(line.get("variation_id") or line.get("product_id") or ""),
            "product_id": str(line.get("product_id") or ""),
            "name": name,
            "display_name": name,
            "options": options,
            "display_options": options,
            "price": float(cents(paid / quantity)),
        }
        for n in range(1, min(quantity, 100) + 1)
    ]


def _refunded(refunds: Iterable[JsonDict]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for refund in refunds:
        for line in refund.get("line_items", []):
            origin = next((m.get("value") for m in _meta(line) if m.get("key") == "_refunded_item_id"), None)
            counted[str(origin)] += abs(int(line.get("quantity") or 0))
    return dict(counted)


def _refund(found: JsonDict, method_id: str) -> JsonDict:
    return {
        "transaction_type": "refund",
        "payment_method_id": method_id,
        "amount": float(abs(amount(found.get("amount")))),
        "at": _time(found.get("date_created_gmt")) or None,
        "settled_at": None,
    }


def _tracking(found: JsonDict) -> list[JsonDict]:
    """Parcels as the common shipment-tracking extensions note them on the order."""
    noted: Any = next(
        (m.get("value") for m in _meta(found) if m.get("key") == "_wc_shipment_tracking_items"), []
    )
    return [
        {
            "tracking_id": plain_text(str(parcel.get("tracking_number") or ""), 80),
            "carrier": plain_text(
                str(parcel.get("custom_tracking_provider") or parcel.get("tracking_provider") or ""), 80
            ),
            "promised_at": "",
            "delivered_at": "",
            "events": [],
        }
        for parcel in (noted if isinstance(noted, list) else [])
        if isinstance(parcel, dict) and parcel.get("tracking_number")
    ]


def _meta(found: JsonDict) -> list[JsonDict]:
    kept = found.get("meta_data") or []
    return [entry for entry in kept if isinstance(entry, dict)] if isinstance(kept, list) else []


def product(found: JsonDict, variations: Iterable[JsonDict], currency: str) -> JsonDict:
    """A product with its variants; one without variations is its own variant."""
    variants = [variant(v) for v in variations] or [variant(found)]
    name = _TAGS.sub("", plain_text(str(found.get("name") or ""), 200))
    categories = found.get("categories") or [{}]
    return {
        "product_id": str(found["id"]),
        "name": name,
        "names": {},
        "display_name": name,
        "category": str(categories[0].get("name") or ""),
        "price_from": float(amount(found.get("price"))),
        "currency": currency,
        "available_count": sum(v["available"] for v in variants),
        "variants": variants,
    }


def variant(found: JsonDict) -> JsonDict:
    """One variation (or a simple product)."""
    options = {
        plain_text(str(a.get("name")), 80): plain_text(str(a["option"]), 80)
        for a in found.get("attributes") or []
        if isinstance(a, dict) and a.get("option")
    }
    return {
        "item_id": str(found["id"]),
        "options": options,
        "display_options": options,
        "price": float(amount(found.get("price"))),
        "available": found.get("stock_status") == "instock" and found.get("purchasable") is not False,
    }


def refund_lines(order: JsonDict, wanted: Mapping[str, int]) -> tuple[list[JsonDict], Decimal]:
    """Lines of a refund and their sum: each piece's share of what was paid for its line, tax by tax."""
    lines, total = [], Decimal(0)
    for line_id, count in wanted.items():
        line = order["lines"][line_id]
        share = Decimal(count) / Decimal(int(line["quantity"]))
        taxes = [
            {"id": tax["id"], "refund_total": cents(amount(tax.get("total")) * share)}
            for tax in line.get("taxes") or []
        ]
        net = cents(amount(line.get("total")) * share)
        total += net + sum((tax["refund_total"] for tax in taxes), Decimal(0))
        lines.append(
            {
                "id": int(line_id),
                "quantity": count,
                "refund_total": float(net),
                "refund_tax": [{**tax, "refund_total": float(tax["refund_total"])} for tax in taxes],
            }
        )
    return lines, total
