"""English words as the spelling dictionary inside the package spylls writes them, with their regular endings.

spylls (its dictionary is SCOWL) is no requirement of the product: it is installed for a training alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple


class Ending(NamedTuple):
    """What may be put behind a word: cut `removed`, add `added`, where the word ends as `condition` says."""

    removed: str
    added: str
    condition: re.Pattern[str]


def english_words() -> Iterator[str]:
    """Every word and its inflected forms; names are capitalised. Possessives are left out."""
    folder = _folder()
    endings = _read_endings((folder / "en_US.aff").read_text(encoding="utf-8"))
    for line in (folder / "en_US.dic").read_text(encoding="utf-8").splitlines()[1:]:
        word, _, flags = line.partition("/")
        if not word.isalpha() or len(word) < 3:
            continue
        yield word
        for flag in flags:
            yield from _inflected(word, endings.get(flag, ()))


def _inflected(word: str, endings: list[Ending] | tuple[()]) -> Iterator[str]:
    for ending in endings:
        if ending.condition.search(word) and word.endswith(ending.removed):
            made = word[: len(word) - len(ending.removed)] + ending.added
            if made.isalpha():
                yield made


def _read_endings(text: str) -> dict[str, list[Ending]]:
    found: dict[str, list[Ending]] = {}
    for line in text.splitlines():
        parts = line.split()
        if len(parts) >= 5 and parts[0] == "SFX":
            _, flag, removed, added, condition = parts[:5]
            ending = Ending(removed.replace("0", ""), added, re.compile(f"{condition}$"))
            found.setdefault(flag, []).append(ending)
    return found


def _folder() -> Path:
    spec = find_spec("spylls")
    if spec is None or spec.origin is None:
        raise SystemExit("The training needs the package spylls: its English dictionary.")
    return Path(spec.origin).parent / "hunspell" / "data" / "en"
