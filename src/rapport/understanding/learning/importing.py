"""Example files become rows: new texts are added, texts that left the files retire, what people changed stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from rapport.governance import api as governance
from rapport.understanding.contracts import Example
from rapport.understanding.examples import key_of
from rapport.understanding.learning.logic.selecting import HELD_OUT_FROM, is_held_out_place
from rapport.understanding.logic.cleaning import clean
from rapport.understanding.models import TrainingExample

FROZEN = "frozen"
"""Origin of rows of an uploaded frozen set."""
_FILES = "file"
_BATCH = 500
_MANY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of reading files."""

    added: int
    retired: int
    returned: int
    """Retired before, in the files again."""


@transaction.atomic
def sync_examples(examples: Sequence[Example], *, is_frozen: bool = False) -> Synced:
    """Make the imported rows equal to these examples, in their order.

    Args:
        examples: of all files; those without words are left out, those without a label wait for one.
        is_frozen: they measure and are never trained on, instead of one in ten of the others.
    """
    origin = FROZEN if is_frozen else _FILES
    rows = TrainingExample.objects.filter(origin=origin)
    known = {
        (key, imported): (pk, status, label, reviewer)
        for pk, key, imported, status, label, reviewer in rows.values_list(
            "pk", "key", "imported_as", "status", "label", "reviewer_id"
        )
    }
    wanted = _rows(examples, origin, is_frozen=is_frozen)
    missing = [row for name, row in wanted.items() if name not in known]
    TrainingExample.objects.bulk_create(missing, batch_size=_BATCH)
    gone = [
        pk
        for name, (pk, status, label, reviewer) in known.items()
        if name not in wanted and status == TrainingExample.ACCEPTED and reviewer is None and label == name[1]
    ]
    back = [
        pk for name, (pk, status, *_) in known.items() if name in wanted and status == TrainingExample.RETIRED
    ]
    _set_status(gone, TrainingExample.RETIRED)
    _set_status(back, TrainingExample.ACCEPTED)
    return Synced(len(missing), len(gone), len(back))


def _rows(
    examples: Sequence[Example], origin: str, *, is_frozen: bool
) -> dict[tuple[str, str], TrainingExample]:
    """Rows by words and label; translations at the same place of a label are held out together."""
    has_frozen = is_frozen or TrainingExample.objects.filter(origin=FROZEN).exists()
    counts = Counter(example.label for example in examples)
    places: Counter[tuple[str, str | None]] = Counter()
    found: dict[tuple[str, str], TrainingExample] = {}
    for example in examples:
        place = places[example.label, example.language]
        places[example.label, example.language] += 1
        key, label = key_of(example.text), example.label.strip()
        if not key or (key, label) in found:
            continue
        can_spare = counts[label] >= HELD_OUT_FROM and not has_frozen
        is_held_out = is_frozen or (can_spare and is_held_out_place(label, place))
        found[key, label] = TrainingExample(
            text=_without_numbers(example.text),
            label=label,
            language=(example.language or "")[:10],
            source="import",
            origin=origin,
            status=TrainingExample.ACCEPTED if label else TrainingExample.PROPOSED,
            reason="" if label else "unlabelled",
            value=0.0 if label else 1.0,
            key=key,
            imported_as=label,
            place=place,
            is_held_out=is_held_out and bool(label),
        )
    return found


def _without_numbers(text: str) -> str:
    """An author's text; looked over only where it could hold an address or a number of somebody."""
    is_suspicious = "@" in text or sum(char.isdigit() for char in text) >= _MANY_DIGITS
    return clean(governance.redact_text(text)) if is_suspicious else clean(text)


def _set_status(ids: list[int], status: str) -> None:
    for start in range(0, len(ids), _BATCH):
        TrainingExample.objects.filter(pk__in=ids[start : start + _BATCH]).update(status=status)
