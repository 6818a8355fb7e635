"""Definitions as texts: put into order without loss, shown as a flow, compared by meaning; the gate's verdict."""

from __future__ import annotations

import pytest
import yaml

from rapport.procedures.logic.differing import compare
from rapport.procedures.logic.flow import describe
from rapport.procedures.logic.formatting import NotFormatted, format_definition
from rapport.procedures.logic.gate import judge_report
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.logic.phrases import list_wordings
from rapport.procedures.tests.procedures import CANCEL, EXCHANGE, RETURN

MIXED = """# A question and an answer.
title:
  # for the menu
  cs: Otázka
  en: A question
procedure: question

identify: none
# counts up
version: 1
slots:
  colour:
    # asked at first
    ask: {en: "Which colour # is it?"}
    options:
      - title: {en: Red}
        value: red   # the usual one
      - {value: blue, title: {en: Blue}}
    type: choice
done:
- say: {en: "Fine."}
  when: colour == 'red'
- say: {en: "Well."}
"""


def test_keys_are_put_into_order_and_nothing_is_lost() -> None:
    formatted = format_definition(MIXED)
    assert yaml.safe_load(formatted) == yaml.safe_load(MIXED)
    assert sorted(formatted.split()) == sorted(MIXED.split())
    assert list(yaml.safe_load(formatted)) == ["procedure", "version", "title", "identify", "slots", "done"]
    assert format_definition(formatted) == formatted
    assert "  colour:\n    # asked at first\n    type:" in formatted  # what stands first is about the whole
    assert "# counts up\nversion: 1" in formatted
    assert "- when: colour == 'red'\n  say:" in formatted
    assert "      - value: red   # the usual one\n        title: {en: Red}" in formatted


@pytest.mark.parametrize("source", [RETURN, EXCHANGE, CANCEL])
def test_order_changes_no_meaning(source: str) -> None:
    formatted = format_definition(source)
    assert compare(source, formatted) == ()
    assert parse_definition(formatted) == parse_definition(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "- a",
        "{procedure: x}",
        "a: [",
        "a:\tb",
        "title: &t {en: x}\nversion: 1\ndescription: *t\nprocedure: x\n",
    ],
)
def test_what_cannot_be_ordered_safely_is_left_alone(source: str) -> None:
    with pytest.raises(NotFormatted):
        format_definition(source)


def test_a_flow_tells_everything_in_its_order() -> None:
    flow = describe(parse_definition(RETURN), "cs")
    assert flow[:4] == (
        "return_items, version 1: Vrátit zboží",
        "START once the customer has proven who they are",
        "1. ASK order (shop.order)",
        "  Která objednávka?",
    )
    assert "RULE not_too_dear: total <= 500" in flow
    assert "PERSON our_mistake, instead of acting, if reason == 'damaged' (team care)" in flow
    assert "DO shop.return_items as result" in flow
    assert "  fails with already_requested: A return of {order.id} is already under way." in flow
    assert "3. ASK replacements (shop.variant, one for each of items)" in describe(parse_definition(EXCHANGE))


def test_a_comparison_names_what_changed_with_both_lines() -> None:
    after = RETURN.replace("total <= 500", "total <= 900").replace('"Which order?"', '"What order?"')
    after = after.replace("version: 1\n", "version: 2\n# a new line\n").replace("offer: [order_status]\n", "")
    found = {(d.area, d.what): d for d in compare(RETURN, after)}
    assert set(found) == {
        ("rule", "rules.not_too_dear check"),
        ("wording", "slots.order.ask [en]"),
        ("head", "offer"),
    }
    rule = found["rule", "rules.not_too_dear check"]
    assert (rule.kind, rule.before, rule.after) == (
        "changed",
        "total <= 500 -> refused",
        "total <= 900 -> refused",
    )
    assert rule.line_after == rule.line_before + 1
    assert found["head", "offer"].kind == "removed"
    assert compare(RETURN, RETURN) == ()


def test_slots_and_actions_that_come_or_go_are_named() -> None:
    after = CANCEL.replace('  note: {type: text, optional: true, ask: {en: "Anything to add?"}}\n', "")
    after = after.replace(" ({note})", "").replace("tell_warehouse", "tell_carrier")
    found = {d.what: d.kind for d in compare(CANCEL, after)}
    assert found["slots.note"] == "removed"
    assert found["do.1 shop.tell_warehouse"] == "removed"
    assert found["do.1 shop.tell_carrier"] == "added"


def test_every_wording_has_a_key() -> None:
    assert list(list_wordings(parse_definition(RETURN)))[:4] == [
        "title", "slots.order.label", "slots.order.ask", "slots.order.none",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("report", "reasons"),
    [
        ({"cases": [], "simulation": {"conversations": 8, "pass": [0.9]}}, ()),
        (
            {"cases": [], "simulation": {"conversations": 8, "pass": [0.85]}},
            ("pass^1 is 0.85, below the threshold of 0.90",),
        ),
        (
            {"cases": [{"name": "a", "problems": ["x"]}], "simulation": {"conversations": 8, "pass": [1.0]}},
            ("1 of 1 test cases fail: a",),
        ),
        ({"cases": [{"name": "a", "problems": []}], "simulation": {"lacking": ["slot"]}}, ()),
        ({"simulation": {"lacking": ["slot"]}}, ("nothing could be simulated, and there is no test case",)),
        ({}, ("nothing could be simulated, and there is no test case",)),
        ({"problem": "unread", "simulation": {"conversations": 1, "pass": [1.0]}}, ("unread",)),
    ],
)
def test_the_gate_is_open_only_when_nothing_stands_against(
    report: dict[str, object], reasons: tuple[str, ...]
) -> None:
    verdict = judge_report(report, 0.9)
    assert verdict.reasons == reasons
    assert verdict.is_open is not bool(reasons)
