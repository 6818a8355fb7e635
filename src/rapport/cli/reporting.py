"""`rapport event`: report what happened elsewhere, for procedures that wait for it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from rapport.cli.contracts import Commands
from rapport.kernel.errors import InvalidInput


def add_parsers(commands: Commands) -> None:
    """`event`."""
    event = commands.add_parser("event", help="report an event; every procedure that waits for it goes on")
    event.add_argument("name", help="as the procedure's wait names it, such as payment.received")
    event.add_argument("--subject", default="", help="what it is about, such as an order's id")
    event.add_argument("--data", default="{}", help="a JSON object the procedure may read")
    event.add_argument("--id", default="", help="the event's own id: reported twice, it counts once")
    event.set_defaults(run=run_event)


def run_event(options: argparse.Namespace) -> int:
    """Report it; a worker goes on with what waited."""
    data = _object(options.data)
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.procedures import api as procedures

    outcome = procedures.report_event(
        options.name, options.subject, data, event_id=options.id, actor="command line"
    )
    if outcome.is_duplicate:
        sys.stdout.write(f"{outcome.event_id}: reported before; no effect now.\n")
    elif outcome.woken:
        sys.stdout.write(f"{outcome.event_id}: {outcome.woken} waiting for it go on.\n")
    else:
        sys.stdout.write(f"{outcome.event_id}: nothing waits for it; no effect.\n")
    return 0


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as problem:
        raise InvalidInput(f"--data is not JSON: {problem}", field="data") from problem
    if not isinstance(data, dict):
        raise InvalidInput("--data is a JSON object, such as '{\"amount\": 12}'.", field="data")
    return data
