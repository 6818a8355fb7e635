"""What a customer means by "tomorrow" late in the evening."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.utils import timezone

from rapport.assistant.gathering import Gathered, reading_context
from rapport.kernel.clock import use_clock
from rapport.understanding.entities import find_entities

LATE = dt.datetime(2026, 5, 3, 22, 30, tzinfo=dt.UTC)
"""Half past midnight in Prague."""


@pytest.mark.parametrize(("zone", "tomorrow"), [("Europe/Prague", "2026-05-05"), ("UTC", "2026-05-04")])
def test_tomorrow_is_counted_from_the_organisations_day(zone: str, tomorrow: str) -> None:
    conversation: Any = SimpleNamespace(customer_name="", uuid="u")
    gathered = cast("Gathered", SimpleNamespace(conversation=conversation, asked=""))
    with use_clock(lambda: LATE), timezone.override(zone):
        context = reading_context(gathered, None)
        found = find_entities("please come tomorrow", context, "en")
    assert [(entity.kind, entity.value) for entity in found] == [("date", tomorrow)]
