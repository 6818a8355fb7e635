"""Past inputs with two versions: what differs is named, nothing is done."""

from __future__ import annotations

import pytest

from rapport.procedures.api import parse_definition
from rapport.procedures.contracts import Affirm, Fill, Input, Option, StartProcedure
from rapport.testing.rehearsal.replaying import Recorded, compare_replays
from rapport.testing.rehearsal.world import Sandbox

CANCEL = """procedure: cancel_order
version: 1
identify: verified_customer
title: {en: Cancel}
slots:
  order: {type: shop.order, where: "order.status == 'pending'", ask: {en: "Which order?"}, none: {en: "None."}}
confirm: {lines: [{en: "Cancel {order.id}"}]}
do: [{action: shop.cancel_order, with: {order_id: order.id, reason: "'no longer needed'"}}]
done: {en: "Cancelled."}
"""
INPUTS: tuple[Input, ...] = (StartProcedure("cancel_order"), Fill({"order": ("#W1735502",)}), Affirm())


@pytest.mark.parametrize(
    ("old", "new", "kind", "turn"),
    [
        ("version: 1", "version: 2", "same", 0),
        ("Which order?", "What order?", "other_words", 1),
        ("=='pending'", "=='gone'", "same", 0),
        ("== 'pending'", "== 'gone'", "refused", 1),
        ("{order_id: order.id, ", "{order_id: \"'#W2'\", ", "other_action", 3),
        ("shop.cancel_order", "shop.stop_order", "other_action", 3),
        (
            "confirm:",
            "  why: {type: text, ask: {en: Why}}\nconfirm:",
            "other_question",
            2,
        ),
    ],
)
def test_the_first_difference_is_named(old: str, new: str, kind: str, turn: int) -> None:
    sandbox = Sandbox()
    before = sandbox.fingerprint()

    def look_up(type_: str, of: dict[str, object]) -> tuple[Option, ...]:
        return sandbox.list_options(type_, of, "en")

    recorded = Recorded(7, "en", INPUTS, sandbox.customer, look_up)
    first, changed = parse_definition(CANCEL), parse_definition(CANCEL.replace(old, new))
    (found,) = compare_replays(first, changed, [], [recorded])
    assert (found.conversation_id, found.kind, found.turn) == (7, kind, turn)
    assert sandbox.fingerprint() == before
