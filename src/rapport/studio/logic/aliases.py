"""YAML's anchors and aliases written out, so that each place of a document can be changed on its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from rapport.studio.logic.writing import LOADER, inline, load


def expand(source: str) -> str:
    """The same document without anchors and aliases. Raises YAMLError, RecursionError."""
    tokens = list(yaml.scan(source, Loader=LOADER))
    marks = [t for t in tokens if isinstance(t, (yaml.AnchorToken, yaml.AliasToken))]
    if not marks:
        return source
    root = yaml.compose(source, Loader=LOADER)
    repeated = iter(list(_repeated(root, load(source), set())))
    changes = []
    for token in marks:
        start, end = token.start_mark.index, token.end_mark.index
        if isinstance(token, yaml.AliasToken):
            changes.append((start, end, inline(next(repeated))))
        else:
            changes.append((start, end + (source[end : end + 1] == " "), ""))
    text = source
    for start, end, new in reversed(changes):
        text = text[:start] + new + text[end:]
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _repeated(node: Any, data: Any, seen: set[int]) -> Iterator[Any]:
    """The values of aliases in the order of the document."""
    if id(node) in seen:
        yield data
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for inner, value in zip(node.value, data, strict=True):
            yield from _repeated(inner, value, seen)
    elif isinstance(node, yaml.MappingNode):
        for (_key, inner), value in zip(node.value, data.values(), strict=True):
            yield from _repeated(inner, value, seen)
