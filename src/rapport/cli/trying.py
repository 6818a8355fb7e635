"""`rapport try`: an action of a connected system, tried out without effect."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from rapport.kernel.errors import InvalidInput, NotFound
from rapport.kernel.languages import LANGUAGES


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`try`."""
    one = commands.add_parser(
        "try", help="try out an action of a connected system: a reading one, or a dry run"
    )
    one.add_argument("action", metavar="ACTION", help="as documents.return_label")
    one.add_argument("arguments", nargs="*", metavar="NAME=VALUE", help="a value may be JSON")
    one.add_argument("--customer", default="", metavar="REF", help="the customer it is tried for")
    one.add_argument("--language", choices=LANGUAGES, default="en")
    one.set_defaults(run=run_try)


def run_try(options: argparse.Namespace) -> int:
    """Try it; print what was sent, what came back, and where the files are."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.connectors import api as connectors
    from rapport.connectors.contracts import Principal

    principal = Principal(options.customer or "nobody", "trial", options.language)
    arguments = dict(_argument(text) for text in options.arguments)
    try:
        trial = connectors.try_read(options.action, arguments, principal)
    except NotFound as problem:
        raise NotFound(f"There is no action {options.action} that can be tried without effect.") from problem
    except connectors.ConnectorDown as problem:
        sys.stderr.write(f"It does not answer: {problem}\n")
        return 1
    sys.stdout.write(f"{trial.request}\n→ {trial.answer}\n")
    for file in connectors.files_in(trial.outcome.data):
        sys.stdout.write(f"{connectors.place_of(file['ref'])}\n")
    if not trial.outcome.ok:
        sys.stdout.write(f"refused: {trial.outcome.code} {trial.outcome.message}".rstrip() + "\n")
    return 0 if trial.outcome.ok else 1


def _argument(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidInput(f"{text!r}: arguments are NAME=VALUE.")
    if value[:1] in {"{", "["}:
        try:
            return name, json.loads(value)
        except ValueError as problem:
            raise InvalidInput(f"{name}: not JSON: {problem}") from problem
    return name, value
