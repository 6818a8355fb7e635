"""What is declared of records is what they hold, and what the reference says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from rapport.connectors.contracts import ActionEffect
from rapport.connectors.declared import DeclaredAction, OutputMap, to_json
from rapport.connectors.models import Connector
from rapport.connectors.record_fields import SHOP_FIELDS, list_record_fields
from rapport.connectors.selling import records

REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "procedures.md"
METHOD = {"id": "m1", "source": "paypal", "balance": 0}
ITEM = {
    "item_id": "v1", "product_id": "p1", "name": "Lamp", "display_name": "Lamp", "price": 9, "options": {},
    "display_options": {},
}  # fmt: skip
ORDER = {
    "order_id": "#W1", "status": "pending", "display_status": "Pending", "total": 9, "currency": "EUR", "items": [ITEM],
    "payment_method_id": "m1", "address": {"city": "Brno"}, "fulfillments": [],
    "payment_history": [
        {"transaction_type": "refund", "amount": 3, "payment_method_id": "m1", "at": "2026-11-01T10:00:00+00:00"}
    ],
}  # fmt: skip
PRODUCT = {
    "product_id": "p1", "name": "lamp", "names": {}, "display_name": "Lamp", "category": "light", "price_from": 9,
    "currency": "EUR", "available_count": 1,
    "variants": [{"item_id": "v1", "price": 9, "available": True, "options": {}, "display_options": {}}],
}  # fmt: skip


def _names(fields: Any) -> set[str]:
    return set(fields)


def test_what_records_of_a_shop_hold_is_declared() -> None:
    order = records.order_data(ORDER, {"m1": METHOD}, "en")
    declared: Any = SHOP_FIELDS["shop.order"]
    assert set(order) | {"title"} == _names(declared)
    assert set(order["items"][0]) == _names(SHOP_FIELDS["shop.order_item"]) == _names(declared["items"][0])
    assert set(order["payment_method"]) == _names(declared["payment_method"])
    assert set(order["refunds"][0]) == _names(declared["refunds"][0])
    (variant,) = records.variant_records(PRODUCT, "en")
    assert set(variant.data) == _names(SHOP_FIELDS["shop.variant"])
    assert set(records.product_record(PRODUCT, "en").data) | {"title"} == _names(SHOP_FIELDS["shop.product"])
    customer = records.customer_record(
        {
            "customer_id": "c",
            "name": {"first_name": "A", "last_name": "Y"},
            "email": "",
            "address": {},
            "payment_methods": [],
        },
        "EUR",
    )
    assert set(customer) == _names(SHOP_FIELDS["customer"])


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the documentation is not part of this copy")
def test_the_reference_names_the_same_fields() -> None:
    section = REFERENCE.read_text(encoding="utf-8").split("## Records of the shop")[1].split("\n## ")[0]
    for line in section.splitlines():
        kinds = (
            [kind for kind in re.findall(r"`([a-z_.]+)`", line.split("|")[1]) if kind in SHOP_FIELDS]
            if "|" in line
            else []
        )
        written = {
            name
            for names in re.findall(r"`([^`]+)`", line.split("|")[2] if kinds else "")
            for name in re.findall(r"[a-z_0-9]+", names)
        }
        for kind in kinds:
            missing = _names(SHOP_FIELDS[kind]) - {"title"} - written
            assert not missing, kind


@pytest.mark.django_db
def test_of_other_systems_that_is_declared_which_their_administrator_picked() -> None:
    listed = OutputMap("contracts", "", True, attributes=("number", "holder/name"))
    action = DeclaredAction(
        "crm.list", "List", ActionEffect.READ, {}, False, outputs=(listed, OutputMap("total"))
    )
    Connector.objects.create(key="crm", kind="openapi", settings={"actions": [to_json(action)]})
    Connector.objects.create(key="sheet", kind="table", settings={"actions": [to_json(action)]})
    found = list_record_fields()
    record = {"id": {}, "title": {}, "number": None, "name": None}
    assert found["crm.contracts"] == record
    assert found["action:crm.list"] == {"contracts": [record], "total": None}
    assert set(found) - set(SHOP_FIELDS) == {"crm.contracts", "action:crm.list"}
