"""A table as a connected system: one action that appends a row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import httpx2
from django.utils.translation import gettext as _

from rapport.connectors.contracts import ActionEffect, CallOutcome, ConnectorDown, JsonDict, Principal, Trial
from rapport.connectors.declared import (
    ARGUMENT_NAME,
    DeclaredAction,
    InvalidArguments,
    declared_actions,
    fill,
)
from rapport.connectors.forms import FormField, KindForm, body_fields, lines_of, read_form, with_actions
from rapport.connectors.kinds.table.cells import cell
from rapport.connectors.kinds.table.csv_file import CsvFile
from rapport.connectors.kinds.table.google_sheet import SHEETS_URL, SheetByScript, SheetByToken
from rapport.connectors.outbound import Outbound
from rapport.kernel.errors import InvalidInput

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,80}\.csv", re.ASCII)

FIELDS = (
    FormField(
        "place", "Kind of table", "choice",
        choices=(("csv", "CSV file"), ("sheet", "Google sheet, access token"), ("script", "Google sheet, web app")),
        default="csv", is_required=True,
    ),
    FormField("folder", "Folder", help="For a CSV file: a folder that exists on this machine, as /srv/tables."),
    FormField("file", "File", help="For a CSV file: its name, as cases.csv."),
    FormField("spreadsheet", "Spreadsheet", help="For an access token: the id in the sheet's address."),
    FormField("sheet", "Sheet", default="Sheet1", help="For an access token: the sheet's name."),
    FormField("columns", "Columns", "lines", is_required=True, help="One name a line; they are the arguments."),
    FormField("key_column", "Column of the key", default="rapport_key", is_required=True,
              help="Holds the key of the call, by which a repeated call adds no second row."),
    FormField("secret", "Access token or address of the web app", "secret",
              help="A token lives an hour; service accounts are not supported."),
)  # fmt: skip


class Sheet(Protocol):
    """Where rows go."""

    def append(self, cells: list[str], key: str) -> CallOutcome:
        """Append a row unless one with this key is there."""
        ...

    def find(self, key: str) -> CallOutcome | None:
        """The row with a key."""
        ...

    def check(self) -> str:
        """A few words about what is there."""
        ...


def compose(key: str, given: Mapping[str, str]) -> JsonDict:
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    columns = tuple(lines_of(form["columns"]))
    for name in (*columns, form["key_column"]):
        if not ARGUMENT_NAME.fullmatch(name):
            raise InvalidInput(
                _("%(name)s: small letters, digits and underscores.") % {"name": name}, field="columns"
            )
    if len(set(columns)) != len(columns) or form["key_column"] in columns or len(columns) > 100:
        raise InvalidInput(_("Each column once, at most 100."), field="columns")
    if form["place"] == "csv" and not (Path(form["folder"]).is_absolute() and Path(form["folder"]).is_dir()):
        raise InvalidInput(_("A folder that exists, by its full path."), field="folder")
    if form["place"] == "csv" and not _FILE_NAME.fullmatch(form["file"]):
        raise InvalidInput(_("A name that ends in .csv, without folders."), field="file")
    if form["place"] == "sheet" and not form["spreadsheet"]:
        raise InvalidInput(_("The id in the sheet's address."), field="spreadsheet")
    append = DeclaredAction(
        f"{key}.append_row", "Append a row", ActionEffect.WRITE, {"columns": list(columns)},
        is_personal=False, is_idempotent=True, **body_fields(columns, frozenset(columns)),
    )  # fmt: skip
    return with_actions(form, key, [append])


FORM = KindForm("table", "Table", "Rows appended to a CSV file or a Google sheet.", FIELDS, compose)


class TableSystem:
    """One table."""

    def __init__(
        self,
        base_url: str,  # noqa: ARG002  # as every kind is opened
        secret: str,
        settings: JsonDict,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        form = settings["form"]
        self._actions = declared_actions(settings)
        self._columns = tuple(lines_of(form["columns"]))
        self._http: Outbound | None = None
        self._sheet = self._open(form, secret, transport)

    def _open(self, form: Mapping[str, Any], secret: str, transport: httpx2.BaseTransport | None) -> Sheet:
        columns = (*self._columns, form["key_column"])
        if form["place"] == "csv":
            return CsvFile(form["folder"], form["file"], self._columns, form["key_column"])
        if form["place"] == "sheet":
            self._http = Outbound(SHEETS_URL, transport=transport)
            return SheetByToken(self._http, secret, form["spreadsheet"], form["sheet"], columns)
        self._http = Outbound(secret, 30.0, transport=transport)
        return SheetByScript(self._http, secret, columns)

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Append a row. Raises ConnectorDown, UnknownOutcome."""
        if not key:
            raise ConnectorDown("a row needs a key")
        try:
            filled = fill(self._actions[action], arguments, principal, key)
        except InvalidArguments as problem:
            return CallOutcome(ok=False, code="invalid_arguments", message=str(problem))
        return self._sheet.append([cell(filled.get(f"body:{name}")) for name in self._columns], key)

    def find_outcome(
        self,
        action: str,  # noqa: ARG002  # as the port has it
        arguments: JsonDict,  # noqa: ARG002
        principal: Principal | None,  # noqa: ARG002
        key: str,
    ) -> CallOutcome | None:
        """Whether the row is there."""
        return self._sheet.find(key)

    def may_repeat(self, action: str) -> bool:  # noqa: ARG002  # as the port has it
        """A key is appended once."""
        return True

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:
        """Append a row and tell of it."""
        outcome = self.call(action, arguments, principal, key)
        return Trial(f"append {', '.join(self._columns)}", str(outcome.data or outcome.code), outcome)

    def check(self) -> str:
        """How many rows there are."""
        return self._sheet.check()

    def close(self) -> None:
        """End open connections."""
        if self._http is not None:
            self._http.close()
