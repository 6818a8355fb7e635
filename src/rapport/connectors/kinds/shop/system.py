"""The shop as Rapport sees it: whose records exist, which actions it performs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rapport.connectors.contracts import Action, ActionEffect, CallOutcome, JsonDict, Principal, Record
from rapport.connectors.kinds.shop.client import ShopClient
from rapport.connectors.kinds.shop.services import (
    OPERATIONS,
    READS,
    RECORD_TYPES,
    SERVICE_ACTIONS,
    Services,
    segment,
)
from rapport.connectors.selling import records

ACTIONS: tuple[Action, ...] = (
    Action("shop.get_order", "Look an order up", ActionEffect.READ, arguments=("order_id",)),
    Action("shop.list_orders", "List the customer's orders", ActionEffect.READ),
    Action("shop.list_gift_cards", "List the customer's gift cards", ActionEffect.READ),
    Action("shop.find_product", "Find products", ActionEffect.READ, is_personal=False, arguments=("query",)),
    Action("shop.cancel_order", "Cancel an order", ActionEffect.MONEY, arguments=("order_id", "reason")),
    Action(
        "shop.change_address",
        "Change an order's address",
        ActionEffect.WRITE,
        arguments=("order_id", "address"),
    ),
    Action(
        "shop.change_items",
        "Change items of an order",
        ActionEffect.MONEY,
        arguments=("order_id", "item_ids", "variant_ids", "payment_method_id"),
    ),
    Action(
        "shop.change_payment",
        "Change how an order is paid",
        ActionEffect.MONEY,
        arguments=("order_id", "payment_method_id"),
    ),
    Action(
        "shop.return_items",
        "Return items",
        ActionEffect.MONEY,
        arguments=("order_id", "item_ids", "payment_method_id"),
    ),
    Action(
        "shop.exchange_items",
        "Exchange items",
        ActionEffect.MONEY,
        arguments=("order_id", "item_ids", "variant_ids", "payment_method_id"),
    ),
    Action(
        "shop.change_customer_address",
        "Change the customer's address",
        ActionEffect.WRITE,
        arguments=("address",),
    ),
    Action(
        "shop.report_problem",
        "Report a damaged, wrong or missing delivery",
        ActionEffect.WRITE,
        arguments=("order_id", "item_ids", "problem", "description", "remedy", "photos"),
    ),
    *SERVICE_ACTIONS,
)

_WRITES = {
    "shop.cancel_order": ("cancel", ("reason",)),
    "shop.change_items": ("items", ("item_ids", "variant_ids", "payment_method_id")),
    "shop.change_payment": ("payment", ("payment_method_id",)),
    "shop.return_items": ("return", ("item_ids", "payment_method_id")),
    "shop.exchange_items": ("exchange", ("item_ids", "variant_ids", "payment_method_id")),
}
_NAMES = {"variant_ids": "new_item_ids"}
ADDRESS_FIELDS = ("address1", "address2", "city", "country", "state", "zip")


class Shop:
    """One shop behind its HTTP API."""

    actions = ACTIONS

    def __init__(self, client: ShopClient, *, default_currency: str = "EUR") -> None:
        self._client = client
        self._currency = default_currency
        self._services = Services(client, client.base_url)

    # ── who ────────────────────────────────────────────────────────────────────────────────────────

    def find_customer(
        self, *, email: str = "", order_id: str = "", customer_ref: str = "", zip_code: str = ""
    ) -> JsonDict | None:
        """A customer by reference, by e-mail, or by order number together with e-mail or postal code."""
        if customer_ref:
            found = self._client.read(f"/customers/{segment(customer_ref)}")
        elif order_id:
            order = self._client.read(f"/orders/{segment(order_id)}")
            found = self._client.read(f"/customers/{order['customer_id']}") if order else None
            if order and zip_code:
                return self._record(found) if records.is_same_zip(order.get("address"), zip_code) else None
            if found and found["email"].strip().lower() != email.strip().lower():
                return None
        else:
            matches = self._client.read("/customers", email=email.strip().lower()) or []
            found = matches[0] if len(matches) == 1 else None
        return self._record(found)

    def _record(self, found: JsonDict | None) -> JsonDict | None:
        return records.customer_record(found, self._currency) if found else None

    def find_customer_by_name(self, first_name: str, last_name: str, zip_code: str) -> JsonDict | None:
        """The one customer of that name at that postal code."""
        asked = {"first_name": first_name.strip(), "last_name": last_name.strip(), "zip": zip_code.strip()}
        matches = (self._client.read("/customers", **asked) or []) if all(asked.values()) else []
        return records.customer_record(matches[0], self._currency) if len(matches) == 1 else None

    # ── what there is ──────────────────────────────────────────────────────────────────────────────

    def list_records(self, type_: str, principal: Principal, of: JsonDict) -> list[Record]:
        """The records of a slot type; personal ones only of the principal."""
        if type_ in RECORD_TYPES:
            return self._services.list_records(type_, principal, of)
        readers: dict[str, Callable[[Principal, JsonDict], list[Record]]] = {
            "shop.order": self._orders,
            "shop.order_item": self._items,
            "shop.variant": self._variants,
            "shop.payment_method": self._methods,
            "shop.product": self._products,
        }
        return readers[type_](principal, of)

    def _customer(self, principal: Principal) -> JsonDict:
        found: JsonDict | None = self._client.read(f"/customers/{segment(principal.customer_ref)}")
        return found or {"payment_methods": []}

    def _orders(self, principal: Principal, _: JsonDict) -> list[Record]:
        found = (
            self._client.read(
                f"/customers/{segment(principal.customer_ref)}/orders", language=principal.language
            )
            or []
        )
        return records.order_records(found, self._customer(principal)["payment_methods"], principal.language)

    def _items(self, principal: Principal, of: JsonDict) -> list[Record]:
        order = self._own_order(of["order"]["id"], principal)
        return records.item_records(order, principal.language) if order else []

    def _variants(self, principal: Principal, of: JsonDict) -> list[Record]:
        product_id = next(
            (str(v["product_id"]) for v in of.values() if isinstance(v, dict) and "product_id" in v), ""
        )
        product = (
            self._client.read(f"/products/{segment(product_id)}", language=principal.language)
            if product_id
            else None
        )
        return records.variant_records(product, principal.language) if product else []

    def _methods(self, principal: Principal, of: JsonDict) -> list[Record]:
        order = of.get("order") or {}
        methods = self._customer(principal)["payment_methods"]
        currency = order.get("currency") or self._currency
        return records.method_records(methods, currency, principal.language, order.get("payment_method_id"))

    def _products(self, principal: Principal, _: JsonDict) -> list[Record]:
        found = self._client.read("/products", language=principal.language) or []
        return [records.product_record(p, principal.language) for p in found]

    def _own_order(self, order_id: str, principal: Principal) -> JsonDict | None:
        order: JsonDict | None = self._client.read(
            f"/orders/{segment(order_id)}", language=principal.language
        )
        return order if order and order["customer_id"] == principal.customer_ref else None

    def list_events(self, after_id: int, limit: int) -> list[JsonDict]:
        """What happened in the shop after an event, oldest first. Raises ConnectorDown."""
        with_limit = {"after_id": str(after_id), "limit": str(limit)}
        found: list[JsonDict] = self._client.read("/events", **with_limit) or []
        return found

    # ── what it does ───────────────────────────────────────────────────────────────────────────────

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Perform one action. Reads ignore the key."""
        if action == "shop.find_product":
            return self._find_product(
                str(arguments.get("query", "")), principal.language if principal else "en"
            )
        if action in READS:
            return self._services.read(action, arguments, principal)
        assert principal is not None, "personal actions need a verified customer"
        if action in OPERATIONS:
            return self._services.write(action, arguments, principal, key)
        if action in {"shop.get_order", "shop.list_orders", "shop.list_gift_cards"}:
            return self._read_action(action, arguments, principal)
        if action == "shop.change_customer_address":
            body = {name: str(arguments["address"].get(name) or "") for name in ADDRESS_FIELDS}
            return self._client.write(
                "PUT", f"/customers/{segment(principal.customer_ref)}/address", body, key
            )
        return self._write_order(action, arguments, principal, key)

    def find_outcome(self, key: str) -> CallOutcome | None:
        """What the shop remembers of a call, in the shape `call` would have given."""
        found = self._client.find_operation(key)
        if found is None or not found.ok or "customer_id" not in found.data:
            return found
        if "payment_history" not in found.data:
            return self._services.present(found, "en")
        return self._with_data(found, Principal(str(found.data["customer_id"]), "record"))

    def _write_order(self, action: str, arguments: JsonDict, principal: Principal, key: str) -> CallOutcome:
        order_id = str(arguments["order_id"])
        path = f"/orders/{segment(order_id)}"
        body: dict[str, Any] = {"customer_id": principal.customer_ref}
        if action == "shop.change_address":
            body |= {name: str(arguments["address"].get(name) or "") for name in ADDRESS_FIELDS}
            return self._client.write("POST", f"{path}/address", body, key)
        order = self._own_order(order_id, principal)
        if order is None:
            return CallOutcome(ok=False, code="not_owner")
        if action == "shop.report_problem":
            body |= {
                "kind": arguments["problem"],
                "item_ids": _variant_ids(order, arguments.get("item_ids", [])),
                "description": str(arguments.get("description") or "-"),
                "wanted_remedy": arguments.get("remedy") or "undecided",
                "photos": [str(name) for name in arguments.get("photos") or ()],
            }
            return self._client.write("POST", f"{path}/claims", body, key)
        verb, names = _WRITES[action]
        for name in names:
            value = arguments[name]
            body[_NAMES.get(name, name)] = _variant_ids(order, value) if name == "item_ids" else value
        return self._with_data(self._client.write("POST", f"{path}/{verb}", body, key), principal)

    def _with_data(self, outcome: CallOutcome, principal: Principal) -> CallOutcome:
        """Order answers in the shape conditions and wording know."""
        if not outcome.ok or "order_id" not in outcome.data:
            return outcome
        methods = {m["id"]: m for m in self._customer(principal)["payment_methods"]}
        return CallOutcome(ok=True, data=records.order_data(outcome.data, methods, principal.language))

    def _read_action(self, action: str, arguments: JsonDict, principal: Principal) -> CallOutcome:
        methods = {m["id"]: m for m in self._customer(principal)["payment_methods"]}
        if action == "shop.list_gift_cards":
            cards = [records.method_data(m, self._currency, principal.language) for m in methods.values()]
            return CallOutcome(ok=True, data={"gift_cards": [c for c in cards if c["kind"] == "gift_card"]})
        if action == "shop.list_orders":
            found = self._orders(principal, {})
            return CallOutcome(
                ok=True,
                data={"orders": [{**r.data, "title": r.title, "description": r.description} for r in found]},
            )
        order = self._own_order(str(arguments["order_id"]), principal)
        if order is None:
            return CallOutcome(ok=False, code="not_owner")
        path = f"/orders/{segment(order['order_id'])}/shipments"
        shipments = self._client.read(path, language=principal.language) or []
        data = records.order_data(order, methods, principal.language)
        data["shipments"] = [
            {
                "tracking_id": ", ".join(s["tracking_id"]),
                "carrier": s.get("carrier") or "",
                "promised_at": s.get("promised_at") or "",
                "delivered_at": s.get("delivered_at") or "",
                "events": list(reversed(s["events"])),
            }
            for s in shipments
        ]
        return CallOutcome(ok=True, data=data)

    def _find_product(self, query: str, language: str) -> CallOutcome:
        """A product by its id, with its variants."""
        product = self._client.read(f"/products/{segment(query)}", language=language) if query else None
        products = [_product_data(product, language)] if product else []
        return CallOutcome(ok=True, data={"products": products, "query": query})


def _product_data(product: JsonDict, language: str) -> JsonDict:
    variants = [r for r in records.variant_records(product, language) if r.data["available"]]
    return {
        "id": product["product_id"],
        "name": product["display_name"],
        "currency": product["currency"],
        "price_from": float(product["price_from"]),
        "available_count": len(variants),
        "variants": [{**r.data, "price_title": r.description} for r in variants],
        "variant_titles": [f"{r.title}: {r.description}" for r in variants[:8]],
    }


def _variant_ids(order: JsonDict, lines: list[str]) -> list[str]:
    """Item ids of lines; a value that is no line is taken as the item id itself."""
    by_line = {str(n): item["item_id"] for n, item in enumerate(order["items"], start=1)}
    return [by_line.get(str(line), str(line)) for line in lines]
