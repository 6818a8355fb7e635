"""Labelled example texts: read from YAML files, one label a file, and checked before training."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import yaml

from rapport.kernel.errors import InvalidInput
from rapport.understanding.contracts import Example
from rapport.understanding.logic.cleaning import clean, fold, words

THIN_LABEL = 8
"""A label with fewer texts is reported."""


class BadExamples(InvalidInput):
    """An example file needs `label:` and `examples:` with a list of texts for each language."""

    code = "bad_examples"


def load_examples(folder: Path) -> list[Example]:
    """All examples in a folder's ``*.yaml`` files, in the order of files, languages and lines.

    Raises: BadExamples: a file does not have the expected shape.
    """
    return [example for path in sorted(folder.glob("*.yaml")) for example in load_example_file(path)]


def load_example_file(path: Path) -> list[Example]:
    """The examples of one file ``{label, examples: {language: [text]}}``."""
    data = yaml.safe_load(path.read_text("utf-8"))
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


def load_sentiment_examples() -> list[Example]:
    """The shipped sentences, labelled with one of the five sentiments."""
    data = yaml.safe_load(files(__package__).joinpath("data", "sentiment.yaml").read_text("utf-8"))
    return [
        Example(text, label, language, "rapport")
        for label, by_language in data.items()
        for language, texts in by_language.items()
        for text in texts
    ]


def check_examples(examples: Sequence[Example]) -> tuple[list[Example], tuple[str, ...]]:
    """Cleaned examples without repetitions, and what a CX analyst should look at."""
    rows: dict[tuple[str, str], Example] = {}
    labels_of: dict[str, set[str]] = defaultdict(set)
    problems: list[str] = []
    for example in examples:
        text = clean(example.text)
        key = " ".join(words(fold(text)))
        if not key:
            problems.append(f"empty: a text of {example.label} holds no words")
        elif (key, example.label) in rows:
            problems.append(f"duplicate: {text!r} in {example.label}")
        else:
            labels_of[key].add(example.label)
            rows[key, example.label] = Example(text, example.label, example.language, example.source)
    for key, names in labels_of.items():
        if len(names) > 1:
            problems.append(f"contradiction: {key!r} is labelled {' and '.join(sorted(names))}")
    for label, count in sorted(Counter(row.label for row in rows.values()).items()):
        if count < THIN_LABEL:
            problems.append(f"thin: {label} has {count} texts; {THIN_LABEL} or more are needed")
    return list(rows.values()), tuple(problems)
