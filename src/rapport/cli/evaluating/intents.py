"""`rapport evaluate intents`: train on one file, test on another, report."""

from __future__ import annotations

import argparse
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report


def add_parser(kinds: Commands) -> None:
    """`intents` and its options."""
    parser = kinds.add_parser(
        "intents", help="intents: accuracy, out-of-scope recall, the promise kept, time"
    )
    parser.add_argument("--train", type=Path, required=True, help='JSON Lines of {"text", "label", "lang"?}')
    parser.add_argument("--test", type=Path, required=True, help="rows of the same form")
    parser.add_argument("--oos-label", help="the label that means out of scope")
    parser.add_argument("--risk", type=float, default=0.02, help="promised share of wrong among answered")
    parser.add_argument("--per-class", type=int, help="train on so many rows of each label only")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--encoders", help="use,minilm,e5 or some of them; none: words alone")
    parser.add_argument("--cache", type=Path, help="folder that keeps vectors between evaluations")
    parser.add_argument("--json", type=Path, dest="out", help="where to write the report")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Evaluate and write the report."""
    from rapport.understanding.api import load_panel
    from rapport.understanding.evaluation.intents import Wish, evaluate_intents

    names = ("use", "minilm", "e5") if options.encoders is None else tuple(options.encoders.split(","))
    panel = load_panel(names)
    if options.cache is not None:
        panel = panel.cached(options.cache)
    wish = Wish(options.oos_label, options.risk, options.per_class, options.seed)
    write_report(evaluate_intents(options.train, options.test, panel, wish), options.out)
    return 0
