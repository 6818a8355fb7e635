"""Numbers of new rows, and names that cannot be guessed."""

import hashlib

from demo_shop.writes import Write


def next_number(write: Write, table: str, prefix: str) -> str:
    """The next number of a table whose rows are never deleted, such as ``R100001``."""
    count = write.connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608 - a table of ours
    return f"{prefix}{100001 + count}"


def make_token(*parts: str) -> str:
    """A name made of what it stands for; the demonstration shop keeps no secret behind it."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]
