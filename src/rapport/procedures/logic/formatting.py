"""Definitions in canonical form: keys in the language's order, two spaces, one wording a line; nothing is lost.

The formatter moves whole blocks of lines of the source and never writes values anew, so that comments above a key,
quotes and folded texts stay as their author wrote them. What cannot be moved safely is left where it is: a section
written on one line in braces, a document with anchors or tabs.
"""

from __future__ import annotations

from collections.abc import Callable

import yaml

from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import LANGUAGES
from rapport.procedures.logic import keys

_WORDS = frozenset(
    {"title", "description", "group", "ask", "none", "label", "say", "question", "reason", "rejected"}
)
_IN_STEPS = {"wait": keys.WAIT, "approve": keys.APPROVAL, "person": keys.PERSON, "again": keys.AGAIN}


class NotFormatted(InvalidInput):
    """The text would lose something, so it is left as it is."""

    code = "not_formatted"


def format_definition(source: str) -> str:
    """The same definition with its keys in canonical order. Raises NotFormatted."""
    if "\t" in source:
        raise NotFormatted("has tabs; use spaces")
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
        before = yaml.safe_load(source)
    except yaml.YAMLError as problem:
        raise NotFormatted("is not readable as YAML; run 'rapport procedures check'") from problem
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise NotFormatted("is no mapping with a line for each key")
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(source, Loader=yaml.SafeLoader)):
        raise NotFormatted("repeats a part by an alias (*name), whose order matters")
    lines = [line.rstrip() for line in source.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    _order(root, lines, keys.TOP, "")
    result = "\n".join(lines) + "\n"
    if yaml.safe_load(result) != before or _comments(result) != _comments(source):
        raise NotFormatted("would lose something; order it by hand")
    return result


def _comments(source: str) -> list[str]:
    """Every line that may hold a comment, in any order."""
    return sorted(line.strip().removeprefix("- ") for line in source.split("\n") if "#" in line)


def _order(node: yaml.MappingNode, lines: list[str], order: tuple[str, ...], name: str) -> None:
    """Put the blocks of a mapping's keys into order, the innermost mappings first."""
    for key, value in node.value:
        for inner, wanted, called in _mappings(str(key.value), value, name):
            if not inner.flow_style:
                _order(inner, lines, wanted, called)
    _move(node, lines, order)


def _mappings(key: str, value: yaml.Node, parent: str) -> list[tuple[yaml.MappingNode, tuple[str, ...], str]]:
    """The mappings below a key whose order is known."""
    if isinstance(value, yaml.MappingNode):
        if key in LANGUAGES:
            return [(value, keys.TONES, "tones")]
        if key in _WORDS or (parent == "lines" and key == "say"):
            return [(value, LANGUAGES, "words")]
        orders = {
            "confirm": keys.CONFIRMATION,
            **_IN_STEPS,
            "undo": keys.UNDO if not parent else keys.REVERSAL,
        }
        if key in orders:
            return [(value, orders[key], key)]
        entries = {
            "slots": (keys.SLOT, "slot"),
            "lookups": (keys.LOOKUP, "lookup"),
            "failed": (LANGUAGES, "words"),
        }
        if key in entries:
            return [(v, *entries[key]) for _, v in value.value if isinstance(v, yaml.MappingNode)]
        return []
    orders = {
        "refused": keys.REFUSAL,
        "options": keys.OPTION,
        "limits": keys.LIMIT,
        "rules": keys.RULE,
        "human_when": keys.HUMAN_RULE,
        "do": keys.STEP,
        "then": keys.STEP,
        "else": keys.STEP,
        "otherwise": keys.STEP,
        "lines": keys.LINE,
        "done": keys.LINE,
    }
    if not isinstance(value, yaml.SequenceNode) or value.flow_style or key not in orders:
        return []
    items = [item for item in value.value if isinstance(item, yaml.MappingNode)]
    return [(i, LANGUAGES if _is_words(i) else orders[key], key) for i in items]


def _is_words(node: yaml.MappingNode) -> bool:
    return any(str(key.value) == "en" for key, _ in node.value)


def _move(node: yaml.MappingNode, lines: list[str], order: tuple[str, ...]) -> None:
    """Reorder the lines of a mapping; comments right above a key go with it, those before the first key stay."""
    names = [str(key.value) for key, _ in node.value]
    starts = [key.start_mark.line for key, _ in node.value]
    if len(set(starts)) != len(starts) or sorted(names, key=_place(order)) == names:
        return
    column = node.value[0][0].start_mark.column
    dash = lines[starts[0]][:column]
    is_item = bool(dash.strip())
    tops = [starts[0] if n == 0 else _top(lines, start, starts[n - 1]) for n, start in enumerate(starts)]
    end = _end(lines, starts[-1], column)
    blocks = [lines[a:b] for a, b in zip(tops, [*tops[1:], end], strict=True)]
    if is_item:
        blocks[0] = [" " * column + blocks[0][0][column:], *blocks[0][1:]]
    pairs = sorted(zip(names, blocks, strict=True), key=lambda pair: _place(order)(pair[0]))
    moved = [line for _, block in pairs for line in block]
    if is_item:
        if moved[0].strip().startswith("#"):
            return
        moved[0] = dash + moved[0][column:]
    lines[tops[0] : end] = moved
    node.value = [
        pair for _, pair in sorted(zip(names, node.value, strict=True), key=lambda p: _place(order)(p[0]))
    ]


def _place(order: tuple[str, ...]) -> Callable[[str], int]:
    return lambda name: order.index(name) if name in order else len(order)


def _top(lines: list[str], start: int, floor: int) -> int:
    """The first line of the comments right above a key."""
    column = len(lines[start]) - len(lines[start].lstrip())
    while start - 1 > floor and lines[start - 1].startswith(" " * column + "#"):
        start -= 1
    return start


def _end(lines: list[str], start: int, column: int) -> int:
    """The line after the last line of a block."""
    end = start + 1
    while end < len(lines) and (
        not lines[end].strip() or _indent(lines[end]) > column or _is_list(lines[end], column)
    ):
        end += 1
    while not lines[end - 1].strip():
        end -= 1
    return end


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_list(line: str, column: int) -> bool:
    """A list may stand at its key's own column."""
    return _indent(line) == column and line.lstrip().startswith("- ")
