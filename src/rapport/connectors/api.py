"""What other packages may ask of connected systems."""

from __future__ import annotations

from rapport.connectors.contracts import ConnectorDown
from rapport.connectors.queries import find_connector, has_intent, list_calls, list_connectors
from rapport.connectors.remembering import reading_once
from rapport.connectors.services import (
    call_action,
    change_connector,
    check_connector,
    find_action,
    find_shop_customer,
    find_shop_customer_by_name,
    list_actions,
    list_records,
    save_connector,
    settle_open_intents,
)

__all__ = [
    "ConnectorDown",
    "call_action",
    "change_connector",
    "check_connector",
    "find_action",
    "find_connector",
    "find_shop_customer",
    "find_shop_customer_by_name",
    "has_intent",
    "list_actions",
    "list_calls",
    "list_connectors",
    "list_records",
    "reading_once",
    "save_connector",
    "settle_open_intents",
]
