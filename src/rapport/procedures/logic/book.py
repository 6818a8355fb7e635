"""The definitions in force, and the older versions that running procedures still follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

from rapport.procedures.logic.definition import Definition


class ProcedureBook(Mapping[str, Definition]):
    """Name → the version in force; `at` finds any version."""

    __slots__ = ("_find", "_newest", "_versions")

    def __init__(
        self,
        definitions: Iterable[Definition] = (),
        older: Iterable[Definition] | Callable[[str, int], Definition | None] = (),
    ) -> None:
        """Make a book of the definitions in force; `older` ones (listed or looked up) too by version."""
        self._find = older if callable(older) else None
        self._newest: dict[str, Definition] = {}
        self._versions: dict[tuple[str, int], Definition] = {
            (d.name, d.version): d for d in ([] if callable(older) else older)
        }
        for definition in definitions:
            self._versions[definition.name, definition.version] = definition
            known = self._newest.get(definition.name)
            if known is None or known.version < definition.version:
                self._newest[definition.name] = definition

    def __getitem__(self, name: str) -> Definition:
        return self._newest[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._newest)

    def __len__(self) -> int:
        return len(self._newest)

    def at(self, name: str, version: int) -> Definition | None:
        """One version of a procedure."""
        found = self._versions.get((name, version))
        if found is None and self._find is not None:
            found = self._find(name, version)
            if found is not None:
                self._versions[name, version] = found
        return found

    def seen_by(self, audience: Literal["customer", "staff"]) -> ProcedureBook:
        """The procedures that customers, or members of staff, may begin; those that run are found all the same."""
        meant = [d for d in self._newest.values() if d.audience in (audience, "both")]
        return self if len(meant) == len(self) else ProcedureBook(meant, older=self.at)

    def menu(self, audience: Literal["customer", "staff"] = "customer") -> tuple[Definition, ...]:
        """The procedures of the guided menu, in its order; those of staff are in no customer's."""
        listed = [d for d in self._newest.values() if d.menu is not None and d.audience in (audience, "both")]
        return tuple(sorted(listed, key=lambda definition: (definition.menu or 0, definition.name)))
