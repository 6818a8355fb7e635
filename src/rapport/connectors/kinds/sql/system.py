"""A database as a connected system: each named query is a reading action."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from rapport.connectors.contracts import ActionEffect, CallOutcome, JsonDict, Principal, Trial
from rapport.connectors.declared import (
    DeclaredAction,
    FieldSpec,
    InputMap,
    InvalidArguments,
    OutputMap,
    declared_actions,
    fill,
)
from rapport.connectors.forms import FormField, KindForm, read_form, with_actions
from rapport.connectors.kinds.sql.databases import Postgresql, SqliteFile
from rapport.connectors.kinds.sql.statements import Query, read_queries
from rapport.connectors.pointing import plain_data
from rapport.kernel.errors import InvalidInput

MAX_ROWS = 200
MAX_BYTES = 200_000

FIELDS = (
    FormField("base_url", "Database", is_required=True,
              help="sqlite:///srv/crm.sqlite3 (a file of this machine) or postgresql://reader@db.example/crm; use an "
              "account that may only read."),
    FormField("secret", "Password", "secret", help="For PostgreSQL."),
    FormField("max_rows", "Rows at most", default="50"),
    FormField("queries", "Queries", "lines", is_required=True,
              help="YAML: a name, then title, sql (one SELECT with :parameters), parameters, personal."),
)  # fmt: skip


class Database(Protocol):
    """Where rows come from."""

    def rows(self, sql: str, values: Mapping[str, Any], limit: int) -> list[dict[str, Any]]:
        """At most so many rows."""
        ...


def compose(key: str, given: Mapping[str, str]) -> JsonDict:
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    _open(form["base_url"], "")
    if (
        not form["max_rows"].isascii()
        or not form["max_rows"].isdigit()
        or not 1 <= int(form["max_rows"]) <= MAX_ROWS
    ):
        raise InvalidInput(
            _("Between %(least)d and %(most)d.") % {"least": 1, "most": MAX_ROWS}, field="max_rows"
        )
    return with_actions(form, key, [_action(key, query) for query in read_queries(form["queries"])])


def _action(key: str, query: Query) -> DeclaredAction:
    types = {"text": "string", "date": "string", "customer": "string"}
    return DeclaredAction(
        f"{key}.{query.name}",
        query.title,
        ActionEffect.READ,
        {"query": query.name},
        is_personal=query.is_personal,
        fields=tuple(
            FieldSpec("query", n, types.get(t, t), is_required=True) for n, t in query.parameters.items()
        ),
        inputs=tuple(
            InputMap(f"query:{n}", "customer" if t == "customer" else "argument", n)
            for n, t in query.parameters.items()
        ),
        outputs=(
            OutputMap(query.name, "", many=True, id_path=query.id_column, title_path=query.title_column),
        ),
        is_idempotent=True,
    )


FORM = KindForm("sql", "Database", "Named queries that only read, in SQLite or PostgreSQL.", FIELDS, compose)


class SqlSystem:
    """One database and its queries."""

    def __init__(self, base_url: str, secret: str, settings: JsonDict) -> None:
        form = settings["form"]
        self._actions = declared_actions(settings)
        self._queries = {query.name: query for query in read_queries(form["queries"])}
        self._limit = int(form["max_rows"])
        self._database = _open(base_url, secret)

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Ask a query. Raises ConnectorDown."""
        declared = self._actions[action]
        query = self._queries[str(declared.target["query"])]
        try:
            filled = fill(declared, arguments, principal, key)
            values = {
                name: _value(name, kind, filled[f"query:{name}"]) for name, kind in query.parameters.items()
            }
        except InvalidArguments as problem:
            return CallOutcome(ok=False, code="invalid_arguments", message=str(problem))
        found = self._database.rows(query.sql, values, self._limit + 1)
        return CallOutcome(ok=True, data=self._data(query, found))

    def _data(self, query: Query, found: list[dict[str, Any]]) -> JsonDict:
        rows: list[JsonDict] = []
        size = 0
        for row in found[: self._limit]:
            plain = {str(name): _plain(value) for name, value in row.items()}
            plain["id"] = str(plain.get(query.id_column, "") or "")
            plain["title"] = str(plain.get(query.title_column, "") or plain["id"])
            size += len(json.dumps(plain, ensure_ascii=False))
            if size > MAX_BYTES:
                break
            rows.append(plain)
        return {query.name: rows, "count": len(rows), "is_cut": len(rows) < len(found)}

    def find_outcome(
        self,
        action: str,  # noqa: ARG002  # as the port has it
        arguments: JsonDict,  # noqa: ARG002
        principal: Principal | None,  # noqa: ARG002
        key: str,  # noqa: ARG002
    ) -> CallOutcome | None:
        """Nothing ever happens."""
        return None

    def may_repeat(self, action: str) -> bool:  # noqa: ARG002  # as the port has it
        """Reading may be repeated."""
        return True

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Ask a query and tell of it."""
        outcome = self.call(action, arguments, principal, key)
        query = self._queries[str(self._actions[action].target["query"])]
        return Trial(
            query.sql, json.dumps(outcome.data or outcome.code, ensure_ascii=False)[:20_000], outcome
        )

    def check(self) -> str:
        """Whether the database answers."""
        self._database.rows("SELECT 1 AS id", {}, 1)
        return "the database answers"

    def close(self) -> None:
        """Nothing stays open."""


def _open(base_url: str, secret: str) -> Database:
    """The database at an address. Raises InvalidInput."""
    parts = urlsplit(base_url)
    if parts.scheme == "sqlite" and not parts.netloc and Path(parts.path).is_absolute():
        return SqliteFile("/" + parts.path.lstrip("/"))
    if (
        parts.scheme in {"postgresql", "postgres"}
        and parts.hostname
        and not parts.password
        and not parts.query
    ):
        return Postgresql(base_url, secret)
    raise InvalidInput(
        _("sqlite:///full/path or postgresql://user@host/name, the password apart."), field="base_url"
    )


def _value(name: str, kind: str, given: Any) -> Any:
    if kind != "date":
        return given
    try:
        return dt.date.fromisoformat(str(given)[:10]).isoformat()
    except ValueError as problem:
        raise InvalidArguments(f"{name} is a date") from problem


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case Decimal():
            return float(value)
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case bytes() | memoryview():
            return ""
    return plain_data(value if isinstance(value, str | dict | list) else str(value))
