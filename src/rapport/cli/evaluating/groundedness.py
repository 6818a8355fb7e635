"""`rapport evaluate groundedness`: how well the check of rewritten articles tells support from invention."""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report

GROUNDED = frozenset("grounded,fully attributable,attributable,supported,entailment,1,true,yes".split(","))
UNGROUNDED = frozenset(
    "ungrounded,not fully attributable,not attributable,generic,unsupported,contradiction,neutral,0,false,no".split(
        ","
    )
)
COLUMNS = {
    "source": ("source", "knowledge", "premise"),
    "text": ("text", "response", "hypothesis"),
    "label": ("label", "begin_label"),
}
"""Names that a column may have."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text, what it was made from, and whether it says only that."""

    source: str
    text: str
    is_grounded: bool
    language: str

    @property
    def half(self) -> str:
        """``a`` or ``b``, by the row's digest: what one half teaches the other can test."""
        digest = hashlib.sha256(f"{self.source}\n{self.text}".encode()).digest()
        return "ab"[digest[0] % 2]


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate groundedness --test F [F …] [--language en] [--json OUT]`."""
    parser = kinds.add_parser("groundedness", help="texts made from a source: invention found")
    parser.add_argument(
        "--test",
        type=Path,
        nargs="+",
        required=True,
        help='JSON Lines of {"source", "text", "label"}, or tab-separated',
    )
    parser.add_argument("--language", default="en", help="of rows that name none (default en)")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    rows = [row for path in arguments.test for row in read(path, arguments.language)]
    write_report(evaluate(rows), arguments.json)
    return 0


def read(path: Path, language: str) -> list[Row]:
    """The rows of a file. Raises: BadRows: a column is missing or a label unknown, with its line."""
    from rapport.understanding.evaluation.rows import BadRows, language_of, read_rows

    is_table = ".tsv" in path.suffixes
    found = _table(path) if is_table else read_rows(path, ())
    rows, problems = [], []
    for row in found:
        values = {name: _column(row, names) for name, names in COLUMNS.items()}
        label = str(values["label"]).strip().lower()
        if values["source"] is None or values["text"] is None:
            problems.append(f"line {row['line']}: source or text missing")
        elif label not in GROUNDED | UNGROUNDED:
            problems.append(f"line {row['line']}: unknown label")
        else:
            spoken = language_of(row) or language
            rows.append(Row(str(values["source"]), str(values["text"]), label in GROUNDED, spoken))
    if problems or not rows:
        raise BadRows(file=path.name, count=len(problems), problems=problems[:20] or ["no rows"])
    return rows


def _column(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _table(path: Path) -> list[dict[str, Any]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    csv.field_size_limit(sys.maxsize)
    table = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [{**row, "line": number} for number, row in enumerate(table, 2)]


def evaluate(rows: Sequence[Row]) -> dict[str, Any]:
    """Figures of all rows and of each half; without a label of one kind its shares are missing."""
    from rapport.knowledge.logic.grounding import LEAST_SUPPORT, check_grounding

    started = time.thread_time()
    found = [check_grounding(row.text, row.source, row.language) for row in rows]
    ms = (time.thread_time() - started) * 1000 / max(1, len(rows))
    pairs = list(zip(rows, found, strict=True))
    return {
        **_figures(pairs),
        "halves": {half: _figures([p for p in pairs if p[0].half == half]) for half in "ab"},
        "refused_for": dict(Counter(p.kind for g in found for p in g.problems).most_common()),
        "least_support": LEAST_SUPPORT,
        "ms_per_text": round(ms, 2),
    }


def _figures(pairs: Sequence[tuple[Row, Any]]) -> dict[str, Any]:
    from rapport.understanding.evaluation.measures import auroc, interval

    grounded = [g for row, g in pairs if row.is_grounded]
    invented = [g for row, g in pairs if not row.is_grounded]
    passed, refused = sum(g.is_grounded for g in grounded), sum(not g.is_grounded for g in invented)
    shares = {
        "grounded_passed": (passed, len(grounded)),
        "ungrounded_refused": (refused, len(invented)),
    }
    figures: dict[str, Any] = {"rows": len(pairs), "grounded": len(grounded), "ungrounded": len(invented)}
    for name, (count, of) in shares.items():
        if of:
            figures[name] = round(count / of, 4)
            figures[f"{name}_interval"] = [round(bound, 4) for bound in interval(count / of, of)]
    if grounded and invented:
        figures["balanced_accuracy"] = round((passed / len(grounded) + refused / len(invented)) / 2, 4)
        flags = [row.is_grounded for row, _ in pairs]
        figures["auroc_support"] = round(auroc([g.support for _, g in pairs], flags), 4)
    return figures
