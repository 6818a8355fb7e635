"""A document as a tree of mappings and lists: places in it, and changes that give a new tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from rapport.kernel.errors import InvalidInput

Path = tuple[str | int, ...]


class NoSuchPlace(InvalidInput):
    """The document has nothing at that place (any more)."""

    code = "no_such_place"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a document."""

    kind: Literal["set", "insert", "move", "delete", "rename"]
    path: Path
    value: Any = None
    """What is put there; for `rename` the new key."""
    index: int | None = None
    """Position among its neighbours: where to insert (None: last), or where to move to."""


def pointer(path: Path) -> str:
    """A path as text, in the notation of JSON Pointer without the first slash."""
    return "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)


def resolve(document: Any, text: str) -> Path:
    """The path a pointer names: digits are positions where there is a list. Nothing need stand at its end."""
    if not text:
        return ()
    path: list[str | int] = []
    node = document
    for raw in text.split("/"):
        part: str | int = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and str(part).isdecimal():
            part = int(part)
        path.append(part)
        node = _child(node, part)
    return tuple(path)


def find(document: Any, path: Path, default: Any = None) -> Any:
    """What stands at a path."""
    node = document
    for part in path:
        if not _has(node, part):
            return default
        node = node[part]
    return node


def exists(document: Any, path: Path) -> bool:
    """Whether anything stands at a path."""
    missing = object()
    return find(document, path, missing) is not missing


def apply(document: Any, edit: Edit) -> Any:
    """The document after a change. Raises NoSuchPlace."""
    if not edit.path:
        if edit.kind != "set":
            raise NoSuchPlace("the document itself can only be replaced")
        return copied(edit.value)
    changed = copied(document)
    *above, last = edit.path
    parent = _parent(changed, tuple(above), last, may_make=edit.kind in ("set", "insert"))
    match edit.kind:
        case "set":
            _set(parent, last, copied(edit.value))
        case "insert":
            _insert(parent, last, copied(edit.value), edit.index)
        case "delete":
            _need(parent, last)
            del parent[last]
        case "move":
            _need(parent, last)
            _move(parent, last, edit.index or 0)
        case "rename":
            _need(parent, last)
            _rename(parent, str(last), str(edit.value))
    return changed


def copied(node: Any) -> Any:
    """A copy in which nothing stands at two places: an alias of YAML is the same object twice."""
    if isinstance(node, dict):
        return {key: copied(value) for key, value in node.items()}
    return [copied(value) for value in node] if isinstance(node, list) else node


def _has(node: Any, part: str | int) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and 0 <= part < len(node)


def _child(node: Any, part: str | int) -> Any:
    return node[part] if _has(node, part) else None


def _need(parent: Any, part: str | int) -> None:
    if not _has(parent, part):
        raise NoSuchPlace(f"there is no {part!r} here any more")


def _parent(document: Any, path: Path, last: str | int, *, may_make: bool) -> Any:
    """The container at a path; missing ones are made, a list where a position follows."""
    node = document
    for part, after in zip(path, [*path[1:], last], strict=False):
        if not _has(node, part) or (may_make and not isinstance(node[part], (dict, list))):
            if not may_make or not isinstance(node, dict):
                raise NoSuchPlace(f"there is no {part!r} here any more")
            node[part] = [] if isinstance(after, int) else {}
        node = node[part]
    if not isinstance(node, (dict, list)):
        raise NoSuchPlace(f"{last!r} cannot stand here")
    return node


def _set(parent: Any, last: str | int, value: Any) -> None:
    if isinstance(parent, list):
        _need(parent, last)
    parent[last] = value


def _insert(parent: Any, last: str | int, value: Any, index: int | None) -> None:
    if isinstance(parent, list):
        position = int(last) if index is None else index
        parent.insert(position, value)
        return
    if last in parent:
        raise NoSuchPlace(f"there is already a {last!r} here")
    entries = list(parent.items())
    entries.insert(len(entries) if index is None else index, (last, value))
    parent.clear()
    parent.update(entries)


def _move(parent: Any, last: str | int, index: int) -> None:
    if isinstance(parent, list):
        parent.insert(max(0, min(index, len(parent) - 1)), parent.pop(int(last)))
        return
    value = parent.pop(last)
    entries = list(parent.items())
    entries.insert(max(0, index), (last, value))
    parent.clear()
    parent.update(entries)


def _rename(parent: Any, old: str, new: str) -> None:
    if not isinstance(parent, dict) or (new in parent and new != old):
        raise NoSuchPlace(f"there is already a {new!r} here")
    entries = [(new if key == old else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(entries)
