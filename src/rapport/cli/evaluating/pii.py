"""`rapport evaluate pii`: personal data found in labelled texts."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rapport.cli.contracts import Commands


def add_parser(kinds: Commands) -> None:
    """`evaluate pii --test F [--json OUT] [--findings OUT]`."""
    parser = kinds.add_parser("pii", help="personal data: JSON Lines of text and spans")
    parser.add_argument("--test", type=Path, required=True, metavar="F", help="JSON Lines, plain or gzip")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the report here too")
    parser.add_argument(
        "--findings", type=Path, metavar="OUT", help="write missed and wrong spans, one a line; - prints them"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Evaluate and print."""
    from rapport.cli.evaluating.reporting import write_report
    from rapport.governance.api import find_personal_data
    from rapport.understanding.evaluation.personal_data import evaluate
    from rapport.understanding.evaluation.rows import read_rows

    report, findings = evaluate(read_rows(arguments.test), find_personal_data)
    if arguments.findings is not None:
        lines = "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in findings)
        if str(arguments.findings) == "-":
            sys.stderr.write(lines)
        else:
            arguments.findings.write_text(lines, encoding="utf-8")
    write_report(report, arguments.json)
    return 0
