"""Labelled example texts: read from YAML, JSON Lines or CSV files, and checked before training."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from rapport.kernel.errors import InvalidInput
from rapport.understanding.contracts import Example
from rapport.understanding.evaluation.rows import read_rows
from rapport.understanding.learning.logic.quality import THIN_LABEL, Finding, Row, find_problems
from rapport.understanding.logic.cleaning import clean, fold, words

__all__ = [
    "THIN_LABEL",
    "BadExamples",
    "check_examples",
    "find_findings",
    "key_of",
    "load_example_file",
    "load_examples",
    "load_sentiment_examples",
]
_LABELS = ("label", "intent")
_LANGUAGES = ("lang", "language")


class BadExamples(InvalidInput):
    """An example file cannot be read: YAML needs `label:` and `examples:`, JSON Lines and CSV `text` and `label`."""

    code = "bad_examples"


def load_examples(path: Path) -> list[Example]:
    """All examples of a file, or of a folder's ``*.yaml``, ``*.jsonl`` and ``*.csv`` files, in their order.

    Raises: BadExamples: a file does not have the expected shape. BadRows: lines that cannot be read, by number.
    """
    if not path.is_dir():
        return load_example_file(path)
    found = [p for p in sorted(path.iterdir()) if p.name.endswith((".yaml", ".jsonl", ".jsonl.gz", ".csv"))]
    return [example for file in found for example in load_example_file(file)]


def load_example_file(path: Path) -> list[Example]:
    """The examples of one file: YAML ``{label, examples: {language: [text]}}``, JSON Lines or CSV."""
    if path.suffix == ".csv":
        return _read_csv(path)
    if path.suffix in {".jsonl", ".gz", ".json"}:
        return [_example(row, f"{path.name}:{row['line']}") for row in read_rows(path)]
    return _read_yaml(path)


def _read_yaml(path: Path) -> list[Example]:
    try:
        data = yaml.safe_load(_text_of(path))
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadExamples(file=path.name, line=mark.line + 1 if mark else 0) from problem
    if not isinstance(data, dict) or not isinstance(data.get("label"), str):
        raise BadExamples(file=path.name, field="label")
    by_language = data.get("examples")
    if not isinstance(by_language, dict):
        raise BadExamples(file=path.name, field="examples")
    found = []
    for language, texts in by_language.items():
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise BadExamples(file=path.name, field=f"examples.{language}")
        found += [Example(text, data["label"], str(language), f"examples:{path.stem}") for text in texts]
    return found


def _read_csv(path: Path) -> list[Example]:
    """A table with a header; columns ``text``, ``label`` (or ``intent``) and optionally ``lang``."""
    rows = csv.DictReader(_text_of(path).splitlines())
    if "text" not in (rows.fieldnames or ()):
        raise BadExamples(file=path.name, field="text")
    return [_example(row, f"{path.name}:{rows.line_num}") for row in rows]


def _example(row: dict[str, Any], source: str) -> Example:
    label = next((str(row[name]).strip() for name in _LABELS if row.get(name)), "")
    language = next((str(row[name]).strip() for name in _LANGUAGES if row.get(name)), None)
    return Example(str(row.get("text") or ""), label, language, source)


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as problem:
        raise BadExamples(file=path.name, field="file") from problem
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise BadExamples(f"{path.name}, line {line}: not UTF-8", file=path.name, line=line) from problem


def load_sentiment_examples() -> list[Example]:
    """The shipped sentences, labelled with one of the five sentiments."""
    data = yaml.safe_load(files(__package__).joinpath("data", "sentiment.yaml").read_text("utf-8"))
    return [
        Example(text, label, language, "rapport")
        for label, by_language in data.items()
        for language, texts in by_language.items()
        for text in texts
    ]


def key_of(text: str) -> str:
    """A digest of the words alone: case, accents and punctuation make no other text; empty without words."""
    found = " ".join(words(fold(clean(text))))
    return hashlib.sha256(found.encode()).hexdigest()[:32] if found else ""


def named_rows(examples: Iterable[Example]) -> list[Row]:
    """The examples under names their author recognises: file, language and place."""
    places: Counter[tuple[str, str | None]] = Counter()
    rows = []
    for example in examples:
        source = example.source
        if source.rpartition(":")[2].isdigit():
            name = source.replace(":", " line ")
        else:
            places[source, example.language] += 1
            parts = (source.removeprefix("examples:"), example.language, places[source, example.language])
            name = " ".join(str(part) for part in parts if part)
        key = key_of(example.text)
        rows.append(Row(name, example.text, key, example.label.strip(), example.language or ""))
    return rows


def find_findings(examples: Iterable[Example]) -> tuple[Finding, ...]:
    """What is wrong with the examples; each finding names its rows."""
    return find_problems(named_rows(examples))


def check_examples(examples: Sequence[Example]) -> tuple[list[Example], tuple[str, ...]]:
    """Cleaned, labelled examples without repetitions, and what a CX analyst should look at."""
    rows = named_rows(examples)
    kept: dict[tuple[str, str], Example] = {}
    for row, example in zip(rows, examples, strict=True):
        if row.key and row.label and (row.key, row.label) not in kept:
            text = clean(example.text)
            kept[row.key, row.label] = Example(text, row.label, example.language, example.source)
    return list(kept.values()), tuple(str(finding) for finding in find_problems(rows))
