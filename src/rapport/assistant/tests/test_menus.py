"""The guided menu as choices of a message."""

from __future__ import annotations

import pytest

from rapport.assistant.menus import menu_items
from rapport.procedures import api as procedures


def test_an_entry_names_its_heading_and_a_person_stands_last_under_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries = [
        procedures.MenuEntry("status", "Where is it?", "", "truck", "Orders"),
        procedures.MenuEntry("hours", "Opening hours", "", "clock"),
    ]
    monkeypatch.setattr(procedures, "list_menu", lambda language: entries)
    status, hours, person = menu_items("en")
    assert status == {
        "title": "Where is it?",
        "value": "start:status",
        "description": "",
        "icon": "truck",
        "group": "Orders",
    }
    assert ("group" in hours, "group" in person, person["value"]) == (False, False, "talk_to_person")
