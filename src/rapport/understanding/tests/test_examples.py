"""Example files: their shape, and that the demonstration's are complete."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from rapport.kernel.languages import LANGUAGES
from rapport.understanding.api import BadExamples, check_examples, load_example_file, load_examples
from rapport.understanding.examples import load_sentiment_examples
from rapport.understanding.logic.sentiment import LEVELS

DEMO = Path(__file__).parents[4] / "demo" / "examples"


def test_the_demonstration_has_enough_examples_in_every_language() -> None:
    found = load_examples(DEMO)
    counts = Counter((example.label, example.language) for example in found)
    labels = {example.label for example in found}
    assert len(labels) == len(list(DEMO.glob("*.yaml"))) >= 18
    assert {
        (label, language) for label in labels for language in LANGUAGES if counts[label, language] < 10
    } == set()
    _, problems = check_examples(found)
    assert [problem for problem in problems if problem.startswith(("contradiction", "thin", "empty"))] == []


def test_sentiment_examples_cover_every_feeling_in_every_language() -> None:
    counts = Counter((example.label, example.language) for example in load_sentiment_examples())
    for language in LANGUAGES:
        negative = counts["negative", language] + counts["very_negative", language]
        positive = counts["positive", language] + counts["very_positive", language]
        assert min(negative, positive, counts["neutral", language]) >= 25
    assert {label for label, _ in counts} == set(LEVELS)


@pytest.mark.parametrize(
    "text", ["[]", "label: 3", "label: a", "label: a\nexamples: [b]", "label: a\nexamples: {en: [1]}"]
)
def test_a_file_of_another_shape_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadExamples) as bad:
        load_example_file(path)
    assert bad.value.facts["file"] == "wrong.yaml"
