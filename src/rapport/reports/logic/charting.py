"""Where the lines of a chart of weekly shares run: pure geometry, drawn by the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapport.reports.logic.shares import Share

WIDTH, HEIGHT = 1000, 100
"""Of the drawing; the page stretches it."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One week with enough cases."""

    week: int
    x: float
    y: float
    share: Share


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over the weeks."""

    dots: tuple[Dot, ...]
    paths: tuple[str, ...]
    """Of weeks next to each other; a week of too few cases leaves a gap."""
    band: tuple[str, ...]
    """The 95 % interval around each path."""


def draw_line(shares: Sequence[Share]) -> Line:
    """The line of one share a week."""
    step = WIDTH / max(1, len(shares))
    dots = tuple(
        Dot(n, round((n + 0.5) * step, 2), height_of(s.share), s)
        for n, s in enumerate(shares)
        if s.share is not None
    )
    stretches: list[list[Dot]] = []
    for dot in dots:
        if stretches and stretches[-1][-1].week == dot.week - 1:
            stretches[-1].append(dot)
        else:
            stretches.append([dot])
    joined = [stretch for stretch in stretches if len(stretch) > 1]
    return Line(dots, tuple(_path(s) for s in joined), tuple(_band(s) for s in joined))


def height_of(share: float) -> float:
    """Where a share stands; 1 is at the top."""
    return round(HEIGHT * (1 - share), 2)


def _path(dots: Sequence[Dot]) -> str:
    return " ".join(f"{d.x:g},{d.y:g}" for d in dots)


def _band(dots: Sequence[Dot]) -> str:
    upper = [f"{d.x:g},{height_of(d.share.high or 0):g}" for d in dots]
    lower = [f"{d.x:g},{height_of(d.share.low or 0):g}" for d in reversed(dots)]
    return " ".join([*upper, *lower])
