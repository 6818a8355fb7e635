"""Sentences of templates never trained on, as JSON Lines: `python -m evals.personal_data.held_out OUT`.

Half of their names are in no list. For `rapport evaluate pii`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from evals.personal_data.generating import Generator, Lists, read_templates
from evals.personal_data.vocabulary import small_words

_KINDS = {"PER": "person", "ORG": "organization", "LOC": "location", "ADR": "address", "NRP": "nationality"}
SEED = 1001
PER_TEMPLATE = 12


def main() -> None:
    """Draw and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language", default="en")
    arguments = parser.parse_args()
    templates = read_templates(held_out=True)[arguments.language]
    generator = Generator(Lists(), small_words(), SEED, {}, invented_share=0.5)
    rows = []
    for template in templates:
        for _ in range(PER_TEMPLATE):
            sentence = generator.draw_of(template, arguments.language)
            spans = [{"start": a, "end": b, "type": _KINDS[label]} for a, b, label in sentence.spans]
            rows.append({"text": sentence.text, "spans": spans})
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    arguments.out.write_text(text, encoding="utf-8")
    print(f"{len(rows)} sentences of {len(templates)} templates")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
