"""Where the demonstration's files are."""

from __future__ import annotations

import os
from pathlib import Path


def demo_dir() -> Path:
    """The `demo` folder of the checkout, or ``DEMO_DIR``."""
    given = os.environ.get("DEMO_DIR")
    return Path(given) if given else Path(__file__).resolve().parents[3] / "demo"
