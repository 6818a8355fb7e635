"""Rows appended to tables: whole, once, and never a formula."""

from __future__ import annotations

import csv
import json
import threading
from urllib.parse import unquote

import httpx2
import pytest

from rapport.connectors.contracts import ConnectorDown, RateLimited, UnknownOutcome
from rapport.connectors.kinds.table.cells import cell
from rapport.connectors.kinds.table.system import TableSystem, compose
from rapport.kernel.errors import InvalidInput

APPEND = "cases.append_row"


def _csv(tmp_path, **changes):
    given = {
        "place": "csv",
        "folder": str(tmp_path),
        "file": "cases.csv",
        "columns": "order_id\nsummary",
        **changes,
    }
    return TableSystem("", "", compose("cases", given))


def _read(tmp_path):
    with (tmp_path / "cases.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_a_row_is_appended_once_per_key(tmp_path):
    system = _csv(tmp_path)
    first = system.call(APPEND, {"order_id": "#W1", "summary": 'said "no",\nthen left'}, None, "k1")
    again = system.call(APPEND, {"order_id": "#W1", "summary": "other"}, None, "k1")
    system.call(APPEND, {"order_id": 2.0}, None, "k2")
    assert (first.data, again.data) == ({"row": 2, "was_there": False}, {"row": 2, "was_there": True})
    assert _read(tmp_path) == [
        ["order_id", "summary", "rapport_key"],
        ["#W1", 'said "no",\nthen left', "k1"],
        ["2", "", "k2"],
    ]
    assert system.find_outcome(APPEND, {}, None, "k2").data["row"] == 3
    assert system.find_outcome(APPEND, {}, None, "k3") is None
    assert system.check() == "2 rows"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        (-5.5, "-5.5"),
        (3.0, "3"),
        (True, "true"),
        (None, ""),
        ({"a": 1}, '{"a": 1}'),
        ("a\x00b\u202e", "ab"),
    ],
)
def test_text_that_a_spreadsheet_would_compute_is_marked_as_text(value, written):
    assert cell(value) == written


def test_a_file_with_other_columns_is_left_alone(tmp_path):
    (tmp_path / "cases.csv").write_text("a,b\r\n1,2\r\n")
    outcome = _csv(tmp_path).call(APPEND, {"order_id": "1"}, None, "k")
    assert (outcome.ok, outcome.code) == (False, "wrong_columns")
    assert (tmp_path / "cases.csv").read_text() == "a,b\n1,2\n"
    with pytest.raises(ConnectorDown):
        _csv(tmp_path).check()


def test_a_last_line_without_its_end_is_not_written_into(tmp_path):
    (tmp_path / "cases.csv").write_bytes(b"order_id,summary,rapport_key\r\n1,x,k0")
    assert _csv(tmp_path).call(APPEND, {"order_id": "2"}, None, "k1").data["row"] == 3
    assert _read(tmp_path)[1:] == [["1", "x", "k0"], ["2", "", "k1"]]


def test_writers_at_the_same_time_leave_whole_rows(tmp_path):
    system = _csv(tmp_path)
    work = [
        threading.Thread(target=system.call, args=(APPEND, {"order_id": f"{n}"}, None, f"k{n % 20}"))
        for n in range(40)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    rows = _read(tmp_path)[1:]
    assert sorted(row[2] for row in rows) == sorted(f"k{n}" for n in range(20))


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path):
    (tmp_path / "cases.csv").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConnectorDown):
        _csv(tmp_path).call(APPEND, {"order_id": "1"}, None, "k")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"folder": "relative"}, {"folder": "/does/not/exist"}, {"file": "../x.csv"}, {"file": "x.txt"},
        {"columns": "Order Id"}, {"columns": "a\na"}, {"columns": "rapport_key"}, {"columns": ""}, {"place": "excel"},
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_when_entered(tmp_path, changes):
    with pytest.raises(InvalidInput):
        _csv(tmp_path, **changes)


class FakeSheets:
    """Values of one sheet behind the two calls that are used."""

    def __init__(self):
        self.rows, self.requests, self.trouble = [], [], None

    def __call__(self, request):
        self.requests.append(request)
        if self.trouble is not None and request.method == "POST":
            return self.trouble(request)
        if request.method == "GET":
            return httpx2.Response(200, json={"range": "x", **({"values": self.rows} if self.rows else {})})
        self.rows += json.loads(request.content)["values"]
        return httpx2.Response(200, json={"updates": {"updatedRows": 1}})


def _sheet(fake):
    given = {"place": "sheet", "spreadsheet": "a/b", "sheet": "It's", "columns": "order_id"}
    return TableSystem("", "token-1", compose("cases", given), httpx2.MockTransport(fake))


def test_a_sheet_gets_its_header_and_each_key_once():
    fake = FakeSheets()
    system = _sheet(fake)
    system.call(APPEND, {"order_id": "=1"}, None, "k1")
    system.call(APPEND, {"order_id": "=1"}, None, "k1")
    assert fake.rows == [["order_id", "rapport_key"], ["'=1", "k1"]]
    assert system.find_outcome(APPEND, {}, None, "k1").data["row"] == 2
    post = next(r for r in fake.requests if r.method == "POST")
    assert unquote(post.url.raw_path.decode()).startswith(
        "/v4/spreadsheets/a/b/values/'It''s'!A1:append?valueInputOption=RAW"
    )
    assert b"a%2Fb" in post.url.raw_path
    assert post.headers["authorization"] == "Bearer token-1"


def test_a_sheet_s_refusals_and_lost_answers_are_told_apart():
    fake = FakeSheets()
    system = _sheet(fake)
    fake.trouble = lambda _: httpx2.Response(403, json={})
    assert system.call(APPEND, {"order_id": "1"}, None, "k").code == "not_allowed"
    fake.trouble = lambda _: httpx2.Response(429, headers={"Retry-After": "7"})
    with pytest.raises(RateLimited, match="7 s"):
        system.call(APPEND, {"order_id": "1"}, None, "k")
    fake.trouble = lambda _: httpx2.Response(502)
    with pytest.raises(UnknownOutcome):
        system.call(APPEND, {"order_id": "1"}, None, "k")
    assert fake.rows == []


def _script(answers):
    seen = []

    def answer(request):
        seen.append(request)
        return answers.pop(0)

    given = {"place": "script", "columns": "order_id"}
    url = "https://script.google.com/macros/s/abc/exec"
    return TableSystem("", url, compose("cases", given), httpx2.MockTransport(answer)), seen


def test_a_web_app_s_answer_is_fetched_from_google_s_own_host_only():
    there = httpx2.Response(302, headers={"Location": "https://script.googleusercontent.com/macros/echo?x=1"})
    system, seen = _script([there, httpx2.Response(200, json={"ok": True, "row": 5, "was_there": False})])
    assert system.call(APPEND, {"order_id": "1"}, None, "k").data == {"row": 5, "was_there": False}
    assert json.loads(seen[0].content) == {
        "do": "append",
        "key": "k",
        "columns": ["order_id", "rapport_key"],
        "cells": ["1"],
    }
    system, seen = _script([httpx2.Response(302, headers={"Location": "https://evil.example/"})])
    with pytest.raises(UnknownOutcome):
        system.call(APPEND, {"order_id": "1"}, None, "k")
    assert len(seen) == 1
