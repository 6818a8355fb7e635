"""The table of terms in the database: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL.

Both hold terms that `logic.analysis` made, so neither database's own language rules matter. The database only
finds candidates; they are scored by `logic.overlap`, equally on both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

CANDIDATES = 120

_CREATE_SQLITE = """
    CREATE VIRTUAL TABLE knowledge_terms
    USING fts5(terms, language, tokenize = 'unicode61 remove_diacritics 0')
"""
_CREATE_POSTGRES = """
    CREATE TABLE knowledge_terms (
        passage_id bigint PRIMARY KEY, language varchar(10) NOT NULL, terms text NOT NULL,
        lexemes tsvector NOT NULL
    );
    CREATE INDEX knowledge_terms_lexemes ON knowledge_terms USING gin (lexemes)
"""
_FIND_SQLITE = """
    SELECT rowid, terms FROM knowledge_terms WHERE knowledge_terms MATCH %s ORDER BY rank LIMIT %s
"""
_FIND_POSTGRES = """
    SELECT passage_id, terms FROM knowledge_terms, CAST(%s AS tsquery) AS query
    WHERE lexemes @@ query AND language = ANY(%s) ORDER BY ts_rank(lexemes, query) DESC LIMIT %s
"""
_REMOVE = {
    "sqlite": "DELETE FROM knowledge_terms WHERE rowid = %s",
    "postgresql": "DELETE FROM knowledge_terms WHERE passage_id = %s",
}


def create_table(connection_: Any) -> None:
    """Called by the migration."""
    with connection_.cursor() as cursor:
        cursor.execute(_CREATE_POSTGRES if connection_.vendor == "postgresql" else _CREATE_SQLITE)


def drop_table(connection_: Any) -> None:
    """Called by the migration backwards."""
    with connection_.cursor() as cursor:
        cursor.execute("DROP TABLE knowledge_terms")


def add_terms(rows: Iterable[tuple[int, str, str]]) -> None:
    """Store (passage id, language, analysed text)."""
    rows = list(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO knowledge_terms (passage_id, language, terms, lexemes)"
                " VALUES (%s, %s, %s, array_to_tsvector(%s::text[]))",
                [(key, language, terms, sorted(set(terms.split()))) for key, language, terms in rows],
            )
        else:
            cursor.executemany(
                "INSERT INTO knowledge_terms (rowid, language, terms) VALUES (%s, %s, %s)", rows
            )


def remove_terms(passage_ids: Sequence[int]) -> None:
    """Forget passages."""
    with connection.cursor() as cursor:
        cursor.executemany(_REMOVE[connection.vendor], [(key,) for key in passage_ids])


def find_candidates(terms: Sequence[str], languages: Sequence[str]) -> list[tuple[int, str]]:
    """(passage id, its terms) of the passages that share most with these terms, in these languages.

    Args:
        terms: from `logic.analysis`: letters and digits only.
        languages: BCP 47 base tags.
    """
    if not terms:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = " | ".join(f"'{term}'" for term in terms)
            cursor.execute(_FIND_POSTGRES, [query, list(languages), CANDIDATES])
        else:
            words = " OR ".join(f'"{term}"' for term in terms)
            spoken = " OR ".join(f'"{language}"' for language in languages)
            query = f"terms : ({words}) AND language : ({spoken})"
            cursor.execute(_FIND_SQLITE, [query, CANDIDATES])
        return [(int(key), str(found)) for key, found in cursor.fetchall()]
