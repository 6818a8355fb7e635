"""Cursors are exact and bear anything as input; cells are no formulas."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.kernel.cursors import read_cursor, write_cursor
from rapport.kernel.spreadsheets import plain_cell


@pytest.mark.parametrize("micros", [0, 1, 999_999, 1_772_442_000_123_457])
def test_a_cursor_keeps_the_microsecond(micros: int) -> None:
    at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=micros)
    assert write_cursor(at, 7) == f"{micros}.7"
    assert read_cursor(f"{micros}.7") == (at, 7)


@pytest.mark.parametrize("text", ["", "1", "1.", ".1", "1.1.1", "-1.1", "١.١", "1.1\n", "9" * 18 + ".1"])
def test_what_is_no_cursor_is_none(text: str) -> None:
    assert read_cursor(text) is None


def test_the_latest_moment_and_id_that_are_read_are_moments_and_ids() -> None:
    found = read_cursor("9" * 17 + "." + "9" * 18)
    assert found is not None
    assert (found[0].year, found[1] < 2**63) == (5138, True)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1", "a=b", "'=1"])
def test_other_cells_stay(text: str) -> None:
    assert plain_cell(text) == text
