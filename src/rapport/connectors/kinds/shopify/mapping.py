"""Shopify's JSON in the shape of the demonstration shop's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rapport.connectors.contracts import JsonDict
from rapport.connectors.pointing import plain_text
from rapport.connectors.selling.calling import amount

_METHODS = {
    "shopify_payments": "credit_card", "paypal": "paypal", "gift_card": "gift_card", "Bank Deposit": "bank_transfer",
}  # fmt: skip
MARK_PREFIX = "rapport_"


def address(found: Mapping[str, Any] | None) -> JsonDict:
    """A postal address; country and region by their codes where there are any."""
    found = found or {}
    return {
        name: plain_text(str(value or ""), 200)
        for name, value in {
            "address1": found.get("address1"),
            "address2": found.get("address2"),
            "city": found.get("city"),
            "country": found.get("country_code") or found.get("country"),
            "state": found.get("province_code") or found.get("province"),
            "zip": found.get("zip"),
        }.items()
    }


def postal(ours: Mapping[str, str]) -> JsonDict:
    """An address as the API takes it."""
    names = {"address1": "address1", "address2": "address2", "city": "city", "zip": "zip"}
    posted = {theirs: ours[name] for name, theirs in names.items()}
    return {**posted, "country_code": ours["country"], "province_code": ours["state"]}


def customer(found: JsonDict) -> JsonDict:
    """A customer."""
    where = found.get("default_address") or {}
    return {
        "customer_id": str(found["id"]),
        "name": {
            "first_name": plain_text(str(found.get("first_name") or ""), 200),
            "last_name": plain_text(str(found.get("last_name") or ""), 200),
        },
        "email": str(found.get("email") or ""),
        "address": address(where),
        "address_id": str(where.get("id") or ""),
        "payment_methods": [],
        "language": str(found.get("locale") or "")[:2],
    }


def order(found: JsonDict) -> JsonDict:
    """An order."""
    refunds = found.get("refunds") or []
    method = payment_method(found)
    sent = [f for f in found.get("fulfillments") or [] if f.get("status") != "cancelled"]
    status = _status(found, sent)
    notes = [str(r.get("note") or "") for r in refunds] + [
        str(n.get("name") or "") for n in found.get("note_attributes") or []
    ]
    return {
        "inner_id": str(found["id"]),
        "order_id": str(found["name"]),
        "customer_id": str((found.get("customer") or {}).get("id") or ""),
        "status": status,
        "currency": str(found.get("currency") or "EUR"),
        "total": float(amount(found.get("current_total_price") or found.get("total_price"))),
        "placed_at": str(found.get("created_at") or ""),
        "delivered_at": _last(sent) if status == "delivered" else "",
        "promised_at": "",
        "items": [piece for line in found.get("line_items", []) for piece in pieces(line)],
        "payment_method_id": method["id"],
        "payment_method": method,
        "address": address(found.get("shipping_address") or found.get("billing_address")),
        "fulfillments": [{"tracking_id": _numbers(f)} for f in sent],
        "shipments": [_shipment(f) for f in sent],
        "payment_history": [_refund(r, method["id"]) for r in refunds if r.get("transactions")],
        "latest_carrier_event": None,
        "claims": [],
        "marks": {note for note in notes if note.startswith(MARK_PREFIX)},
        "refunded": _refunded(refunds),
        "note_attributes": found.get("note_attributes") or [],
    }  # fmt: skip


def _last(sent: list[JsonDict]) -> str:
    return max((str(f.get("updated_at") or "") for f in sent), default="")


def _status(found: JsonDict, sent: list[JsonDict]) -> str:
    if found.get("cancelled_at"):
        return "cancelled"
    if found.get("financial_status") == "refunded":
        return "refunded"
    if found.get("fulfillment_status") == "fulfilled":
        is_there = bool(sent) and all(f.get("shipment_status") == "delivered" for f in sent)
        return "delivered" if is_there else "shipped"
    return "processed" if sent else "pending"


def payment_method(found: JsonDict) -> JsonDict:
    """How an order was paid: the gateway; the API shows no stored cards."""
    gateway = str(next(iter(found.get("payment_gateway_names") or []), ""))
    title = plain_text(gateway.replace("_", " ").capitalize(), 100)
    return {"id": gateway, "source": _METHODS.get(gateway, "other"), "title": title}


def pieces(line: JsonDict) -> list[JsonDict]:
    """The pieces of a line, each with an id of its own and its price after discounts."""
    quantity = max(int(line.get("quantity") or 0), 0)
    off = sum((amount(d.get("amount")) for d in line.get("discount_allocations") or []), Decimal(0))
    options = {"variant": plain_text(str(line["variant_title"]), 120)} if line.get("variant_title") else {}
    name = plain_text(str(line.get("title") or ""), 200)
    return [
        {
            "line": f"{line['id']}.{n}",
            "line_id": str(line["id"]),
            "item_id": str(line.get("variant_id") or ""),
            "product_id": str(line.get("product_id") or ""),
            "name": name,
            "display_name": name,
            "options": options,
            "display_options": options,
            "price": float(
                (amount(line.get("price")) - off / quantity).quantize(Decimal("0.01"), ROUND_HALF_UP)
            ),
        }
        for n in range(1, min(quantity, 100) + 1)
    ]


def _numbers(fulfilment: JsonDict) -> list[str]:
    found = fulfilment.get("tracking_numbers") or [fulfilment.get("tracking_number")]
    return [plain_text(str(number), 80) for number in found if number]


def _shipment(found: JsonDict) -> JsonDict:
    state = str(found.get("shipment_status") or "")
    at = str(found.get("updated_at") or "")
    events = [{"at": at, "place": "", "text": state.replace("_", " "), "code": state}] if state else []
    return {
        "tracking_id": ", ".join(_numbers(found)),
        "carrier": plain_text(str(found.get("tracking_company") or ""), 80),
        "promised_at": str(found.get("estimated_delivery_at") or ""),
        "delivered_at": at if state == "delivered" else "",
        "events": events,
    }


def _refund(found: JsonDict, method_id: str) -> JsonDict:
    paid = [
        t
        for t in found["transactions"]
        if t.get("kind") == "refund" and t.get("status") in {"success", "pending"}
    ]
    is_settled = bool(paid) and all(t.get("status") == "success" for t in paid)
    return {
        "transaction_type": "refund",
        "payment_method_id": method_id,
        "amount": float(sum((amount(t.get("amount")) for t in paid), Decimal(0))),
        "at": found.get("created_at"),
        "settled_at": found.get("processed_at") if is_settled else None,
    }


def _refunded(refunds: list[JsonDict]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for refund in refunds:
        for line in refund.get("refund_line_items") or []:
            counted[str(line.get("line_item_id"))] += int(line.get("quantity") or 0)
    return dict(counted)


def product(found: JsonDict, currency: str) -> JsonDict:
    """A product with its variants."""
    names = [plain_text(str(o.get("name")), 80) for o in found.get("options") or []]
    variants = [variant(v, names) for v in found.get("variants") or []]
    title = plain_text(str(found.get("title") or ""), 200)
    return {
        "product_id": str(found["id"]),
        "name": title,
        "names": {},
        "display_name": title,
        "category": str(found.get("product_type") or ""),
        "price_from": min((v["price"] for v in variants), default=0.0),
        "currency": currency,
        "available_count": sum(v["available"] for v in variants),
        "variants": variants,
    }


def variant(found: JsonDict, names: list[str]) -> JsonDict:
    """One variant, its options by their names; the only variant of a plain product has none."""
    options = {
        name: plain_text(str(found[f"option{n}"]), 80)
        for n, name in enumerate(names, 1)
        if found.get(f"option{n}") and found[f"option{n}"] != "Default Title"
    }
    counts = found.get("inventory_management") is not None and found.get("inventory_policy") != "continue"
    return {
        "item_id": str(found["id"]),
        "options": options,
        "display_options": options,
        "price": float(amount(found.get("price"))),
        "available": not counts or int(found.get("inventory_quantity") or 0) > 0,
    }
