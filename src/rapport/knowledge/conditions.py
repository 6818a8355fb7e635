"""The language of conditions, as the wiring gives it."""

from __future__ import annotations

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from rapport.knowledge.variant_contracts import ConditionLanguage


@cache
def condition_language() -> ConditionLanguage:
    """What ``settings.VARIANT_CONDITIONS`` names: a function without arguments."""
    return cast("ConditionLanguage", import_string(settings.VARIANT_CONDITIONS)())
