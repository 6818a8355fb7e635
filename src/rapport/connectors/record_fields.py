"""What the records of connected systems hold, as far as it is declared: conditions and texts can name nothing else."""

from __future__ import annotations

from rapport.connectors.contracts import Fields
from rapport.connectors.declared import DeclaredAction, declared_actions
from rapport.connectors.models import Connector

PICKED_KINDS = ("openapi", "mcp")
"""Kinds whose records hold what an administrator has picked and nothing else; others hand on whole rows."""


def _plain(names: str) -> dict[str, Fields]:
    return {name: {} for name in names.split()}


_ADDRESS = _plain("address1 address2 city state country zip")
_METHOD = _plain("id kind title balance currency")
_ITEM = {**_plain("id variant_id product_id name title price currency"), "options": None}
_REFUND = _plain("amount currency method_title state requested_at expected_at")
_WINDOW = _plain("id starts_at ends_at day part hours title")

SHOP_FIELDS: dict[str, Fields] = {
    "customer": {
        **_plain("id name first_name last_name email language country currency"),
        "address": _ADDRESS,
        "payment_methods": [_METHOD],
    },
    "shop.order": {
        **_plain("id title status status_title total currency placed_at delivered_at promised_at item_count"),
        **_plain("payment_method_id was_modified has_claim"),
        "items": [_ITEM],
        "payment_method": _METHOD,
        "address": _ADDRESS,
        "tracking_ids": [{}],
        "latest_event": None,
        "refunds": [_REFUND],
    },
    "shop.order_item": _ITEM,
    "shop.variant": {
        **_plain("id product_id name title price currency available"), "options": None,
    },
    "shop.payment_method": _METHOD,
    "shop.product": _plain("id title product_id name category price_from currency available_count sold_out_count"),
    "shop.category": _plain("id title name product_count price_from price_to currency"),
    "shop.invoice": _plain("id title order_id number is_issued issued_at total currency"),
    "shop.payment_attempt": _plain(
        "id title order_id state reason reason_title failures at keep_until may_retry_at amount currency"
    ),
    "shop.warranty_item": _plain(
        "id order_id line name title state delivered_at covered_until claim_id claim_status"
    ),
    "shop.appointment": _plain("id title order_id status state city window starts_at"),
    "shop.delivery_window": _WINDOW,
    "shop.callback_window": _WINDOW,
    "shop.subscription": _plain(
        "id name title price currency every_days rhythm status next_at changeable_until paused_until"
    ),
    "shop.reward": _plain("id title points amount currency"),
}  # fmt: skip
"""Of every shop, whatever its kind; ``customer`` is the verified customer."""


def list_record_fields() -> dict[str, Fields]:
    """Kind of record → its fields, where they are declared; ``customer`` too, and ``action:NAME`` for an answer."""
    found = dict(SHOP_FIELDS)
    for row in Connector.objects.filter(is_enabled=True, kind__in=PICKED_KINDS).order_by("key"):
        for action in declared_actions(row.settings).values():
            found |= _of_action(row.key, action, found)
    return found


def _of_action(key: str, action: DeclaredAction, known: dict[str, Fields]) -> dict[str, Fields]:
    answer: dict[str, Fields] = {}
    records: dict[str, Fields] = {}
    for output in action.outputs:
        answer[output.name] = None
        if output.many:
            names = (path.replace("/", ".").split(".")[-1] for path in output.attributes)
            record: Fields = {"id": {}, "title": {}, **dict.fromkeys(names)}
            answer[output.name] = [record]
            if f"{key}.{output.name}" not in known:
                records[f"{key}.{output.name}"] = record
    return {**records, **({f"action:{action.name}": answer} if answer else {})}
