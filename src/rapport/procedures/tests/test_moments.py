"""Days, durations and tones: what expressions and wordings make of the present moment and the customer's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Literal

import pytest

from rapport.procedures.contracts import Frame, Say, StartProcedure, World
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import Definition
from rapport.procedures.logic.differing import compare
from rapport.procedures.logic.expressions import ExpressionError, evaluate, holds
from rapport.procedures.logic.flow import describe
from rapport.procedures.logic.formatting import format_definition
from rapport.procedures.logic.informal_wording import INFORMAL_TEXTS
from rapport.procedures.logic.moments import add_days, days_since, duration_text, read_duration
from rapport.procedures.logic.parsing import check_definition, parse_definition
from rapport.procedures.logic.phrases import list_wordings
from rapport.procedures.logic.scope import Scope
from rapport.procedures.logic.wording import keys, say
from rapport.procedures.tests.shop import Driver, PlainReader

PRAGUE = dt.timezone(dt.timedelta(hours=1))
TONES: tuple[tuple[str, Literal["formal", "informal"]], ...] = (
    ("de", "formal"), ("de", "informal"), ("en", "informal"), ("cs", "informal"),
)  # fmt: skip
NOW = dt.datetime(2026, 11, 22, 0, 30, tzinfo=PRAGUE)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 minutes", 1800),
        ("1 hour", 3600),
        ("2 hours", 7200),
        ("3 days", 259_200),
        (" 4 weeks ", 2_419_200),
        ("1 week", 604_800),
        ("365 days", 31_536_000),
        ("0 days", None),
        ("-1 days", None),
        ("3", None),
        ("three days", None),
        ("3 months", None),
        ("3 days or so", None),
        ("99999 weeks", None),
        ("", None),
    ],
)
def test_durations(text: str, seconds: int | None) -> None:
    found = read_duration(text)
    assert (None if found is None else found.total_seconds()) == seconds
    if found is not None:
        assert read_duration(duration_text(found)) == found


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("2026-11-22", 0.0),
        ("2026-11-21", 1.0),
        ("2026-11-25", -3.0),
        ("2025-11-22", 365.0),
        ("2026-11-21T23:00:00+00:00", 0.0),
        ("2026-11-21T22:59:59Z", 1.0),
        ("2026-11-21T23:59:59", 1.0),
        (NOW.timestamp() - 86_400, 1.0),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (-1, None),
        (float("nan"), None),
        ({"at": "2026-11-21"}, None),
    ],
)
def test_days_are_those_of_the_calendar_where_the_shop_is(value: object, days: float | None) -> None:
    assert days_since(value, NOW) == days
    assert evaluate("days_since(x)", {"x": value}, NOW) == days
    assert evaluate("days_until(x)", {"x": value}, NOW) == (None if days is None else -days)


@pytest.mark.parametrize(
    ("value", "days", "later"),
    [
        ("2026-11-22", 14, "2026-12-06"),
        ("2026-02-27", 2.0, "2026-03-01"),
        ("2026-11-22", -1, "2026-11-21"),
        ("2026-11-03T10:00:00Z", 30, "2026-12-03T11:00:00+01:00"),
        ("2026-11-03T10:00:00", 0.5, "2026-11-03T22:00:00+01:00"),
        ("2026-11-22", "14", None),
        ("2026-11-22", None, None),
        ("2026-11-22", 1e9, None),
        ("9999-12-31", 2, None),
        ("soon", 2, None),
    ],
)
def test_days_are_added(value: object, days: object, later: str | None) -> None:
    assert add_days(value, days, NOW) == later


def test_the_present_is_a_text_that_can_be_compared() -> None:
    world = World("en", PlainReader(), now=NOW)
    frame = Frame("i", "p", 1, "collecting", results={"result": {"at": "2026-11-10T09:00:00Z"}})
    scope = Scope(Definition("p", 1, {"en": "P"}), frame, world)
    assert scope.evaluate("now") == "2026-11-22T00:30:00+01:00"
    assert scope.holds("add_days(result.at, 10) < now && add_days(result.at, 14) > now")
    assert scope.text({"en": "{now|date}"}) == "November 22, 2026"


def test_without_a_present_nothing_is_reckoned() -> None:
    assert evaluate("days_since('2026-11-21')", {}) is None
    assert add_days("2026-11-21", 1, None) is None
    with pytest.raises(ExpressionError):
        holds("days_since('2026-11-21') < 14", {})


LATE = """
procedure: late_return
version: 1
identify: verified_customer
title: {en: Late return, de: {formal: Ihre Rückgabe, informal: Deine Rückgabe}}
slots:
  order:
    type: shop.order
    where: "days_since(order.delivered_at) <= 14"
    ask: {en: "Which?", de: {formal: "Welche meinen Sie?", informal: "Welche meinst du?"}}
    refused:
      - {when: "days_since(order.delivered_at) > 14", say: {en: "{order.id} came {days} days ago."}}
let: {days: "days_since(order.delivered_at)"}
done: {en: "Done."}
"""


def late(now: dt.datetime | None) -> Driver:
    driver = Driver(ProcedureBook([parse_definition(LATE)]), now=now)
    driver.send(StartProcedure("late_return"))
    return driver


def test_a_time_limit_in_a_condition() -> None:
    assert len(late(dt.datetime(2026, 11, 17, tzinfo=dt.UTC)).asked.options) == 3
    assert late(dt.datetime(2026, 11, 18, tzinfo=dt.UTC)).ended == [("late_return", "refused")]
    assert late(None).ended == [("late_return", "refused")], "without a present it cannot be told"


def test_the_tone_chooses_the_wording_where_there_are_two() -> None:
    prompts = {}
    for language, tone in TONES:
        driver = replace(late(dt.datetime(2026, 11, 17, tzinfo=dt.UTC)), language=language, tone=tone)
        driver.send(Say("the lamp"))
        prompts[language, tone] = (driver.asked.prompt, driver.asked.problem)
    assert prompts == {
        ("de", "formal"): ("Welche meinen Sie?", "Mehrere passen dazu. Welche Möglichkeit meinen Sie?"),
        ("de", "informal"): ("Welche meinst du?", "Mehrere passen dazu. Welche Möglichkeit meinst du?"),
        ("en", "informal"): ("Which?", "More than one fits. Which one do you mean?"),
        ("cs", "informal"): ("Which?", "Hodí se jich víc. Kterou možnost myslíš?"),
    }


def test_the_house_speaks_in_both_tones() -> None:
    assert say("please_confirm", "de") != say("please_confirm", "de", tone="informal")
    assert say("please_confirm", "en") == say("please_confirm", "en", tone="informal")
    formal_marks = {
        "cs": ("vás", "vám", "vámi", "ejte", "íte", "ište"),
        "de": ("Sie ", "Ihnen", "Ihre"),
        "ru": (" вы ", " вас", " вам", "йте", "ите,"),
        "zh": ("您",),
    }
    for language, texts in INFORMAL_TEXTS.items():
        assert set(texts) <= set(keys())
        left = [
            (language, key)
            for key in keys()
            if any(mark in say(key, language, tone="informal") for mark in formal_marks[language])
        ]
        assert left == []


def test_tones_are_flattened_and_found_again() -> None:
    words = list_wordings(parse_definition(LATE))["slots.order.ask"]
    assert words == {"en": "Which?", "de": "Welche meinen Sie?", "de.informal": "Welche meinst du?"}
    found = compare(LATE, LATE.replace("meinst du", "willst du"))
    assert [(d.area, d.what, d.line_before) for d in found] == [
        ("wording", "slots.order.ask [de.informal]", 10)
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'informal: "Welche meinst du?"',
            'informal: ""',
            (10, "slots.order.ask.de.informal", "must be a text that is not empty; both tones are needed"),
        ),
        (
            'informal: "Welche meinst du?"',
            'casual: "Welche?"',
            (10, "slots.order.ask.de.casual", "unknown key 'casual'; allowed: formal, informal"),
        ),
        (
            'informal: "Welche meinst du?"',
            'informal: "{nobody}?"',
            (10, "slots.order.ask.de.informal", "'nobody' does not exist"),
        ),
        ("days_since(order", "days_ago(order", (9, "slots.order.where", "unknown function 'days_ago'")),
    ],
)
def test_mistakes_in_tones_and_days_have_their_place(
    old: str, new: str, problem: tuple[int, str, str]
) -> None:
    found = [(p.line, p.path, p.message) for p in check_definition(LATE.replace(old, new, 1))]
    assert any((line, path) == problem[:2] and text.startswith(problem[2]) for line, path, text in found), (
        found
    )


def test_the_formatter_orders_what_is_new() -> None:
    source = """title: {en: A}
lookups:
  account:
    none: {en: Nothing}
    with: {id: customer.id}
    action: crm.find
limits:
  - say:
      de:
        informal: Du
        formal: Sie
      en: You
    within: 2 hours
    count: 1
    name: once
version: 1
identify: verified_customer
procedure: a
audience: staff
done: {en: Done}
"""
    assert (
        format_definition(source)
        == """procedure: a
version: 1
title: {en: A}
audience: staff
identify: verified_customer
limits:
  - name: once
    count: 1
    within: 2 hours
    say:
      en: You
      de:
        formal: Sie
        informal: Du
lookups:
  account:
    action: crm.find
    with: {id: customer.id}
    none: {en: Nothing}
done: {en: Done}
"""
    )
    assert describe(parse_definition(source))[1:6] == (
        "START by staff, for a customer who has proven who they are",
        "LIMIT once: 1 in 2 hours for each customer",
        "  beyond it end refused: You",
        "LOOK UP account = crm.find",
        "  id = customer.id",
    )
    changed = source.replace("2 hours", "3 hours").replace("crm.find", "crm.get").replace("staff", "customer")
    assert {(d.area, d.what, d.before) for d in compare(source, changed)} == {
        ("head", "audience", "staff"),
        ("rule", "limits.once", "1 in 2 hours of customer -> refuse"),
        ("value", "lookups.account", "crm.find(id=customer.id) if true"),
    }
