"""A shop on a platform with an API of its own, in the shape procedures know; one `Platform` per kind talks to it."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from rapport.connectors.contracts import (
    Action,
    ActionEffect,
    CallOutcome,
    JsonDict,
    Principal,
    Record,
    UnknownOutcome,
)
from rapport.connectors.remembering import forget_answers, once
from rapport.connectors.selling import records
from rapport.connectors.selling.calling import Refused
from rapport.connectors.selling.wording import STATUSES
from rapport.kernel.languages import pick

_NUMBER = re.compile(r"#?[A-Za-z0-9][A-Za-z0-9-]{0,39}", re.ASCII)
ADDRESS_FIELDS = ("address1", "address2", "city", "country", "state", "zip")

READS = (
    Action("shop.get_order", "Look an order up", ActionEffect.READ, arguments=("order_id",)),
    Action("shop.list_orders", "List the customer's orders", ActionEffect.READ),
    Action("shop.find_product", "Find products", ActionEffect.READ, is_personal=False, arguments=("query",)),
)
CANCEL = Action("shop.cancel_order", "Cancel an order", ActionEffect.MONEY, arguments=("order_id", "reason"))
ADDRESS = Action(
    "shop.change_address", "Change an order's address", ActionEffect.WRITE, arguments=("order_id", "address")
)
CUSTOMER_ADDRESS = Action(
    "shop.change_customer_address",
    "Change the customer's address",
    ActionEffect.WRITE,
    arguments=("address",),
)
REFUND_ORDER = Action("shop.refund_order", "Refund an order", ActionEffect.MONEY, arguments=("order_id",))
REFUND_ITEMS = Action(
    "shop.refund_items", "Refund items of an order", ActionEffect.MONEY, arguments=("order_id", "item_ids")
)
RETURN = Action(
    "shop.return_items",
    "Return items",
    ActionEffect.MONEY,
    arguments=("order_id", "item_ids", "payment_method_id"),
)
NOT_OFFERED = (
    "shop.change_items", "shop.change_payment", "shop.exchange_items", "shop.report_problem", "shop.list_gift_cards",
)  # fmt: skip
"""Neither platform does these by its API."""


def mark_of(key: str) -> str:
    """What a write leaves in the platform's own record, to be found again by."""
    return "rapport_" + hashlib.sha256(key.encode()).hexdigest()[:24]


class Platform(Protocol):
    """What one platform's client gives, in the demonstration shop's JSON; numbers are without ``#``.

    An order also has ``inner_id``, ``marks`` (of earlier writes) and ``refunded`` (pieces by line); an item has
    ``line`` and ``line_id``. Writes raise Refused, ConnectorDown, UnknownOutcome; reads ConnectorDown.
    """

    def customer(self, ref: str) -> JsonDict | None:
        """A customer."""
        ...

    def customers_by_email(self, email: str) -> list[JsonDict]:
        """Customers with exactly this address."""
        ...

    def order(self, number: str) -> JsonDict | None:
        """An order by the number its customer knows."""
        ...

    def orders_of(self, ref: str) -> list[JsonDict]:
        """A customer's orders."""
        ...

    def product(self, product_id: str) -> JsonDict | None:
        """A product with its variants."""
        ...

    def products(self) -> list[JsonDict]:
        """The catalogue, without variants."""
        ...

    def cancel(self, order: JsonDict, reason: str, mark: str) -> None:
        """Cancel an order."""
        ...

    def change_address(self, order: JsonDict, address: Mapping[str, str], mark: str) -> None:
        """Set where an order goes."""
        ...

    def change_customer_address(self, ref: str, address: Mapping[str, str]) -> None:
        """Set a customer's address."""
        ...

    def refund(self, order: JsonDict, pieces: Mapping[str, int] | None, mark: str) -> None:
        """Refund pieces by line id, or all that is left."""
        ...

    def close(self) -> None:
        """End open connections."""
        ...


class PlatformShop:
    """A `ShopSystem` over a `Platform`; every write is checked against the order as it is now."""

    def __init__(self, platform: Platform, actions: tuple[Action, ...], currency: str) -> None:
        self.actions = actions
        self._platform, self._currency = platform, currency
        self._offered = {action.name for action in actions}

    def find_customer(
        self, *, email: str = "", order_id: str = "", customer_ref: str = "", zip_code: str = ""
    ) -> JsonDict | None:
        """A customer by reference, by e-mail, or by order number together with e-mail or postal code."""
        address = email.strip().lower()
        found: JsonDict | None
        if customer_ref:
            found = self._customer(customer_ref)
        elif order_id:
            order = self._order(order_id)
            found = self._customer(order["customer_id"]) if order else None
            if order and zip_code and not records.is_same_zip(order.get("address"), zip_code):
                return None
            if found and not zip_code and (not address or found["email"].strip().lower() != address):
                return None
        else:
            matches = self._platform.customers_by_email(address) if address else []
            found = matches[0] if len(matches) == 1 else None
        if found is None:
            return None
        methods = self._methods(Principal(found["customer_id"], "record"))
        return records.customer_record({**found, "payment_methods": methods}, self._currency)

    def find_customer_by_name(self, first_name: str, last_name: str, zip_code: str) -> JsonDict | None:  # noqa: ARG002  # as the port has it
        """Platforms do not search by name and postal code."""
        return None

    def list_records(self, type_: str, principal: Principal, of: JsonDict) -> list[Record]:
        """The records of a slot type; personal ones only of the principal."""
        language = principal.language
        match type_:
            case "shop.order":
                return records.order_records(self._orders(principal), self._methods(principal), language)
            case "shop.order_item":
                order = self._own_order(str(of["order"]["id"]), principal)
                return records.item_records(order, language) if order else []
            case "shop.variant":
                ids = (v["product_id"] for v in of.values() if isinstance(v, dict) and "product_id" in v)
                product = self._platform.product(str(next(ids, "")))
                return records.variant_records(product, language) if product else []
            case "shop.payment_method":
                order = of.get("order") or {}
                currency = str(order.get("currency") or self._currency)
                return records.method_records(
                    self._methods(principal), currency, language, order.get("payment_method_id")
                )
            case "shop.product":
                return [records.product_record(p, language) for p in self._platform.products()]
        return []

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Perform one action. Raises ConnectorDown, UnknownOutcome."""
        if action not in self._offered:
            return CallOutcome(ok=False, code="not_offered", message="The shop's platform does not do this.")
        if action == "shop.find_product":
            return self._find_product(
                str(arguments.get("query", "")), principal.language if principal else "en"
            )
        assert principal is not None, "personal actions need a verified customer"
        try:
            return self._perform(action, arguments, principal, key)
        except Refused as refusal:
            return CallOutcome(ok=False, code=refusal.code, message=refusal.message)

    def find_outcome(self, key: str) -> CallOutcome | None:  # noqa: ARG002  # as the port has it
        """A platform keeps no list of keys: `find_call` looks at the order."""
        raise UnknownOutcome("the platform is asked by the order")

    def find_call(
        self, action: str, arguments: JsonDict, principal: Principal | None, key: str
    ) -> CallOutcome | None:
        """Whether a call happened: by its mark on the order, or because the order is as it was to be."""
        if principal is None:
            raise UnknownOutcome("it is not known whose order it was")
        if action == CUSTOMER_ADDRESS.name:
            customer = self._customer(principal.customer_ref)
            is_so = customer is not None and customer["address"] == _address(arguments)
            return CallOutcome(ok=True, data=customer["address"]) if customer and is_so else None
        order = self._own_order(str(arguments.get("order_id", "")), principal)
        if order is None:
            return None
        is_done = mark_of(key) in order["marks"]
        if action == CANCEL.name:
            is_done = is_done or order["status"] == "cancelled"
        if action == ADDRESS.name:
            is_done = is_done or order["address"] == _address(arguments)
        return CallOutcome(ok=True, data=self._data(order, principal)) if is_done else None

    def close(self) -> None:
        """End open connections."""
        self._platform.close()

    def check(self) -> str:
        """Whether the catalogue is answered. Raises ConnectorDown."""
        return f"{len(self._platform.products())} products"

    # ── one action ─────────────────────────────────────────────────────────────────────────────────

    def _perform(self, action: str, arguments: JsonDict, principal: Principal, key: str) -> CallOutcome:
        if action == "shop.list_orders":
            found = self.list_records("shop.order", principal, {})
            orders = [{**r.data, "title": r.title, "description": r.description} for r in found]
            return CallOutcome(ok=True, data={"orders": orders})
        if action == CUSTOMER_ADDRESS.name:
            forget_answers()
            self._platform.change_customer_address(principal.customer_ref, _address(arguments))
            return CallOutcome(ok=True, data=_address(arguments))
        number = str(arguments["order_id"])
        order = self._own_order(number, principal)
        if order is None:
            raise Refused("not_owner")
        if action == "shop.get_order":
            return CallOutcome(
                ok=True, data={**self._data(order, principal), "shipments": order["shipments"]}
            )
        mark = mark_of(key)
        if mark not in order["marks"]:
            forget_answers()
            self._write(action, arguments, order, mark)
        forget_answers()
        after = self._own_order(number, principal)
        if after is None:
            raise UnknownOutcome("the order is not shown any more")
        return CallOutcome(ok=True, data=self._data(after, principal))

    def _write(self, action: str, arguments: JsonDict, order: JsonDict, mark: str) -> None:
        """Raises Refused, ConnectorDown, UnknownOutcome."""
        if action == CANCEL.name:
            _need(order, "pending", "order_not_pending")
            self._platform.cancel(order, str(arguments.get("reason") or ""), mark)
        elif action == ADDRESS.name:
            _need(order, "pending", "order_not_pending")
            self._platform.change_address(order, _address(arguments), mark)
        elif action == REFUND_ORDER.name:
            self._platform.refund(order, None, mark)
        else:
            if action == RETURN.name:
                _need(order, "delivered", "order_not_delivered")
                if arguments.get("payment_method_id") not in {None, "", order["payment_method_id"]}:
                    raise Refused("refund_to_original_only")
            self._platform.refund(order, _pieces(order, arguments.get("item_ids") or []), mark)

    def _find_product(self, query: str, language: str) -> CallOutcome:
        product = self._platform.product(query)
        products = []
        if product:
            variants = [r for r in records.variant_records(product, language) if r.data["available"]]
            record = records.product_record(product, language).data
            titles = [f"{r.title}: {r.description}" for r in variants[:8]]
            shown = [{**r.data, "price_title": r.description} for r in variants]
            products = [{**record, "variants": shown, "variant_titles": titles}]
        return CallOutcome(ok=True, data={"products": products, "query": query})

    # ── own records ────────────────────────────────────────────────────────────────────────────────

    def _once(self, what: str, value: str, ask: Callable[[], Any]) -> Any:
        return once((id(self), what, value), ask)

    def _customer(self, ref: str) -> JsonDict | None:
        found: JsonDict | None = self._once("customer", ref, lambda: self._platform.customer(ref))
        return found

    def _order(self, number: str) -> JsonDict | None:
        if not _NUMBER.fullmatch(number):
            return None
        plain = number.removeprefix("#")
        found: JsonDict | None = self._once("order", plain, lambda: self._platform.order(plain))
        return found

    def _own_order(self, number: str, principal: Principal) -> JsonDict | None:
        order = self._order(number)
        if not order or not principal.customer_ref or order["customer_id"] != principal.customer_ref:
            return None
        return _worded(order, principal.language)

    def _orders(self, principal: Principal) -> list[JsonDict]:
        ref = principal.customer_ref
        found = self._once("orders", ref, lambda: self._platform.orders_of(ref)) if ref else []
        return [_worded(order, principal.language) for order in found if order["customer_id"] == ref]

    def _methods(self, principal: Principal) -> list[JsonDict]:
        """How the customer has paid so far: platforms do not tell what else they hold."""
        found = {o["payment_method"]["id"]: o["payment_method"] for o in self._orders(principal)}
        return [method for method in found.values() if method["id"]]

    def _data(self, order: JsonDict, principal: Principal) -> JsonDict:
        method = order["payment_method"]
        return records.order_data(order, {method["id"]: method}, principal.language)


def _need(order: JsonDict, status: str, code: str) -> None:
    if order["status"] != status:
        raise Refused(code)


def _pieces(order: JsonDict, item_ids: list[Any]) -> dict[str, int]:
    """How many pieces of each line; every piece once, and none that was refunded before. Raises Refused."""
    lines = {item["line"]: item["line_id"] for item in order["items"]}
    wanted = [str(item_id) for item_id in item_ids]
    if not wanted or len(set(wanted)) != len(wanted) or not set(wanted) <= set(lines):
        raise Refused("item_not_in_order")
    counted = Counter(lines[item_id] for item_id in wanted)
    held = Counter(item["line_id"] for item in order["items"])
    if any(n > held[line] - order["refunded"].get(line, 0) for line, n in counted.items()):
        raise Refused("already_refunded")
    return dict(counted)


def _address(arguments: JsonDict) -> dict[str, str]:
    given = arguments.get("address") or {}
    return {name: str(given.get(name) or "").strip() for name in ADDRESS_FIELDS}


def _worded(order: JsonDict, language: str) -> JsonDict:
    return {**order, "display_status": pick(STATUSES[order["status"]], language)}
