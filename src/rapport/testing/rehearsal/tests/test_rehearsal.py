"""Rehearsals: the demonstration's test cases, cases that fail for a reason, simulated customers and their figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.procedures import api as procedures
from rapport.procedures.api import Definition, InvalidDefinition
from rapport.testing.personas import load_phrasebook
from rapport.testing.rehearsal.case_files import read_case_file
from rapport.testing.rehearsal.cases import CaseResult, run_cases
from rapport.testing.rehearsal.reading import RehearsalReader
from rapport.testing.rehearsal.rehearsing import read_cases, rehearse
from rapport.testing.rehearsal.reporting import make_report, pass_k
from rapport.testing.rehearsal.scenes import find_scenes
from rapport.testing.rehearsal.simulating import Cast, Plan, Trial, simulate
from rapport.testing.rehearsal.speaking import choose_personas

DEMO = Path(__file__).parents[5] / "demo"
FOLDER = DEMO / "procedures"
FILES = procedures.definition_files(FOLDER)
CASES = [path.with_name(f"{path.stem}.tests.yaml") for path in FILES if procedures.cases_beside(path)]
ALL = ("terse", "chatty", "confused", "angry", "changes_mind", "forbidden")

pytestmark = pytest.mark.skipif(not CASES, reason="the demonstration is not part of this copy")


@pytest.fixture(scope="module")
def definitions() -> list[Definition]:
    return [procedures.parse_definition(path.read_text(encoding="utf-8")) for path in FILES]


@pytest.fixture(scope="module")
def cast() -> Cast:
    book = load_phrasebook(DEMO / "personas.yaml")
    return Cast(book, choose_personas(book, ALL))


def named(definitions: list[Definition], name: str) -> Definition:
    return next(d for d in definitions if d.name == name)


# ── test cases ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_the_demonstrations_cases_pass(path: Path, definitions: list[Definition]) -> None:
    results = run_cases(read_case_file(path.read_text(encoding="utf-8")), definitions)
    assert {result.name: result.problems for result in results if not result.has_passed} == {}
    assert path.name.removesuffix(".tests.yaml") in {d.name for d in definitions}


def test_six_procedures_have_cases() -> None:
    assert len(CASES) >= 6


def run(text: str, definitions: list[Definition]) -> CaseResult:
    source = f"procedure: cancel_order\ncases:\n  - name: one\n{text}"
    (result,) = run_cases(read_case_file(source), definitions)
    return result


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '    steps:\n      - {click: "#W1735502", asks: confirm}\n',
            "line 5: expected to be asked for 'confirm', not 'reason'",
        ),
        ("    steps: []\n    expect: {ends: done}\n", "at the end: expected the end 'done', not 'open'"),
        ("    steps: []\n    expect: {refused: x}\n", "at the end: expected the rule 'x' to refuse; refused by none"),
        ("    steps: []\n    expect: {never_says: slots.order.ask}\n", "at the end: 'slots.order.ask' was said"),
        ("    steps: []\n    expect: {offers: return_items}\n", "at the end: 'return_items' was not offered"),
        ("    steps: []\n    expect: {hands_over: over_limit}\n", "at the end: expected a handover 'over_limit', not 'none'"),
        (
            "    steps: []\n    expect: {calls: [{action: shop.cancel_order}]}\n",
            "at the end: expected the calls ['shop.cancel_order'], not []",
        ),
        (
            '    steps: [{click: "#W1735502"}, {click: no_longer_needed}, {do: "yes"}]\n'
            '    expect: {calls: [{action: shop.cancel_order, with: {order_id: "#W1"}}]}\n',
            "at the end: expected shop.cancel_order with order_id='#W1', not '#W1735502'",
        ),
        (
            '    given: {change: {"#W0": {status: shipped}}}\n    steps: []\n',
            "there is no record #W0 in the sandbox to change",
        ),
    ],
)  # fmt: skip
def test_a_case_that_fails_says_what_differed(text: str, problem: str, definitions: list[Definition]) -> None:
    assert run(text, definitions).problems == (problem,)


def test_mistakes_in_cases_have_places() -> None:
    source = """procedure: cancel_order
cases:
  - name: one
    language: fr
    colour: red
    steps:
      - {click: a, say: b}
      - {do: perhaps}
      - {form: x}
"""
    with pytest.raises(InvalidDefinition) as caught:
        read_case_file(source)
    assert [(p.path, p.line) for p in caught.value.problems] == [
        ("cases.0.language", 4),
        ("cases.0.colour", 5),
        ("cases.0.steps.0", 7),
        ("cases.0.steps.1.do", 8),
        ("cases.0.steps.2.form", 9),
    ]


FOREIGN = """procedure: book_room
version: 1
identify: none
title: {en: Book a room}
slots:
  nights: {type: number, ask: {en: "How many nights?"}}
confirm: {lines: [{en: "{nights} nights"}]}
do: [{action: hotel.book, with: {nights: nights}}]
done: {en: "Booked: {result.room}."}
"""
WITH_CASES = """tests:
  given: {results: {hotel.book: {data: {room: "12"}}}}
  cases:
    - name: a room
      steps: [{form: {nights: "2"}, asks: confirm}, {do: "yes"}]
      expect: {ends: done, says: ["Booked: 12."], calls: [{action: hotel.book, with: {nights: 2.0}}]}
"""


@pytest.mark.django_db
def test_another_system_is_rehearsed_with_what_the_cases_give(cast: Cast) -> None:
    book = procedures.ProcedureBook([])
    alone = rehearse(FOREIGN, "", book, lambda *_: None, cast=cast)
    assert alone["simulation"]["lacking"] == [
        "action 'hotel.book': no answer is given; a test case gives it under 'results'"
    ]
    assert procedures.judge_report(alone, 0.9).reasons == (
        "nothing could be simulated, and there is no test case",
    )
    report = rehearse(FOREIGN + WITH_CASES, "", book, lambda *_: None, cast=cast)
    assert report["cases"] == [{"name": "a room", "line": 0, "problems": [], "transcript": []}]
    simulation = report["simulation"]
    assert (simulation["conversations"], simulation["outcomes"].get("done", 0) > 0) == (240, True)
    assert (simulation["from_cases"], simulation["not_applicable"]) == (1, ["forbidden"])
    assert procedures.judge_report(report, 0.9).is_open
    assert read_cases(FOREIGN) is None


def test_customers_take_turns_in_the_settings_of_the_cases() -> None:
    definition = procedures.parse_definition(FOREIGN)
    file = read_case_file(
        """procedure: book_room
cases:
  - {name: down, given: {down: true, results: {hotel.book: {data: {room: "1"}}}}}
  - {name: nothing given}
  - {name: one, given: {results: {hotel.book: {data: {room: "1"}}}}}
  - {name: the same again, given: {results: {hotel.book: {data: {room: "1"}}}}}
  - {name: full at first, given: {results: {hotel.book: [{ok: false, code: full}, {data: {room: "2"}}]}}}
"""
    )
    scenes = find_scenes(definition, procedures.ProcedureBook([definition]), file)
    rooms = [setting.results["hotel.book"] for setting in scenes.settings]
    assert rooms == [{"data": {"room": "1"}}, {"data": {"room": "2"}}]
    assert (scenes.of(3).setting, scenes.from_cases) == (scenes.settings[1], 2)


def test_customers_say_what_the_cases_say_where_no_choice_is_offered(definitions: list[Definition]) -> None:
    callback = named(definitions, "request_callback")
    path = next(path for path in FILES if path.stem == callback.name)
    file = read_cases(path.read_text(encoding="utf-8"), procedures.cases_beside(path))
    scenes = find_scenes(callback, procedures.ProcedureBook(definitions), file)
    assert scenes.answers["phone"][:2] == ("07700 900123", "+44 7700 900123")
    book = load_phrasebook(DEMO / "personas.yaml")
    cast = Cast(book, choose_personas(book, ("terse",)))
    plan = Plan(k=1, customers=1, languages=("en",))
    found = simulate(callback, definitions, cast, plan, scenes=scenes)
    assert [(trial.outcome, trial.problems) for trial in found.trials] == [("done", ())]


def test_examples_stand_in_where_no_case_says_anything(cast: Cast) -> None:
    definition = procedures.parse_definition(FOREIGN)
    book = procedures.ProcedureBook([definition])
    made_up = ({"results": {"hotel.book": {"ok": True, "data": {"room": "room"}}}}, ("hotel.book",))
    scenes = find_scenes(definition, book, None, lambda: made_up)
    plan = Plan(k=1, customers=1, languages=("en",))
    report = make_report(simulate(definition, [], cast, plan, scenes=scenes))
    assert (report["examples"], report["pass"]) == (["hotel.book"], [1.0])
    assert procedures.judge_report({"cases": [], "simulation": report}, 0.9).reasons == (
        "connected systems only gave made-up examples, and there is no test case",
    )


def test_every_procedure_of_the_demonstration_can_be_simulated(definitions: list[Definition]) -> None:
    book = procedures.ProcedureBook(definitions)
    lacking = {}
    for path, definition in zip(FILES, definitions, strict=True):
        file = read_cases(path.read_text(encoding="utf-8"), procedures.cases_beside(path))
        lacking[definition.name] = find_scenes(definition, book, file).lacking
    assert {name: what for name, what in lacking.items() if what} == {}


# ── simulated customers ─────────────────────────────────────────────────────────────────────────────


def test_the_same_seed_gives_the_same_conversations(definitions: list[Definition], cast: Cast) -> None:
    plan = Plan(k=2, customers=1, languages=("en", "zh"), seed=3)
    one, two = (simulate(named(definitions, "return_items"), definitions, cast, plan) for _ in range(2))
    assert [t.transcript for t in one.trials] == [t.transcript for t in two.trials]
    assert len(one.trials) == len(ALL) * 2 * 2
    assert all(trial.turns and trial.transcript for trial in one.trials)


def test_a_sound_procedure_passes(definitions: list[Definition], cast: Cast) -> None:
    heard: list[tuple[int, int]] = []
    found = simulate(
        named(definitions, "change_payment"), definitions, cast, Plan(k=2, customers=1),
        report=lambda done, total: heard.append((done, total)),
    )  # fmt: skip
    report = make_report(found)
    assert report["pass"][0] >= 0.95
    assert report["personas"]["forbidden"] == [1.0, 1.0]
    assert heard[-1] == (72, 72)


TWO_REASONS = """procedure: cancel_order
version: 1
identify: verified_customer
title: {en: Cancel}
slots:
  order: {type: shop.order, where: "order.status == 'pending'", ask: {en: "Which order?"}}
  reason:
    type: choice
    options:
      - {value: a, title: {en: "too late"}}
      - {value: b, title: {en: "too dear"}}
    ask: {en: "Why?"}
confirm: {lines: [{en: "Cancel {order.id} because {reason}"}]}
do: [{action: shop.cancel_order, with: {order_id: order.id, reason: reason}}]
"""


def test_what_words_cannot_reach_is_found_and_shown(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    careless = procedures.parse_definition(TWO_REASONS)
    misread = lambda _self, _text, options, many: ((options[-1],), False)  # noqa: E731
    monkeypatch.setattr(RehearsalReader, "resolve", misread)
    report = make_report(simulate(careless, [], cast, Plan(k=2, languages=("en",))))
    assert report["pass"][0] < 0.9
    assert report["first_failure"]["problems"]
    assert report["first_failure"]["transcript"][0] == "customer  (starts cancel_order)"
    assert not procedures.judge_report({"simulation": report}, 0.9).is_open


def test_nothing_forbidden_is_no_failure(definitions: list[Definition], cast: Cast) -> None:
    found = simulate(named(definitions, "gift_card_balance"), definitions, cast, Plan(k=1, customers=1))
    assert found.not_applicable == ("forbidden",)
    assert make_report(found)["pass"] == [1.0]


def trial(customer: int, problems: tuple[str, ...]) -> Trial:
    return Trial("terse", "en", customer, 0, problems, "done", 1, 1, 1)


def test_pass_k_is_the_chance_that_all_tries_succeed() -> None:
    always = [trial(1, ()) for _ in range(4)]
    half = [trial(2, ()), trial(2, ()), trial(2, ("x",)), trial(2, ("x",))]
    assert pass_k([*always, *half], 4) == [0.75, 0.5833, 0.5, 0.5]
    assert pass_k([], 2) == [0.0, 0.0]
