"""Results of declared actions: what an answer becomes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rapport.connectors.contracts import ActionEffect
from rapport.connectors.declared import DeclaredAction, OutputMap, as_records, pick

LISTING = DeclaredAction(
    "crm.list_variants", "Variants", ActionEffect.READ, {"method": "GET", "path": "/variants"}
)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Oak", "Oak"),
        (None, "v1"),
        ({"colour": "oak", "size": "2 m", "extra": {"a": 1}, "none": None}, "oak, 2 m"),
        (["oak", 2.0], "oak, 2"),
    ],
)
def test_what_people_read_of_a_record_is_never_a_data_structure(title: Any, shown: str) -> None:
    output = OutputMap("variants", "items", many=True, title_path="name")
    action = replace(LISTING, outputs=(output,))
    data = pick(action, {"items": [{"id": "v1", "name": title}]})
    assert [record.title for record in as_records(data["variants"])] == [shown]
