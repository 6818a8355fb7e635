"""`rapport evaluate entities`: values found in texts, by kind."""

from __future__ import annotations

import argparse
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate entities --test F [--json OUT]`."""
    parser = kinds.add_parser("entities", help="orders, money, dates, names …: spans and values by kind")
    parser.add_argument("--test", type=Path, required=True, help='JSON Lines of {"text", "entities"}')
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    from rapport.understanding.evaluation.entities import evaluate_entities

    write_report(evaluate_entities(arguments.test), arguments.json)
    return 0
