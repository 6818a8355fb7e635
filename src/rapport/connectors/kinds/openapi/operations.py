"""What an OpenAPI document describes, in the shape that is kept and shown."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from rapport.connectors.contracts import ActionEffect, JsonDict
from rapport.connectors.declared import FieldSpec
from rapport.connectors.schemas import ResultPlace

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_MONEY = re.compile(r"refund|payment|charge|capture|payout|invoice|gift.?card|voucher|credit", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API."""

    method: str
    path: str
    operation_id: str = ""
    summary: str = ""
    tag: str = ""
    fields: tuple[FieldSpec, ...] = ()
    body_type: str = ""
    """``json``, ``form``, or empty for none."""
    results: tuple[ResultPlace, ...] = ()
    key_header: str = ""
    """Header by which the API does a call once, when the document names one."""
    is_deprecated: bool = False
    problem: str = ""
    """Why it cannot be called from here; empty when it can."""

    @property
    def key(self) -> str:
        """What tells it from the others: ``GET /orders/{id}``."""
        return f"{self.method} {self.path}"

    @property
    def likely_effect(self) -> ActionEffect:
        """What the method and the words suggest; a person decides."""
        if self.method in {"GET", "HEAD"}:
            return ActionEffect.READ
        words = f"{self.path} {self.operation_id} {self.summary}"
        return ActionEffect.MONEY if _MONEY.search(words) else ActionEffect.WRITE


@dataclass(frozen=True, slots=True)
class Description:
    """A whole document."""

    title: str
    version: str
    base_url: str
    operations: tuple[Operation, ...]
    unresolved: tuple[str, ...] = ()
    """References that lead out of the document or nowhere."""


def to_json(operation: Operation) -> JsonDict:
    """As kept."""
    return asdict(operation)


def from_json(kept: JsonDict) -> Operation:
    """From what is kept."""
    return Operation(
        **{
            **kept,
            "fields": tuple(FieldSpec(**{**f, "choices": tuple(f["choices"])}) for f in kept["fields"]),
            "results": tuple(ResultPlace(**place) for place in kept["results"]),
        }
    )
