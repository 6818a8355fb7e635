"""One figure: what was asked, what was measured, whether it is met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float | None
    unit: str = ""
    at_most: float | None = None
    """The bar from above; None when there is none."""
    at_least: float | None = None
    """The bar from below."""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """None for a figure without a bar."""
        if self.value is None or (self.at_most is None and self.at_least is None):
            return None
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    @property
    def bar(self) -> str:
        if self.at_most is not None:
            return f"≤ {_number(self.at_most)} {self.unit}".strip()
        if self.at_least is not None:
            return f"≥ {_number(self.at_least)} {self.unit}".strip()
        return ""


def print_table(figures: Sequence[Figure]) -> None:
    """Figure, bar, measured, met."""
    rows = [("figure", "bar", "measured", "met?", "")]
    for figure in figures:
        measured = "—" if figure.value is None else f"{_number(figure.value)} {figure.unit}".strip()
        met = {None: "", True: "yes", False: "NO"}[figure.is_met]
        rows.append((figure.name, figure.bar, measured, met, figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip())


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e6:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
