"""The one font of all documents: Latin with every accent, Cyrillic and Chinese, embedded in part into each file."""

from __future__ import annotations

import importlib.util
from collections.abc import Container
from pathlib import Path

from rapport.connectors.contracts import ConnectorDown

MISSING = "□"
_PACKAGE, _FILE = "paperang_p2_fonts_cjk", "fonts/wqy-microhei.ttc"
_INSTEAD = {"ẞ": "SS", "\u202f": "\u00a0", "\u2009": " ", "\u2011": "-", "☐": "□", "☑": "■", "\t": " "}


def is_installed() -> bool:
    """Whether the extra `documents` is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("reportlab", _PACKAGE))


def find_font() -> Path:
    """The font's file; its package is read as data, none of its code runs. Raises ConnectorDown."""
    found = importlib.util.find_spec(_PACKAGE)
    places = found.submodule_search_locations if found else None
    path = Path(next(iter(places))) / _FILE if places else None
    if path is None or not path.is_file():
        raise ConnectorDown("the font of documents is not installed")
    return path


def printable(text: str, known: Container[int]) -> str:
    """The text in characters the font has."""
    return "".join(c if ord(c) in known else _INSTEAD.get(c, MISSING) for c in text.replace("\r", ""))
