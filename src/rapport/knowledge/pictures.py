"""Pictures that variants carry: small, of a known kind, kept with the articles."""

from __future__ import annotations

import hashlib

from django.db import transaction

from rapport.kernel.errors import InvalidInput
from rapport.knowledge.models import Picture

MAX_BYTES = 1024 * 1024
KINDS = {
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"GIF8": ("image/gif", "gif"),
}


class BadPicture(InvalidInput):
    """A picture is a PNG, JPEG or GIF of at most one megabyte."""

    code = "bad_picture"


@transaction.atomic
def add_picture(content: bytes, *, staff_id: int | None) -> int:
    """Keep a picture once; its number. Raises BadPicture."""
    kind = next((kind for start, kind in KINDS.items() if content.startswith(start)), None)
    if kind is None or len(content) > MAX_BYTES:
        raise BadPicture(field="picture", limit=MAX_BYTES)
    media_type, ending = kind
    digest = hashlib.sha256(content).hexdigest()
    row, _ = Picture.objects.get_or_create(
        digest=digest,
        defaults={
            "name": f"picture-{digest[:8]}.{ending}",
            "media_type": media_type,
            "content": content,
            "added_by": staff_id,
        },
    )
    return row.pk


def find_picture(picture_id: int) -> tuple[str, bytes] | None:
    """(media type, content) of a picture."""
    row = Picture.objects.filter(pk=picture_id).first()
    return (row.media_type, bytes(row.content)) if row else None
