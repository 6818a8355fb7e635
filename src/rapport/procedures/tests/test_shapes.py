"""Fields that no record has: found in conditions and texts, with their place and what may have been meant."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.connectors.contracts import Fields
from rapport.connectors.record_fields import SHOP_FIELDS
from rapport.procedures.logic.parsing import check_definition, parse_definition
from rapport.procedures.logic.shapes import fault

SOURCE = """
procedure: swap
version: 1
title: {en: Swap}
identify: verified_customer
slots:
  order:
    type: shop.order
    where: "order.status == 'delivered'"
    ask: {en: "Which order, {customer.first_name}?"}
    refused: [{when: "order.payment_method.kind == 'paypal'", say: {en: "{order.title} was paid by {order.payment_method.title}."}}]
  items: {type: shop.order_item, of: [order], many: true, ask: {en: "Which of {order.item_count}?"}}
  replacements:
    type: shop.variant
    each: items
    where: "variant.available && variant.id != item.variant_id && replacements.price >= item.price"
    ask: {en: "What instead of {item.title}?"}
  contract: {type: crm.contract, ask: {en: "Which?"}}
  note: {type: text, ask: {en: "Anything else?"}}
  address: {type: address, default: customer.address, ask: {en: "Where to?"}}
let: {total: "sum(items.map(order, order.anything))"}
rules: [{name: short, check: "note.contains('x') && size(items) < 9", say: {en: "{items.0.title} {address.zip}"}}]
do:
  - {action: shop.exchange, each: items, with: {line: item.id, to: replacements.id, size: item.options.size}, as: done_with}
  - {wait: {for: "3 days", event: parcel.back, of: order.id}, as: parcel}
  - {action: shop.close, with: {weight: parcel.data.weight, how: parcel.event, street: order.address.address1}, as: closed}
done: {en: "{closed.whatever} {contract.number} {order.refunds.0.amount|money} {now|date}"}
"""
FIELDS: dict[str, Fields] = {**SHOP_FIELDS, "crm.contract": {"id": {}, "title": {}, "number": {}}}


def problems(old: str = "", new: str = "", fields: Any = FIELDS) -> list[str]:
    assert not old or SOURCE.count(old) == 1, old
    return [str(problem) for problem in check_definition(SOURCE.replace(old, new), fields=fields)]


def test_fields_that_exist_are_no_problem_and_neither_are_names_of_a_loop() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "order.status == 'delivered'", "order.statos == 'delivered'",
            "line 9, column 5: slots.order.where: 'order' has no field 'statos'; did you mean 'status'? it has ",
        ),
        (
            "order.status == 'delivered'", "order.nonsense",
            "line 9, column 5: slots.order.where: 'order' has no field 'nonsense'; it has address, currency, ",
        ),
        (
            "{customer.first_name}", "{customer.firstname}",
            "line 10, column 11: slots.order.ask.en: 'customer' has no field 'firstname'; did you mean 'first_name'? it has ",
        ),
        (
            "order.payment_method.kind", "order.payment_method.knd",
            "line 11, column 16: slots.order.refused.0.when: 'order.payment_method' has no field 'knd'; did you mean 'kind'?",
        ),
        ("variant.available", "variant.avail", "'variant' has no field 'avail'"),
        ("replacements.price", "replacements.cost", "'replacements' has no field 'cost'"),
        ("item.variant_id", "item.variant", "'item' has no field 'variant'; did you mean 'variant_id'?"),
        ("{item.title}", "{item.titel}", "'item' has no field 'titel'; did you mean 'title'?"),
        ("note.contains('x')", "note.text == 'x'", "'note' is a plain value: it has no field 'text'"),
        ("{items.0.title}", "{items.title}", "'items' holds several: name one of them"),
        ("{address.zip}", "{address.postcode}", "'address' has no field 'postcode'"),
        ("line: item.id", "line: item.line", "do.0.with.line: 'item' has no field 'line'"),
        ("to: replacements.id", "to: replacements.ident", "'replacements' has no field 'ident'"),
        ("how: parcel.event", "how: parcel.evnt", "'parcel' has no field 'evnt'; did you mean 'event'?"),
        ("order.address.address1", "order.address.street", "'order.address' has no field 'street'"),
        ("{contract.number}", "{contract.no}", "'contract' has no field 'no'"),
        ("refunds.0.amount", "refunds.0.sum", "'order.refunds.0' has no field 'sum'"),
        ("{now|date}", "{now.day}", "'now' is a plain value"),
    ],
)  # fmt: skip
def test_an_unknown_field_is_named_with_its_place_and_what_may_be_meant(
    old: str, new: str, problem: str
) -> None:
    (found,) = problems(old, new)
    assert problem in found


def test_without_declared_fields_nothing_is_said_of_them() -> None:
    assert problems("{contract.number}", "{contract.no}", SHOP_FIELDS) == []
    wrong = SOURCE.replace("order.status ==", "order.statos ==")
    assert check_definition(wrong) == ()
    assert parse_definition(wrong).name == "swap"


def test_a_step_whose_name_other_steps_use_too_may_hold_anything() -> None:
    twice = SOURCE.replace("as: closed}", "as: parcel}").replace("closed.whatever", "parcel.whatever")
    assert check_definition(twice, fields=FIELDS) == ()


def test_where_a_value_may_be_anything_so_may_what_stands_below_it() -> None:
    assert fault("order.latest_event.code.x", SHOP_FIELDS["shop.order"]) == ""
    assert fault("order.tracking_ids.0", SHOP_FIELDS["shop.order"]) == ""
    assert fault("order.tracking_ids.0.x", SHOP_FIELDS["shop.order"]).startswith(
        "'order.tracking_ids.0' is a plain"
    )
