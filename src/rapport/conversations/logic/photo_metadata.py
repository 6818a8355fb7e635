"""Photos without what the camera wrote into them: place, device, time, author.

JPEG, PNG and WebP are rewritten without the parts that hold it; the picture itself is copied byte for byte. Of a
JPEG's record only the orientation stays, for the photo would lie on its side without it. A file that does not keep
to its format is returned as it is: whoever shows it reads no record from it either. HEIC is not rewritten.
"""

from __future__ import annotations

import struct

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_TALK = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})
_WEBP_TALK = frozenset({b"EXIF", b"XMP "})
_ORIENTATION = 0x0112


def without_metadata(content: bytes, media_type: str) -> bytes:
    """The photo without its record."""
    rewrite = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(media_type)
    if rewrite is None:
        return content
    try:
        return rewrite(content)
    except (struct.error, IndexError, ValueError):
        return content


def _jpeg(content: bytes) -> bytes:
    out, at = [content[:2]], 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("a segment was expected")
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xDA:  # the picture itself, to the end
            return b"".join(out) + content[at:]
        length = 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        segment = content[at : at + length]
        if len(segment) != length:
            raise ValueError("a segment is cut off")
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            out.append(_only_orientation(segment[10:]))
        elif marker not in {0xE1, 0xED, 0xFE}:  # EXIF and XMP, Photoshop's record, comments
            out.append(segment)
        at += length


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
    while at < len(content):
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
