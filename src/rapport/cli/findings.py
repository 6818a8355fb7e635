"""What the doctor found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: str
    """``ok``, ``note`` or ``wrong``."""
    text: str
    advice: str = ""
