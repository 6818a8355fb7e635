"""Documents made by a procedure go with the reply, once, in the customer's language."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from tests.acceptance.support.customer import Customer, signed_in, transcript
from tests.acceptance.support.shop import RunningShop, Shopper
from tests.acceptance.support.system import System

from rapport.connectors import api as connectors
from rapport.connectors import opening
from rapport.connectors.models import ActionCall
from rapport.conversations import file_store
from rapport.conversations.models import Attachment
from rapport.procedures import api as procedures

pytest.importorskip("reportlab", reason="the extra `documents` is not installed")

SOURCE = """
procedure: make_label
version: 1
title: {en: Return label, cs: Štítek pro vrácení, de: Rücksendeetikett, es: Etiqueta, ru: Этикетка, zh: 退货标签}
identify: verified_customer
slots:
  order:
    type: shop.order
    where: "order.status == 'delivered'"
    ask: {en: "For which order?"}
  items:
    type: shop.order_item
    many: true
    of: order
    ask: {en: "Which items?"}
confirm:
  lines: [{en: "Label for order {order.id}"}]
  question: {en: "Shall I make the label?", cs: "Mám štítek vytvořit?"}
do:
  - action: documents.return_label
    with: {order: order, items: items, address: customer.address}
    as: label
done: {en: "Here is your label {label.number}.", cs: "Tady je váš štítek {label.number}."}
"""


@pytest.fixture
def documents(system: System) -> Iterator[System]:
    given = {"shop": "Lumen & Oak\nMill Lane 1\nYork"}
    connectors.connect_by_form("document", "documents", given)
    problems = procedures.check_definition(
        SOURCE, {"make_label"}, [a.name for a in connectors.list_actions()]
    )
    assert problems == ()
    procedures.publish(SOURCE)
    procedures.forget_book()
    yield system
    procedures.forget_book()
    opening.close_systems()


def makes_label(system: System, shopper: Shopper, language: str) -> Customer:
    customer = signed_in(system, shopper, language=language)
    customer.command("start:make_label")
    for _ in range(6):
        found = customer.last["content_attributes"].get("items", [])
        if any(item.get("value") == "confirm:yes" for item in found):
            break
        first = found[0]
        if "options" in first:
            customer.choose(*(o["value"] for o in first["options"]))
        else:
            customer.click(first["value"])
    values = {"submitted_values": [{"value": "confirm:yes"}]}
    customer.call("PATCH", f"{customer.url}/messages/{customer.last['id']}", values)
    system.settle(90, is_strict=False)
    return customer


def test_given_a_procedure_that_makes_a_label_then_the_reply_carries_it(
    documents: System, shop: RunningShop
) -> None:
    customer = makes_label(documents, shop.shopper(having="delivered"), "cs")
    (call,) = documents.calls(customer.id)
    assert (call.state, call.action) == ("done", "documents.return_label"), transcript(customer)
    assert customer.last["content"] == f"Tady je váš štítek {call.result['number']}."
    (file,) = customer.last["attachments"]
    assert (file["file_type"], file["file_size"]) == ("file", call.result["file"]["size"])
    parts = urlsplit(file["data_url"])
    content = b"".join(Client().get(f"{parts.path}?{parts.query}").streaming_content)  # type: ignore[attr-defined]
    assert content == connectors.read_call_file(call.result["file"]["ref"])
    assert content.startswith(b"%PDF-")
    assert Attachment.objects.count() == 1


def test_given_a_document_then_it_is_stored_before_the_turn_takes_the_write_lock(
    documents: System, shop: RunningShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_blocks, write = [], file_store.write

    def writes(content: bytes) -> str:
        open_blocks.append(len(connection.savepoint_ids))
        return write(content)

    monkeypatch.setattr(file_store, "write", writes)
    customer = makes_label(documents, shop.shopper(having="delivered"), "en")
    assert len(customer.last["attachments"]) == 1
    assert open_blocks == [len(connection.savepoint_ids)]


def test_given_the_extra_is_missing_then_a_person_takes_over(
    documents: System, shop: RunningShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.connectors.kinds.document.system.is_installed", lambda: False)
    customer = makes_label(documents, shop.shopper(having="delivered"), "en")
    assert "A colleague will take care of this" in customer.last["content"]
    assert (customer.info.owner, ActionCall.objects.get().state) == ("queue", "intended")
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "title"), [("cs", "Štítek pro vrácení zboží"), ("zh", "退货标签"), ("en", "Return label")]
)
def test_given_a_document_then_the_explanation_names_it_in_the_customers_language(
    documents: System, shop: RunningShop, language: str, title: str
) -> None:
    customer = makes_label(documents, shop.shopper(having="delivered"), language)
    assert title in str(customer.explanation()["points"])
