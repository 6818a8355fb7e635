"""Finds out whether a connected system that was away answers again."""

from __future__ import annotations

from rapport.connectors import outages
from rapport.connectors.contracts import ConnectorDown, UnknownOutcome
from rapport.connectors.services import check_connector
from rapport.kernel.errors import NotFound


def probe(system: str) -> bool:
    """Ask a harmless question; the outage ends when it is answered, and goes on when it is not.

    A system that was taken away is nobody's outage any more.
    """
    try:
        check_connector(system)
    except NotFound:
        pass
    except (ConnectorDown, UnknownOutcome, KeyError, TypeError, ValueError) as problem:  # the latter: garbage
        outages.note_failure(system, problem)
        return False
    outages.end(system)
    return True
