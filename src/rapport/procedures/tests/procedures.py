"""Definitions for tests: a return, an exchange, a cancellation, a status and one with every plain type."""

from __future__ import annotations

from functools import cache

from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import Definition
from rapport.procedures.logic.parsing import parse_definition

RETURN = """
procedure: return_items
version: 1
identify: verified_customer
title: {en: Return items, cs: Vrátit zboží}
slots:
  order:
    type: shop.order
    label: {en: Order}
    where: "order.status == 'delivered'"
    ask: {en: "Which order?", cs: "Která objednávka?"}
    none: {en: "You have no delivered order."}
    refused:
      - when: "order.status == 'pending'"
        say: {en: "Order {order.id} has not been sent yet."}
        offer: cancel_order
  items:
    type: shop.order_item
    label: {en: Items}
    of: [order]
    many: true
    ask: {en: "Which items of {order.id}?"}
  refund_to:
    type: shop.payment_method
    of: [order]
    where: "method.id == order.payment_method_id || method.kind == 'gift_card'"
    refused:
      - {when: "true", say: {en: "Refunds go to {order.payment_method.title} or a gift card."}}
    ask: {en: "Refund where?"}
  reason:
    type: choice
    options:
      - {value: unwanted, title: {en: No longer needed, cs: Už nepotřebuji}, aliases: [changed my mind]}
      - {value: damaged, title: {en: It is damaged}, aliases: [broken]}
    ask: {en: "Why?"}
let:
  total: "sum(items.map(i, i.price))"
rules:
  - name: not_too_dear
    check: "total <= 500"
    say: {en: "Returns over {total|money} are not possible."}
human_when:
  - {name: our_mistake, when: "reason == 'damaged'", team: care, say: {en: "I'm sorry about {items}."}}
confirm:
  lines:
    - {en: "Return {items} from {order.id}"}
    - {en: "Refund {total|money} to {refund_to}"}
  question: {en: "Shall I?"}
do:
  - action: shop.return_items
    with: {order_id: order.id, item_ids: "items.map(i, i.id)", payment_method_id: refund_to.id}
    as: result
    failed:
      already_requested: {en: "A return of {order.id} is already under way."}
done: {en: "Done. {total|money} go to {refund_to}."}
offer: [order_status]
"""

EXCHANGE = """
procedure: exchange_items
version: 1
identify: verified_customer
title: {en: Exchange items}
slots:
  order: {type: shop.order, where: "order.status == 'delivered'", ask: {en: "Which order?"}}
  items: {type: shop.order_item, of: [order], many: true, ask: {en: "Which items?"}}
  replacements:
    type: shop.variant
    of: [order, items]
    each: items
    where: "variant.available && variant.id != item.variant_id"
    ask: {en: "What instead of {item.title}?"}
    none: {en: "There is nothing instead of {item.title}."}
    refused:
      - {when: "!variant.available", say: {en: "{variant.title} is sold out."}}
  pay_with:
    type: shop.payment_method
    when: "difference != 0"
    of: [order]
    ask: {en: "Pay {difference|money} how?"}
let:
  difference: "round2(sum(replacements.map(r, r.price)) - sum(items.map(i, i.price)))"
rules:
  - name: gift_card_covers
    check: "pay_with.kind != 'gift_card' || pay_with.balance >= difference"
    slot: pay_with
    say: {en: "That card holds only {pay_with.balance|money}."}
confirm:
  lines:
    - {en: "{items} becomes {replacements}"}
    - {when: "difference != 0", say: {en: "Pay {difference|money} with {pay_with}"}}
do:
  - action: shop.exchange_items
    with:
      order_id: order.id
      item_ids: "items.map(i, i.id)"
      variant_ids: "replacements.map(r, r.id)"
done:
  - {when: "difference > 0.0", say: {en: "Exchanged; you pay {difference|money}."}}
  - say: {en: "Exchanged."}
"""

CANCEL = """
procedure: cancel_order
version: 1
identify: verified_customer
title: {en: Cancel an order}
slots:
  order: {type: shop.order, where: "order.status == 'pending'", ask: {en: "Cancel which order?"}}
  note: {type: text, optional: true, ask: {en: "Anything to add?"}}
confirm:
  lines: [{en: "Cancel {order.id} ({note})"}]
do:
  - {action: shop.cancel_order, with: {order_id: order.id}, as: cancelled}
  - {action: shop.tell_warehouse, with: {refund: "cancelled.refund"}, when: "cancelled.refund > 0"}
done: {en: "Cancelled {order.id}."}
"""

STATUS = """
procedure: order_status
version: 1
identify: verified_customer
title: {en: Order status}
slots:
  order: {type: shop.order, ask: {en: "Status of which order?"}}
do:
  - {action: shop.get_order, with: {order_id: order.id}, as: result}
done: {en: "{order.id} is {result.status}."}
"""

PROFILE = """
procedure: profile
version: 1
identify: none
title: {en: Profile}
slots:
  mail: {type: email, default: customer.email, ask: {en: "E-mail?"}}
  address: {type: address, default: customer.address, ask: {en: "Address?"}}
  guests: {type: number, where: "guests >= 1 && guests < 10", ask: {en: "How many?"},
           refused: [{when: "guests >= 10", say: {en: "At most nine."}}]}
  day: {type: date, ask: {en: "Which day?"}}
  news: {type: yes_no, ask: {en: "News?"}}
  about: {type: text, ask: {en: "What is it about?"}}
confirm:
  lines: [{en: "{mail}, {address}, {guests}, {day|date}, {news}, {about}"}]
do:
  - action: crm.save
    with: {mail: mail, address: address, guests: guests, day: day, news: news, about: about}
"""


@cache
def definitions() -> tuple[Definition, ...]:
    return tuple(parse_definition(source) for source in (RETURN, EXCHANGE, CANCEL, STATUS, PROFILE))


def book() -> ProcedureBook:
    return ProcedureBook(definitions())
