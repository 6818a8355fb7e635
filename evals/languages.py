"""How much is lost from one language to others: taught in one, asked in all, on translations of the same sentences.

    python evals/languages.py ROWS [--taught en] [--asked en,cs,de,es,ru,zh] [--folds 8] [--encoders E] [--cache DIR]

`ROWS` are JSON Lines, plain or gzipped, of `{"id", "lang", "text"}` with the label as `label` or `category`; rows of
one `id` are translations. Every sentence is asked once, by a model that was taught none of its translations. Prints a
share for each language, what is lost against the language taught, and the standard error of that difference.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path

import numpy as np

from rapport.understanding.contracts import Example
from rapport.understanding.encoders import load_panel
from rapport.understanding.encoders.panel import NAMES, Panel
from rapport.understanding.evaluation.intents import judge
from rapport.understanding.training import train

THREE_LETTERS = {"eng": "en", "ces": "cs", "deu": "de", "spa": "es", "rus": "ru", "zho": "zh"}


def read(path: Path, languages: list[str]) -> dict[str, list[Example]]:
    """The same sentences in each language, in the same order."""
    by_language: dict[str, dict[str, Example]] = {language: {} for language in languages}
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        for line in lines:
            row = json.loads(line)
            code, _, script = row["lang"].replace("-", "_").partition("_")
            language = THREE_LETTERS.get(code, code)
            if language in by_language and script != "Hant":
                label = row.get("label") or row["category"]
                by_language[language].setdefault(str(row["id"]), Example(row["text"], label, language))
    shared = sorted(set.intersection(*(set(rows) for rows in by_language.values())))
    return {language: [rows[key] for key in shared] for language, rows in by_language.items()}


def ask_all(rows: dict[str, list[Example]], taught: str, folds: int, panel: Panel) -> dict[str, np.ndarray]:
    """Whether each sentence was read rightly, by language, in the order asked."""
    count = len(rows[taught])
    fold = np.random.default_rng(0).permutation(count) % folds
    right: dict[str, list[bool]] = {language: [] for language in rows}
    for number in range(folds):
        model, _ = train([rows[taught][i] for i in np.flatnonzero(fold != number)], panel)
        for language, texts in rows.items():
            asked = [texts[i] for i in np.flatnonzero(fold == number)]
            right[language] += [row.best == row.gold for row in judge(model, panel, asked)]
    return {language: np.array(found, float) for language, found in right.items()}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--taught", default="en")
    parser.add_argument("--asked", default="en,cs,de,es,ru,zh")
    parser.add_argument("--folds", type=int, default=8)
    parser.add_argument("--encoders", default=",".join(NAMES))
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    if not options.rows.is_file():
        sys.stderr.write("no such data: nothing was measured\n")
        return 0
    panel = load_panel(options.encoders.split(","))
    panel = panel.cached(options.cache) if options.cache else panel
    languages = list(dict.fromkeys([options.taught, *options.asked.split(",")]))
    right = ask_all(read(options.rows, languages), options.taught, options.folds, panel)
    base = right[options.taught]
    sys.stdout.write(f"{len(base)} sentences, taught in {options.taught}\n")
    for language, found in right.items():
        lost = (base - found) * 100
        error = lost.std() / len(lost) ** 0.5
        sys.stdout.write(f"{language}  {found.mean() * 100:.1f}  lost {lost.mean():.1f} ± {error:.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
