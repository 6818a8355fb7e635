"""`rapport evaluate injection`: attacks found and false alarms raised."""

from __future__ import annotations

import argparse
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate injection --test F [--benign F] [--json OUT]`."""
    parser = kinds.add_parser("injection", help="prompt injection: recall and false alarms")
    parser.add_argument("--test", type=Path, required=True, help='JSON Lines of {"text", "label"}')
    parser.add_argument("--benign", type=Path, help='further ordinary texts, JSON Lines of {"text"}')
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    from rapport.understanding.evaluation.injection import evaluate_injection

    write_report(evaluate_injection(arguments.test, arguments.benign), arguments.json)
    return 0
