"""WooCommerce as a shop: what its REST API gives, and what of the shop's actions it can do."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from urllib.parse import urlsplit

import httpx2
from django.utils.translation import gettext as _

from rapport.connectors.contracts import JsonDict
from rapport.connectors.forms import YES_NO, FormField, KindForm, read_form
from rapport.connectors.kinds.woocommerce import mapping
from rapport.connectors.outbound import Outbound
from rapport.connectors.selling.calling import PlatformHttp, Refused
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

_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)

FIELDS = (
    FormField("base_url", "Address of the shop", is_required=True, help="https://shop.example"),
    FormField("user", "Consumer key", is_required=True, help="ck_…, with permission Read/Write."),
    FormField("secret", "Consumer secret", "secret", help="cs_…"),
    FormField("currency", "Currency", default="EUR"),
    FormField("completed", "A completed order", "choice", default="delivered",
              choices=(("delivered", "has arrived"), ("shipped", "has been sent"))),
    FormField("refunds", "Refunds may be made", "choice", choices=YES_NO, default="no"),
    FormField("gateway", "Refunds move money through the payment gateway", "choice", choices=YES_NO, default="yes"),
    FormField("returns", "A return refunds at once", "choice", choices=YES_NO, default="no",
              help="WooCommerce knows no returns; without this they are not offered."),
)  # fmt: skip


def compose(key: str, given: Mapping[str, str]) -> JsonDict:  # noqa: ARG001  # as every kind has it
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    parts = urlsplit(form["base_url"])
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.username:
        raise InvalidInput(_("The shop's address begins with https://."), field="base_url")
    if not form["user"].isascii() or ":" in form["user"] or not re.fullmatch("[A-Z]{3}", form["currency"]):
        raise InvalidInput(_("A consumer key begins with ck_, a currency has three letters."), field="user")
    return {"form": form, "currency": form["currency"]}


FORM = KindForm("woocommerce", "WooCommerce", "A shop by its REST API.", FIELDS, compose)


class WooCommerce:
    """The `Platform` behind `wp-json/wc/v3`."""

    def __init__(self, http: PlatformHttp, form: Mapping[str, str]) -> None:
        self._http, self._form = http, form

    def close(self) -> None:
        """End open connections."""
        self._http.close()

    def customer(self, ref: str) -> JsonDict | None:
        """A customer by id, or a guest by their newest order."""
        if ref.startswith(mapping.GUEST):
            orders = self._guest_orders(ref)
            return mapping.guest(orders[0]) if orders else None
        found = self._http.read(f"customers/{ref}") if _ID.fullmatch(ref) else None
        return mapping.customer(found) if found else None

    def customers_by_email(self, email: str) -> list[JsonDict]:
        """Accounts with this address; without one, the guest who ordered with it."""
        found = self._http.read_pages("customers", {"email": email, "role": "all", "per_page": "10"})
        exact = [c for c in map(mapping.customer, found) if c["email"].strip().lower() == email]
        orders = self._guest_orders(mapping.GUEST + email) if not exact else []
        return exact or [mapping.guest(order) for order in orders[:1]]

    def order(self, number: str) -> JsonDict | None:
        """An order by its number, which extensions may set apart from its id."""
        found = self._http.read(f"orders/{number}") if _ID.fullmatch(number) else None
        if found is None or str(found.get("number") or found["id"]) != number:
            listed = self._http.read_pages("orders", {"search": number, "per_page": "20"})
            found = next((o for o in listed if str(o.get("number")) == number), None)
        return self._mapped(found) if found else None

    def orders_of(self, ref: str) -> list[JsonDict]:
        """A customer's orders."""
        if ref.startswith(mapping.GUEST):
            found = self._guest_orders(ref)
        elif _ID.fullmatch(ref):
            found = self._http.read_pages("orders", {"customer": ref, "per_page": "50"})
        else:
            found = []
        return [self._mapped(order) for order in found]

    def product(self, product_id: str) -> JsonDict | None:
        """A product with its variations."""
        found = self._http.read(f"products/{product_id}") if _ID.fullmatch(product_id) else None
        if not found:
            return None
        path = f"products/{product_id}/variations"
        variations = self._http.read_pages(path, {"per_page": "100"}) if found.get("variations") else []
        return mapping.product(found, variations, self._form["currency"])

    def products(self) -> list[JsonDict]:
        """What is on sale."""
        found = self._http.read_pages("products", {"status": "publish", "per_page": "100"})
        return [mapping.product(p, [], self._form["currency"]) for p in found]

    def cancel(self, order: JsonDict, reason: str, mark: str) -> None:
        """Set the order's status; money goes back only by a refund."""
        body = {"status": "cancelled", "meta_data": [{"key": mark, "value": f"cancelled: {reason[:200]}"}]}
        self._http.write("PUT", f"orders/{order['inner_id']}", body)

    def change_address(self, order: JsonDict, address: Mapping[str, str], mark: str) -> None:
        """Set the order's shipping address."""
        body = {"shipping": mapping.postal(address), "meta_data": [{"key": mark, "value": "address"}]}
        self._http.write("PUT", f"orders/{order['inner_id']}", body)

    def change_customer_address(self, ref: str, address: Mapping[str, str]) -> None:
        """Set an account's shipping address; a guest has none."""
        if not _ID.fullmatch(ref):
            raise Refused("no_account")
        self._http.write("PUT", f"customers/{ref}", {"shipping": mapping.postal(address)})

    def refund(self, order: JsonDict, pieces: Mapping[str, int] | None, mark: str) -> None:
        """Refund pieces, or what is left of the order."""
        lines, total = mapping.refund_lines(order, pieces) if pieces else ([], order["left"])
        if total <= Decimal(0) or total > order["left"]:
            raise Refused("nothing_left_to_refund")
        body = {
            "amount": str(mapping.cents(total)),
            "reason": "Rapport",
            "api_refund": self._form["gateway"] == "yes",
            "line_items": lines,
            "meta_data": [{"key": mark, "value": "refund"}],
        }
        self._http.write("POST", f"orders/{order['inner_id']}/refunds", body)

    def _guest_orders(self, ref: str) -> list[JsonDict]:
        """Orders without an account whose e-mail is exactly this, newest first."""
        email = ref.removeprefix(mapping.GUEST)
        found = self._http.read_pages("orders", {"search": email, "per_page": "50"}) if email else []
        return [order for order in found if mapping.customer_ref(order) == ref]

    def _mapped(self, found: JsonDict) -> JsonDict:
        refunds = (
            self._http.read_pages(f"orders/{found['id']}/refunds", {"per_page": "100"})
            if found.get("refunds")
            else []
        )
        return mapping.order(found, refunds, completed=self._form["completed"])


def open_shop(
    base_url: str,
    secret: str,
    settings: JsonDict,
    transport: httpx2.BaseTransport | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> PlatformShop:
    """The shop at an address, with the actions that were allowed."""
    form = settings["form"]
    pair = base64.b64encode(f"{form['user']}:{secret}".encode()).decode()
    url = f"{base_url.rstrip('/')}/wp-json/wc/v3"
    http = PlatformHttp(
        Outbound(url, transport=transport), url, {"Authorization": f"Basic {pair}"}, sleep=sleep
    )
    actions = [*READS, CANCEL, ADDRESS, CUSTOMER_ADDRESS]
    if form["refunds"] == "yes":
        actions += [REFUND_ORDER, REFUND_ITEMS, *([RETURN] if form["returns"] == "yes" else [])]
    return PlatformShop(WooCommerce(http, form), tuple(actions), form["currency"])
