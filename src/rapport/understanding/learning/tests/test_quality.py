"""Findings about training data: each kind is found, names its rows, and blocks or does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rapport.understanding.api import BadExamples, find_findings, load_examples
from rapport.understanding.contracts import Example
from rapport.understanding.evaluation.rows import BadRows


def good(label: str, count: int = 10, language: str = "en") -> list[Example]:
    return [Example(f"{label} words number {n}", label, language, "examples:good") for n in range(count)]


def found(*rows: Example) -> dict[str, tuple[bool, tuple[str, ...]]]:
    return {f.kind: (f.is_blocking, f.rows) for f in find_findings([*good("a"), *good("b"), *rows])}


def test_good_rows_have_no_findings() -> None:
    assert found() == {}


def test_each_kind_names_its_rows() -> None:
    row = "data.jsonl"
    assert found(Example("hello there", "", "en", f"{row}:3")) == {
        "unlabelled": (True, ("data.jsonl line 3",))
    }
    same = (Example("Lamp back", "a", "en", f"{row}:4"), Example("lamp, back!", "b", "en", f"{row}:9"))
    assert found(*same) == {"contradiction": (True, ("data.jsonl line 4", "data.jsonl line 9"))}
    twice = (Example("Lamp back", "a", "en", f"{row}:4"), Example("lamp back", "a", "en", f"{row}:9"))
    assert found(*twice) == {"duplicate": (False, ("data.jsonl line 4", "data.jsonl line 9"))}
    assert found(Example("MÃ¼nchen bitte", "a", "en", f"{row}:5")) == {
        "encoding": (True, ("data.jsonl line 5",))
    }
    assert found(Example("only one", "c", "en", f"{row}:6")) == {"too_few": (True, ("data.jsonl line 6",))}
    assert found(Example("…", "a", "en", f"{row}:7")) == {"empty": (False, ("data.jsonl line 7",))}
    assert found(*good("c", 5)) == {"thin": (False, ())}


def test_a_language_a_label_hardly_knows_is_reported() -> None:
    assert found(Example("ein Satz", "a", "de", "x:1"), Example("noch einer", "a", "de", "x:2"))[
        "imbalance"
    ] == (
        False,
        (),
    )


def test_one_class_is_not_trained() -> None:
    kinds = {f.kind: f.is_blocking for f in find_findings(good("a"))}
    assert kinds == {"one_class": True}


def test_json_lines_and_csv_are_read_with_their_line_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"text": "one", "label": "x", "lang": "en"}\n{"text": "two", "intent": "y"}\n'
    )
    (tmp_path / "b.csv").write_text("text,label,lang\nthree,x,de\n")
    rows = [(r.text, r.label, r.language, r.source) for r in load_examples(tmp_path)]
    assert rows == [
        ("one", "x", "en", "a.jsonl:1"),
        ("two", "y", None, "a.jsonl:2"),
        ("three", "x", "de", "b.csv:2"),
    ]


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("label: a\nexamples:\n  cs: [žluťoučký]\n".encode("cp1250"))
    with pytest.raises(BadExamples) as bad:
        load_examples(tmp_path)
    assert bad.value.facts == {"file": "a.yaml", "line": 3}
    lines = tmp_path / "b.jsonl"
    lines.write_bytes(b'{"text": "fine", "label": "a"}\n{"text": "\xe8"}\nnot json\n')
    with pytest.raises(BadRows) as broken:
        load_examples(lines)
    assert [p.split(":")[0] for p in broken.value.facts["problems"]] == ["line 2", "line 3"]
    with pytest.raises(BadExamples):
        load_examples(tmp_path / "nowhere.yaml")
