"""Reads about procedures: the book the interpreter follows, the guided menu, versions."""

from __future__ import annotations

import dataclasses
import logging
import time
from dataclasses import dataclass
from typing import Literal

from django.db.models import Case, Count, F, Q, QuerySet, When

from rapport.kernel.errors import NotFound
from rapport.kernel.languages import pick
from rapport.procedures.logic.book import ProcedureBook
from rapport.procedures.logic.definition import Definition
from rapport.procedures.logic.parsing import InvalidDefinition, parse_definition
from rapport.procedures.models import Procedure, ProcedureVersion

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 1.0
"""How often a process looks whether another one published something [s]."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One thing a customer can have done, as the guided menu shows it."""

    procedure: str
    title: str
    description: str
    icon: str
    group: str = ""
    """Heading of the menu it stands under; empty for none."""


class _BookCache:
    """Definitions parsed once per process; published versions followed within a second."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[str, int], Definition] = {}
        self._published: tuple[tuple[str, int], ...] = ()
        self._book: ProcedureBook | None = None
        self._checked_at = 0.0

    def book(self) -> ProcedureBook:
        at = time.monotonic()
        if self._book is not None and at - self._checked_at < CHECK_EVERY_S:
            return self._book
        rows = Procedure.objects.exclude(published_version=None).order_by("name")
        published = tuple(
            (name, int(version or 0)) for name, version in rows.values_list("name", "published_version")
        )
        if self._book is None or published != self._published:
            found = (self._in_force(name, version) for name, version in published)
            self._book = ProcedureBook([d for d in found if d is not None], older=self.version)
            self._published = published
        self._checked_at = at
        return self._book

    def _in_force(self, name: str, version: int) -> Definition | None:
        """A version in force; one that only a newer build can read is left out, so that the others go on."""
        try:
            return self.version(name, version)
        except InvalidDefinition as problem:
            logger.warning(
                "procedure %s version %d cannot be read, it is left out: %s", name, version, problem
            )
            return None

    def version(self, name: str, version: int) -> Definition:
        """A definition by name and version, parsed at most once."""
        found = self._parsed.get((name, version))
        if found is None:
            row = ProcedureVersion.objects.get(procedure__name=name, version=version)
            found = dataclasses.replace(parse_definition(row.source), version=version)
            self._parsed[(name, version)] = found
        return found

    def follow(self) -> None:
        """Look at the next use which versions are in force; a version never changes, so what is parsed stays."""
        self._checked_at = -CHECK_EVERY_S

    def forget(self) -> None:
        """Parse everything again at the next use."""
        self._parsed.clear()
        self._book = None


_cache = _BookCache()


def load_book() -> ProcedureBook:
    """Every procedure in force, and older versions on demand."""
    return _cache.book()


def follow_book() -> None:
    """See at once what was published here, not within a second."""
    _cache.follow()


def forget_book() -> None:
    """Drop what this process has parsed: in tests, where a version may stand in another database."""
    _cache.forget()


def list_menu(language: str, audience: Literal["customer", "staff"] = "customer") -> list[MenuEntry]:
    """The guided menu in one language, in its order; what is meant for staff is in no customer's."""
    shown = load_book().menu(audience)
    return [
        MenuEntry(
            d.name, pick(d.title, language), pick(d.description, language), d.icon, pick(d.group, language)
        )
        for d in shown
    ]


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """One procedure, in force or not."""

    name: str
    published_version: int | None
    versions: int
    title: str
    icon: str


def list_procedures(language: str) -> list[ProcedureRow]:
    """Every procedure there ever was, by name; title and icon of the version in force."""
    book = load_book()
    rows = Procedure.objects.annotate(count=Count("versions")).order_by("name")
    return [
        ProcedureRow(
            r.name,
            r.published_version,
            r.count,
            pick(book[r.name].title, language) if r.name in book else "",
            book[r.name].icon if r.name in book else "",
        )
        for r in rows
    ]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in a procedure's history."""

    version: int
    note: str
    created_by: int | None
    created_at: object
    is_published: bool
    digest: str
    """Of its text (`digest_of`)."""
    source: str = ""
    """Its text, where it was asked for."""


def list_versions(name: str, *, with_texts: bool = True) -> list[VersionRow]:
    """A procedure's versions, the newest first."""
    rows = ProcedureVersion.objects.filter(procedure__name=name).order_by("-version")
    return _rows(rows, with_texts=with_texts)


def find_in_force(name: str) -> VersionRow | None:
    """The version in force, without its text; None when none is."""
    rows = ProcedureVersion.objects.filter(procedure__name=name, version=F("procedure__published_version"))
    return next(iter(_rows(rows, with_texts=False)), None)


def read_version(name: str, version: int) -> str:
    """The text of one version. Raises NotFound."""
    rows = ProcedureVersion.objects.filter(procedure__name=name, version=version)
    found = rows.values_list("source", flat=True).first()
    if found is None:
        raise NotFound
    return str(found)


def _rows(versions: QuerySet[ProcedureVersion], *, with_texts: bool) -> list[VersionRow]:
    is_published = Q(version=F("procedure__published_version"))
    shown = versions.annotate(is_in_force=Case(When(is_published, then=True), default=False))
    names = ["version", "note", "created_by", "created_at", "is_in_force", "digest"]
    names += ["source"] if with_texts else []
    return [VersionRow(*row) for row in shown.values_list(*names)]
