"""Read-only questions to a database (SQLite, PostgreSQL) that an administrator wrote down."""
