"""Photos without what the camera wrote into them: place, device, time, author.

JPEG, PNG and WebP are rewritten without the parts that hold it; the picture itself is copied byte for byte. Of a
JPEG's record only the orientation stays, for the photo would lie on its side without it. A file that is cut off is
rewritten as far as it goes. A GIF keeps its pictures and their timing. Of a HEIC the records are blanked
(`heic_metadata`); one that cannot be read is refused, for it could hold a place.
"""

from __future__ import annotations

import re
import struct

from rapport.conversations.logic.heic_metadata import without_heic_metadata

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_TALK = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})
_WEBP_TALK = frozenset({b"EXIF", b"XMP "})
_ORIENTATION = 0x0112
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Begins a segment; within a picture's data these bytes do not stand together."""
_SCAN, _END, _EXIF, _PROFILE, _COMMENT = 0xDA, 0xD9, 0xE1, 0xE2, 0xFE
_FOR_PROGRAMS = frozenset(range(0xE0, 0xF0)) - {0xE0, 0xEE}
"""All application segments but JFIF's and Adobe's, which say how colours are stored."""
_GIF_EXTENSION, _GIF_PICTURE, _GIF_END = 0x21, 0x2C, 0x3B
_GIF_COMMENT, _GIF_APPLICATION = 0xFE, 0xFF
_GIF_LOOPS = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0"})


class Unreadable(ValueError):
    """A photo whose records cannot be found."""


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The photo without its record. Raises Unreadable: a HEIC whose records cannot be found."""
    rewriters = {
        "image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif,
        "image/heic": without_heic_metadata,
    }  # fmt: skip
    rewrite = rewriters.get(media_type)
    if rewrite is None:
        return content
    try:
        return rewrite(content)
    except (struct.error, IndexError, ValueError) as problem:
        if media_type == "image/heic":
            raise Unreadable("the photo cannot be read") from problem
        return content


def _jpeg(content: bytes) -> bytes:
    """The first picture of the file: what cameras append after its end (others, films) has records of its own."""
    out, at = [content[:2]], 2
    while found := _MARKER.search(content, at):
        at, marker = found.start(), content[found.start() + 1]
        if marker == _END:
            out.append(b"\xff\xd9")
            break
        end = at + 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker == _SCAN:
            following = _MARKER.search(content, end)
            end = following.start() if following else len(content)
        out.append(_kept(marker, content[at:end]))
        at = end
    return b"".join(out)


def _kept(marker: int, segment: bytes) -> bytes:
    """What stays of a segment. Of those for programs' own use only what the colours need is kept."""
    if marker == _EXIF and segment[4:10] == b"Exif\0\0":
        try:
            return _only_orientation(segment[10:])
        except struct.error:
            return b""
    is_icc = marker == _PROFILE and segment[4:16] == b"ICC_PROFILE\0"
    is_ours = marker not in _FOR_PROGRAMS or is_icc
    return segment if is_ours and marker != _COMMENT else b""


def _only_orientation(tiff: bytes) -> bytes:
    order = {b"II": "<", b"MM": ">"}[tiff[:2]] if tiff[:2] in {b"II", b"MM"} else ""
    if not order:
        return b""
    (first,) = struct.unpack(order + "I", tiff[4:8])
    (count,) = struct.unpack(order + "H", tiff[first : first + 2])
    for n in range(count):
        entry = tiff[first + 2 + 12 * n : first + 14 + 12 * n]
        tag, _, _, value = struct.unpack(order + "HHIH", entry[:10])
        if tag == _ORIENTATION and 2 <= value <= 8:
            record = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, value, 0, 0)
            body = b"Exif\0\0" + record
            return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b""


def _png(content: bytes) -> bytes:
    out, at = [_PNG_HEAD], len(_PNG_HEAD)
    while at + 8 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, end = content[at + 4 : at + 8], at + 12 + length
        if kind not in _PNG_TALK:
            out.append(content[at:end])
        if kind == b"IEND":
            break
        at = end
    return b"".join(out)


def _webp(content: bytes) -> bytes:
    chunks, at = [], 12
    while at + 8 <= len(content):
        kind = content[at : at + 4]
        (length,) = struct.unpack("<I", content[at + 4 : at + 8])
        end = at + 8 + length + (length & 1)
        chunk = content[at:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]  # neither EXIF nor XMP follows
        if kind not in _WEBP_TALK:
            chunks.append(chunk)
        at = end
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(content: bytes) -> bytes:
    """Without comments and what programs keep beside the pictures; how often it repeats is kept."""
    at = 13 + _table_bytes(content[10])
    out = [content[:at]]
    while at < len(content) and content[at] != _GIF_END:
        end = _after_block(content, at)
        is_talk = content[at] == _GIF_EXTENSION and (
            content[at + 1] == _GIF_COMMENT
            or (content[at + 1] == _GIF_APPLICATION and content[at + 3 : at + 14] not in _GIF_LOOPS)
        )
        if not is_talk:
            out.append(content[at:end])
        at = end
    return b"".join([*out, bytes([_GIF_END])])


def _table_bytes(packed: int) -> int:
    """Length of the colour table that these bits announce."""
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0


def _after_block(content: bytes, at: int) -> int:
    """Where the block that begins here ends."""
    if content[at] == _GIF_EXTENSION:
        at += 2
    elif content[at] == _GIF_PICTURE:
        at += 11 + _table_bytes(content[at + 9])
    else:
        raise ValueError("no block begins here")
    while content[at]:
        at += 1 + content[at]
    return at + 1
