"""Test cases and simulated customers of procedures that wait, ask for approval, run others and can be taken back."""

from pathlib import Path

import pytest

from rapport.procedures.api import InvalidDefinition, parse_definition
from rapport.testing.personas import load_phrasebook
from rapport.testing.rehearsal.case_files import read_case_file
from rapport.testing.rehearsal.cases import CaseResult, run_cases
from rapport.testing.rehearsal.simulating import Cast, Plan, simulate
from rapport.testing.rehearsal.speaking import choose_personas

DEMO = Path(__file__).parents[5] / "demo"

EXCHANGE = """
procedure: swap_later
version: 1
identify: verified_customer
title: {en: Swap later}
slots:
  order: {type: shop.order, where: "order.status == 'delivered'", ask: {en: "Which order?"}}
lookups:
  stock: {action: depot.stock, with: {order_id: order.id}}
confirm:
  lines: [{en: "Swap {order.id}"}]
do:
  - {action: depot.reserve, with: {order_id: order.id}, as: held, undo: {action: depot.release, with: {id: held.id}}}
  - wait: {for: "14 days", event: parcel.returned, of: order.id}
    as: parcel
    say: {en: "Send it back."}
  - if: "parcel.event == 'timeout'"
    then:
      - {person: {team: care, say: {en: "Nothing came back."}}}
  - approve: {team: care, title: {en: "Swap {order.id}"}, expires: "2 days"}
    as: decision
    rejected: {en: "Not possible: {decision.reason}."}
    when: "parcel.data.weight > 10 && stock.count > 0"
  - {action: depot.send, with: {order_id: order.id}, as: sent, undo: {action: depot.call_back, with: {}}}
done: {en: "On its way."}
undo: {within: "30 minutes"}
"""

CASES = """
procedure: swap_later
given:
  results:
    depot.stock: {data: {count: 3}}
    depot.reserve: {data: {id: R1}}
    depot.release: {}
    depot.send: {}
    depot.call_back: {}
cases:
  - name: what waits is called off, and what was done is taken back
    steps:
      - {click: "#W3957724", asks: confirm}
      - {do: "yes", waits: parcel.returned}
      - {do: cancel, waits: nothing}
    expect: {ends: cancelled, calls: [{action: depot.reserve}, {action: depot.release}]}
  - name: the parcel comes back and somebody approves
    steps:
      - {click: "#W3957724", asks: confirm}
      - {do: "yes", waits: parcel.returned, says: do.1.say, calls: [{action: depot.reserve}]}
      - {wake: parcel.returned, data: {weight: 12}, waits: approval, approves: care}
      - {approve: "yes", waits: nothing}
    expect: {ends: done, calls: [{action: depot.reserve}, {action: depot.send}]}
  - name: a light one needs nobody
    steps: [{click: "#W3957724"}, {do: "yes"}, {wake: parcel.returned, data: {weight: 2}}]
    expect: {ends: done, says: done.0, waits: nothing}
  - name: nothing comes back
    steps: [{click: "#W3957724"}, {do: "yes"}, {wake: timeout}]
    expect: {hands_over: person, ends: handed_over}
  - name: somebody says no
    steps:
      - {click: "#W3957724"}
      - {do: "yes"}
      - {wake: parcel.returned, data: {weight: 12}, approves: "Swap #W3957724"}
      - {approve: "no", reason: too heavy, says: "Not possible: too heavy."}
    expect: {ends: refused, calls: [{action: depot.reserve}, {action: depot.release, with: {id: R1}}]}
  - name: a yes to the call itself
    given:
      results:
        depot.stock: {data: {count: 0}}
        depot.reserve: {data: {id: R1}}
        depot.release: {}
        depot.send: {ok: false, code: needs_approval, data: {team: boss, title: Send it}}
        depot.call_back: {}
    steps:
      - {click: "#W3957724"}
      - {do: "yes"}
      - {wake: parcel.returned, data: {weight: 12}, waits: approval, approves: Send it}
      - {approve: "yes", ends: done}
  - name: taken back in time, and not later
    steps:
      - {click: "#W3957724"}
      - {do: "yes"}
      - {wake: parcel.returned, data: {weight: 2}}
      - {later: 10 minutes}
      - {undo: true, asks: confirm}
      - {do: "yes", ends: cancelled}
    expect:
      calls: [{action: depot.reserve}, {action: depot.send}, {action: depot.call_back}, {action: depot.release}]
  - name: too late
    steps:
      - {click: "#W3957724"}
      - {do: "yes"}
      - {wake: parcel.returned, data: {weight: 2}}
      - {later: 2 hours}
      - {undo: true, says: "That can't be taken back here any more."}
"""


def run(cases: str, source: str = EXCHANGE) -> list[CaseResult]:
    return list(run_cases(read_case_file(cases), [parse_definition(source)]))


def test_every_case_passes() -> None:
    for result in run(CASES):
        assert result.problems == (), (result.name, result.transcript)


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("{approve: 'yes'}", "nothing waits for approve: yes"),
        ("{wake: parcel.sent}", "nothing waits for wake: parcel.sent"),
        (
            "{wake: timeout, waits: time}",
            "expected 'time' to be waited for, not nothing",
        ),
    ],
)
def test_what_nothing_waits_for_is_a_problem(step: str, problem: str) -> None:
    head = CASES[: CASES.index("cases:")]
    source = f'{head}cases:\n  - name: x\n    steps: [{{click: "#W3957724"}}, {{do: "yes"}}, {step}]\n'
    [result] = run(source)
    assert [text.split(": ", 1)[1] for text in result.problems] == [problem]


@pytest.mark.parametrize(
    ("step", "path"),
    [
        ("{approve: maybe}", "cases.0.steps.0.approve"),
        ("{later: soon}", "cases.0.steps.0.later"),
        ("{wake: x, data: 5}", "cases.0.steps.0.data"),
    ],
)
def test_a_step_that_cannot_be_read_is_named(step: str, path: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        read_case_file(f"procedure: x\ncases:\n  - name: x\n    steps: [{step}]\n")
    assert [problem.path for problem in caught.value.problems] == [path]


def test_answers_may_come_one_after_another() -> None:
    source = """
procedure: each
version: 1
identify: verified_customer
title: {en: Each}
slots:
  order: {type: shop.order, ask: {en: "Which order?"}}
confirm:
  lines: [{en: "Go"}]
do:
  - {action: depot.take, each: order.items, with: {id: item.id}, as: taken, undo: none}
done: {en: "{taken.0.at} {taken.1.at}"}
"""
    cases = """
procedure: each
given: {results: {depot.take: [{data: {at: one}}, {data: {at: two}}]}}
cases:
  - name: both
    steps: [{click: "#W1735502"}, {do: "yes", says: one two}]
"""
    [result] = run(cases, source)
    assert result.problems == ()


def test_what_a_procedure_runs_must_be_testable_too() -> None:
    head = "version: 1\nidentify: none\ntitle: {en: X}\n"
    outer = f"procedure: outer\n{head}do:\n  - run: inner\n  - run: gone\n"
    inner = f"procedure: inner\n{head}do:\n  - {{action: depot.send, with: {{}}}}\n  - run: outer\n"
    file = read_case_file("procedure: outer\ncases: [{name: x}]\n")
    [result] = run_cases(file, [parse_definition(outer), parse_definition(inner)])
    assert result.problems == (
        "cannot be tested: there is no procedure 'gone'",
        "cannot be tested: procedure 'inner': action 'depot.send': no answer is given; "
        "a test case gives it under 'results'",
    )


def test_simulated_customers_see_a_wait_through() -> None:
    source = """
procedure: cancel_later
version: 1
identify: verified_customer
title: {en: Cancel later}
slots:
  order: {type: shop.order, where: "order.status == 'pending'", ask: {en: "Which order?"}}
confirm:
  lines: [{en: "Cancel {order.id}"}]
do:
  - {wait: {for: "1 day"}}
  - approve: {title: {en: "Cancel {order.id}"}}
  - {action: shop.cancel_order, with: {order_id: order.id, reason: "'no longer needed'"}}
done: {en: "Cancelled."}
"""
    phrases = load_phrasebook(DEMO / "personas.yaml")
    cast = Cast(phrases, choose_personas(phrases, ("terse",)))
    found = simulate(parse_definition(source), [], cast, Plan(k=1, customers=1, languages=("en",)))
    assert [(trial.outcome, trial.problems) for trial in found.trials] == [("done", ())]
