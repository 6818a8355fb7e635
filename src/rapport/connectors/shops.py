"""Opens the connected shop by its kind: one that speaks the demonstration's API, or one on a platform."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable

from rapport.connectors.contracts import Action, JsonDict
from rapport.connectors.kinds.shop.services import RECORD_TYPES as OWN_TYPES
from rapport.connectors.kinds.shop.system import ACTIONS as SHOP_ACTIONS
from rapport.connectors.kinds.shopify.system import open_shop as open_shopify
from rapport.connectors.kinds.woocommerce.system import open_shop as open_woocommerce
from rapport.connectors.models import Connector
from rapport.connectors.sealing import unseal
from rapport.connectors.selling.platform import REFUND_ITEMS, REFUND_ORDER, PlatformShop

PLATFORMS: dict[str, Callable[[str, str, JsonDict], PlatformShop]] = {
    "woocommerce": open_woocommerce,
    "shopify": open_shopify,
}
ACTIONS: dict[str, Action] = {a.name: a for a in (*SHOP_ACTIONS, REFUND_ORDER, REFUND_ITEMS)}
"""Everything some shop offers, by name."""
RECORD_TYPES = ("shop.order", "shop.order_item", "shop.variant", "shop.payment_method", "shop.product")
"""Kinds of records every shop lists."""


def open_platform(row: Connector) -> PlatformShop:
    """The shop on a platform behind a row, as long as the row stays as it is."""
    return _open_platform(row.kind, row.base_url, row.secret, json.dumps(row.settings, sort_keys=True))


@functools.lru_cache(maxsize=8)
def _open_platform(kind: str, base_url: str, sealed: str, settings: str) -> PlatformShop:
    return PLATFORMS[kind](base_url, unseal(sealed), json.loads(settings))


def offered(row: Connector | None) -> dict[str, Action]:
    """What the connected shop offers, by name."""
    actions = open_platform(row).actions if row and row.kind in PLATFORMS else SHOP_ACTIONS
    return {action.name: action for action in actions}


def offered_types(row: Connector | None) -> tuple[str, ...]:
    """The kinds of records the connected shop lists."""
    return RECORD_TYPES if row and row.kind in PLATFORMS else (*RECORD_TYPES, *OWN_TYPES)
