"""What other packages may ask of connected systems."""

from __future__ import annotations

from rapport.connectors.answer_files import list_answer_events, read_answer_file
from rapport.connectors.asking import settle_open_intents
from rapport.connectors.call_files import files_in, place_of
from rapport.connectors.call_files import read_file as read_call_file
from rapport.connectors.catalogue import (
    CatalogueInfo,
    describe_document,
    fetch_document,
    find_catalogue,
    keep_document,
    list_declared,
    list_servers,
    may_try,
    refresh_tools,
    remove_connector,
    remove_declared,
    save_declared,
    try_read,
)
from rapport.connectors.contracts import ConnectorDown
from rapport.connectors.declared import SOURCES, DeclaredAction, FieldSpec, InputMap, Offer, OutputMap
from rapport.connectors.erasing import erase as erase_customer
from rapport.connectors.following import ShopEvent, read_shop_events
from rapport.connectors.forms import FormField, KindForm
from rapport.connectors.limits import (
    MAX_AMOUNT,
    MAX_COUNT,
    NEEDS_APPROVAL,
    REFUSALS,
    REVOKED,
    find_limits,
    list_limits,
    save_limits,
)
from rapport.connectors.offering import FORMS, SHOP_KINDS, connect_by_form
from rapport.connectors.outages import (
    is_answering,
    is_anything_resting,
    is_resting,
    list_current_outages,
    list_outages,
)
from rapport.connectors.queries import (
    find_call_file,
    find_connector,
    has_intent,
    list_calls,
    list_connectors,
)
from rapport.connectors.record_fields import SHOP_FIELDS, list_record_fields
from rapport.connectors.remembering import reading_once
from rapport.connectors.services import (
    call_action,
    change_connector,
    check_connector,
    find_action,
    leave,
    list_actions,
    list_record_types,
    list_records,
    perform,
    save_connector,
)
from rapport.connectors.shop_customers import find_shop_customer, find_shop_customer_by_name
from rapport.connectors.tracing import CallTrace, list_call_traces

__all__ = [
    "FORMS",
    "MAX_AMOUNT",
    "MAX_COUNT",
    "NEEDS_APPROVAL",
    "REFUSALS",
    "REVOKED",
    "SHOP_FIELDS",
    "SHOP_KINDS",
    "SOURCES",
    "CallTrace",
    "CatalogueInfo",
    "ConnectorDown",
    "DeclaredAction",
    "FieldSpec",
    "FormField",
    "InputMap",
    "KindForm",
    "Offer",
    "OutputMap",
    "ShopEvent",
    "call_action",
    "change_connector",
    "check_connector",
    "connect_by_form",
    "describe_document",
    "erase_customer",
    "fetch_document",
    "files_in",
    "find_action",
    "find_call_file",
    "find_catalogue",
    "find_connector",
    "find_limits",
    "find_shop_customer",
    "find_shop_customer_by_name",
    "has_intent",
    "is_answering",
    "is_anything_resting",
    "is_resting",
    "keep_document",
    "leave",
    "list_actions",
    "list_answer_events",
    "list_call_traces",
    "list_calls",
    "list_connectors",
    "list_current_outages",
    "list_declared",
    "list_limits",
    "list_outages",
    "list_record_fields",
    "list_record_types",
    "list_records",
    "list_servers",
    "may_try",
    "perform",
    "place_of",
    "read_answer_file",
    "read_call_file",
    "read_shop_events",
    "reading_once",
    "refresh_tools",
    "remove_connector",
    "remove_declared",
    "save_connector",
    "save_declared",
    "save_limits",
    "settle_open_intents",
    "try_read",
]
