"""What is wrong with labelled texts, before anything is trained on them; each finding names its rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

THIN_LABEL = 8
"""A label with fewer texts is reported."""
LEAST_TEXTS = 2
"""A label with fewer texts cannot be held out and is not fit to train on."""
LEAST_LANGUAGE_SHARE = 0.25
"""A language with fewer than this share of a label's largest language is reported."""
_BALANCED_FROM = 8
"""Languages are compared where the largest one has at least this many texts of a label."""
_GARBLED = ("�", "Ã©", "Ã¡", "Ã¼", "Ã¶", "Ã±", "Ä\x8d", "Å¡", "â€™", "â€œ", "Ð¾", "Ð°", "å\x8d", "ä¸")  # fmt: skip
"""Marks of a text that was read in the wrong encoding."""
BLOCKING = frozenset({"unlabelled", "contradiction", "encoding", "one_class", "too_few"})


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled text under a name its author recognises."""

    name: str
    """File, language and place; or the number of an example."""
    text: str
    key: str
    """The words alone: equal keys are the same text."""
    label: str
    language: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an author should look at."""

    kind: str
    """``empty``, ``duplicate``, ``contradiction``, ``unlabelled``, ``one_class``, ``too_few``, ``thin``,
    ``encoding`` or ``imbalance``."""
    text: str
    rows: tuple[str, ...] = ()
    """Names of the rows it is about."""

    @property
    def is_blocking(self) -> bool:
        """Whether nothing may be trained before somebody has accepted or repaired it."""
        return self.kind in BLOCKING

    def __str__(self) -> str:
        place = f" ({', '.join(self.rows[:6])}{', …' if len(self.rows) > 6 else ''})" if self.rows else ""
        return f"{self.kind}: {self.text}{place}"


def find_problems(rows: Sequence[Row]) -> tuple[Finding, ...]:
    """Everything there is to say about the rows, in the order they should be worked on."""
    labelled = [row for row in rows if row.label and row.key]
    return (
        *_unlabelled(rows),
        *_garbled(rows),
        *_contradictions(labelled),
        *_classes(labelled),
        *_empty(rows),
        *_duplicates(labelled),
        *_languages(labelled),
    )


def _unlabelled(rows: Sequence[Row]) -> Iterator[Finding]:
    names = tuple(row.name for row in rows if not row.label)
    if names:
        yield Finding("unlabelled", f"{len(names)} of {len(rows)} texts have no label", names)


def _garbled(rows: Sequence[Row]) -> Iterator[Finding]:
    names = tuple(row.name for row in rows if not row.text.isascii() and any(g in row.text for g in _GARBLED))
    if names:
        yield Finding("encoding", f"{len(names)} texts look like UTF-8 read as something else", names)


def _contradictions(rows: Sequence[Row]) -> Iterator[Finding]:
    labels: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        labels[row.key].setdefault(row.label, row)
    for found in labels.values():
        if len(found) > 1:
            first = next(iter(found.values()))
            said = f"{first.text[:120]!r} is labelled {' and '.join(sorted(found))}"
            yield Finding("contradiction", said, tuple(row.name for row in found.values()))


def _classes(rows: Sequence[Row]) -> Iterator[Finding]:
    counts = Counter(label for _, label in {(row.key, row.label) for row in rows})
    if len(counts) < 2:
        yield Finding(
            "one_class", f"{len(counts)} label{'' if len(counts) == 1 else 's'}; two or more are needed"
        )
    few = _with(counts, 0, LEAST_TEXTS)
    for label, count in few.items():
        names = tuple(row.name for row in rows if row.label == label)
        yield Finding("too_few", f"{label} has {count} text; {LEAST_TEXTS} different ones are needed", names)
    for label, count in _with(counts, LEAST_TEXTS, THIN_LABEL).items():
        yield Finding("thin", f"{label} has {count} texts; {THIN_LABEL} or more are needed")


def _with(counts: Mapping[str, int], least: int, below: int) -> dict[str, int]:
    return {label: count for label, count in sorted(counts.items()) if least <= count < below}


def _empty(rows: Sequence[Row]) -> Iterator[Finding]:
    for row in rows:
        if not row.key:
            yield Finding("empty", f"a text of {row.label or 'no label'} holds no words", (row.name,))


def _duplicates(rows: Sequence[Row]) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for row in rows:
        first = seen.setdefault((row.key, row.label), row.name)
        if first != row.name:
            yield Finding("duplicate", f"{row.text[:120]!r} in {row.label}", (first, row.name))


def _languages(rows: Sequence[Row]) -> Iterator[Finding]:
    """Languages a label knows much less of than of its best known one."""
    spoken = {row.language for row in rows if row.language}
    by_label: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.language:
            by_label[row.label][row.language] += 1
    for label, counts in sorted(by_label.items()):
        best, most = counts.most_common(1)[0]
        poor = sorted(code for code in spoken if counts[code] < LEAST_LANGUAGE_SHARE * most)
        if most >= _BALANCED_FROM and poor:
            said = ", ".join(f"{counts[code]} in {code}" for code in poor)
            yield Finding("imbalance", f"{label} has {most} texts in {best}, but {said}")
