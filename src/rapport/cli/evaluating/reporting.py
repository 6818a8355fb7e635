"""Where the figures of an evaluation go."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def write_report(report: dict[str, Any], path: Path | None) -> None:
    """The report as one JSON object: into the file where one was named, and always on standard output."""
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
