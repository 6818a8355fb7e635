"""What is said of one API operation: a line of facts, from which its route and its OpenAPI entry are made."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from demo_shop.writes import Write


@dataclass(frozen=True, slots=True)
class Query:
    """One optional query parameter."""

    name: str
    description: str
    kind: str = "string"


@dataclass(frozen=True, slots=True)
class Read:
    """A GET operation; ``answer`` receives path values, query values and the language."""

    path: str
    name: str
    summary: str
    answers: type[BaseModel]
    answer: Callable[[sqlite3.Connection, Mapping[str, str], Mapping[str, str], str], Any]
    many: bool = False
    query: tuple[Query, ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteRoute:
    """A POST or PUT operation; ``do`` receives the write, the id in the path and the body."""

    path: str
    name: str
    summary: str
    body: type[BaseModel]
    answers: type[BaseModel]
    do: Callable[[Write, str, Any], BaseModel]
    refusals: tuple[str, ...] = ()
    method: str = "POST"
    success: int = 200
