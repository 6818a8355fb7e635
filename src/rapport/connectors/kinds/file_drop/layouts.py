"""What a file looks like, as an administrator writes it: CSV, JSON, XML or text with placeholders."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from rapport.connectors.contracts import JsonDict
from rapport.connectors.declared import ARGUMENT_NAME, InvalidArguments
from rapport.connectors.forms import read_entries
from rapport.connectors.placeholders import Values, fill_plain, fill_value, first_names, plain_value, value_at
from rapport.kernel.errors import InvalidInput

FORMATS = {"csv": "csv", "json": "json", "xml": "xml", "text": "txt"}
"""Formats with the usual ending of their files."""
ENCODINGS = ("utf-8", "utf-8-sig", "windows-1250", "windows-1251", "windows-1252", "iso-8859-1", "iso-8859-2")
MAX_FILE_BYTES = 1_000_000
MAX_ROWS = 1_000
MAX_LAYOUTS = 40
KEY_VALUE, CUSTOMER_VALUE = "key", "customer"
"""Placeholders that are known: the key of the call; where a file is personal the verified customer's reference."""
_KNOWN = {
    "title", "name", "format", "ending", "fields", "each", "separator", "header", "root", "template", "personal",
    "answer", "wait_s",
}  # fmt: skip
_ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,60}", re.ASCII)
_ENDING = re.compile(r"[A-Za-z0-9]{1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file."""

    name: str
    title: str
    stem: str
    """Template of the file's name, without ending."""
    format: str
    ending: str
    fields: JsonDict
    """Columns, properties or elements, with placeholders; empty for a text."""
    each: str
    """Value whose entries are a row each (CSV)."""
    separator: str
    has_header: bool
    root: str
    template: str
    is_personal: bool
    answer: str
    """Name of the file that answers, ``{file}`` being the dropped one's without ending; empty: none is expected."""
    wait_s: float
    """How long the call waits for the answer [s]."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names a procedure fills."""
        texts = [self.stem, self.template, *_texts(self.fields), f"{{{self.each}}}" if self.each else ""]
        named = dict.fromkeys(name for text in texts for name in first_names(text))
        known = {
            KEY_VALUE,
            *(("item",) if self.each else ()),
            *((CUSTOMER_VALUE,) if self.is_personal else ()),
        }
        return tuple(name for name in named if name not in known)


def read_layouts(text: str) -> dict[str, Layout]:
    """The layouts in a YAML text, by name. Raises InvalidInput."""
    found = read_entries(text, "files", MAX_LAYOUTS)
    return {name: _layout(name, kept) for name, kept in found.items()}


def _layout(name: str, kept: Any) -> Layout:
    if not ARGUMENT_NAME.fullmatch(name) or name.endswith("_answer"):
        raise _wrong(name, "small letters, digits and underscores; `_answer` is taken")
    if not isinstance(kept, dict) or set(kept) - _KNOWN:
        raise _wrong(name, f"of {', '.join(sorted(_KNOWN))}")
    kind = str(kept.get("format") or "")
    ending = str(kept.get("ending") or FORMATS.get(kind, ""))
    fields = kept.get("fields") or {}
    wait_s = kept.get("wait_s", 0)
    checks = {
        "format": (kind in FORMATS, f"one of {', '.join(FORMATS)}"),
        "ending": (bool(_ENDING.fullmatch(ending)), "1 to 8 letters and digits"),
        "name": (isinstance(kept.get("name", name), str), "a text"),
        "fields": (isinstance(fields, dict) and bool(fields) is (kind != "text"), "names with their texts"),
        "template": (bool(kept.get("template")) is (kind == "text"), "the text of a file of format text"),
        "each": (not kept.get("each") or kind == "csv", "only for CSV"),
        "separator": (kept.get("separator", ";") in {",", ";", "\t", "|"}, "one of , ; | and a tab"),
        "wait_s": (isinstance(wait_s, int | float) and 0 <= wait_s <= 10, "from 0 to 10"),
        "answer": (isinstance(kept.get("answer", ""), str), "a file's name, as {file}.ok"),
        "root": (bool(_ELEMENT.fullmatch(str(kept.get("root", "record")))), "the name of an element"),
    }
    for field, (holds, what) in checks.items():
        if not holds:
            raise _wrong(f"{name}.{field}", what)
    if kind == "xml":
        _check_elements(fields, f"{name}.fields")
    return Layout(
        name, str(kept.get("title") or name), str(kept.get("name") or name), kind, ending, fields,
        str(kept.get("each") or ""), str(kept.get("separator", ";")), kept.get("header", True) is True,
        str(kept.get("root", "record")), str(kept.get("template") or ""), kept.get("personal") is True,
        str(kept.get("answer") or ""), float(wait_s),
    )  # fmt: skip


def _check_elements(fields: Any, where: str) -> None:
    if isinstance(fields, dict):
        for name, inner in fields.items():
            if not _ELEMENT.fullmatch(str(name)):
                raise _wrong(where, f"{name!r} is no name of an element")
            _check_elements(inner, f"{where}.{name}")
    if isinstance(fields, list):
        for inner in fields:
            _check_elements(inner, where)


def write_content(layout: Layout, values: Values, encoding: str) -> bytes:
    """The file's content. Raises InvalidArguments."""
    match layout.format:
        case "csv":
            text = _as_csv(layout, values)
        case "json":
            text = _as_json(layout, values)
        case "xml":
            text = _as_xml(layout, values, encoding)
        case _:
            text = fill_plain(layout.template, values)
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError as problem:
        character = problem.object[problem.start]
        raise InvalidArguments(f"{character!r} is not in {encoding}") from problem
    if len(content) > MAX_FILE_BYTES:
        raise InvalidArguments("the file would be too large")
    return content


def _as_json(layout: Layout, values: Values) -> str:
    try:
        return (
            json.dumps(_filled(layout.fields, values), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        )
    except ValueError as problem:
        raise InvalidArguments("a number is none that JSON has") from problem


def _as_csv(layout: Layout, values: Values) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=layout.separator, lineterminator="\r\n")
    if layout.has_header:
        writer.writerow(layout.fields)
    rows: list[Any] = [None]
    if layout.each:
        found = value_at(values, layout.each)
        rows = found if isinstance(found, list) else []
        if not rows or len(rows) > MAX_ROWS:
            raise InvalidArguments(f"{layout.each} holds 1 to {MAX_ROWS} rows")
    for row in rows:
        known = {**values, "item": row} if layout.each else values
        writer.writerow([plain_value(_filled(text, known)) for text in layout.fields.values()])
    return out.getvalue()


def _as_xml(layout: Layout, values: Values, encoding: str) -> str:
    root = ET.Element(layout.root)
    _grow(root, _filled(layout.fields, values))
    ET.indent(root)
    named = "utf-8" if encoding == "utf-8-sig" else encoding
    return f'<?xml version="1.0" encoding="{named}"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _grow(element: ET.Element, value: Any) -> None:
    """Properties become elements; each entry of a list an element of the list's name."""
    if not isinstance(value, Mapping):
        element.text = "" if value is None else plain_value(value)
        return
    for name, inner in value.items():
        safe = str(name) if _ELEMENT.fullmatch(str(name)) else "value"
        for one in inner if isinstance(inner, list) else [inner]:
            _grow(ET.SubElement(element, safe), one)


def _filled(kept: Any, values: Values) -> Any:
    if isinstance(kept, dict):
        return {name: _filled(inner, values) for name, inner in kept.items()}
    if isinstance(kept, list):
        return [_filled(inner, values) for inner in kept]
    return fill_value(kept, values) if isinstance(kept, str) else kept


def _texts(kept: Any) -> list[str]:
    if isinstance(kept, dict):
        return [text for inner in kept.values() for text in _texts(inner)]
    if isinstance(kept, list):
        return [text for inner in kept for text in _texts(inner)]
    return [kept] if isinstance(kept, str) else []


def _wrong(where: str, what: str) -> InvalidInput:
    return InvalidInput(f"{where}: {what}.", field="files")
