"""Where the chart's lines run."""

from __future__ import annotations

from rapport.reports.logic.charting import draw_line
from rapport.reports.logic.shares import Share


def test_a_week_of_too_few_cases_leaves_a_gap():
    line = draw_line([Share(5, 10), Share(8, 10), Share(1, 2), Share(10, 10)])
    assert [(d.week, d.x, d.y) for d in line.dots] == [(0, 125.0, 50.0), (1, 375.0, 20.0), (3, 875.0, 0.0)]
    assert line.paths == ("125,50 375,20",)
    assert len(line.band) == 1


def test_no_week_no_line():
    assert draw_line([]).dots == ()
    assert draw_line([Share(0, 0)]).paths == ()
