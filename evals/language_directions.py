"""Makes the directions in which E5 tells languages apart, from our own examples in six languages.

    python -m evals.language_directions [--out FILE] [--cache FILE]

The mean vector of the same texts differs from language to language; the directions in which it differs most say what
is spoken, not what is meant.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import yaml

from rapport.kernel.languages import LANGUAGES
from rapport.understanding.encoders import DiskCachedEncoder, load_encoder
from rapport.understanding.encoders.speaking import FILE

EXAMPLES = Path(__file__).parents[1] / "demo/examples"
BASE = "en"
KEPT = 3
"""Of five. Fewer or more are the same within the error on other intents, and more lose a little on news."""


def parallel_texts() -> dict[str, list[str]]:
    """The same texts in each language, at the same places."""
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for file in sorted(EXAMPLES.glob("*.yaml")):
        examples = yaml.safe_load(file.read_text("utf-8"))["examples"]
        count = min(len(examples.get(language, ())) for language in LANGUAGES)
        for language in LANGUAGES:
            found[language] += examples.get(language, [])[:count]
    return found


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    encoder = load_encoder()
    if encoder is None:
        sys.stderr.write("the embeddings extra is not installed: nothing was made\n")
        return 1
    if options.cache:
        encoder = DiskCachedEncoder(encoder, options.cache)
    means = {language: encoder.queries(texts).mean(axis=0) for language, texts in parallel_texts().items()}
    shifts = np.stack([mean - means[BASE] for language, mean in means.items() if language != BASE])
    directions = np.linalg.svd(shifts.astype(np.float64), full_matrices=False)[2][:KEPT]
    np.savez(
        options.out,
        allow_pickle=False,
        encoder=np.array(encoder.id),
        directions=directions.astype(np.float32),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
