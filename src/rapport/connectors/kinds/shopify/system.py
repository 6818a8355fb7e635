"""Shopify as a shop: what its REST Admin API gives, and what of the shop's actions it can do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from django.utils.translation import gettext as _

from rapport.connectors.contracts import JsonDict
from rapport.connectors.forms import YES_NO, FormField, KindForm, read_form
from rapport.connectors.kinds.shopify import mapping
from rapport.connectors.outbound import Incoming, Outbound
from rapport.connectors.selling.calling import PlatformHttp, Refused, amount
from rapport.connectors.selling.platform import (
    ADDRESS,
    CANCEL,
    CUSTOMER_ADDRESS,
    READS,
    REFUND_ITEMS,
    REFUND_ORDER,
    RETURN,
    PlatformShop,
)
from rapport.kernel.errors import InvalidInput

_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)
_EMAIL = re.compile(r"[^\s\"'():\\]+@[^\s\"'():\\]+")
_FULL_SHARE = 0.9
_LEAK_PER_S = 2.0

FIELDS = (
    FormField("base_url", "Address of the shop", is_required=True, help="https://name.myshopify.com"),
    FormField("version", "Version of the API", default="2025-01", is_required=True),
    FormField("secret", "Admin API access token", "secret",
              help="Of a custom app that may read and write orders, customers, fulfilments, and read products."),
    FormField("currency", "Currency", default="EUR"),
    FormField("refunds", "Refunds may be made", "choice", choices=YES_NO, default="no"),
    FormField("returns", "A return refunds at once", "choice", choices=YES_NO, default="no",
              help="Without this, returns are not offered."),
)  # fmt: skip


def compose(key: str, given: Mapping[str, str]) -> JsonDict:  # noqa: ARG001  # as every kind has it
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    parts = urlsplit(form["base_url"])
    if (
        parts.scheme != "https"
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.username
    ):
        raise InvalidInput(_("The shop's address is https://name.myshopify.com."), field="base_url")
    if not re.fullmatch(r"20\d\d-(?:01|04|07|10)", form["version"]):
        raise InvalidInput(_("A version is a quarter, as 2025-01."), field="version")
    if not re.fullmatch("[A-Z]{3}", form["currency"]):
        raise InvalidInput(_("A currency has three letters, as EUR."), field="currency")
    return {"form": form, "currency": form["currency"]}


FORM = KindForm("shopify", "Shopify", "A shop by its REST Admin API.", FIELDS, compose)


def pace(answer: Incoming) -> float:
    """Seconds to wait when the bucket of calls is nearly full; it leaks two calls a second."""
    used, _, size = answer.headers.get("x-shopify-shop-api-call-limit", "").partition("/")
    if not (used.isdigit() and size.isdigit() and int(size)):
        return 0.0
    over = int(used) - _FULL_SHARE * int(size)
    return max(over, 0.0) / _LEAK_PER_S


class Shopify:
    """The `Platform` behind `admin/api`."""

    def __init__(self, http: PlatformHttp, currency: str) -> None:
        self._http, self._currency = http, currency

    def close(self) -> None:
        """End open connections."""
        self._http.close()

    def customer(self, ref: str) -> JsonDict | None:
        """A customer by id."""
        found = self._http.read(f"customers/{ref}.json") if _ID.fullmatch(ref) else None
        return mapping.customer(found["customer"]) if found else None

    def customers_by_email(self, email: str) -> list[JsonDict]:
        """Customers with exactly this address: the search itself is not exact."""
        if not _EMAIL.fullmatch(email):
            return []
        found = self._http.read_pages(
            "customers/search.json", {"query": f'email:"{email}"', "limit": "10"}, "customers"
        )
        return [c for c in map(mapping.customer, found) if c["email"].strip().lower() == email]

    def order(self, number: str) -> JsonDict | None:
        """An order by its name; the search itself is not exact, and a shop's names may have a prefix."""
        found = self._http.read_pages(
            "orders.json", {"name": number, "status": "any", "limit": "10"}, "orders"
        )
        match = next((o for o in found if str(o.get("name", "")).removeprefix("#") == number), None)
        return mapping.order(match) if match else None

    def orders_of(self, ref: str) -> list[JsonDict]:
        """A customer's orders."""
        if not _ID.fullmatch(ref):
            return []
        query = {"customer_id": ref, "status": "any", "limit": "100"}
        return [mapping.order(o) for o in self._http.read_pages("orders.json", query, "orders")]

    def product(self, product_id: str) -> JsonDict | None:
        """A product with its variants."""
        found = self._http.read(f"products/{product_id}.json") if _ID.fullmatch(product_id) else None
        return mapping.product(found["product"], self._currency) if found else None

    def products(self) -> list[JsonDict]:
        """What is on sale."""
        found = self._http.read_pages("products.json", {"status": "active", "limit": "250"}, "products")
        return [mapping.product(p, self._currency) for p in found]

    def cancel(self, order: JsonDict, reason: str, mark: str) -> None:
        """Cancel; the order's state is what is looked at afterwards, as this call takes no mark."""
        body = {"reason": "customer", "email": True, "note": f"{mark} {reason[:200]}"}
        self._http.write("POST", f"orders/{order['inner_id']}/cancel.json", body)

    def change_address(self, order: JsonDict, address: Mapping[str, str], mark: str) -> None:
        """Set the order's shipping address and mark it among the order's notes."""
        notes = [*order["note_attributes"], {"name": mark, "value": "address"}]
        change = {
            "id": int(order["inner_id"]),
            "shipping_address": mapping.postal(address),
            "note_attributes": notes,
        }
        self._http.write("PUT", f"orders/{order['inner_id']}.json", {"order": change})

    def change_customer_address(self, ref: str, address: Mapping[str, str]) -> None:
        """Set the customer's default address."""
        known = self.customer(ref)
        if known is None or not known["address_id"]:
            raise Refused("no_address")
        path = f"customers/{ref}/addresses/{known['address_id']}.json"
        self._http.write(
            "PUT", path, {"address": {"id": int(known["address_id"]), **mapping.postal(address)}}
        )

    def refund(self, order: JsonDict, pieces: Mapping[str, int] | None, mark: str) -> None:
        """Refund pieces, or all that is left with its shipping, as the platform itself computes it."""
        wanted = pieces if pieces is not None else _all_left(order)
        lines = [
            {"line_item_id": int(line), "quantity": count, "restock_type": "no_restock"}
            for line, count in wanted.items()
        ]
        refund: JsonDict = {"currency": order["currency"], "refund_line_items": lines}
        if pieces is None:
            refund["shipping"] = {"full_refund": True}
        path = f"orders/{order['inner_id']}/refunds"
        computed = self._http.ask(f"{path}/calculate.json", {"refund": refund})
        payments = [_payment(t) for t in (computed.get("refund") or {}).get("transactions") or []]
        if not payments or sum(amount(p["amount"]) for p in payments) <= 0:
            raise Refused("nothing_left_to_refund")
        self._http.write(
            "POST",
            f"{path}.json",
            {"refund": {**refund, "note": mark, "notify": True, "transactions": payments}},
        )


def _all_left(order: JsonDict) -> dict[str, int]:
    held: dict[str, int] = {}
    for item in order["items"]:
        held[item["line_id"]] = held.get(item["line_id"], 0) + 1
    left = {line: n - order["refunded"].get(line, 0) for line, n in held.items()}
    return {line: n for line, n in left.items() if n > 0}


def _payment(suggested: JsonDict) -> dict[str, Any]:
    kept = ("parent_id", "amount", "gateway")
    return {"kind": "refund", **{name: suggested[name] for name in kept if name in suggested}}


def open_shop(
    base_url: str,
    secret: str,
    settings: JsonDict,
    transport: httpx2.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> PlatformShop:
    """The shop at an address, with the actions that were allowed."""
    form = settings["form"]
    url = f"{base_url.rstrip('/')}/admin/api/{form['version']}"
    http = PlatformHttp(
        Outbound(url, transport=transport), url, {"X-Shopify-Access-Token": secret}, pace=pace, sleep=sleep
    )
    actions = [*READS, CANCEL, ADDRESS, CUSTOMER_ADDRESS]
    if form["refunds"] == "yes":
        actions += [REFUND_ORDER, REFUND_ITEMS, *([RETURN] if form["returns"] == "yes" else [])]
    return PlatformShop(Shopify(http, form["currency"]), tuple(actions), form["currency"])
