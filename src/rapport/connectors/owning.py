"""What both kinds of declared systems promise: own records only, and after a lost answer asking, never guessing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rapport.connectors.contracts import CallOutcome, ConnectorDown, UnknownOutcome
from rapport.connectors.declared import DeclaredAction
from rapport.connectors.pointing import look_up


def guarded(
    actions: Mapping[str, DeclaredAction], action: DeclaredAction, ask: Callable[[str], CallOutcome]
) -> CallOutcome | None:
    """The refusal when the record does not belong to the customer; None when nothing stands in the way.

    Raises ConnectorDown when it cannot be asked: then nothing is done.
    """
    if not action.guard:
        return None
    if action.guard not in actions:
        raise ConnectorDown(f"{action.guard} is not declared any more")
    answer = ask(action.guard)
    return None if answer.ok else CallOutcome(ok=False, code=answer.code, message=answer.message)


def find_by_asking(
    actions: Mapping[str, DeclaredAction], name: str, ask: Callable[[str], CallOutcome]
) -> CallOutcome | None:
    """Whether a call happened; None when it did not.

    Raises ConnectorDown when it cannot be asked now, UnknownOutcome when there is no way to ask.
    """
    action = actions.get(name)
    if action is None or action.find not in actions:
        raise UnknownOutcome("no action is declared that finds what happened")
    answer = ask(action.find)
    if answer.code == "not_found":
        return None
    if not answer.ok:
        raise ConnectorDown(f"asking what happened was refused: {answer.code}")
    if action.found and look_up(answer.data, action.found) in (None, "", [], {}, False):
        return None
    return CallOutcome(ok=True, data=answer.data)
