"""A procedure drops a file, waits for the other system's answer, and goes on with what it says."""

from __future__ import annotations

import os
from pathlib import Path

from tests.acceptance.support.customer import Customer, signed_in
from tests.acceptance.support.shop import RunningShop
from tests.acceptance.support.system import System

from rapport.connectors import api as connectors
from rapport.procedures import api as procedures
from rapport.procedures.following import follow_answers

BOOK = """
procedure: book_repair
version: 1
identify: verified_customer
title: {en: Book a repair}
slots:
  what: {type: text, ask: {en: "What is broken?"}}
confirm: {lines: [{en: "Have {what} repaired"}]}
do:
  - {action: drop.book, with: {what: what}, as: dropped, undo: none}
  - {wait: {for: "2 days", event: drop.book_answer, of: dropped.file_name}, as: answer, say: {en: "Sent to the workshop."}}
done: {en: "Booked under {answer.data.data.number}."}
"""
FILES = """
book:
  format: json
  fields: {what: "{what}"}
  answer: "{file}.ok"
"""


def test_given_a_dropped_file_when_it_is_answered_then_the_customer_reads_what_it_says(
    system: System, shop: RunningShop, tmp_path: Path
) -> None:
    connectors.connect_by_form("file_drop", "drop", {"folder": str(tmp_path), "files": FILES})
    procedures.publish(BOOK)
    procedures.forget_book()
    customer: Customer = signed_in(system, shop.shopper(having="pending"))
    customer.command("start:book_repair")
    customer.say("the lamp")
    customer.click("confirm:yes")
    assert "Sent to the workshop." in customer.last["content"]
    assert follow_answers() == 0
    (dropped,) = [path for path in tmp_path.iterdir() if path.is_file()]
    answer = tmp_path / f"{dropped.stem}.ok"
    answer.write_text("number: 77", encoding="utf-8")
    os.utime(answer, (1, 1))
    assert follow_answers() == 1
    system.settle()
    assert "Booked under 77." in customer.last["content"]
    assert follow_answers() == 0
