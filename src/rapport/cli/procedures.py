"""`rapport procedures`: check, format, show, compare, test and simulate definitions, and publish them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rapport.cli import checklisting, rehearsing, replaying
from rapport.cli.contracts import Commands
from rapport.cli.procedure_files import is_cases, read, read_source
from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rapport.connectors.contracts import Fields
    from rapport.procedures.api import Problem


def add_parsers(commands: Commands) -> None:
    """`procedures` with its verbs."""
    parser = commands.add_parser("procedures", help="check, test, simulate and publish procedures")
    verbs = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _written(verbs)
    rehearsing.add_verbs(verbs)
    replaying.add_verbs(verbs)
    checklisting.add_verbs(verbs)


def _written(verbs: Commands) -> None:
    check = verbs.add_parser("check", help="say what is wrong in definitions, with line and column")
    check.add_argument("files", type=Path, nargs="+")
    check.set_defaults(run=run_check)
    schema = verbs.add_parser("schema", help="print the JSON Schema of definitions, for editors")
    schema.set_defaults(run=run_schema)
    shape = verbs.add_parser("format", help="put the keys of definitions into canonical order")
    shape.add_argument("files", type=Path, nargs="+")
    shape.add_argument(
        "--check", action="store_true", help="change nothing; exit code 1 if something would change"
    )
    shape.set_defaults(run=run_format)
    show = verbs.add_parser("show", help="a procedure as a readable flow")
    show.add_argument("name", help="name of a procedure, or a file")
    show.add_argument("--version", type=int)
    show.add_argument("--language", choices=LANGUAGES, default="en")
    show.set_defaults(run=run_show)
    diff = verbs.add_parser("diff", help="what differs between two versions, by meaning")
    diff.add_argument("name")
    diff.add_argument(
        "before", nargs="?", help="version or file; the one in force unless given, or a file alone is given"
    )
    diff.add_argument("after", nargs="?", help="version or file; the newest unless given")
    diff.set_defaults(run=run_diff)
    listing = verbs.add_parser("list", help="what is in force")
    listing.set_defaults(run=run_list)


def _django() -> None:
    from rapport import bootstrap

    bootstrap.set_up_django()


# ── texts ───────────────────────────────────────────────────────────────────────────────────────────


def run_check(options: argparse.Namespace) -> int:
    """Check definitions, and test cases for their form."""
    _django()
    from rapport.procedures import api as procedures

    known, types, fields = _known_names()
    count = 0
    for file in options.files:
        found = (
            _problems_of_cases(file)
            if is_cases(file)
            else procedures.check_definition(read(file), actions=known, types=types, fields=fields)
        )
        for problem in found:
            count += 1
            sys.stdout.write(f"{file}: {problem}\n")
    if not count:
        sys.stdout.write(f"{len(options.files)} checked, nothing wrong.\n")
    return 1 if count else 0


def _known_names() -> tuple[list[str] | None, tuple[str, ...] | None, Mapping[str, Fields]]:
    """Actions, kinds of records and their fields; without an installation to ask, the fields of shops alone."""
    from django.db import DatabaseError

    from rapport.connectors import api as connectors

    try:
        actions = [action.name for action in connectors.list_actions()]
        return actions, connectors.list_record_types(), connectors.list_record_fields()
    except DatabaseError:
        sys.stderr.write("No installation in DATA_DIR: actions and kinds of records are not checked.\n")
        return None, None, connectors.SHOP_FIELDS


def _problems_of_cases(file: Path) -> tuple[Problem, ...]:
    from rapport.procedures import api as procedures
    from rapport.testing.rehearsal.case_files import read_case_file

    try:
        read_case_file(read(file))
    except procedures.InvalidDefinition as problem:
        return problem.problems
    return ()


def run_schema(_: argparse.Namespace) -> int:
    """Print the schema."""
    from rapport.procedures.logic.schema import make_schema

    sys.stdout.write(json.dumps(make_schema(), indent=2) + "\n")
    return 0


def run_format(options: argparse.Namespace) -> int:
    """Order the keys of definitions; what cannot be ordered without loss stays as it is."""
    from rapport.procedures.logic.formatting import NotFormatted, format_definition

    changed, refused = 0, 0
    for file in options.files:
        before = read(file)
        try:
            after = format_definition(before)
        except NotFormatted as problem:
            refused += 1
            sys.stderr.write(f"{file}: {problem}\n")
            continue
        if after != before:
            changed += 1
            sys.stdout.write(f"{file}: {'would change' if options.check else 'formatted'}\n")
            if not options.check:
                file.write_text(after, encoding="utf-8")
    return 1 if refused or (options.check and changed) else 0


def run_show(options: argparse.Namespace) -> int:
    """Print the flow."""
    _django()
    from rapport.procedures import api as procedures

    definition = procedures.parse_definition(read_source(options.name, options.version))
    sys.stdout.write("\n".join(procedures.describe(definition, options.language)) + "\n")
    return 0


def run_diff(options: argparse.Namespace) -> int:
    """Print what differs; exit code 1 if anything does."""
    _django()
    from rapport.procedures import api as procedures

    versions = (
        [] if Path(options.name).is_file() else procedures.list_versions(options.name, with_texts=False)
    )
    in_force = next((v.version for v in versions if v.is_published), None)
    first, second = options.before, options.after
    if second is None and first is not None and Path(first).is_file():
        first, second = None, first
    before = _side(options.name, first, in_force)
    after = _side(options.name, second, versions[0].version if versions else None)
    found = procedures.compare(before, after)
    for difference in found:
        sys.stdout.write(f"{difference}\n")
    if not found:
        sys.stdout.write("no difference\n")
    return 1 if found else 0


def _side(name: str, given: str | None, otherwise: int | None) -> str:
    if given is not None and Path(given).is_file():
        return read(Path(given))
    if given is not None and not given.isdigit():
        raise InvalidInput(f"{given} is neither a version nor a file.")
    return read_source(name, int(given) if given else otherwise)


def run_list(_: argparse.Namespace) -> int:
    """List what is in force."""
    _django()
    from rapport.procedures import api as procedures

    for definition in sorted(procedures.load_book().values(), key=lambda d: (d.menu or 10_000, d.name)):
        sys.stdout.write(f"{definition.name:<28} v{definition.version:<4} {definition.title.get('en', '')}\n")
    return 0
