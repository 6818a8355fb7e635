"""Reads about examples, the review queue, versions and alarms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count, Q, QuerySet

from rapport.understanding.api import current_version
from rapport.understanding.api import list_versions as list_files
from rapport.understanding.learning.logic.quality import Finding, Row, find_problems
from rapport.understanding.learning.values import AlarmInfo, ChangeInfo, ExampleInfo, VersionDiff, VersionInfo
from rapport.understanding.models import DriftAlarm, ExampleChange, IntentEntry, ModelVersion, TrainingExample

PAGE_ROWS = 50
_DIFF_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ExampleFilter:
    """Which examples are wanted; empty values ask for everything."""

    text: str = ""
    label: str = ""
    language: str = ""
    status: str = "accepted"
    """Empty for every status."""
    source: str = ""
    only_held_out: bool = False


@dataclass(frozen=True, slots=True)
class LabelInfo:
    """An intent with the number of its examples."""

    name: str
    parent: str
    description: str
    examples: int
    held_out: int
    languages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """An accepted example, as training reads it."""

    id: int
    text: str
    label: str
    language: str
    key: str
    source: str
    origin: str
    is_held_out: bool


def example_info(row: TrainingExample) -> ExampleInfo:
    """The outward value of a row."""
    return ExampleInfo(
        id=row.pk,
        text=row.text,
        label=row.label,
        language=row.language,
        source=row.source,
        origin=row.origin,
        status=row.status,
        reason=row.reason,
        is_held_out=row.is_held_out,
        value=row.value,
        suggested=tuple((str(name), float(p)) for name, p in row.suggested),
        conversation_id=row.conversation_id,
        decision_id=row.decision_id,
        reviewer_id=row.reviewer_id,
        created_at=row.created_at,
        reviewed_at=row.reviewed_at,
    )


def find_example(example_id: int) -> ExampleInfo | None:
    """One example."""
    row = TrainingExample.objects.filter(pk=example_id).first()
    return example_info(row) if row else None


def find_examples(ids: Iterable[int]) -> dict[int, ExampleInfo]:
    """Examples by id; those that were erased are missing."""
    return {row.pk: example_info(row) for row in TrainingExample.objects.filter(pk__in=list(ids)[:900])}


def list_examples(
    wanted: ExampleFilter, *, after: int = 0, limit: int = PAGE_ROWS
) -> tuple[list[ExampleInfo], int | None]:
    """A page of examples, the newest first, and the id to go on below; None at the end."""
    rows = _matching(wanted)
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: limit + 1])
    page = [example_info(row) for row in found[:limit]]
    return page, page[-1].id if len(found) > limit else None


def count_examples(wanted: ExampleFilter) -> int:
    """How many examples match."""
    return _matching(wanted).count()


def _matching(wanted: ExampleFilter) -> QuerySet[TrainingExample]:
    rows = TrainingExample.objects.all()
    if wanted.text:
        number = wanted.text.lstrip("#")
        is_id = Q(pk=int(number)) if number.isdecimal() and len(number) < 12 else Q(pk=None)
        rows = rows.filter(Q(text__icontains=wanted.text) | is_id)
    if wanted.label:
        rows = rows.filter(label=wanted.label)
    if wanted.language:
        rows = rows.filter(language=wanted.language)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    return rows.filter(is_held_out=True) if wanted.only_held_out else rows


def list_queue(*, limit: int = 20, but: int = 0) -> list[ExampleInfo]:
    """Texts that wait for a label, the most instructive first; skipped ones last."""
    rows = TrainingExample.objects.filter(status=TrainingExample.PROPOSED).exclude(pk=but)
    return [example_info(row) for row in rows.order_by("skips", "-value", "pk")[:limit]]


def count_queue() -> dict[str, int]:
    """How many texts wait, by reason."""
    rows = TrainingExample.objects.filter(status=TrainingExample.PROPOSED)
    return {row["reason"]: row["n"] for row in rows.values("reason").annotate(n=Count("pk")).order_by("-n")}


def list_labels() -> list[LabelInfo]:
    """Every intent there are examples of or that the catalogue names, by group and name."""
    rows = TrainingExample.objects.filter(status=TrainingExample.ACCEPTED)
    counts: Counter[tuple[str, str, bool]] = Counter()
    for row in rows.values("label", "language", "is_held_out").annotate(n=Count("pk")):
        counts[row["label"], row["language"], row["is_held_out"]] = row["n"]
    entries = {entry.name: entry for entry in IntentEntry.objects.all()}
    found = []
    for name in {label for label, *_ in counts} | set(entries):
        languages: Counter[str] = Counter()
        held_out = 0
        for (label, language, is_held_out), count in counts.items():
            if label == name:
                languages[language or "?"] += count
                held_out += count if is_held_out else 0
        entry = entries.get(name)
        parent = (entry.parent if entry else "") or name.rpartition("/")[0]
        description = entry.description if entry else ""
        spoken = tuple(sorted(languages.items()))
        found.append(LabelInfo(name, parent, description, languages.total(), held_out, spoken))
    return sorted(found, key=lambda label: (label.parent, label.name))


def label_names() -> list[str]:
    """Every intent there are accepted examples of, by name."""
    rows = TrainingExample.objects.filter(status=TrainingExample.ACCEPTED)
    return list(rows.order_by("label").values_list("label", flat=True).distinct())


def parents() -> dict[str, str]:
    """The catalogue's group of each intent that has one."""
    return dict(IntentEntry.objects.exclude(parent="").values_list("name", "parent"))


def training_rows() -> list[TrainingRow]:
    """Every accepted example in the order it was read or added."""
    fields = ("pk", "text", "label", "language", "key", "source", "origin", "is_held_out")
    rows = TrainingExample.objects.filter(status=TrainingExample.ACCEPTED).order_by("pk")
    return [TrainingRow(*values) for values in rows.values_list(*fields)]


def check_rows(rows: Sequence[TrainingRow]) -> tuple[Finding, ...]:
    """What is wrong with the accepted examples; rows are named by their number."""
    return find_problems(
        [Row(f"#{r.id}", r.text, r.key, r.label, r.language) for r in rows if not r.is_held_out]
    )


def list_changes(*, before: int = 0, limit: int = PAGE_ROWS) -> tuple[list[ChangeInfo], int | None]:
    """The correction log, newest first, and the id to go on before."""
    rows = ExampleChange.objects.exclude(action="proposed").select_related("example")
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: limit + 1])
    page = [
        ChangeInfo(c.pk, c.at, c.actor_id, c.action, c.before, c.after, example_info(c.example))
        for c in found[:limit]
    ]
    return page, page[-1].id if len(found) > limit else None


def list_model_versions(model_dir: Path, *, limit: int = 30) -> list[VersionInfo]:
    """Trained versions, newest first."""
    current, kept = current_version(model_dir), set(list_files(model_dir))
    held = set(list_files(model_dir / "held"))
    rows = ModelVersion.objects.order_by("-created_at", "-pk")[:limit]
    return [_version(row, current, kept, held) for row in rows]


def find_model_version(model_dir: Path, version: str) -> VersionInfo | None:
    """One trained version."""
    row = ModelVersion.objects.filter(version=version).first()
    if row is None:
        return None
    kept, held = set(list_files(model_dir)), set(list_files(model_dir / "held"))
    return _version(row, current_version(model_dir), kept, held)


def _version(row: ModelVersion, current: str | None, kept: set[str], held: set[str]) -> VersionInfo:
    is_held = row.state == ModelVersion.HELD
    return VersionInfo(
        version=row.version,
        state=row.state,
        created_at=row.created_at,
        published_at=row.published_at,
        actor_id=row.actor_id,
        risk=row.risk,
        report=row.report,
        comparison=row.comparison,
        compared_with=row.compared_with,
        override_reason=row.override_reason,
        is_current=row.version == current,
        is_kept=row.version in (held if is_held else kept),
        examples=len(row.examples),
    )


def diff_versions(older: str, newer: str) -> VersionDiff:
    """Which examples came, went and changed their label from one version to another."""
    rows = dict(ModelVersion.objects.filter(version__in=[older, newer]).values_list("version", "examples"))
    was = {int(pk): str(label) for pk, label in rows.get(older, [])}
    now = {int(pk): str(label) for pk, label in rows.get(newer, [])}
    added = [pk for pk in now if pk not in was]
    removed = [pk for pk in was if pk not in now]
    changed = [pk for pk in now if pk in was and was[pk] != now[pk]]
    shown = find_examples([*added[-_DIFF_SHOWN:], *removed[:_DIFF_SHOWN], *changed[:_DIFF_SHOWN]])
    return VersionDiff(
        added=tuple((shown[pk], now[pk]) for pk in reversed(added[-_DIFF_SHOWN:]) if pk in shown),
        removed=tuple((shown[pk], was[pk]) for pk in removed[:_DIFF_SHOWN] if pk in shown),
        relabelled=tuple((shown[pk], was[pk], now[pk]) for pk in changed[:_DIFF_SHOWN] if pk in shown),
        counts=(len(added), len(removed), len(changed)),
    )


def list_alarms(*, only_open: bool = True, limit: int = 20) -> list[AlarmInfo]:
    """Alarms of drift, newest first."""
    rows = DriftAlarm.objects.filter(closed_at=None) if only_open else DriftAlarm.objects.all()
    return [
        AlarmInfo(r.pk, r.at, r.day, r.measure, r.value, r.limit, r.detail, r.closed_at)
        for r in rows.order_by("-day", "-pk")[:limit]
    ]
