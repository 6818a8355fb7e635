"""Letters beside their one sentence that asks: how often each is understood, with which cost.

    python evals/letters.py [--examples DIR] [--encoders use,e5] [--cache DIR] [--each 40] [--seed 1]

Two thirds of the examples train, from the others `--each` requests a language are asked: bare, and amid four sentences
that ask for nothing (`letters_filling.yaml`). Prints shares and CPU times; `whole` reads the same letters in one piece.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from rapport.understanding.contracts import Context, Example
from rapport.understanding.encoders import load_panel
from rapport.understanding.engine import EmbeddedEngine
from rapport.understanding.examples import load_examples
from rapport.understanding.logic import letters
from rapport.understanding.training import train

HERE = Path(__file__).parent
NOT_REQUESTS = {"small_talk", "complaint", "talk_to_person", "out_of_scope"}


def halves(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """What is taught and what is asked: every third text of a label and language, so translations stay together."""
    seen: Counter[tuple[str, str | None]] = Counter()
    taught: list[Example] = []
    asked: list[Example] = []
    for row in examples:
        (taught if seen[row.label, row.language] % 3 else asked).append(row)
        seen[row.label, row.language] += 1
    return taught, asked


def write(row: Example, filling: Sequence[str], rng: random.Random) -> str:
    """A letter around one request."""
    around, place = rng.sample(filling, 4), rng.choice((1, 2, 3))
    end = "" if row.text.strip()[-1] in ".!?。？！" else "。" if row.language == "zh" else "."
    return " ".join([*around[:place], row.text.strip() + end, *around[place:]])


def report(name: str, engine: EmbeddedEngine, asked: Sequence[tuple[str, Example]]) -> None:
    """One line of figures."""
    likeliest = answered = wrong = 0
    cpu_ms = []
    for text, row in asked:
        read = engine.understand(text, Context())
        cpu_ms.append(read.total_ms)
        accepted = {s.intents[0].name for s in read.segments if s.accepted}
        likeliest += {s.intents[0].name for s in read.segments if s.intents} == {row.label}
        answered += bool(accepted)
        wrong += bool(accepted - {row.label})
    count, (p50, p95) = len(asked), np.percentile(cpu_ms, [50, 95])
    sys.stdout.write(
        f"{name:8} {count} texts: likeliest right {likeliest / count:.3f}, answered {answered / count:.3f},"
        f" wrong among answered {wrong / max(1, answered):.3f}, CPU p50 {p50:.0f} ms, p95 {p95:.0f} ms\n"
    )


def main() -> int:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--examples", type=Path, default=HERE.parent / "demo" / "examples")
    parser.add_argument("--encoders", default="use,e5")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    panel = load_panel(options.encoders.split(","))
    taught, others = halves(load_examples(options.examples))
    model, _ = train(taught, panel.cached(options.cache) if options.cache else panel, risk=0.05)
    filling = yaml.safe_load((HERE / "letters_filling.yaml").read_text(encoding="utf-8"))
    rng = random.Random(options.seed)  # noqa: S311 - a draw that can be repeated
    by_language: defaultdict[str | None, list[Example]] = defaultdict(list)
    for row in others:
        if row.label not in NOT_REQUESTS and row.language in filling:
            by_language[row.language].append(row)
    asked = [row for rows in by_language.values() for row in rng.sample(rows, min(options.each, len(rows)))]
    written = [(write(row, filling[row.language], rng), row) for row in asked]
    engine = EmbeddedEngine(model, panel)
    engine.understand(written[0][0], Context())  # encoders load
    report("bare", engine, [(row.text, row) for row in asked])
    report("letters", engine, written)
    letters.LETTER_WORDS = 10_000
    report("whole", EmbeddedEngine(model, load_panel(options.encoders.split(","))), written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
