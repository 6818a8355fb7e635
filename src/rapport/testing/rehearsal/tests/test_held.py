"""Rehearsals of files, customers that staff look up, look-ups, limits, days and tones."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.procedures.api import InvalidDefinition, parse_definition
from rapport.testing.personas import Phrasebook, load_phrasebook
from rapport.testing.rehearsal.case_files import read_case_file
from rapport.testing.rehearsal.cases import run_cases
from rapport.testing.rehearsal.holding import find_customers, make_file
from rapport.testing.rehearsal.simulating import Cast, Plan, simulate
from rapport.testing.rehearsal.speaking import choose_personas
from rapport.testing.rehearsal.world import missing

DAMAGE = """
procedure: damage
version: 1
identify: verified_customer
title: {en: Damage}
limits:
  - {name: monthly, count: 2, within: 30 days, say: {en: "Twice a month only."}}
slots:
  order: {type: shop.order, where: "order.status == 'delivered'", ask: {en: "Which order?"}}
  photos: {type: file, many: true, accept: image, ask: {en: "Photos?", de: {formal: "Ihre Fotos?", informal: "Deine Fotos?"}}}
  worth: {type: money, when: "cover.is_full", ask: {en: "Worth?"}}
lookups:
  cover: {action: insure.get_cover, with: {order_id: order.id}, none: {en: "{order.id} is not insured."}}
rules:
  - {name: in_time, check: "days_until(cover.ends_at) >= 0", say: {en: "It ended on {cover.ends_at|date}."}}
confirm: {lines: [{en: "{photos} for {order.id}"}]}
do:
  - {action: shop.report_problem, with: {order_id: order.id, item_ids: "[]", problem: "'damaged'", description: "''", remedy: "'person'"}}
done: {en: "Noted."}
"""
CASES = """
procedure: damage
given:
  now: 2026-11-20
  change: {"#W4168835": {status: pending}}
  results: {insure.get_cover: {data: {is_full: false, ends_at: "2026-11-20"}}}
cases:
  - name: a photo is sent
    language: de
    given: {tone: informal}
    steps:
      - {start: "", asks: photos, says: [Deine Fotos]}
      - {send: crack.pdf, asks: photos, says: ["Das ist kein Bild"]}
      - {send: [crack.jpg, {name: box.png, size: 5}], asks: confirm, says: ["crack.jpg und box.png for #W3957724"]}
    expect: {slots: {photos: [crack.jpg, box.png]}, calls: []}
  - name: sent before, and worth is asked
    given:
      records: {file: [{id: 7, name: old.jpg, media_type: image/jpeg}]}
      results: {insure.get_cover: {data: {is_full: true, ends_at: "2027-01-01"}}}
    steps: [{start: "", asks: worth}, {say: "about 40 dollars", asks: confirm}]
    expect: {slots: {photos: ["7"], worth: ["40"]}}
  - name: too often
    given: {runs: {monthly: 2}}
    steps: []
    expect: {ends: refused, says: [limits.monthly], refused: monthly}
  - name: not insured
    given: {results: {insure.get_cover: {ok: false}}}
    steps: []
    expect: {ends: refused, says: [lookups.cover.none]}
  - name: too late
    given: {now: 2026-11-21T08:00:00+00:00, records: {file: [{id: 7, name: old.jpg}]}}
    steps: []
    expect: {ends: refused, refused: in_time, says: [rules.in_time]}
"""


def test_cases_send_files_and_give_answers_and_counts() -> None:
    results = run_cases(read_case_file(CASES), [parse_definition(DAMAGE)])
    assert {result.name: result.problems for result in results} == {
        "a photo is sent": (),
        "sent before, and worth is asked": (),
        "too often": (),
        "not insured": (),
        "too late": (),
    }


def test_what_cannot_be_given_is_named() -> None:
    broken = """
procedure: damage
given: {runs: {monthly: often}, now: soon, tone: loud}
cases: [{name: a, steps: [{send: 5}]}]
"""
    with pytest.raises(InvalidDefinition) as caught:
        read_case_file(broken)
    assert {p.path for p in caught.value.problems} == {
        "cases.0.given.runs.monthly",
        "cases.0.given.now",
        "cases.0.given.tone",
        "cases.0.steps.0.send",
    }


GUIDE = """
procedure: note_call
version: 1
identify: none
audience: staff
title: {en: Note a call}
slots:
  who: {type: customer, ask: {en: "Who?"}}
  photo: {type: file, ask: {en: "Photo?"}}
done: {en: "{who} sent {photo}."}
"""


def test_staff_find_the_standard_customer_or_those_given() -> None:
    cases = """
procedure: note_call
cases:
  - name: found
    steps: [{say: nobody, asks: who}, {say: ada@example.com, asks: photo}, {send: a.jpg}]
    expect: {ends: done, says: ["Ada Young sent a.jpg."]}
  - name: given
    given: {records: {customer: [{id: 1, name: Bo Young}, {id: 2, name: Bo Old}], file: [{name: b.pdf}]}}
    steps: [{say: bo, asks: who}, {click: "2"}]
    expect: {ends: done, says: ["Bo Old sent b.pdf."]}
"""
    results = run_cases(read_case_file(cases), [parse_definition(GUIDE)])
    assert [result.problems for result in results] == [(), ()]


def test_files_and_customers() -> None:
    assert make_file("a.png")["media_type"] == "image/png"
    assert make_file({"id": 5, "name": "a"}) == {
        "id": "5", "name": "a", "media_type": "application/octet-stream", "size": 1000, "url": "/files/a",
    }  # fmt: skip
    assert find_customers(({"id": 1, "name": "Bo"},), "") == ()


@pytest.fixture(scope="module")
def phrases() -> Phrasebook:
    return load_phrasebook(Path(__file__).parents[5] / "demo" / "personas.yaml")


def test_a_simulated_customer_sends_what_is_asked_for(phrases: Phrasebook) -> None:
    simple = DAMAGE.replace("insure.get_cover", "shop.get_order").replace("cover.is_full", "false")
    simple = simple.replace("days_until(cover.ends_at) >= 0", "true")
    definition = parse_definition(simple)
    assert missing(definition) == ()
    cast = Cast(phrases, choose_personas(phrases, ("terse", "chatty", "forbidden")))
    found = simulate(definition, [definition], cast, Plan(k=1, customers=1, languages=("en", "cs")))
    assert len(found.trials) == 6
    assert [trial.problems for trial in found.trials if trial.problems] == []
