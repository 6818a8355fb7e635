"""Named queries: bound values, own rows, and no way to write."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest

from rapport.connectors.contracts import ConnectorDown, Principal
from rapport.connectors.declared import declared_actions, record_types
from rapport.connectors.kinds.sql import databases
from rapport.connectors.kinds.sql.databases import Postgresql, SqliteFile
from rapport.connectors.kinds.sql.statements import check_statement, for_postgresql
from rapport.connectors.kinds.sql.system import SqlSystem, compose
from rapport.kernel.errors import InvalidInput

QUERIES = """
invoices:
  title: Invoices of the customer
  sql: >
    SELECT number AS id, total, made_on, 'No. ' || number AS title FROM invoices
    WHERE customer = :me AND made_on >= :since ORDER BY number;
  parameters: {me: customer, since: date}
prices:
  sql: SELECT sku AS id, price FROM prices WHERE price < :most
  parameters: {most: number}
  personal: false
"""
ANA = Principal("ana", "hmac")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "crm.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """
            CREATE TABLE invoices (number, customer, total, made_on);
            INSERT INTO invoices VALUES (1, 'ana', 10.5, '2026-01-02'), (2, 'bob', 3, '2026-01-03'),
                (3, 'ana', 7, '2025-12-31');
            CREATE TABLE prices (sku, price);
            INSERT INTO prices VALUES ('a', 1), ('b', 2), ('c', 3);
            """
        )
    connection.close()
    return path


def _system(path, **changes):
    given = {"base_url": f"sqlite://{path}", "queries": QUERIES, "max_rows": "2", **changes}
    return SqlSystem(given["base_url"], "", compose("crm", given))


def test_an_address_with_four_slashes_is_the_same_file(path):
    assert _system(path, base_url=f"sqlite:///{path}").call("crm.prices", {"most": 2}, None, "").ok


def test_a_query_gives_the_customer_s_own_rows_as_records(path):
    system = _system(path)
    data = system.call("crm.invoices", {"since": "2026-01-01"}, ANA, "").data
    row = {"id": "1", "total": 10.5, "made_on": "2026-01-02", "title": "No. 1"}
    assert data == {"invoices": [row], "count": 1, "is_cut": False}
    settings = compose("crm", {"base_url": f"sqlite://{path}", "queries": QUERIES})
    assert record_types(declared_actions(settings))["crm.invoices"].arguments == ("since",)


def test_whose_rows_are_shown_is_not_an_argument(path):
    assert (
        _system(path).call("crm.invoices", {"since": "2026-01-01", "me": "bob"}, ANA, "").data["count"] == 1
    )
    assert _system(path).call("crm.invoices", {"since": "2026-01-01"}, None, "").code == "invalid_arguments"


def test_a_value_is_bound_never_part_of_the_statement(path):
    evil = Principal("ana' OR '1'='1", "hmac")
    assert _system(path).call("crm.invoices", {"since": "2026-01-01"}, evil, "").data["invoices"] == []
    assert _system(path).call("crm.prices", {"most": "3 OR 1"}, None, "").code == "invalid_arguments"
    assert _system(path).call("crm.invoices", {"since": "soon"}, ANA, "").code == "invalid_arguments"


def test_rows_beyond_the_limit_are_cut_and_it_is_said(path):
    data = _system(path).call("crm.prices", {"most": 9}, None, "").data
    assert [row["id"] for row in data["prices"]] == ["a", "b"]
    assert (data["count"], data["is_cut"]) == (2, True)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM prices", "SELECT 1; DELETE FROM prices", "SELECT 1 -- x", "SELECT /* x */ 1", "",
        "WITH x AS (DELETE FROM prices RETURNING *) SELECT * FROM x", "SELECT * INTO t FROM prices",
        "SELECT pg_sleep(9)", "SELECT lo_import(:a)", "SELECT $$x$$", "SELECT * FROM prices FOR UPDATE",
        "PRAGMA journal_mode", "ATTACH DATABASE 'x' AS y", "EXPLAIN SELECT 1", "SELECT 'a", "select nextval('s')",
        "SELECT set_config('a', 'b', false)",
    ],
)  # fmt: skip
def test_a_statement_that_does_more_than_read_is_refused(sql):
    with pytest.raises(InvalidInput):
        check_statement("q", sql)


def test_parameters_are_found_outside_of_texts_and_casts():
    assert check_statement("q", "SELECT ':no', a::text, \":nor\" FROM t WHERE b = :yes") == {"yes"}
    assert for_postgresql("SELECT ':no%', a::text, b % 2 FROM t WHERE c LIKE :yes") == (
        "SELECT ':no%%', a::text, b %% 2 FROM t WHERE c LIKE %(yes)s"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM prices", "PRAGMA query_only = OFF", "ATTACH DATABASE ':memory:' AS x", "CREATE TABLE x (y)",
        "SELECT load_extension('x')", "VACUUM", "INSERT INTO prices VALUES (1, 2)",
    ],
)  # fmt: skip
def test_the_connection_itself_cannot_write(path, sql):
    before = path.read_bytes()
    with pytest.raises(ConnectorDown):
        SqliteFile(str(path)).rows(sql, {}, 5)
    assert path.read_bytes() == before


def test_a_query_without_end_is_stopped(path, monkeypatch):
    monkeypatch.setattr(databases, "TIMEOUT_S", 0.05)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(ConnectorDown):
        SqliteFile(str(path)).rows(endless, {}, 5)


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(ConnectorDown):
        SqliteFile(str(tmp_path / "no.sqlite3")).rows("SELECT 1", {}, 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "mysql://h/d"}, {"base_url": "sqlite://relative.db"}, {"base_url": "postgresql://u:p@h/d"},
        {"base_url": "postgresql://u@h/d?options=-c"}, {"max_rows": "0"}, {"max_rows": "many"}, {"queries": "- a"},
        {"queries": "a: {sql: 'SELECT 1'}"}, {"queries": "a: {sql: 'SELECT :b', personal: false}"},
        {"queries": "A: {sql: 'SELECT 1', personal: false}"}, {"queries": "a: ["},
        {"queries": "a: {sql: 'SELECT :b', parameters: {b: customer}, personal: false}"},
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_when_entered(path, changes):
    with pytest.raises(InvalidInput):
        compose("crm", {"base_url": f"sqlite://{path}", "queries": QUERIES, **changes})


def test_a_server_that_is_away_is_down():
    with pytest.raises(ConnectorDown):
        Postgresql("postgresql://reader@127.0.0.1:9/crm", "x").rows("SELECT 1", {}, 1)


class Recorded:
    """A connection that remembers what it was told."""

    def __init__(self):
        self.told = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def cursor(self, **_):
        return self

    def execute(self, sql, values=None):
        self.told.append((sql, values))

    def fetchall(self):
        return [{"id": 1}]

    def rollback(self):
        self.told.append(("ROLLBACK", None))


def test_a_server_is_asked_in_a_transaction_that_only_reads(monkeypatch):
    connection = Recorded()
    options = {}

    def connect(url, **given):
        options.update(given, url=url)
        return connection

    monkeypatch.setattr(psycopg, "connect", connect)
    rows = Postgresql("postgresql://reader@db.example/crm", "pw").rows(
        "SELECT a FROM t WHERE b = :c", {"c": "1"}, 3
    )
    assert rows == [{"id": 1}]
    assert options["options"] == "-c default_transaction_read_only=on -c statement_timeout=5000"
    assert (options["password"], options["autocommit"]) == ("pw", False)
    assert connection.told == [
        ("SET TRANSACTION READ ONLY", None),
        (b"SELECT * FROM (SELECT a FROM t WHERE b = %(c)s) AS answer LIMIT 3", {"c": "1"}),
        ("ROLLBACK", None),
    ]
