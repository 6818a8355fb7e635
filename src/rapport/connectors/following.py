"""What has happened in the connected shop, where it keeps a feed of events."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.connectors.contracts import JsonDict
from rapport.connectors.kinds.shop.system import Shop
from rapport.connectors.services import shop

PAGE = 500


@dataclass(frozen=True, slots=True)
class ShopEvent:
    """One thing that happened there."""

    id: int
    """Grows; of this shop only."""
    at: str
    """ISO 8601."""
    name: str
    """``back_in_stock``, ``payment_succeeded`` …"""
    subject: str
    """The variant, else the order, else the customer it is about."""
    data: JsonDict


def read_shop_events(after_id: int) -> tuple[ShopEvent, ...]:
    """The next events after one, oldest first; none where the shop keeps no feed. Raises ConnectorDown."""
    system = shop()
    if not isinstance(system, Shop):
        return ()
    return tuple(
        ShopEvent(
            int(event["id"]),
            str(event["at"]),
            str(event["kind"]),
            str(event["data"].get("item_id") or event.get("order_id") or event["customer_id"]),
            dict(event["data"]),
        )
        for event in system.list_events(after_id, PAGE)
    )
