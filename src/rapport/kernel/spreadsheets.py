"""Cells of tables that people open in a spreadsheet."""

from __future__ import annotations

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """Text that a spreadsheet would take for a formula stays text."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
