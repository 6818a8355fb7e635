"""HEIC photos without what the camera wrote into them: the records are blanked where they lie, nothing is moved.

The picture's orientation is a property of the picture, not of these records, so it stays.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_RECORDS = frozenset({b"Exif", b"mime", b"uri "})
"""Items that are no picture: the camera's record, XMP, and what names its kind by an address."""
_WHOLE_BOXES = frozenset({b"uuid", b"udta"})
"""Boxes that hold nothing but such records."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    """Of its content."""
    end: int


def without_heic_metadata(content: bytes) -> bytes:
    """The same file, of the same length. Raises ValueError, struct.error, IndexError: it cannot be read."""
    left = bytearray(content)
    for box in _boxes(content, 0, len(content)):
        if box.kind in _WHOLE_BOXES:
            _blank(left, box.start, box.end)
        elif box.kind == b"moov":
            for part in _boxes(content, box.start, box.end):
                if part.kind in {b"udta", b"meta"}:
                    _blank(left, part.start, part.end)
        elif box.kind == b"meta":
            for start, end in _records(content, box):
                _blank(left, start, end)
    return bytes(left)


def _blank(left: bytearray, start: int, end: int) -> None:
    if not 0 <= start <= end <= len(left):
        raise ValueError("a record lies outside the file")
    left[start:end] = bytes(end - start)


def _boxes(content: bytes, at: int, end: int) -> Iterator[_Box]:
    while at + 8 <= end:
        (size,) = struct.unpack_from(">I", content, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        size = size or end - at
        if size < head or at + size > end:
            raise ValueError("a box does not fit")
        yield _Box(content[at + 4 : at + 8], at + head, at + size)
        at += size


def _records(content: bytes, meta: _Box) -> Iterator[tuple[int, int]]:
    """Where the records lie in the file."""
    parts = {box.kind: box for box in _boxes(content, meta.start + 4, meta.end)}
    wanted = _record_ids(content, parts[b"iinf"]) if b"iinf" in parts else frozenset()
    if not wanted:
        return
    if b"iloc" not in parts:
        raise ValueError("where the records lie is not said")
    data = parts.get(b"idat")
    yield from _places(content, parts[b"iloc"].start, wanted, data.start if data else None)


def _record_ids(content: bytes, listed: _Box) -> frozenset[int]:
    start = listed.start + (6 if content[listed.start] == 0 else 8)
    found = set()
    for entry in _boxes(content, start, listed.end):
        version = content[entry.start]
        if entry.kind != b"infe" or version < 2:  # without a kind: of the time before such photos
            continue
        number, at = (">H", entry.start + 8) if version == 2 else (">I", entry.start + 10)
        if content[at : at + 4] in _RECORDS:
            found.add(struct.unpack_from(number, content, entry.start + 4)[0])
    return frozenset(found)


class _Reader:
    """Numbers of any width, one after another."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content, self.at = content, at

    def number(self, width: int) -> int:
        """The next number of so many bytes; of none, 0. Raises ValueError at the end."""
        taken = self._content[self.at : self.at + width]
        if len(taken) != width:
            raise ValueError("the file ends too early")
        self.at += width
        return int.from_bytes(taken)


def _places(content: bytes, at: int, wanted: frozenset[int], data: int | None) -> Iterator[tuple[int, int]]:
    read = _Reader(content, at)
    version = read.number(4) >> 24
    sizes, more = read.number(1), read.number(1)
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version else 0
    wide = 4 if version == 2 else 2
    for _ in range(read.number(wide)):
        item = read.number(wide)
        method = read.number(2) & 15 if version else 0
        is_elsewhere = read.number(2) != 0 or method > 1 or (method == 1 and data is None)
        base = read.number(base_size) + (data or 0 if method == 1 else 0)
        for _ in range(read.number(2)):
            read.number(index_size)
            start, length = base + read.number(offset_size), read.number(length_size)
            if item not in wanted:
                continue
            if is_elsewhere or not length:
                raise ValueError("a record lies where it cannot be blanked")
            yield start, start + length
