"""Marked sentences as JSON Lines, measured: ``python evals/entities.py evals/entities.yaml OUT.jsonl [--wrong]``.

``entities_held_out.yaml`` is the other file. ``--wrong`` prints the sentences whose values were not all found.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

from rapport.understanding.contracts import Context
from rapport.understanding.entities import find_entities
from rapport.understanding.evaluation.entities import comparable, context_of, evaluate_entities

NOW = "2026-11-21"
_MARK = re.compile(r"\[(?P<kind>[a-z_]+)(?:=(?P<value>[^|\]]*))?\|(?P<text>[^\]]+)\]")


def main() -> int:
    """Write the rows, measure them, print."""
    sentences, out = Path(sys.argv[1]), Path(sys.argv[2])
    rows = [
        row_of(marked, language)
        for language, marked_sentences in yaml.safe_load(sentences.read_text("utf-8")).items()
        for marked in marked_sentences
    ]
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    if "--wrong" in sys.argv:
        for row in rows:
            _show_wrong(row, context_of(row))
    sys.stdout.write(json.dumps(evaluate_entities(out), ensure_ascii=False, indent=1) + "\n")
    return 0


def row_of(marked: str, language: str) -> dict[str, Any]:
    """The plain sentence with the positions of its marks."""
    text, entities, last = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        entity: dict[str, Any] = {
            "kind": match["kind"],
            "start": len(text),
            "end": len(text) + len(match["text"]),
        }
        if match["value"] is not None:
            entity["value"] = match["value"]
        entities.append(entity)
        text += match["text"]
        last = match.end()
    return {"text": text + marked[last:], "entities": entities, "lang": language, "now": NOW}


def _show_wrong(row: dict[str, Any], context: Context) -> None:
    found = find_entities(row["text"], context, row["lang"])
    ours = {(e.kind, e.start, e.end) for e in found}
    theirs = {(e["kind"], e["start"], e["end"]) for e in row["entities"]}
    values = {(e.kind, comparable(e.kind, e.value)) for e in found}
    wrong_values = [
        e
        for e in row["entities"]
        if "value" in e and (e["kind"], comparable(e["kind"], e["value"])) not in values
    ]
    if ours != theirs or wrong_values:
        shown = [(e.kind, e.value, e.text) for e in found]
        sys.stdout.write(f"{row['text']!r}\n    wanted {row['entities']}\n    found {shown}\n")


if __name__ == "__main__":
    raise SystemExit(main())
