"""Hours in which people answer."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.channels.kinds.voice.logic.hours import BadHours, is_open, read_hours, write_hours


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_lines_become_days_and_lines_again() -> None:
    hours = read_hours("mon-fri 8:00-17:30\n\nSat 9.00 – 12.00")
    assert [h["day_of_week"] for h in hours] == [1, 2, 3, 4, 5, 6]
    assert write_hours(hours) == "Mon-Fri 8:00-17:30\nSat 9:00-12:00"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T08:00", True),
        ("2026-11-23T07:59", False),
        ("2026-11-23T17:29", True),
        ("2026-11-23T17:30", False),
        ("2026-11-28T11:59", True),
        ("2026-11-29T10:00", False),
    ],
)
def test_somebody_answers_within_the_hours_only(moment: str, expected: bool) -> None:
    hours = read_hours("Mon-Fri 8:00-17:30\nSat 9:00-12:00")
    assert is_open(hours, at(moment)) is expected


def test_without_hours_somebody_always_answers() -> None:
    assert is_open([], at("2026-11-29T03:00"))


@pytest.mark.parametrize(
    "line",
    [
        "whenever",
        "Mon 8-17",
        "Fri-Mon 8:00-17:00",
        "Mon 9:00-8:00",
        "Foo 8:00-9:00",
        "Mon 8:77-9:00",
        "Mon 8:00-25:00",
    ],
)
def test_what_is_no_span_is_named(line: str) -> None:
    with pytest.raises(BadHours, match=line.replace("-", ".")):
        read_hours(line)


def test_days_marked_closed_are_left_out() -> None:
    closed = [{"day_of_week": 1, "closed_all_day": True}]
    assert (write_hours(closed), is_open(closed, at("2026-11-23T10:00"))) == ("", False)
