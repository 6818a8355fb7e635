"""An article's Markdown as statements: sentences of paragraphs, items and steps of lists, rows of tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "sentence", "lead", "item", "step", "row"]

_ITEM = re.compile(r"^\s*[-*+]\s+(.*)$")
_STEP = re.compile(r"^\s*(\d+)[.)]\s+(.*)$")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")
_END = re.compile(
    r"(?<=[.!?…])[\"”»“)]*\s+(?=[\"„“«(*_]*[^\Wa-zа-яёáčďéěíňóřšťúůýžäöüßñ])|(?<=[。！？])\s*(?=\S)"
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|approx|incl|nr|mr|mrs|dr|vs|etc|z\. ?b|d\. ?h|bzw|ca|cca|inkl|zzgl|ggf|str|tel|např|tzv|"
    r"tj|popř|resp|č|p\. ?ej|aprox|núm|т\. ?е|т\. ?д|напр|ул|руб|[^\W\d_])\.$|(?<!\d)\d{1,2}\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """The smallest piece that says something by itself."""

    text: str
    """Markdown without the mark of its list; of a table's row the cells, `` | `` between them."""
    kind: Kind
    block: int
    """Which paragraph, list or table; the lead of a list belongs to the list's block."""
    header: tuple[str, ...] = ()
    """Of a row: the table's head."""


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, in order."""
    found: list[str] = []
    for piece in _END.split(" ".join(text.split())):
        if found and _ABBREVIATION.search(found[-1]):
            found[-1] += f" {piece}"
        elif piece.strip():
            found.append(piece.strip())
    return found


def read_statements(body: str) -> list[Statement]:
    """The statements of an article's text, in order."""
    found: list[Statement] = []
    block = 0
    for part in re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip()):
        lines = [line for line in part.split("\n") if line.strip()]
        for group in _groups(lines):
            is_list = group[0][0] in {"item", "step"}
            if not (is_list and found and _is_lead(found[-1])):
                block += 1
            else:
                found[-1] = Statement(found[-1].text, "lead", block)
            found += _read(group, block)
    return found


def _is_lead(last: Statement) -> bool:
    return last.kind == "sentence" and not last.text.rstrip("* _").endswith(
        (".", "!", "?", "…", "。", "！", "？")
    )


def _groups(lines: list[str]) -> list[list[tuple[Kind, str]]]:
    """Lines of one block by what they are; a line that goes on with an item is part of it."""
    groups: list[list[tuple[Kind, str]]] = []
    for line in lines:
        kind, text = _kind(line)
        last = groups[-1] if groups else []
        if last and kind == "sentence" and last[0][0] in {"item", "step"} and line.startswith((" ", "\t")):
            last[-1] = (last[-1][0], f"{last[-1][1]} {text}")
        elif last and last[0][0] == kind and kind != "heading":
            last.append((kind, text))
        else:
            groups.append([(kind, text)])
    return groups


def _kind(line: str) -> tuple[Kind, str]:
    if found := _ITEM.match(line):
        return "item", found[1].strip()
    if found := _STEP.match(line):
        return "step", found[2].strip()
    if line.lstrip().startswith("|"):
        return "row", line.strip()
    if line.startswith("#"):
        return "heading", line.strip("# ")
    return "sentence", line.strip()


def _read(group: list[tuple[Kind, str]], block: int) -> list[Statement]:
    kind = group[0][0]
    if kind == "sentence":
        text = " ".join(text for _, text in group)
        return [Statement(sentence, "sentence", block) for sentence in split_sentences(text)]
    if kind == "row":
        rows = [_cells(text) for _, text in group if not _RULE.match(text)]
        head = rows[0] if len(rows) > 1 else ()
        return [Statement(" | ".join(row), "row", block, head) for row in (rows[1:] if head else rows)]
    return [Statement(text, kind, block) for _, text in group]


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.strip().strip("|").split("|"))
