"""`rapport procedures test`, `simulate`, `publish` and `gate`: nothing goes live that has not been rehearsed."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rapport.cli.contracts import Commands
from rapport.cli.places import demo_dir
from rapport.cli.procedure_files import definitions, read, with_cases
from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from rapport.testing.rehearsal.simulating import Cast
    from rapport.testing.tau.chat import ChatServer

DEFAULT_PERSONAS = "terse,chatty,confused,angry,changes_mind,forbidden"


def add_verbs(verbs: Commands) -> None:
    """`test`, `simulate`, `publish`, `gate`."""
    test = verbs.add_parser("test", help="run test cases of definitions")
    test.add_argument("names", nargs="+", metavar="FILE|NAME")
    test.add_argument("--verbose", action="store_true", help="print conversations of failing cases")
    test.set_defaults(run=run_test)
    simulate = verbs.add_parser("simulate", help="simulated customers run a procedure against a sandbox")
    simulate.add_argument("name", help="name of a procedure, or a file")
    simulate.add_argument("--k", type=int, default=4, help="tries of each customer")
    simulate.add_argument("--customers", type=int, default=2, help="customers per persona and language")
    simulate.add_argument("--personas", default=DEFAULT_PERSONAS, help="names with commas")
    simulate.add_argument("--languages", default=",".join(LANGUAGES), help="codes with commas")
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--user-url", help="OpenAI-compatible server that finds the customers' words")
    simulate.add_argument("--user-model", default="default", help="its model")
    simulate.add_argument("--user-key-env", metavar="NAME", help="environment variable with its key")
    simulate.add_argument("--json", type=Path, metavar="OUT")
    simulate.set_defaults(run=run_simulate)
    publish = verbs.add_parser("publish", help="put definitions into force that pass the release gate")
    publish.add_argument("files", type=Path, nargs="+", metavar="FILE|FOLDER")
    publish.add_argument("--note", default="")
    publish.add_argument(
        "--override", default="", metavar="REASON", help="publish in spite of the gate; recorded"
    )
    publish.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="ITEM=TEXT",
        help="yes to an item of the checklist, and why; may be repeated",
    )
    publish.set_defaults(run=run_publish)
    gate = verbs.add_parser("gate", help="show or set the pass^1 that publishing a procedure takes")
    gate.add_argument("name")
    gate.add_argument("--threshold", type=float, metavar="SHARE")
    gate.set_defaults(run=run_gate)


def _django() -> None:
    from rapport import bootstrap

    bootstrap.set_up_django()


def run_test(options: argparse.Namespace) -> int:
    """Run test cases; exit code 1 if one fails or there are none."""
    _django()
    from rapport.procedures import api as procedures
    from rapport.testing.rehearsal.cases import run_cases
    from rapport.testing.rehearsal.rehearsing import read_cases

    failed, count = 0, 0
    for name in options.names:
        source, cases, others = with_cases(name)
        definition = procedures.parse_definition(source)
        file = read_cases(source, cases)
        if file is None:
            sys.stdout.write(f"{definition.name}: there are no test cases\n")
            failed += 1
            continue
        for result in run_cases(file, [*(d for d in others if d.name != definition.name), definition]):
            count += 1
            sys.stdout.write(
                f"{'passed' if result.has_passed else 'FAILED'}  {definition.name}: {result.name}\n"
            )
            failed += not result.has_passed
            for problem in result.problems:
                sys.stdout.write(f"          {problem}\n")
            if options.verbose and result.problems:
                sys.stdout.write("".join(f"            {line}\n" for line in result.transcript))
    sys.stdout.write(f"{count} test cases, {failed} failures\n")
    return 1 if failed else 0


def run_simulate(options: argparse.Namespace) -> int:
    """Simulate and print the report."""
    _django()
    from rapport.procedures import api as procedures
    from rapport.testing.rehearsal.rehearsing import read_cases
    from rapport.testing.rehearsal.reporting import make_report
    from rapport.testing.rehearsal.scenes import find_scenes
    from rapport.testing.rehearsal.simulating import Plan, simulate

    languages = tuple(options.languages.split(","))
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or options.k < 1 or options.customers < 1:
        raise InvalidInput(
            f"unknown language {', '.join(unknown)}" if unknown else "at least one try is needed"
        )
    source, cases, others = with_cases(options.name)
    definition = procedures.parse_definition(source)
    book = procedures.ProcedureBook([*(d for d in others if d.name != definition.name), definition])
    scenes = find_scenes(definition, book, read_cases(source, cases), lambda: _examples(source))
    plan = Plan(options.k, options.customers, languages, options.seed)
    cast = dataclasses.replace(_cast(tuple(options.personas.split(","))), server=_server(options))
    report = make_report(simulate(definition, others, cast, plan, scenes=scenes, report=_progress()))
    if options.json:
        options.json.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print_simulation(report)
    return 0


def _examples(source: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Examples of what connected systems declare; none without an installation to ask."""
    from django.db import DatabaseError

    from rapport.procedures import api as procedures

    try:
        return procedures.with_examples(source, {})
    except DatabaseError:
        return {}, ()


def _server(options: argparse.Namespace) -> ChatServer | None:
    """The server that finds the customers' words, if one is named."""
    from rapport.testing.tau.chat import ChatServer

    if not options.user_url:
        return None
    key = os.environ.get(options.user_key_env, "") if options.user_key_env else ""
    return ChatServer(options.user_url, options.user_model, key, temperature=1.0)


def _cast(names: tuple[str, ...]) -> Cast:
    from rapport.testing.personas import load_phrasebook
    from rapport.testing.rehearsal.simulating import Cast
    from rapport.testing.rehearsal.speaking import choose_personas

    path = demo_dir() / "personas.yaml"
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    book = load_phrasebook(path)
    try:
        return Cast(book, choose_personas(book, names))
    except KeyError as problem:
        raise InvalidInput(str(problem.args[0])) from problem


def print_simulation(report: dict[str, Any]) -> None:
    """The report for people."""
    out = sys.stdout
    if report["lacking"]:
        out.write("cannot be simulated:\n" + "".join(f"  {what}\n" for what in report["lacking"]))
        return
    if report["from_cases"]:
        out.write(f"other systems answer as in {report['from_cases']} settings of the test cases\n")
    if report["examples"]:
        out.write(f"made-up examples stand for {', '.join(report['examples'])}; a test case can say more\n")
    heads = "  ".join(f"pass^{n}" for n in range(1, report["k"] + 1))
    out.write(
        f"{report['procedure']}: {report['conversations']} conversations, {report['failures']} failed\n"
    )
    out.write(f"{'':<18}{heads}\n{'all':<18}{_shares(report['pass'])}\n")
    for part in ("personas", "languages"):
        for name, shares in report[part].items():
            out.write(f"{name:<18}{_shares(shares)}\n")
    for name, deeds in report["behaviour"].items():
        did = ", ".join(f"{deed} {share:.2f}" for deed, share in deeds.items())
        out.write(f"{name:<18}did: {did}\n" if did else "")
    for name in report["not_applicable"]:
        out.write(f"{name:<18}nothing to attempt here\n")
    if report["faults"]["conversations"]:
        met = report["faults"]
        out.write(
            f"a system failed once in {met['conversations']} conversations; {met['mended']} came to their end\n"
        )
    questions = (
        f"{report['questions_mean']} questions (a customer who clicks: {report['questions_needed_mean']})"
    )
    out.write(
        f"{questions}, {report['turns_mean']} turns; {report['per_cpu_minute']} conversations a CPU minute\n"
    )
    first = report["first_failure"]
    if first:
        out.write(f"first failure: {first['persona']}, {first['language']}: {'; '.join(first['problems'])}\n")
        out.write("".join(f"  {line}\n" for line in first["transcript"]))


def _shares(shares: list[float]) -> str:
    return "  ".join(f"{share:6.3f}" for share in shares)


def _progress() -> Callable[[int, int], None] | None:
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if done % 10 == 0 or done == total:
            sys.stderr.write(f"\r{done} of {total}" + ("\n" if done == total else ""))

    return show


def run_publish(options: argparse.Namespace) -> int:
    """Publish definitions; none when any is wrong or kept back by the gate."""
    from rapport import bootstrap
    from rapport.cli.procedures import run_check  # the group that this one belongs to

    bootstrap.set_up_django()
    options.files = definitions(options.files)
    if run_check(options):
        return 1
    from django.db import transaction

    from rapport.procedures import api as procedures

    sources = {file: read(file) for file in options.files}
    given = [procedures.parse_definition(source) for source in sources.values()]
    names = {definition.name for definition in given}
    book = procedures.ProcedureBook(
        [*(d for d in procedures.load_book().values() if d.name not in names), *given]
    )
    reports: dict[Path, dict[str, Any]] = {}
    answers = procedures.make_answers(dict(text.partition("=")[::2] for text in options.answer))
    is_closed = False
    for file, source in sources.items():
        if not procedures.needs_rehearsal(source):
            continue
        reports[file] = bootstrap.rehearse(
            source, procedures.cases_beside(file), book, _progress() or _silent
        )
        is_closed |= not _print_gate(file, source, reports[file], answers)
    if is_closed and not options.override:
        sys.stdout.write("Nothing is published. Mend it, or give a reason with --override.\n")
        return 1
    with transaction.atomic():
        for file, source in sources.items():
            cases = procedures.cases_beside(file)
            version = (
                procedures.release(
                    procedures.Release(source, reports[file], cases, options.note, answers),
                    reason=options.override,
                )
                if file in reports
                else procedures.publish(source, cases=cases, note=options.note)
            )
            sys.stdout.write(f"{file.stem}: version {version} is in force\n")
    return 0


def _silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def _print_gate(file: Path, source: str, report: dict[str, Any], answers: dict[str, Any]) -> bool:
    from rapport.procedures import api as procedures

    threshold = procedures.threshold_of(procedures.parse_definition(source).name)
    verdict = procedures.judge_report(report, threshold)
    cases, simulation = report["cases"], report["simulation"]
    failing = sum(bool(case["problems"]) for case in cases)
    passed = f"pass^1 {simulation['pass'][0]:.3f}" if simulation.get("conversations") else "not simulated"
    sys.stdout.write(
        f"{file.stem}: {len(cases)} test cases, {failing} fail; {passed} (threshold {threshold:.2f})\n"
    )
    for what in simulation.get("lacking", ()):
        sys.stdout.write(f"  not simulated: {what}\n")
    checked = procedures.check_text(source, report, threshold, answers)
    against = procedures.what_stands_against(verdict, checked)
    for reason in against:
        sys.stdout.write(f"  the gate is closed: {reason}\n")
    answerable = [c.item.key for c in checked if c.is_blocking and c.item.is_answerable]
    if answerable:
        sys.stdout.write(f"  a person may answer: {' '.join(f'--answer {key}=...' for key in answerable)}\n")
    if not verdict.is_open and simulation.get("first_failure"):
        print_simulation(simulation)
    return not against


def run_gate(options: argparse.Namespace) -> int:
    """Show or set a threshold."""
    _django()
    from rapport.procedures import api as procedures

    if options.threshold is not None:
        procedures.set_threshold(options.name, options.threshold)
    sys.stdout.write(f"{options.name}: pass^1 of at least {procedures.threshold_of(options.name):.2f}\n")
    return 0
