"""Changed data written back into the text it came from: what did not change keeps its lines, comments and quotes."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

from rapport.studio.logic.aliases import expand
from rapport.studio.logic.writing import LOADER, entry_lines, item_lines, load, write


class _CannotKeep(Exception):
    """The text has something (an anchor, braces, a key twice) that cannot be changed in place."""


def rewrite(source: str, changed: Any) -> str:
    """The text of `changed`, as near to `source` as can be. Comments inside a part that is written anew are lost."""
    try:
        result = _Merge.of(source).document(changed)
    except (_CannotKeep, yaml.YAMLError, RecursionError, ValueError, StopIteration):
        return write(changed)
    try:
        is_same = _same(load(result), changed)
    except yaml.YAMLError:
        is_same = False
    return result if is_same else write(changed)


@dataclass(frozen=True, slots=True)
class _Merge:
    lines: list[str]
    root: yaml.MappingNode
    data: dict[Any, Any]

    @classmethod
    def of(cls, source: str) -> _Merge:
        if "\t" in source:
            raise _CannotKeep
        source = expand(source)
        data = load(source)
        root = yaml.compose(source, Loader=LOADER)
        if not isinstance(root, yaml.MappingNode) or root.flow_style or not isinstance(data, dict):
            raise _CannotKeep
        lines = [line.rstrip() for line in source.replace("\r\n", "\n").split("\n")]
        while lines and not lines[-1]:
            lines.pop()
        return cls(lines, root, data)

    def document(self, changed: Any) -> str:
        if not isinstance(changed, dict) or not changed:
            raise _CannotKeep
        first = self._tops(self.root.value[0][0].start_mark.line, 0, 0)
        body = self.mapping(self.root, self.data, changed, len(self.lines))
        return "\n".join([*self.lines[:first], *body]) + "\n"

    def mapping(
        self, node: yaml.MappingNode, old: dict[Any, Any], new: dict[Any, Any], end: int
    ) -> list[str]:
        """The lines of a mapping, in the order of `new`; blocks of what is unchanged are taken over."""
        if len(node.value) != len(old) or node.flow_style:
            raise _CannotKeep
        column = node.value[0][0].start_mark.column
        starts = [key.start_mark.line for key, _ in node.value]
        if len(set(starts)) != len(starts):
            raise _CannotKeep
        tops = [
            starts[0],
            *(self._tops(line, before, column) for before, line in pairwise(starts)),
        ]
        if column == 0 or not self.lines[starts[0]][:column].strip():
            tops[0] = self._tops(starts[0], max(0, starts[0] - 60), column)
        ends = [*tops[1:], end]
        found: list[str] = []
        places = {key: n for n, key in enumerate(old)}
        for key, value in new.items():
            n = places.get(key)
            if n is None:
                found += entry_lines(key, value, column)
                continue
            head = self.lines[tops[n] : starts[n]]
            body = self.lines[starts[n] : ends[n]]
            body[0] = " " * column + body[0][column:]
            if _same(old[key], value):
                found += [*head, *body]
            else:
                kept = self._value(node.value[n][1], old[key], value, ends[n])
                gap = _blank_end(body)
                own = entry_lines(key, value, column) if kept is None else [body[0], *kept]
                found += [*head, *own, *([] if kept is not None else gap)]
        return found

    def _value(self, node: yaml.Node, old: Any, new: Any, end: int) -> list[str] | None:
        """The lines below a key whose value changed inside; None when it is to be written anew."""
        if not new or not isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) or node.flow_style:
            return None
        try:
            if isinstance(node, yaml.MappingNode) and isinstance(new, dict) and isinstance(old, dict):
                return self.mapping(node, old, new, end)
            if isinstance(node, yaml.SequenceNode) and isinstance(new, list) and isinstance(old, list):
                return self.sequence(node, old, new, end)
        except _CannotKeep:
            return None
        return None

    def sequence(self, node: yaml.SequenceNode, old: list[Any], new: list[Any], end: int) -> list[str]:
        """The lines of a list; items are recognised by what they hold."""
        column = node.start_mark.column
        starts = [item.start_mark.line for item in node.value]
        if len(set(starts)) != len(starts) or any(
            self.lines[line][column : column + 1] != "-" for line in starts
        ):
            raise _CannotKeep
        tops = [
            starts[0],
            *(self._tops(line, before, column) for before, line in pairwise(starts)),
        ]
        ends = [*tops[1:], end]
        found: list[str] = []
        for place, value in zip(_partners(old, new), new, strict=True):
            if place is None:
                found += item_lines(value, column)
            elif _same(old[place], value):
                found += self.lines[tops[place] : ends[place]]
            else:
                head = self.lines[tops[place] : starts[place]]
                found += [*head, *self._item(node.value[place], old[place], value, (column, ends[place]))]
        return found

    def _item(self, node: yaml.Node, old: Any, new: Any, at: tuple[int, int]) -> list[str]:
        column, end = at
        both = isinstance(old, dict) and isinstance(new, dict) and bool(new)
        if not both or not isinstance(node, yaml.MappingNode) or node.flow_style:
            return item_lines(new, column)
        try:
            inner = self.mapping(node, old, new, end)
        except _CannotKeep:
            return item_lines(new, column)
        if inner[0].lstrip().startswith("#"):
            return item_lines(new, column)
        return [f"{' ' * column}-{inner[0][column + 1 :]}", *inner[1:]]

    def _tops(self, start: int, floor: int, column: int) -> int:
        """The first line of the comments right above a line."""
        while start - 1 > floor and self.lines[start - 1].startswith(" " * column + "#"):
            start -= 1
        return start


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same, their keys in the same order too."""
    return _fingerprint(one) == _fingerprint(other)


def _fingerprint(value: Any) -> str:
    return json.dumps(value, default=repr)


def _blank_end(lines: list[str]) -> list[str]:
    count = 0
    while count < len(lines) and not lines[-1 - count].strip():
        count += 1
    return [""] * count


def _partners(old: list[Any], new: list[Any]) -> list[int | None]:
    """For each new item the old one it is, or came from."""
    was = [_fingerprint(item) for item in old]
    now = [_fingerprint(item) for item in new]
    found: list[int | None] = [None] * len(new)
    free = set(range(len(old)))
    for tag, a, b, c, _ in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            for n in range(b - a):
                found[c + n] = a + n
                free.discard(a + n)
    for n, text in enumerate(now):
        if found[n] is None:
            same = next((place for place in sorted(free) if was[place] == text), None)
            if same is not None:
                found[n] = same
                free.discard(same)
    if len(old) == len(new):
        for n, place in enumerate(found):
            if place is None and n in free:
                found[n] = n
                free.discard(n)
    return found
