"""Variants in article files: read and checked with the file, stored with the text they belong to.

Beside ``title`` and ``body`` a translation may list ``variants``: each with ``text``, where it fits (``channel``,
``audience``, ``condition``, ``tone``, ``length``), perhaps ``picture`` (a file beside it) with ``picture_alt``, and
``approved_by``, the e-mail address of the member of staff who approved it for the text of the same file. Where nobody
here with the right to write articles has that address, it comes as a draft.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission
from rapport.kernel.errors import InvalidInput
from rapport.knowledge.models import ArticleTranslation, Variant
from rapport.knowledge.pictures import add_picture
from rapport.knowledge.variant_contracts import MARKS, Fits, VariantDraft
from rapport.knowledge.variant_queries import variant_info
from rapport.knowledge.variants import add_variant, approve_variant, change_variant, check_draft
from rapport.knowledge.versions import fits_of

KEYS = frozenset({*MARKS, "text", "picture", "picture_alt", "approved_by"})


@dataclass(frozen=True, slots=True)
class VariantEntry:
    """A variant as a file holds it."""

    fits: Fits
    text: str
    picture: bytes
    """Empty without one."""
    picture_alt: str
    approved_by: str
    """E-mail address; empty for a draft."""


def read_entries(given: Any, folder: Path) -> list[VariantEntry]:
    """The variants of one translation. Raises InvalidInput: the facts name the field."""
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise InvalidInput(field="variants")
    return [_entry(item, folder) for item in given]


def _entry(item: dict[str, Any], folder: Path) -> VariantEntry:
    unknown = sorted(set(item) - KEYS)
    if unknown or not all(isinstance(value, str) for value in item.values()):
        raise InvalidInput(field=unknown[0] if unknown else "variants")
    marks = {name: " ".join(item[name].split()) for name in MARKS if name in item}  # as they are stored
    fits = Fits(**{"length": "full", **marks})
    picture = b""
    if name := item.get("picture", ""):
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise InvalidInput(field="picture")
        picture = path.read_bytes()
    if picture and not item.get("picture_alt"):
        raise InvalidInput(field="picture_alt")
    check_draft(VariantDraft(fits, item.get("text", ""), picture_alt=item.get("picture_alt", "")))
    return VariantEntry(
        fits, item["text"].strip(), picture, item.get("picture_alt", ""), item.get("approved_by", "")
    )


def store_entries(row: ArticleTranslation, entries: Sequence[VariantEntry]) -> None:
    """Bring the variants of a translation in line with its file; those the file does not name are left alone."""
    approvers = _approvers() if any(entry.approved_by for entry in entries) else {}
    for entry in entries:
        approver = approvers.get(entry.approved_by.lower())
        variant = _present(row, entry)
        if variant is None or variant.text != entry.text:
            picture_id = add_picture(entry.picture, staff_id=None) if entry.picture else None
            draft = VariantDraft(entry.fits, entry.text, "person", picture_id, entry.picture_alt)
            if variant is None:
                info = add_variant(row.article.slug, row.language, draft, staff_id=None)
            else:
                info = change_variant(variant.pk, draft, staff_id=None)
        else:
            info = variant_info(variant)
        if approver is not None and info.status != "approved":
            approve_variant(
                info.id, staff_id=approver, seen_version=info.current_version, seen_text=info.text
            )


def _present(row: ArticleTranslation, entry: VariantEntry) -> Variant | None:
    """The living variant with the same marks, the one with the same text first."""
    living = row.variants.exclude(status=Variant.Status.WITHDRAWN).select_related("translation__article")
    wanted = {name: getattr(entry.fits, name) for name in MARKS}
    same = [variant for variant in living.order_by("pk") if fits_of(variant) == wanted]
    return next((v for v in same if v.text == entry.text), same[0] if same else None)


def _approvers() -> dict[str, int]:
    """Who may approve, by e-mail address."""
    return {
        staff.email.lower(): int(staff.id)
        for staff in accounts.list_staff()
        if Permission.WRITE_KNOWLEDGE in staff.permissions
    }
