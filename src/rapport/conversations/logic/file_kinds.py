"""What kind of file a content is, by its first bytes, and how it may be called and shown."""

from __future__ import annotations

import re
import unicodedata

PLAIN, UNKNOWN, PDF = "text/plain", "application/octet-stream", "application/pdf"
SHOWN_BY_BROWSERS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PHOTOS = SHOWN_BY_BROWSERS | {"image/heic"}
FROM_CUSTOMERS = PHOTOS | {PDF, PLAIN}
"""What a customer may send: nothing that runs where it is opened."""
HEAD_BYTES = 4096
"""So many bytes decide."""
MAX_NAME_CHARS = 100

_ENDINGS: dict[str, tuple[str, ...]] = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    PDF: (".pdf",),
    PLAIN: (".txt", ".csv", ".log", ".md"),
}
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def sniff(content: bytes) -> str:
    """The media type; `UNKNOWN` for all that is not recognised. Markup is plain text."""
    head = content[:HEAD_BYTES]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "image/heic"
    if head.startswith(b"%PDF-"):
        return PDF
    return PLAIN if _is_text(head, is_whole=len(content) <= HEAD_BYTES) else UNKNOWN


def _is_text(head: bytes, *, is_whole: bool) -> bool:
    if not head or _NOT_TEXT.search(head) or head.startswith((b"MZ", b"PK")):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        return not is_whole and problem.start >= len(head) - 3  # cut within a character
    return True


def clean_name(name: str, media_type: str) -> str:
    """A name that can be shown: no path, nothing invisible, bounded, with an ending that fits the content.

    So a photo that calls itself ``page.html`` is saved as ``page.html.png`` by whoever downloads it.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()))[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in _INVISIBLE)
    kept = re.sub(r'[<>:"|?*\s]+', " ", kept).strip(" .")
    endings = _ENDINGS.get(media_type, ())
    if kept.casefold().endswith(endings) and "." in kept.strip("."):
        stem, _, ending = kept.rpartition(".")
        return f"{stem[:MAX_NAME_CHARS] or 'file'}.{ending}"
    fitting = endings[0] if endings else ".bin" if "." not in kept else ""
    return f"{kept[:MAX_NAME_CHARS] or 'file'}{fitting}"
