"""Reading labelled example texts from YAML files, one label a file."""

from __future__ import annotations

from pathlib import Path

import yaml

from rapport.kernel.errors import InvalidInput
from rapport.understanding.contracts import Example


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
