"""`rapport evaluate groundedness` on a few rows of our own."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from rapport.cli.evaluating.groundedness import evaluate, read
from rapport.understanding.evaluation.rows import BadRows

TABLE = """model\tknowledge\tresponse\tbegin_label
x\tThe label is valid for 14 days.\tThe label is valid for 14 days.\tFully attributable
x\tThe label is valid for 14 days.\tThe label is valid for 60 days.\tNot fully attributable
x\tThe label is valid for 14 days.\tWhat a lovely day.\tGeneric
"""


def test_a_table_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv.gz"
    path.write_bytes(gzip.compress(TABLE.encode()))
    report = evaluate(read(path, "en"))
    assert (report["rows"], report["grounded"], report["ungrounded"]) == (3, 1, 2)
    assert (report["grounded_passed"], report["ungrounded_refused"]) == (1.0, 1.0)
    assert report["refused_for"] == {"figure": 1, "unsupported": 1}
    assert report["halves"]["a"]["rows"] + report["halves"]["b"]["rows"] == 3


def test_json_lines_name_their_language(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"source": "Karte gilt 3 Jahre.", "text": "3 Jahre", "label": "grounded", "lang": "de"}\n'
    )
    (row,) = read(path, "en")
    assert (row.language, row.is_grounded) == ("de", True)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"source": "a", "text": "b", "label": "perhaps"}', "line 1: unknown label"),
        ('{"text": "b", "label": "grounded"}', "line 1: source or text missing"),
    ],
)
def test_rows_that_cannot_be_used_are_named(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(BadRows) as caught:
        read(path, "en")
    assert caught.value.facts["problems"] == [problem]
