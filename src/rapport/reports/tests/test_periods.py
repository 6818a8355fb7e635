"""Days and weeks where clocks change and years end."""

from __future__ import annotations

import datetime as dt

from rapport.reports.logic.periods import Period, last_days


def test_a_day_on_which_clocks_go_forward_has_twenty_three_hours():
    day = Period(dt.date(2026, 3, 29), dt.date(2026, 3, 29), "Europe/Prague")
    assert day.ends_at - day.begins_at == dt.timedelta(hours=23)
    assert day.begins_at == dt.datetime(2026, 3, 28, 23, 0, tzinfo=dt.UTC)


def test_weeks_go_from_monday_to_sunday_and_are_cut_at_the_ends():
    weeks = Period(dt.date(2026, 1, 1), dt.date(2026, 1, 13)).weeks()
    assert [(w.first.isoformat(), w.last.isoformat()) for w in weeks] == [
        ("2026-01-01", "2026-01-04"),
        ("2026-01-05", "2026-01-11"),
        ("2026-01-12", "2026-01-13"),
    ]


def test_the_period_before_is_as_long_and_ends_the_day_before():
    before = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 28), "Asia/Shanghai").previous()
    assert before == Period(dt.date(2026, 2, 1), dt.date(2026, 2, 28), "Asia/Shanghai")
    assert before.days == 28


def test_today_is_the_day_where_the_clock_hangs():
    late = dt.datetime(2026, 3, 10, 23, 30, tzinfo=dt.UTC)
    assert last_days(7, late, "UTC") == Period(dt.date(2026, 3, 4), dt.date(2026, 3, 10), "UTC")
    prague = Period(dt.date(2026, 3, 5), dt.date(2026, 3, 11), "Europe/Prague")
    assert last_days(7, late, "Europe/Prague") == prague
