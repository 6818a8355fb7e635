"""Templates of documents as data: what is on the page, in every language, with placeholders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport.connectors.declared import ARGUMENT_NAME
from rapport.connectors.forms import read_entries
from rapport.connectors.placeholders import first_names
from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import LANGUAGES

SHIPPED = Path(__file__).parent / "shipped"
OWN_VALUES = ("number", "today", "shop", "returns_to", "currency")
"""Names every document knows besides its arguments: its number, today's date, the shop's addresses."""
MAX_TEMPLATES = 40
MAX_PARTS = 60
MAX_COLUMNS = 8

Words = Mapping[str, str]
"""A wording per language; the key ``en``, or any single one, serves the others."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: Words
    value: str
    width: float = 1.0
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One thing on the page."""

    kind: str
    """One of `READERS`."""
    words: Words
    """Its text, label or title."""
    of: str = ""
    """Name of the value it shows (an address, a table's rows), or a template of a code."""
    columns: tuple[Column, ...] = ()
    entries: tuple[tuple[Words, str], ...] = ()
    """Label and value of each field; value and text of each choice."""
    parts: tuple[Part, ...] = ()
    """What stands side by side."""


@dataclass(frozen=True, slots=True)
class Template:
    """One document."""

    name: str
    title: Words
    parts: tuple[Part, ...]
    file_name: str
    is_personal: bool
    arguments: tuple[str, ...]
    """Names a procedure fills, in the order they appear."""


def read_templates(text: str) -> dict[str, Template]:
    """The templates in a YAML text, by name. Raises InvalidInput."""
    found = read_entries(text, "templates", MAX_TEMPLATES)
    return {name: _template(name, kept) for name, kept in found.items()}


def shipped_names() -> tuple[str, ...]:
    """Names of the documents that come along."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def read_shipped(name: str) -> Template:
    """One of the documents that come along."""
    return read_templates((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))[name]


def _template(name: str, kept: Any) -> Template:
    if not ARGUMENT_NAME.fullmatch(name):
        raise _wrong(name, "small letters, digits and underscores")
    if not isinstance(kept, dict) or set(kept) - {"title", "file", "personal", "parts"}:
        raise _wrong(name, "holds `title`, `parts`, and perhaps `file` and `personal`")
    parts = _parts(kept.get("parts"), f"{name}.parts")
    is_personal = kept.get("personal", True)
    if not isinstance(is_personal, bool):
        raise _wrong(f"{name}.personal", "true or false")
    title = _words(kept.get("title"), f"{name}.title")
    texts = [*title.values(), str(kept.get("file") or ""), *(t for part in parts for t in _texts(part))]
    named = dict.fromkeys(n for text in texts for n in first_names(text))
    return Template(
        name, title, parts, str(kept.get("file") or name), is_personal,
        tuple(n for n in named if n not in OWN_VALUES),
    )  # fmt: skip


def _texts(part: Part) -> Iterator[str]:
    """Every text of a part in which a placeholder names a value of the document; a table's cells name its rows'."""
    yield from part.words.values()
    yield part.of if part.kind in {"barcode", "qr"} else f"{{{part.of}}}"
    for words, value in part.entries:
        yield from words.values()
        yield value
    for inner in part.parts:
        yield from _texts(inner)


def _parts(kept: Any, where: str) -> tuple[Part, ...]:
    if not isinstance(kept, list) or not 1 <= len(kept) <= MAX_PARTS:
        raise _wrong(where, f"a list of 1 to {MAX_PARTS}")
    return tuple(_part(one, f"{where}[{n}]") for n, one in enumerate(kept))


def _part(kept: Any, where: str) -> Part:
    kinds = [kind for kind in kept if kind in READERS] if isinstance(kept, dict) else []
    if len(kinds) != 1:
        raise _wrong(where, f"one of {', '.join(READERS)}")
    return READERS[kinds[0]](kept, f"{where}.{kinds[0]}")


def _only(kept: Mapping[str, Any], names: set[str], where: str) -> None:
    if set(kept) - names:
        raise _wrong(where, f"holds {', '.join(sorted(names))}")


def _text(kept: Mapping[str, Any], where: str) -> Part:
    kind = where.rpartition(".")[2]
    _only(kept, {kind}, where)
    return Part(kind, _words(kept[kind], where))


def _bare(kept: Mapping[str, Any], where: str) -> Part:
    kind = where.rpartition(".")[2]
    _only(kept, {kind}, where)
    return Part(kind, {})


def _address(kept: Mapping[str, Any], where: str) -> Part:
    _only(kept, {"address", "label"}, where)
    return Part("address", _words(kept.get("label") or "", where), of=_name(kept["address"], where))


def _code(kept: Mapping[str, Any], where: str) -> Part:
    kind = where.rpartition(".")[2]
    _only(kept, {kind}, where)
    if not isinstance(kept[kind], str) or not kept[kind]:
        raise _wrong(where, 'a text, as "{number}"')
    return Part(kind, {}, of=kept[kind])


def _table(kept: Mapping[str, Any], where: str) -> Part:
    _only(kept, {"table", "columns"}, where)
    columns = kept.get("columns")
    if not isinstance(columns, list) or not 1 <= len(columns) <= MAX_COLUMNS:
        raise _wrong(where, f"`columns`, 1 to {MAX_COLUMNS}")
    return Part(
        "table", {}, of=_name(kept["table"], where),
        columns=tuple(_column(c, f"{where}.columns[{n}]") for n, c in enumerate(columns)),
    )  # fmt: skip


def _column(kept: Any, where: str) -> Column:
    if not isinstance(kept, dict) or not isinstance(kept.get("value"), str):
        raise _wrong(where, "`title` and `value`")
    _only(kept, {"title", "value", "width", "number"}, where)
    width = kept.get("width", 1)
    if not isinstance(width, int | float) or not 0.1 <= width <= 20:
        raise _wrong(where, "`width` is a number from 0.1 to 20")
    return Column(_words(kept.get("title"), where), kept["value"], float(width), kept.get("number") is True)


def _fields(kept: Mapping[str, Any], where: str) -> Part:
    _only(kept, {"fields"}, where)
    entries = kept["fields"]
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_PARTS:
        raise _wrong(where, "a list of `label` and `value`")
    found = []
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) - {"label", "value"}:
            raise _wrong(where, "a list of `label` and `value`")
        found.append((_words(entry.get("label"), where), str(entry.get("value") or "")))
    return Part("fields", {}, entries=tuple(found))


def _choices(kept: Mapping[str, Any], where: str) -> Part:
    _only(kept, {"choices", "chosen", "label"}, where)
    entries = kept["choices"]
    if not isinstance(entries, dict) or not entries:
        raise _wrong(where, "texts by value")
    found = tuple((_words(text, where), str(value)) for value, text in entries.items())
    label = _words(kept.get("label") or "", where)
    return Part("choices", label, of=_name(kept.get("chosen"), where), entries=found)


def _beside(kept: Mapping[str, Any], where: str) -> Part:
    _only(kept, {"beside"}, where)
    parts = _parts(kept["beside"], where)
    if len(parts) > 4 or any(part.kind in {"beside", "table"} for part in parts):
        raise _wrong(where, "at most four parts, no tables")
    return Part("beside", {}, parts=parts)


READERS: dict[str, Callable[[Mapping[str, Any], str], Part]] = {
    "heading": _text,
    "text": _text,
    "small": _text,
    "address": _address,
    "table": _table,
    "fields": _fields,
    "choices": _choices,
    "barcode": _code,
    "qr": _code,
    "signature": _text,
    "beside": _beside,
    "line": _bare,
    "cut": _bare,
    "space": _bare,
}


def _words(kept: Any, where: str) -> Words:
    if isinstance(kept, str):
        return {"en": kept}
    known = isinstance(kept, dict) and bool(kept) and set(kept) <= set(LANGUAGES)
    if not known or not all(isinstance(text, str) for text in kept.values()):
        raise _wrong(where, f"a text, or texts by language ({', '.join(LANGUAGES)})")
    return dict(kept)


def _name(kept: Any, where: str) -> str:
    if not isinstance(kept, str) or first_names(f"{{{kept}}}") == ():
        raise _wrong(where, "the name of a value, as `items` or `order.address`")
    return kept


def _wrong(where: str, what: str) -> InvalidInput:
    return InvalidInput(f"{where}: {what}.", field="templates")
