"""HEIC photos: the records are blanked where they lie, and the picture stays where it is."""

from __future__ import annotations

import contextlib
import struct

import pytest

from rapport.conversations.logic.photo_metadata import Unreadable, without_metadata

PICTURE, EXIF, XMP = b"the picture", b"\0\0\0\6Exif\0\0GPS 50.08N", b"<x:xmpmeta place/>"


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def infe(number: int, kind: bytes) -> bytes:
    return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", number, 0) + kind + b"\0")


def place(number: int, method: int, start: int, length: int) -> bytes:
    return struct.pack(">HHHHII", number, method, 0, 1, start, length)


def heic(*, xmp_in_meta: bool = False, outside: int = 0, brand: bytes = b"heic") -> bytes:
    """A photo with a picture, a camera's record and XMP; `outside` moves the record beyond the file."""

    def whole(at: int) -> bytes:
        listed = box(
            b"iinf", b"\0" * 4 + struct.pack(">H", 3) + infe(1, b"hvc1") + infe(2, b"Exif") + infe(3, b"mime")
        )
        second = at + len(PICTURE)
        places = [place(1, 0, at, len(PICTURE)), place(2, 0, second + outside, len(EXIF))]
        places.append(place(3, 1, 0, len(XMP)) if xmp_in_meta else place(3, 0, second + len(EXIF), len(XMP)))
        located = box(b"iloc", b"\1\0\0\0" + b"\x44\0" + struct.pack(">H", 3) + b"".join(places))
        data = box(b"idat", XMP) if xmp_in_meta else b""
        kept = PICTURE + EXIF + (b"" if xmp_in_meta else XMP)
        head = box(b"ftyp", brand + b"\0\0\0\0mif1")
        return (
            head
            + box(b"meta", b"\0" * 4 + listed + located + data)
            + box(b"uuid", b"U" * 16 + XMP)
            + box(b"mdat", kept)
        )

    return whole(whole(0).index(PICTURE))


@pytest.mark.parametrize("xmp_in_meta", [False, True])
def test_records_are_blanked_and_the_picture_stays_in_place(xmp_in_meta: bool) -> None:
    given = heic(xmp_in_meta=xmp_in_meta)
    cleaned = without_metadata(given, "image/heic")
    for word in (b"GPS", b"xmpmeta", b"place"):
        assert word in given
        assert word not in cleaned
    assert len(cleaned) == len(given)
    assert cleaned.index(PICTURE) == given.index(PICTURE)
    assert without_metadata(cleaned, "image/heic") == cleaned


@pytest.mark.parametrize("given", [heic(outside=10_000), heic()[:-4], heic().replace(b"iloc", b"free")])
def test_a_photo_whose_records_cannot_be_found_is_refused(given: bytes) -> None:
    with pytest.raises(Unreadable):
        without_metadata(given, "image/heic")


def test_a_photo_without_records_is_left_as_it_is() -> None:
    given = box(b"ftyp", b"heic\0\0\0\0mif1") + box(b"mdat", PICTURE)
    assert without_metadata(given, "image/heic") == given


@pytest.mark.parametrize("cut", range(0, 300, 3))
def test_a_broken_photo_is_refused_or_kept_but_never_fails_otherwise(cut: int) -> None:
    given = heic()[:cut]
    with contextlib.suppress(Unreadable):
        assert len(without_metadata(given, "image/heic")) == len(given)
