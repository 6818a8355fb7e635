"""The shop's JSON turned into the records that slots hold; every wording in the customer's language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from babel.dates import format_date
from babel.numbers import format_currency

from rapport.connectors.contracts import JsonDict, Record
from rapport.connectors.selling.wording import ALIASES, METHODS, MONTH_DAY, ORIGINAL
from rapport.kernel.languages import pick

_KEYPAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
BABEL = {"zh": "zh_Hans_CN"}


def money(amount: float, currency: str, language: str) -> str:
    """An amount as the language writes it."""
    return format_currency(amount, currency, locale=BABEL.get(language, language))


def short_date(moment: str | None, language: str) -> str:
    """Day and month of an ISO time; empty for none."""
    if not moment:
        return ""
    at = dt.datetime.fromisoformat(moment)
    return format_date(at, MONTH_DAY.get(language, "d MMM"), locale=BABEL.get(language, language))


def customer_record(customer: JsonDict, currency: str) -> JsonDict:
    """What procedures may know of the verified customer."""
    name = customer["name"]
    return {
        "id": customer["customer_id"],
        "name": f"{name['first_name']} {name['last_name']}".strip(),
        "first_name": name["first_name"],
        "last_name": name["last_name"],
        "email": customer["email"],
        "language": customer.get("language") or "",
        "country": customer["address"].get("country", ""),
        "address": dict(customer["address"]),
        "currency": currency,
        "payment_methods": [method_data(m, currency, "en") for m in customer["payment_methods"]],
    }


def method_data(method: JsonDict, currency: str, language: str) -> JsonDict:
    """A payment method as conditions see it."""
    return {
        "id": method["id"],
        "kind": method["source"],
        "title": method_title(method, currency, language),
        "balance": float(method.get("balance") or 0.0),
        "currency": currency,
    }


def method_title(method: JsonDict, currency: str, language: str) -> str:
    """A payment method as the customer knows it; a platform that says no more than a title says that."""
    if method.get("title"):
        return str(method["title"])
    pattern = pick(METHODS.get(method["source"], {"en": method["source"]}), language)
    title = pattern.format(
        brand=(method.get("brand") or "").capitalize(),
        last_four=method.get("last_four") or "????",
        balance=money(float(method.get("balance") or 0.0), currency, language),
    )
    return " ".join(title.split()).lstrip("-")


def method_records(
    methods: Iterable[JsonDict], currency: str, language: str, original: str | None
) -> list[Record]:
    """The payment methods of a customer; the one an order was paid with also answers to 'the original one'."""
    records = []
    for method in methods:
        data = method_data(method, currency, language)
        aliases = (
            method["id"],
            *ALIASES.get(method["source"], ()),
            *(ORIGINAL if method["id"] == original else ()),
        )
        aliases += tuple(v for v in (method.get("brand"), method.get("last_four")) if v)
        records.append(Record(method["id"], data["title"], "", data, aliases))
    return records


def order_records(orders: Iterable[JsonDict], methods: Iterable[JsonDict], language: str) -> list[Record]:
    """A customer's orders, the newest first."""
    known = {m["id"]: m for m in methods}
    ordered = sorted(orders, key=lambda o: o.get("placed_at") or "", reverse=True)
    return [_order_record(o, known, language) for o in ordered]


def _order_record(order: JsonDict, methods: Mapping[str, JsonDict], language: str) -> Record:
    data = order_data(order, methods, language)
    names = [i["display_name"] for i in order["items"]]
    when = short_date(order.get("delivered_at") or order.get("placed_at"), language)
    description = " · ".join(
        part
        for part in (order["display_status"], when, money(order["total"], order["currency"], language))
        if part
    )
    aliases = [order["order_id"].lstrip("#"), order["order_id"].lstrip("#W")]
    for item in order["items"]:
        aliases += [item["name"], item["display_name"], " ".join(item["display_options"].values())]
    title = f"{order['order_id']} · {_shorten(names)}"
    return Record(order["order_id"], title, description, data, tuple(dict.fromkeys(aliases)))


def _shorten(names: list[str]) -> str:
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")


def order_data(order: JsonDict, methods: Mapping[str, JsonDict], language: str) -> JsonDict:
    """An order as conditions and wording see it."""
    currency = order["currency"]
    paid_by = order.get("payment_method_id") or ""
    method = methods.get(paid_by)
    return {
        "id": order["order_id"],
        "status": order["status"],
        "status_title": order["display_status"],
        "total": float(order["total"]),
        "currency": currency,
        "placed_at": order.get("placed_at") or "",
        "delivered_at": order.get("delivered_at") or "",
        "promised_at": order.get("promised_at") or "",
        "item_count": len(order["items"]),
        "items": [item_data(item, line, currency) for line, item in enumerate(order["items"], start=1)],
        "payment_method_id": paid_by,
        "payment_method": method_data(method, currency, language) if method else {},
        "address": dict(order["address"]),
        "was_modified": order["status"].startswith("pending (item modifi"),
        "tracking_ids": [t for f in order["fulfillments"] for t in f["tracking_id"]],
        "latest_event": order.get("latest_carrier_event") or {},
        "refunds": refund_list(order, methods, language),
        "has_claim": bool(order.get("claims")),
    }


def refund_list(order: JsonDict, methods: Mapping[str, JsonDict], language: str) -> list[JsonDict]:
    """Refunds of an order: amount, where it goes, whether it has arrived."""
    refunds = []
    for payment in order["payment_history"]:
        if payment["transaction_type"] != "refund":
            continue
        method = methods.get(payment["payment_method_id"])
        at = payment.get("at")
        expected = _plus_days(at, 7) if at and not payment.get("settled_at") else payment.get("settled_at")
        refunds.append(
            {
                "amount": float(payment["amount"]),
                "currency": order["currency"],
                "method_title": method_title(method, order["currency"], language) if method else "",
                "state": "settled" if payment.get("settled_at") else "on_its_way",
                "requested_at": at or "",
                "expected_at": expected or "",
            }
        )
    return refunds


def _plus_days(moment: str, days: int) -> str:
    return (dt.datetime.fromisoformat(moment) + dt.timedelta(days=days)).isoformat()


def item_data(item: JsonDict, line: int, currency: str) -> JsonDict:
    """One piece in an order; the id is its line (the platform's or its place), so that two equal pieces stay apart."""
    return {
        "id": str(item.get("line") or line),
        "variant_id": item["item_id"],
        "product_id": item["product_id"],
        "name": item["display_name"],
        "title": item_title(item),
        "price": float(item["price"]),
        "currency": currency,
        "options": dict(item["options"]),
    }


def item_title(item: JsonDict) -> str:
    """Product name and what distinguishes the piece."""
    options = ", ".join(item["display_options"].values())
    return f"{item['display_name']} ({options})" if options else str(item["display_name"])


def item_records(order: JsonDict, language: str) -> list[Record]:
    """The pieces of an order."""
    records = []
    for line, item in enumerate(order["items"], start=1):
        data = item_data(item, line, order["currency"])
        price = money(data["price"], order["currency"], language)
        aliases = (
            item["name"],
            item["display_name"],
            item["item_id"],
            *item["display_options"].values(),
            *item["options"].values(),
        )
        facets = {
            **item["options"],
            **{f"{k} ": v for k, v in item["display_options"].items() if v != item["options"].get(k)},
        }
        records.append(Record(data["id"], data["title"], price, data, tuple(dict.fromkeys(aliases)), facets))
    return records


def variant_records(product: JsonDict, language: str) -> list[Record]:
    """The variants of a product, the available ones first."""
    records = []
    for variant in sorted(product["variants"], key=lambda v: not v["available"]):
        title = ", ".join(variant["display_options"].values()) or product["display_name"]
        data = {
            "id": variant["item_id"],
            "product_id": product["product_id"],
            "name": product["display_name"],
            "title": title,
            "price": float(variant["price"]),
            "currency": product["currency"],
            "available": bool(variant["available"]),
            "options": dict(variant["options"]),
        }
        facets = {
            **variant["options"],
            **{f"{k} ": v for k, v in variant["display_options"].items() if v != variant["options"].get(k)},
            "price": f"{variant['price']:.2f}",
        }
        aliases = (variant["item_id"], *variant["options"].values(), *variant["display_options"].values())
        price = money(data["price"], product["currency"], language)
        records.append(Record(variant["item_id"], title, price, data, tuple(dict.fromkeys(aliases)), facets))
    return records


def product_record(product: JsonDict, language: str) -> Record:
    """A product without its variants; its words in every language are names customers may use."""
    price = money(float(product["price_from"]), product["currency"], language)
    data = {
        "id": product["product_id"],
        "product_id": product["product_id"],
        "name": product["display_name"],
        "category": product["category"],
        "price_from": float(product["price_from"]),
        "currency": product["currency"],
        "available_count": product["available_count"],
        "sold_out_count": max(0, product.get("variant_count", 0) - product["available_count"]),
    }
    aliases = tuple(dict.fromkeys([product["name"], *product["names"].values()]))
    return Record(product["product_id"], product["display_name"], price, data, aliases)


def is_same_zip(address: JsonDict | None, zip_code: str) -> bool:
    """Whether an address has this postal code; spaces, dashes and capitals do not matter.

    On the keys of a telephone, a letter is the key that bears it.
    """
    known, given = (re.sub(r"\W", "", str(t)).lower() for t in ((address or {}).get("zip", ""), zip_code))
    return bool(given) and given in {known, known.translate(_KEYPAD)}
