"""How well the help centre's search answers fresh questions in six languages.

Run after `rapport demo --prepare-only` (or any import of the demonstration's articles):
``python evals/knowledge_search.py [--without-encoder]``. Writes one line per language.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import yaml

from rapport import bootstrap

QUESTIONS = Path(__file__).with_name("knowledge_paraphrases.yaml")


def main() -> int:
    """Search each question; compare the best article with the one that answers it."""
    bootstrap.set_up_django()
    from rapport.knowledge import api as knowledge  # noqa: PLC0415 - needs Django

    data = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    encoder = None if "--without-encoder" in sys.argv else bootstrap.load_encoder()
    searcher = knowledge.open_searcher(encoder)
    for language in ("en", "cs", "de", "es", "ru", "zh"):
        asked = [(text, slug) for slug, by in data["paraphrases"].items() for text in by[language]]
        if encoder:
            encoder.queries([text for text, _ in asked])
        started = time.process_time()
        hits = [searcher.search(text, language=language, limit=3) for text, _ in asked]
        cost_ms = (time.process_time() - started) / len(asked) * 1000
        first = sum(
            bool(found) and found[0].slug == slug for found, (_, slug) in zip(hits, asked, strict=True)
        )
        among = sum(slug in [h.slug for h in found] for found, (_, slug) in zip(hits, asked, strict=True))
        pairs = zip(hits, asked, strict=True)
        shown = [found[0].slug == slug for found, (_, slug) in pairs if found and found[0].is_relevant]
        others = [
            searcher.search(text, language=language, limit=1) for text in data["out_of_scope"][language]
        ]
        refused = sum(not (found and found[0].is_relevant) for found in others)
        sys.stdout.write(
            f"{language}  first {first / len(asked):.2f}  among three {among / len(asked):.2f}  "
            f"shown {len(shown) / len(asked):.2f}  wrong among shown {shown.count(False)}/{len(shown)}  "
            f"out of scope refused {refused}/{len(others)}  {cost_ms:.1f} ms\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
