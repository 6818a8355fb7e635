"""The shop beside orders: which actions there are, how each is called, and which records it lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from rapport.connectors.contracts import Action, ActionEffect, CallOutcome, JsonDict, Principal, Record
from rapport.connectors.kinds.shop import service_records as records
from rapport.connectors.kinds.shop.client import ShopClient


@dataclass(frozen=True, slots=True)
class Operation:
    """How one write is made: verb and path of the shop's API, and where each argument goes."""

    title: str
    arguments: tuple[str, ...]
    path: str
    """With ``{customer}`` for the principal and ``{…}`` for arguments."""
    effect: ActionEffect = ActionEffect.WRITE
    method: str = "POST"
    names: Mapping[str, str] = field(default_factory=dict)
    """Argument → field of the body, where they differ."""
    has_owner: bool = False
    """The body names the customer, so that the shop refuses what is not theirs."""


OPERATIONS: dict[str, Operation] = {
    "shop.send_invoice": Operation(
        "Send a copy of an invoice",
        ("order_id", "delivery"),
        "/orders/{order_id}/invoice-copies",
        has_owner=True,
    ),
    "shop.make_payment_link": Operation(
        "Make a link to pay once more", ("order_id",), "/orders/{order_id}/payment-links", has_owner=True
    ),
    "shop.claim_warranty": Operation(
        "Claim warranty",
        ("order_id", "line", "fault", "description"),
        "/orders/{order_id}/warranty-claims",
        has_owner=True,
    ),
    "shop.book_appointment": Operation(
        "Book or move a delivery appointment",
        ("order_id", "starts_at"),
        "/orders/{order_id}/appointment",
        method="PUT",
        has_owner=True,
    ),
    "shop.ask_stock_notice": Operation(
        "Tell the customer when a variant is back",
        ("variant_id",),
        "/customers/{customer}/stock-notices",
        names={"variant_id": "item_id"},
    ),
    "shop.redeem_points": Operation(
        "Turn points into a gift card", ("points",), "/customers/{customer}/redemptions", ActionEffect.MONEY
    ),
    "shop.pause_subscription": Operation(
        "Pause a subscription",
        ("subscription_id", "weeks"),
        "/subscriptions/{subscription_id}/pause",
        has_owner=True,
    ),
    "shop.resume_subscription": Operation(
        "Resume a subscription",
        ("subscription_id",),
        "/subscriptions/{subscription_id}/resume",
        has_owner=True,
    ),
    "shop.skip_delivery": Operation(
        "Leave the next delivery of a subscription out",
        ("subscription_id",),
        "/subscriptions/{subscription_id}/skip",
        has_owner=True,
    ),
    "shop.change_email": Operation(
        "Change the customer's e-mail address", ("email",), "/customers/{customer}/email-changes"
    ),
    "shop.change_phone": Operation(
        "Change the customer's telephone number", ("phone",), "/customers/{customer}/phone", method="PUT"
    ),
    "shop.set_newsletter": Operation(
        "Begin or stop the newsletter", ("is_subscribed",), "/customers/{customer}/newsletter", method="PUT"
    ),
    "shop.ask_data": Operation(
        "Ask for a copy or the deletion of all data", ("kind",), "/customers/{customer}/data-requests"
    ),
    "shop.ask_callback": Operation(
        "Plan a call to the customer", ("phone", "starts_at", "topic"), "/customers/{customer}/callbacks"
    ),
    "shop.open_report": Operation(
        "Report what does not work at the shop",
        ("topic", "description", "order_id"),
        "/customers/{customer}/problem-reports",
    ),
}
READS: dict[str, Action] = {
    action.name: action
    for action in (
        Action("shop.get_loyalty", "Look the customer's points up", ActionEffect.READ),
        Action("shop.get_contact_data", "Look up how the customer is reached", ActionEffect.READ),
        Action(
            "shop.search_products",
            "Search products by category, option and price",
            ActionEffect.READ,
            is_personal=False,
            arguments=("query", "category", "option", "max_price"),
        ),
    )
}
SERVICE_ACTIONS: tuple[Action, ...] = (
    *READS.values(),
    *(
        Action(name, operation.title, operation.effect, arguments=operation.arguments)
        for name, operation in OPERATIONS.items()
    ),
)
_WHOLE = ("line", "points", "weeks")
"""Arguments the shop takes as whole numbers; in definitions every number is a double."""

RECORD_TYPES: dict[str, str] = {
    "shop.invoice": "Invoice",
    "shop.payment_attempt": "Order whose payment failed or took two attempts",
    "shop.warranty_item": "Delivered piece with its warranty",
    "shop.appointment": "Order under way with its delivery appointment",
    "shop.delivery_window": "Free delivery window",
    "shop.callback_window": "Free time for a call",
    "shop.subscription": "Subscription",
    "shop.reward": "Points that can be redeemed",
    "shop.category": "Category of products",
}
"""Types of records beside orders and products, with their titles."""


class Services:
    """What the shop does for customers beside their orders."""

    def __init__(self, client: ShopClient, base_url: str) -> None:
        self._client = client
        self._site = base_url.rstrip("/").removesuffix("/api/v1")

    def list_records(self, type_: str, principal: Principal, of: JsonDict) -> list[Record]:
        """The records of a type; personal ones only of the principal."""
        language = principal.language
        lists: dict[str, tuple[str, Callable[[Any, str], list[Record]]]] = {
            "shop.invoice": ("invoices", records.invoice_records),
            "shop.payment_attempt": ("payment-states", records.payment_records),
            "shop.warranty_item": ("warranty-items", records.warranty_records),
            "shop.appointment": ("appointments", records.appointment_records),
            "shop.subscription": ("subscriptions", records.subscription_records),
        }
        if type_ in lists:
            path, make = lists[type_]
            return make(self._of_customer(path, principal) or [], language)
        if type_ == "shop.reward":
            account = self._of_customer("loyalty", principal)
            return records.reward_records(account, language) if account else []
        if type_ == "shop.category":
            return records.category_records(
                self._client.read("/categories", language=language) or [], language
            )
        if type_ == "shop.callback_window":
            return records.window_records(self._client.read("/callback-windows") or [], language)
        return records.window_records(self._delivery_windows(principal, of), language)

    def _of_customer(self, path: str, principal: Principal) -> Any:
        if not principal.customer_ref:
            return None
        return self._client.read(
            f"/customers/{segment(principal.customer_ref)}/{path}", language=principal.language
        )

    def _delivery_windows(self, principal: Principal, of: JsonDict) -> list[JsonDict]:
        """Windows for an order of the customer's own that is under way."""
        wanted = next((v.get("order_id") or v.get("id") for v in of.values() if isinstance(v, dict)), "")
        own = {a["order_id"] for a in self._of_customer("appointments", principal) or []}
        if wanted not in own:
            return []
        found: list[JsonDict] = self._client.read(f"/orders/{segment(str(wanted))}/delivery-windows") or []
        return found

    def read(self, action: str, arguments: JsonDict, principal: Principal | None) -> CallOutcome:
        """Perform a reading action."""
        if action == "shop.search_products":
            return self._search(arguments, principal.language if principal else "en")
        assert principal is not None, "personal actions need a verified customer"
        found = self._of_customer("loyalty" if action == "shop.get_loyalty" else "contact-data", principal)
        return CallOutcome(ok=True, data=found) if found else CallOutcome(ok=False, code="customer_not_found")

    def _search(self, arguments: JsonDict, language: str) -> CallOutcome:
        query = {
            name: str(arguments[name])
            for name in ("query", "category", "option", "max_price")
            if arguments.get(name) not in (None, "")
        }
        found = self._client.read("/products", language=language, **query) or []
        products = [
            {
                "id": p["product_id"],
                "name": p["display_name"],
                "category": p["category"],
                "price_from": float(p["price_from"]),
                "currency": p["currency"],
                "available_count": float(p["available_count"]),
                "link": f"{self._site}/products/{p['product_id']}",
            }
            for p in found
        ]
        return CallOutcome(ok=True, data={"products": products, "count": float(len(products))})

    def write(self, action: str, arguments: JsonDict, principal: Principal, key: str) -> CallOutcome:
        """Perform a write exactly once per key. Raises ConnectorDown, UnknownOutcome."""
        operation = OPERATIONS[action]
        parts = {"customer": segment(principal.customer_ref)}
        parts |= {
            name: segment(str(arguments[name]))
            for name in operation.arguments
            if f"{{{name}}}" in operation.path
        }
        body: dict[str, Any] = {"customer_id": principal.customer_ref} if operation.has_owner else {}
        for name in operation.arguments:
            if name not in parts and arguments.get(name) is not None:
                value = arguments[name]
                body[operation.names.get(name, name)] = int(value) if name in _WHOLE else value
        path = operation.path.format(**parts)
        return self.present(self._client.write(operation.method, path, body, key), principal.language)

    def present(self, outcome: CallOutcome, language: str) -> CallOutcome:
        """An answer with what wording needs: a whole link, the title of a time, a subscription's words."""
        if not outcome.ok:
            return outcome
        data = dict(outcome.data)
        if data.get("path"):
            data["link"] = f"{self._site}{data['path']}"
        if "every_days" in data:
            data |= records.subscription_data(data, language)
        if "region" in data:
            data |= records.appointment_data(data, language)
        return CallOutcome(ok=True, data=data)


def segment(text: str) -> str:
    """Text from outside as one part of an address: it can never lead to another address of the shop."""
    quoted = quote(text, safe="")
    return quoted if quoted.strip(".") else "-"
