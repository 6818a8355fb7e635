"""The table of API operations: one line of facts each, from which routes and OpenAPI are made."""

import sqlite3
from collections.abc import Mapping

from demo_shop import catalogue_reads, reads, requests, writes
from demo_shop.idempotency import Operation, find_operation
from demo_shop.models import (
    Claim,
    Customer,
    Event,
    Order,
    PaymentMethod,
    Product,
    ProductSummary,
    Shipment,
)
from demo_shop.refusals import Refusal
from demo_shop.routing import Query, Read, WriteRoute
from demo_shop.service_routes import SERVICE_READS, SERVICE_WRITES

_ORDER = ("order_not_found", "not_owner")
_PENDING = (*_ORDER, "order_not_pending", "already_modified")
_DELIVERED = (
    *_ORDER,
    "order_not_delivered",
    "already_requested",
    "items_not_in_order",
    "payment_method_not_found",
)
_REPLACE = (
    "items_not_in_order",
    "items_do_not_match",
    "same_variant",
    "variant_not_found",
    "other_product",
    "variant_unavailable",
    "payment_method_not_found",
    "gift_card_insufficient",
)


def _find_customers(
    connection: sqlite3.Connection, _path: Mapping[str, str], query: Mapping[str, str], _language: str
) -> list[Customer]:
    if query.get("email"):
        return reads.list_customers_by_email(connection, query["email"])
    if query.get("phone"):
        return reads.list_customers_by_phone(connection, query["phone"])
    name = [query.get(key, "") for key in ("first_name", "last_name", "zip")]
    if not all(name):
        raise Refusal("invalid_request", "Give email, or phone, or first_name, last_name and zip.")
    return reads.list_customers_by_name(connection, name[0], name[1], name[2])


def _list_events(
    connection: sqlite3.Connection, _path: Mapping[str, str], query: Mapping[str, str], _language: str
) -> list[Event]:
    try:
        after_id, limit = int(query.get("after_id", "0")), int(query.get("limit", "100"))
    except ValueError:
        raise Refusal("invalid_request", "after_id and limit are whole numbers.") from None
    return reads.list_events(connection, after_id, min(max(limit, 1), 1000), query.get("customer_id"))


def _list_products(
    connection: sqlite3.Connection, _path: Mapping[str, str], query: Mapping[str, str], language: str
) -> list[ProductSummary]:
    try:
        max_price = float(query["max_price"]) if query.get("max_price") else None
    except ValueError:
        raise Refusal("invalid_request", "max_price is a number.") from None
    wish = catalogue_reads.Wish(
        query.get("query", ""), query.get("category", ""), query.get("option", ""), max_price
    )
    return catalogue_reads.list_products(connection, wish, language)


_ORDER_READS: tuple[Read, ...] = (
    Read(
        "/customers",
        "find_customers",
        "Find customers by e-mail, telephone, or name and postal code",
        Customer,
        _find_customers,
        many=True,
        refusals=("invalid_request",),
        query=(
            Query("email", "E-mail address, any case."),
            Query("phone", "Telephone number, international form."),
            Query("first_name", "With last_name and zip."),
            Query("last_name", "With first_name and zip."),
            Query("zip", "Postal code; spaces do not matter."),
        ),
    ),
    Read(
        "/customers/{customer_id}",
        "get_customer",
        "Get a customer",
        Customer,
        lambda c, p, _q, _l: reads.find_customer(c, p["customer_id"]),
        refusals=("customer_not_found",),
    ),
    Read(
        "/customers/{customer_id}/orders",
        "list_customer_orders",
        "List a customer's orders with all contents",
        Order,
        lambda c, p, _q, lang: reads.list_customer_orders(c, p["customer_id"], lang),
        many=True,
        refusals=("customer_not_found",),
    ),
    Read(
        "/customers/{customer_id}/payment-methods",
        "list_payment_methods",
        "List a customer's payment methods",
        PaymentMethod,
        lambda c, p, _q, _l: reads.find_customer(c, p["customer_id"]).payment_methods,
        many=True,
        refusals=("customer_not_found",),
    ),
    Read(
        "/orders/{order_id}",
        "get_order",
        "Get an order with items, parcels, payments and claims",
        Order,
        lambda c, p, _q, lang: reads.find_order(c, p["order_id"], lang),
        refusals=("order_not_found",),
    ),
    Read(
        "/orders/{order_id}/shipments",
        "list_shipments",
        "List an order's parcels with the carrier's scans",
        Shipment,
        lambda c, p, _q, lang: reads.list_shipments(c, p["order_id"], lang),
        many=True,
        refusals=("order_not_found",),
    ),
    Read(
        "/products",
        "list_products",
        "List or search products",
        ProductSummary,
        _list_products,
        many=True,
        query=(
            Query("query", "Words of the name, in any language, or of the category."),
            Query("category", "Only products of this category."),
            Query("option", "Only products one can buy with this option value, such as 'oak'."),
            Query("max_price", "Only products one can buy for at most this amount.", "number"),
        ),
        refusals=("invalid_request",),
    ),
    Read(
        "/products/{product_id}",
        "get_product",
        "Get a product with its variants",
        Product,
        lambda c, p, _q, lang: catalogue_reads.find_product(c, p["product_id"], lang),
        refusals=("product_not_found",),
    ),
    Read(
        "/events",
        "list_events",
        "List what happened in the shop, oldest first",
        Event,
        _list_events,
        many=True,
        query=(
            Query("after_id", "Only events after this id.", "integer"),
            Query("limit", "At most this many; 100, up to 1000.", "integer"),
            Query("customer_id", "Only events of this customer."),
        ),
        refusals=("invalid_request",),
    ),
    Read(
        "/operations/{idempotency_key}",
        "get_operation",
        "Ask whether a write happened",
        Operation,
        lambda c, p, _q, _l: find_operation(c, p["idempotency_key"]),
        refusals=("operation_not_found",),
    ),
)

_ORDER_WRITES: tuple[WriteRoute, ...] = (
    WriteRoute(
        "/orders/{order_id}/cancel",
        "cancel_order",
        "Cancel a pending order",
        requests.CancelOrder,
        Order,
        writes.cancel_order,
        (*_PENDING, "reason_not_allowed"),
    ),
    WriteRoute(
        "/orders/{order_id}/address",
        "change_order_address",
        "Change the address of a pending order",
        requests.ChangeOrderAddress,
        Order,
        writes.change_order_address,
        _PENDING,
    ),
    WriteRoute(
        "/orders/{order_id}/items",
        "change_order_items",
        "Change items of a pending order, once",
        requests.ChangeOrderItems,
        Order,
        writes.change_order_items,
        (*_PENDING, *_REPLACE),
    ),
    WriteRoute(
        "/orders/{order_id}/payment",
        "change_order_payment",
        "Change the payment method of a pending order",
        requests.ChangeOrderPayment,
        Order,
        writes.change_order_payment,
        (
            *_PENDING,
            "payment_method_not_found",
            "payment_already_modified",
            "payment_method_unchanged",
            "gift_card_insufficient",
        ),
    ),
    WriteRoute(
        "/orders/{order_id}/return",
        "return_items",
        "Request the return of delivered items",
        requests.ReturnItems,
        Order,
        writes.return_items,
        (*_DELIVERED, "payment_method_not_allowed"),
    ),
    WriteRoute(
        "/orders/{order_id}/exchange",
        "exchange_items",
        "Request the exchange of delivered items",
        requests.ExchangeItems,
        Order,
        writes.exchange_items,
        tuple(dict.fromkeys((*_DELIVERED, *_REPLACE))),
    ),
    WriteRoute(
        "/orders/{order_id}/claims",
        "report_claim",
        "Report a damaged, wrong, incomplete or missing delivery",
        requests.ReportClaim,
        Claim,
        writes.report_claim,
        (*_ORDER, "claim_too_early", "items_not_in_order"),
        success=201,
    ),
    WriteRoute(
        "/orders/{order_id}/carrier-events",
        "report_carrier_event",
        "Add a carrier's scan of a parcel",
        requests.ReportCarrierEvent,
        Order,
        writes.report_carrier_event,
        ("order_not_found", "carrier_event_not_possible"),
    ),
    WriteRoute(
        "/customers/{customer_id}/address",
        "change_customer_address",
        "Change a customer's default address",
        requests.ChangeCustomerAddress,
        Customer,
        writes.change_customer_address,
        ("customer_not_found",),
        method="PUT",
    ),
    WriteRoute(
        "/customers/{customer_id}/vouchers",
        "give_voucher",
        "Give a customer a gift card as goodwill",
        requests.GiveVoucher,
        PaymentMethod,
        writes.give_voucher,
        ("customer_not_found",),
        success=201,
    ),
)

READS: tuple[Read, ...] = (*_ORDER_READS, *SERVICE_READS)
WRITES: tuple[WriteRoute, ...] = (*_ORDER_WRITES, *SERVICE_WRITES)
