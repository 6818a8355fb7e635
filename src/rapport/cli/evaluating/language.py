"""`rapport evaluate language`: how often the language of a text is told rightly."""

from __future__ import annotations

import argparse
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate language --test F [--json OUT]`."""
    parser = kinds.add_parser("language", help="language identification: accuracy, short and mixed texts")
    parser.add_argument("--test", type=Path, required=True, help='JSON Lines of {"text", "lang"}')
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    from rapport.understanding.evaluation.language import evaluate_language

    write_report(evaluate_language(arguments.test), arguments.json)
    return 0
