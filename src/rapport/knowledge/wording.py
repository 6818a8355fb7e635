"""Texts of the public help centre in the customers' languages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from rapport.kernel.languages import pick


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = yaml.safe_load((files("rapport.knowledge") / "pages.yaml").read_text("utf-8"))
    return texts


def page_texts(language: str) -> dict[str, str]:
    """All texts of the pages in one language."""
    own = ("categories", "icons", "order")
    return {name: pick(texts, language) for name, texts in _texts().items() if name not in own}


def category_title(category: str, language: str) -> str:
    """A category's name; one of an installation's own is shown as it is written."""
    texts = _texts()["categories"].get(category)
    return pick(texts, language) if texts else category.replace("-", " ").capitalize()


def category_icon(category: str) -> str:
    """A category's icon of the set."""
    return str(_texts()["icons"].get(category, "book-open"))


def category_rank(category: str) -> tuple[int, str]:
    """Known categories in their usual order, others after them by name."""
    order: list[str] = _texts()["order"]
    return (order.index(category) if category in order else len(order), category)
