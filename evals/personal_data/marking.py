"""Hand-marked messages as JSON Lines for `rapport evaluate pii`: `python -m evals.personal_data.marking OUT`."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "messages.txt"
_MARK = re.compile(r"\[([^\[\]|]+)\|(\w+)\]")


def read_marked(line: str) -> dict[str, Any]:
    """The text without marks, and its spans."""
    pieces: list[str] = []
    spans = []
    length, last = 0, 0
    line = line.replace("\\n", "\n")
    for match in _MARK.finditer(line):
        before = line[last : match.start()]
        start = length + len(before)
        length = start + len(match[1])
        spans.append({"start": start, "end": length, "type": match[2]})
        pieces += (before, match[1])
        last = match.end()
    return {"text": "".join((*pieces, line[last:])), "spans": spans}


def main() -> None:
    """Write all messages."""
    lines = [
        line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]
    rows = "".join(json.dumps(read_marked(line), ensure_ascii=False) + "\n" for line in lines)
    Path(sys.argv[1]).write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
