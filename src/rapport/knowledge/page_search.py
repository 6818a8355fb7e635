"""The searcher of this web process, opened when the first visitor searches."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from rapport.knowledge.contracts import Searcher
from rapport.knowledge.search import EmbeddedSearcher


@cache
def page_searcher() -> Searcher:
    """Search with the encoder that ``settings.HELP_ENCODER`` names (a function without arguments), if any."""
    name = getattr(settings, "HELP_ENCODER", "")
    return EmbeddedSearcher(import_string(name)() if name else None)
