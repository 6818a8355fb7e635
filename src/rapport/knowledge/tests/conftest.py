"""A folder of three small articles: two for customers, one for staff."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from rapport.knowledge.importing import import_articles
from rapport.knowledge.page_search import page_searcher

SHIPPING = """
slug: shipping-costs
category: delivery
audience: customers
reviewed_at: 2026-11-01
translations:
  en:
    title: "What delivery costs"
    summary: "Delivery costs EUR 4.90."
    questions: ["how much is postage", "is shipping free"]
    body: |
      **Standard:** EUR 4.90 anywhere.

      **Express** costs EUR 9.90 and arrives tomorrow.
  cs:
    title: "Kolik stojí doručení"
    summary: "Doručení stojí 4,90 €."
    questions: ["kolik je poštovné"]
    body: "Standardní doprava stojí 4,90 €."
"""
RETURNS = """
slug: send-back
category: returns
audience: customers
reviewed_at: 2026-01-01
translations:
  en:
    title: "Send something back"
    summary: "You have 30 days."
    questions: ["how do I return the headphones"]
    body: "Print the label and hand over the parcel."
"""
STAFF = """
slug: goodwill
category: account
audience: agents
translations:
  en:
    title: "Goodwill for staff"
    summary: "Agents may grant EUR 30."
    questions: ["how much goodwill may I give"]
    body: "Up to EUR 30 without asking."
"""


@pytest.fixture(autouse=True)
def _fresh_page_search(settings: Settings) -> Iterator[None]:
    """Each test has its own database, so a searcher must not live longer; pages search by words."""
    settings.HELP_ENCODER = ""
    page_searcher.cache_clear()
    yield
    page_searcher.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The three files."""
    for name, text in (("shipping", SHIPPING), ("returns", RETURNS), ("staff", STAFF)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def articles(db: None, folder: Path) -> Path:
    """The three articles, imported without an encoder."""
    import_articles(folder)
    return folder
