"""A Google sheet that rows are appended to, by the Sheets API with an access token or by a web app of Apps Script.

Rapport makes no tokens of service accounts: signing them needs a cryptography package. An access token lives an
hour and is renewed from outside; a web app's address lives as long as it is published, and is itself the secret.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from rapport.connectors.contracts import CallOutcome, ConnectorDown, UnknownOutcome
from rapport.connectors.outbound import Incoming, Outbound, Outgoing, refuse_wait

SHEETS_URL = "https://sheets.googleapis.com"
_SCRIPT_HOSTS = ("script.google.com", "script.googleusercontent.com")


class SheetByToken:
    """`values:append`, with the key in the last column."""

    def __init__(
        self, http: Outbound, token: str, spreadsheet: str, sheet: str, columns: Sequence[str]
    ) -> None:
        self._http, self._token, self._sheet = http, token, sheet
        self._columns = list(columns)
        self._url = f"{SHEETS_URL}/v4/spreadsheets/{quote(spreadsheet, safe='')}/values/"

    def append(self, cells: list[str], key: str) -> CallOutcome:
        """Append a row unless one with this key is there. Raises ConnectorDown, UnknownOutcome."""
        rows = self._rows()
        if rows and rows[0] != self._columns:
            message = f"expected: {', '.join(self._columns)}"
            return CallOutcome(ok=False, code="wrong_columns", message=message)
        known = self._found(rows, key)
        if known is not None:
            return known
        new = [[*cells, key]] if rows else [self._columns, [*cells, key]]
        url = self._address("A1", ":append?valueInputOption=RAW&insertDataOption=INSERT_ROWS")
        answer = self._http.write(
            Outgoing("POST", url, self._headers(), json.dumps({"values": new}).encode())
        )
        return _appended(answer, len(rows) + len(new))

    def find(self, key: str) -> CallOutcome | None:
        """The row with a key. Raises ConnectorDown."""
        return self._found(self._rows(), key)

    def check(self) -> str:
        """How many rows there are. Raises ConnectorDown."""
        rows = self._rows()
        if rows and rows[0] != self._columns:
            raise ConnectorDown("the sheet's first row holds other columns")
        return f"{max(len(rows) - 1, 0)} rows"

    def _found(self, rows: list[list[str]], key: str) -> CallOutcome | None:
        place = len(self._columns) - 1
        for number, row in enumerate(rows, 1):
            if number > 1 and len(row) > place and row[place] == key:
                return CallOutcome(ok=True, data={"row": number, "was_there": True})
        return None

    def _rows(self) -> list[list[str]]:
        answer = self._http.read(Outgoing("GET", self._address("A:ZZ", ""), self._headers()))
        refuse_wait(answer)
        if answer.status != 200:
            raise ConnectorDown(_reason(answer))
        found = _json(answer, ConnectorDown).get("values", [])
        return [[str(value) for value in row] for row in found if isinstance(row, list)]

    def _address(self, cells: str, rest: str) -> str:
        name = self._sheet.replace("'", "''")
        return self._url + quote(f"'{name}'!{cells}", safe="") + rest

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}


class SheetByScript:
    """A published Apps-Script web app, which does each key once; `docs/howto/connect-a-table.md` holds the script."""

    def __init__(self, http: Outbound, url: str, columns: Sequence[str]) -> None:
        self._http, self._url = http, url
        self._columns = list(columns)

    def append(self, cells: list[str], key: str) -> CallOutcome:
        """Have the script append a row. Raises ConnectorDown, UnknownOutcome."""
        answer = self._follow(self._http.write(self._request("append", key, cells)))
        body = _json(answer, UnknownOutcome)
        if body.get("ok") is not True:
            return CallOutcome(ok=False, code=str(body.get("code") or "refused")[:60])
        return CallOutcome(ok=True, data={"row": body.get("row"), "was_there": bool(body.get("was_there"))})

    def find(self, key: str) -> CallOutcome | None:
        """Ask the script for a key. Raises ConnectorDown."""
        try:
            body = _json(self._follow(self._http.read(self._request("find", key, []))), ConnectorDown)
        except UnknownOutcome as problem:
            raise ConnectorDown(str(problem)) from problem
        if body.get("ok") is not True:
            raise ConnectorDown(str(body.get("code") or "refused")[:60])
        return CallOutcome(ok=True, data={"row": body["row"], "was_there": True}) if body.get("row") else None

    def check(self) -> str:
        """Ask for a key that is not there. Raises ConnectorDown."""
        self.find("rapport-check")
        return "the script answers"

    def _request(self, do: str, key: str, cells: list[str]) -> Outgoing:
        body = {"do": do, "key": key, "columns": self._columns, "cells": cells}
        return Outgoing("POST", self._url, {"Content-Type": "application/json"}, json.dumps(body).encode())

    def _follow(self, answer: Incoming) -> Incoming:
        """A web app's answer waits behind a redirect to Google's own host; no other is followed."""
        if answer.status != 302:
            return answer
        target = answer.headers.get("location", "")
        parts = urlsplit(target)
        if parts.scheme != "https" or parts.hostname not in _SCRIPT_HOSTS:
            raise UnknownOutcome("it redirects to another address, which is not followed")
        try:
            return self._http.read(Outgoing("GET", target))
        except ConnectorDown as problem:
            raise UnknownOutcome(str(problem)) from problem


def _appended(answer: Incoming, number: int) -> CallOutcome:
    refuse_wait(answer)
    if answer.status == 200:
        return CallOutcome(ok=True, data={"row": number, "was_there": False})
    if 400 <= answer.status < 500 and answer.status != 408:
        return CallOutcome(ok=False, code=_reason(answer))
    raise UnknownOutcome(f"HTTP {answer.status}")


def _reason(answer: Incoming) -> str:
    if answer.status in {401, 403}:
        return "not_allowed"
    return "not_found" if answer.status == 404 else f"http_{answer.status}"


def _json(answer: Incoming, unclear: type[Exception]) -> dict[str, Any]:
    if answer.status != 200:
        raise unclear(f"HTTP {answer.status}")
    try:
        body = json.loads(answer.content)
    except ValueError as problem:
        raise unclear("the answer is not JSON") from problem
    if not isinstance(body, dict):
        raise unclear("the answer is no object")
    return body
