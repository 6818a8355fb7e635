"""Photos lose place and camera, and keep their picture and their orientation."""

from __future__ import annotations

import struct
import zlib

import pytest

from rapport.conversations.logic.photo_metadata import without_metadata


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(order: str, orientation: int | None) -> bytes:
    """A record with a maker, a place (GPS) and perhaps an orientation."""
    entries = [(0x010F, 2, 4, 0x4E4F4B49), (0x8825, 4, 1, 64)]
    if orientation:
        entries.insert(1, (0x0112, 3, 1, orientation << 16 if order == ">" else orientation))
    head = (b"MM" if order == ">" else b"II") + struct.pack(order + "HI", 42, 8)
    ifd = struct.pack(order + "H", len(entries))
    ifd += b"".join(struct.pack(order + "HHII", *e) for e in entries) + struct.pack(order + "I", 0)
    return b"Exif\0\0" + head + ifd + b"GPS 50.08N 14.42E"


def jpeg(*segments: bytes) -> bytes:
    picture = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd9"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + b"".join(segments) + picture


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_keeps_its_orientation_and_nothing_else(order: str) -> None:
    given = jpeg(
        segment(0xE1, exif(order, 6)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
        segment(0xED, b"Photoshop 3.0\0"),
        segment(0xFE, b"my garden"),
        segment(0xDB, b"\0" * 65),
    )
    cleaned = without_metadata(given, "image/jpeg")
    for word in (b"GPS", b"NOKI", b"xmpmeta", b"Photoshop", b"garden"):
        assert word not in cleaned
    record = b"Exif\0\0" + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, 6, 0, 0)
    assert cleaned == jpeg(segment(0xE1, record), segment(0xDB, b"\0" * 65))
    assert without_metadata(cleaned, "image/jpeg") == cleaned


def test_an_upright_jpeg_keeps_no_record() -> None:
    assert without_metadata(jpeg(segment(0xE1, exif(">", None))), "image/jpeg") == jpeg()
    assert without_metadata(jpeg(segment(0xE1, exif("<", 1))), "image/jpeg") == jpeg()


def test_what_a_camera_appends_is_no_part_of_the_photo() -> None:
    """Phones put a second picture, or a film, behind the first one: with the place in a record of its own."""
    several = segment(0xE2, b"MPF\0" + b"\0" * 40)
    profile, adobe = segment(0xE2, b"ICC_PROFILE\0\1\1sRGB"), segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    kodak, sport = segment(0xE3, b"Meta\0\0" + exif("<", 6)[6:]), segment(0xE6, b"GoPro GPS")
    second = jpeg(segment(0xE1, exif(">", 6)))
    given = jpeg(several, profile, adobe, kodak, sport) + second + b"ftypmp42 GPS"
    assert without_metadata(given, "image/jpeg") == jpeg(profile, adobe)


def test_a_photo_of_several_scans_keeps_all_of_them() -> None:
    again = segment(0xC4, b"\0\xff\xd9") + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x56\xff\xd3\x78"
    first, end = jpeg(segment(0xE1, exif(">", 6))), b"\xff\xd9"
    given = first.removesuffix(end) + again + end
    record = segment(0xE1, exif(">", 6))
    cleaned = without_metadata(given, "image/jpeg")
    assert b"GPS" not in cleaned
    assert cleaned.endswith(b"\x12\xff\x00\x34" + again + end)
    assert len(cleaned) < len(given) - len(record) + 40


@pytest.mark.parametrize(
    "broken",
    [
        segment(0xE1, exif("<", 6)) + b"rubbish",
        segment(0xE1, exif("<", 6)[:16] + struct.pack("<H", 900) + b"GPS 50.08N"),
        segment(0xE1, b"Exif\0\0MM GPS"),
    ],
)
def test_a_record_that_cannot_be_read_goes_too(broken: bytes) -> None:
    cleaned = without_metadata(jpeg(broken), "image/jpeg")
    assert b"GPS" not in cleaned
    assert cleaned.endswith(jpeg()[-6:])


def test_a_png_that_is_cut_off_still_loses_its_texts() -> None:
    given = b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"Author\0Mia") + chunk(b"IDAT", b"xyz")[:-9]
    assert b"Mia" not in without_metadata(given, "image/png")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_png_loses_texts_and_what_follows_its_end() -> None:
    head = b"\x89PNG\r\n\x1a\n"
    picture = chunk(b"IHDR", b"\0" * 13), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")
    talk = chunk(b"tEXt", b"Author\0Mia"), chunk(b"eXIf", exif(">", 6)[6:]), chunk(b"iTXt", b"place")
    given = head + picture[0] + b"".join(talk) + picture[1] + picture[2] + b"<script>"
    assert without_metadata(given, "image/png") == head + b"".join(picture)


def test_a_webp_loses_its_record_and_says_so_in_its_head() -> None:
    def riff(*chunks: bytes) -> bytes:
        body = b"WEBP" + b"".join(chunks)
        return b"RIFF" + struct.pack("<I", len(body)) + body

    def part(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)

    vp8x = part(b"VP8X", b"\x1c\0\0\0" + b"\0" * 6)
    picture = part(b"VP8 ", b"xyz")
    given = riff(vp8x, picture, part(b"EXIF", exif(">", 6)), part(b"XMP ", b"<x/>"))
    assert without_metadata(given, "image/webp") == riff(part(b"VP8X", b"\x10\0\0\0" + b"\0" * 6), picture)


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_broken_photo_is_left_alone_or_shortened_but_never_fails(cut: int) -> None:
    for given, kind in (
        (jpeg(segment(0xE1, exif("<", 6))), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + b"a" * 90, "image/png"),
    ):
        assert len(without_metadata(given[:cut], kind)) <= max(cut, 12)


def test_a_gif_loses_comments_and_keeps_its_pictures_and_their_timing() -> None:
    head = b"GIF89a\1\0\1\0\x80\0\0" + b"\0" * 6
    loops = b"\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"
    timing = b"\x21\xf9\4\0\x0a\0\0\0"
    picture = b"\x2c" + b"\0" * 8 + b"\0" + b"\2\2\x44\1\0"
    comment = b"\x21\xfe\x09my garden\0"
    given = head + loops + comment + timing + picture + b"\x21\xff\x0bXMP DataXMP\4<x/>\0" + b"\x3bGPS"
    assert without_metadata(given, "image/gif") == head + loops + timing + picture + b"\x3b"
