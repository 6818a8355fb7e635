"""Understanding lent to the interpreter: which option a text refers to, which address or number it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapport.procedures.contracts import Option
from rapport.understanding import api as understanding
from rapport.understanding.contracts import Candidate, Engine

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class EngineReader:
    """A `procedures.Reader` on top of an understanding engine."""

    engine: Engine
    language: str
    country: str | None = None

    def resolve(
        self, text: str, options: tuple[Option, ...], *, many: bool
    ) -> tuple[tuple[Option, ...], bool]:
        candidates = [Candidate(o.value, o.title, o.aliases, o.attributes) for o in options]
        found = self.engine.resolve(text, candidates, many=many, language=self.language)
        by_value = {o.value: o for o in options}
        return tuple(by_value[v] for v in found.values), found.is_ambiguous

    def address(self, text: str) -> dict[str, str]:
        found = understanding.read_address(text, self.country)
        if (
            "country" in found
            and self.country
            and re.search(rf"(?<!\w){re.escape(self.country)}(?!\w)", text, re.I)
        ):
            found["country"] = self.country  # as the customer's record spells it
        return found

    def number(self, text: str) -> float | None:
        amount = understanding.read_amount(text)
        if amount is not None:
            return amount
        found = _NUMBER.search(text)
        return float(found[0].replace(",", ".")) if found else None

    def amount(self, text: str) -> float | None:
        return understanding.read_only_amount(text)
