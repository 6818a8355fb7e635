"""The place of a row in a list ordered by moment and id, as text for the address of the next page."""

from __future__ import annotations

import datetime as dt
import re

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FORM = re.compile(r"([0-9]{1,17})\.([0-9]{1,18})")


def write_cursor(at: dt.datetime, row_id: int) -> str:
    """``<microseconds since 1970>.<id>``; exact, so that no row is shown twice or left out."""
    return f"{(at - _EPOCH) // dt.timedelta(microseconds=1)}.{row_id}"


def read_cursor(cursor: str) -> tuple[dt.datetime, int] | None:
    """Moment and id; None for what is no cursor."""
    found = _FORM.fullmatch(cursor)
    return (_EPOCH + dt.timedelta(microseconds=int(found[1])), int(found[2])) if found else None
