"""Names of places in their other cases: "do Iráku", "в Германии". Lists hold them as they stand by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_LEAST = 3
"""Letters that must be left of a word."""
_ENDINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "cs": {
        "u": ("", "o", "a"), "a": ("", "o"), "y": ("a",), "ě": ("a", "o"), "e": ("a", "o", ""), "ou": ("a",),
        "em": ("", "o"), "ii": ("ie",), "ií": ("ie",),
    },
    "ru": {
        "ии": ("ия",), "ию": ("ия",), "ией": ("ия",), "а": ("",), "е": ("", "а"), "у": ("", "а"), "ом": ("",),
        "ы": ("а",), "и": ("а", "ь"), "ой": ("а",), "ей": ("я",), "ю": ("я", "ь"),
    },
}  # fmt: skip
"""Language → ending of a case → endings of the first case."""


def is_inflected_place(word: str, language: str, is_place: Callable[[str], bool]) -> bool:
    """Whether a word is a place's name in another case.

    Args:
        word: as written.
        language: of the text; words of languages without such endings never are.
        is_place: whether a list knows a name, as it stands by itself, as a place.
    """
    for ending, firsts in _ENDINGS.get(language.partition("-")[0], {}).items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _LEAST and any(is_place(stem + first) for first in firsts):
            return True
    return False
