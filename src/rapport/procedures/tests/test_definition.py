"""Reading definitions: all mistakes at once, each with its place."""

import pytest
import yaml

from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.parsing import InvalidDefinition, check_definition, parse_definition
from rapport.procedures.tests.procedures import CANCEL, EXCHANGE, PROFILE, RETURN, STATUS


def problems(source: str) -> list[tuple[str, int, int, str]]:
    return [(p.path, p.line, p.column, p.message) for p in check_definition(source)]


def test_a_definition_is_read_whole() -> None:
    d = parse_definition(RETURN)
    assert (d.name, d.version, d.must_identify, d.menu, d.is_read_only) == (
        "return_items",
        1,
        True,
        None,
        False,
    )
    assert d.title == {"en": "Return items", "cs": "Vrátit zboží"}
    assert [(s.name, s.type, s.element, s.many, s.of) for s in d.slots] == [
        ("order", "shop.order", "order", False, ()),
        ("items", "shop.order_item", "item", True, ("order",)),
        ("refund_to", "shop.payment_method", "method", False, ("order",)),
        ("reason", "choice", "choice", False, ()),
    ]
    assert d.slots[0].refused[0].offer == "cancel_order"
    assert d.slots[3].options[0].aliases == ("changed my mind",)
    assert d.rules[0].name == "not_too_dear"
    assert d.human_when[0].team == "care"
    assert d.actions[0].result == "result"
    assert d.actions[0].arguments["payment_method_id"] == "refund_to.id"
    assert d.done[0].say["en"] == "Done. {total|money} go to {refund_to}."
    assert d.offer == ("order_status",)
    assert parse_definition(STATUS).is_read_only is True
    assert parse_definition(PROFILE).must_identify is False
    assert parse_definition(EXCHANGE).done[0].when == "difference > 0.0"


@pytest.mark.parametrize("source", [RETURN, EXCHANGE, CANCEL, STATUS, PROFILE])
def test_a_mapping_reads_like_its_text(source: str) -> None:
    assert parse_definition(yaml.safe_load(source)) == parse_definition(source)


BROKEN = """
procedure: Broken Name
version: 0
colour: red
title: {cs: Rozbité}
slots:
  order:
    type: oder
    where: "oder.status == 'x'"
    ask: {en: "Which {order.id|loud}?"}
  items:
    type: shop.order_item
    of: [basket]
    many: true
    ask: {en: "Which?", fr: "Lequel?"}
  swap:
    type: shop.variant
    each: order
    where: "total >"
    ask: {en: "{later}"}
  later:
    type: choice
    ask: {en: Which}
do:
  - action: shop.x
  - {action: shop.y, with: {a: nothing.id}}
"""


def test_all_mistakes_are_reported_together_in_the_order_of_the_document() -> None:
    assert problems(BROKEN) == [
        ("identify", 2, 1, "'identify' is missing"),
        ("procedure", 2, 1, "'Broken Name' is no name: use small letters, digits and _"),
        ("version", 3, 1, "a version is a whole number from 1"),
        (
            "colour",
            4,
            1,
            "unknown key 'colour'; allowed: procedure, version, icon, title, description, menu, group, audience, "
            "identify, limits, slots, lookups, let, rules, human_when, confirm, do, done, undo, offer, tests",
        ),
        ("title", 5, 1, "the English wording ('en') is missing"),
        (
            "slots.order.type",
            8,
            5,
            "unknown type 'oder'; allowed: text, number, money, date, email, address, choice, yes_no, file, "
            "customer, or a kind of record of a connected system, as shop.order",
        ),
        ("slots.order.ask.en", 10, 11, "unknown filter 'loud'; allowed: count, date, datetime, list, money"),
        ("slots.order.ask.en", 10, 11, "'order' is a slot that is asked later; known here: customer, now"),
        ("slots.items.of", 13, 5, "'basket' is no earlier slot; allowed: order"),
        ("slots.items.ask.fr", 15, 25, "unknown language; allowed: en, cs, de, es, ru, zh"),
        ("slots.swap.each", 18, 5, "must name an earlier slot with 'many: true'; allowed: items"),
        (
            "slots.swap.where",
            19,
            5,
            "not a valid expression: <input>:1:8: Syntax error: mismatched input '<EOF>' expecting {'[', "
            "'{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, "
            "IDENTIFIER}",
        ),
        (
            "slots.swap.ask.en",
            20,
            11,
            "'later' is a slot that is asked later; known here: customer, items, now, order",
        ),
        (
            "slots.later.options",
            21,
            3,
            "a slot of type choice needs options: a list of {value, title, aliases}",
        ),
        (
            "do.0.with",
            25,
            5,
            "the action 'shop.x' needs 'with': its arguments as expressions ({} when it has none)",
        ),
        (
            "do.1.with.a",
            26,
            29,
            "'nothing' does not exist; known here: customer, items, later, now, order, result, swap",
        ),
    ]


def test_nothing_loads_half() -> None:
    with pytest.raises(InvalidDefinition) as caught:
        parse_definition(BROKEN)
    assert len(caught.value.problems) == len(problems(BROKEN))
    assert str(caught.value).startswith("line 2, column 1: ")


def changed(source: str, old: str, new: str) -> list[str]:
    assert old in source
    return [f"{p.path}: {p.message}" for p in check_definition(source.replace(old, new))]


@pytest.mark.parametrize(
    ("source", "old", "new", "expected"),
    [
        (STATUS, "order_id: order.id", "order_id: oder.id", "do.0.with.order_id: 'oder' does not exist; known here: customer, now, order"),
        (STATUS, "{order.id} is", "{order.id is", "done.0.say: a brace { or } has no partner"),
        (STATUS, "{order.id} is", "{odr.id} is", "done.0.say: 'odr' does not exist; known here: customer, now, order, result"),
        (STATUS, "version: 1", "version: one", "version: must be a whole number, not text"),
        (STATUS, "identify: verified_customer", "identify: maybe", "identify: unknown 'maybe'; allowed: verified_customer, none"),
        (RETURN, 'total: "sum(items.map(i, i.price))"', 'total: "total + 1.0"', "let.total: 'total' is computed from itself"),
        (RETURN, "  total:", "  order:", "let.order: 'order' is already the name of a slot or reserved"),
        (RETURN, "unwanted,", "no,", "slots.reason.options.0.value: must be text, not true/false; put it in quotes"),
        (RETURN, "value: damaged", "value: unwanted", "slots.reason.options.1.value: the value 'unwanted' stands here twice"),
        (RETURN, "as: result", "as: items", "do.0.as: 'items' is already the name of a slot or computed value"),
        (RETURN, "    many: true", "    many: maybe", "slots.items.many: must be true or false"),
        (RETURN, 'where: "order.status', 'where: "items.size() > 0 && order.status', "slots.order.where: 'items' is a slot that is asked later; known here: customer, now, order, total"),
        (RETURN, 'where: "order.status', 'where: "total > 1 && order.status', "slots.order.where: 'total' needs 'items', a slot that is asked later"),
        (EXCHANGE, "slot: pay_with", "slot: pay", "rules.0.slot: 'pay' is no slot; allowed: order, items, replacements, pay_with"),
        (EXCHANGE, "    each: items", "    each: items\n    many: true", "slots.replacements.each: cannot go together with 'many', 'optional' or the type address"),
        (CANCEL, "type: text, optional: true", "type: text, many: true", "slots.note.many: a slot of type text holds one value"),
        (CANCEL, "{type: text, optional: true,", "{type: text, refused: [{when: 'true', say: {en: No}}],", "slots.note.refused: needs 'where': without it every option may be chosen"),
        (CANCEL, "cancelled.refund > 0", "result.refund > 0", "do.1.when: 'result' does not exist; known here: cancelled, customer, note, now, order"),
    ],
)  # fmt: skip
def test_single_mistakes(source: str, old: str, new: str, expected: str) -> None:
    assert expected in changed(source, old, new)


def test_a_key_written_twice_is_a_mistake() -> None:
    assert changed(STATUS, "version: 1", "version: 1\nversion: 2") == [
        "version: the key 'version' stands here twice"
    ]


@pytest.mark.parametrize("source", ["", "just text", "- a\n- b", "[1", "a: &x [*x]", "3"])
def test_what_is_no_definition_is_reported_and_never_raises(source: str) -> None:
    assert check_definition(source)


def test_unreadable_yaml_names_the_place() -> None:
    assert problems("procedure: x\n  title: {en: a}")[0][1:3] == (2, 8)


def test_links_are_checked_where_the_names_are_known() -> None:
    found = check_definition(RETURN, procedures=["order_status"], actions=["shop.get_order"])
    assert [(p.path, p.message) for p in found] == [
        ("slots.order.refused.0.offer", "there is no procedure 'cancel_order'; known: order_status"),
        ("do.0.action", "there is no action 'shop.return_items'; known: shop.get_order"),
    ]
    assert check_definition(RETURN, procedures=["order_status", "cancel_order"]) == ()


def test_a_book_holds_the_newest_and_finds_older_versions() -> None:
    one = parse_definition(STATUS)
    two = parse_definition(
        STATUS.replace("version: 1", "version: 2").replace("identify:", "menu: 3\nidentify:")
    )
    book = ProcedureBook([two], older=[one])
    assert dict(book) == {"order_status": two}
    assert book.at("order_status", 1) == one
    assert book.at("order_status", 2) == two
    assert book.at("order_status", 3) is None
    assert book.menu() == (two,)
    looked_up = ProcedureBook([two], older=lambda name, version: one if version == 1 else None)
    assert looked_up.at("order_status", 1) == one
    assert looked_up.at("order_status", 9) is None
