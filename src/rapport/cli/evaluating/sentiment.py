"""`rapport evaluate sentiment`: how well feelings are read, by language, and whether names move them."""

from __future__ import annotations

import argparse
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate sentiment --test F [--train F] [--cache DIR] [--no-encoder] [--json OUT]`."""
    parser = kinds.add_parser("sentiment", help="sentiment: macro-F1 by language, name swaps")
    parser.add_argument(
        "--test", type=Path, required=True, help='JSON Lines of {"text", "label", "lang"?}, plain or gzip'
    )
    parser.add_argument("--train", type=Path, help="train on this instead of the shipped texts")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between calls")
    parser.add_argument("--no-encoder", action="store_true", help="words and visible cues alone")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    from rapport.understanding.encoders import load_panel
    from rapport.understanding.evaluation.sentiment import evaluate_sentiment

    panel = load_panel(()) if arguments.no_encoder else load_panel()
    report = evaluate_sentiment(arguments.test, arguments.train, panel, arguments.cache)
    write_report(report, arguments.json)
    return 0
