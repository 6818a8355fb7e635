"""Messages stored through HTTP without a turn: a person owns the conversation, so the assistant stays silent."""

from __future__ import annotations

import threading
import time
from typing import Any

from bench import machine
from bench.clients import Connection
from bench.figures import Figure
from bench.system import System

TEXT = "Thank you, I will look at home this evening and write to you again, number {number}"


def measure(system: System, *, count: int, connections: int) -> tuple[list[Figure], dict[str, Any]]:
    """Store `count` messages over some connections, each in a conversation of its own."""
    paths = [_conversation(system) for _ in range(connections)]
    share = count // connections
    _run(system, paths, 100, start=10_000_000)  # connections and caches warm up
    before, stored_before, begun = system.cpu_s(), _stored(system), time.perf_counter()
    failed = _run(system, paths, share, start=0)
    wall_s = time.perf_counter() - begun
    spent = {name: value - before[name] for name, value in system.cpu_s().items()}
    sent = share * connections
    lost = sent - (_stored(system) - stored_before)
    figures = [
        Figure("message without a turn: server CPU", 1000 * spent["web"] / sent, "ms", at_most=1.5),
        Figure(
            f"message without a turn: rate, {connections} connections",
            sent / wall_s,
            "a second",
            at_least=300,
        ),
        Figure("message without a turn: lost", float(lost + failed), "", at_most=0, note=f"of {sent:,}"),
    ]
    raw = {
        "sent": sent,
        "lost": lost,
        "failed": failed,
        "wall_s": round(wall_s, 2),
        "cpu_ms_per_message": {k: round(1000 * v / sent, 3) for k, v in spent.items()},
        "load": machine.load(),
    }
    return figures, raw


def _conversation(system: System) -> str:
    """A conversation of the API inbox that a person has taken; the path its messages are posted to."""
    inbox = f"/public/api/v1/inboxes/{system.facts['api_inbox_identifier']}"
    client = Connection(system.port)
    contact = client.call("POST", f"{inbox}/contacts", {"name": "Customer"})
    base = f"{inbox}/contacts/{contact['source_id']}/conversations"
    number = client.call("POST", base, {})["id"]
    staff = Connection(system.port, {"api_access_token": system.facts["api_access_token"]})
    staff.call("POST", f"/api/v1/accounts/1/conversations/{number}/messages", {"content": "I am with you."})
    client.close()
    staff.close()
    return f"{base}/{number}/messages"


def _run(system: System, paths: list[str], each: int, *, start: int) -> int:
    """Post from one thread a path; returns how many were refused."""
    failed: list[str] = []

    def post(path: str) -> None:
        client = Connection(system.port)
        for number in range(start, start + each):
            try:
                text = TEXT.format(number=number)
                client.call("POST", path, {"content": text, "echo_id": f"e{number}"})
            except RuntimeError as problem:
                failed.append(str(problem))
        client.close()

    threads = [threading.Thread(target=post, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(failed)


def _stored(system: System) -> int:
    statement = "SELECT count(*) FROM conversations_message WHERE message_type = 'incoming'"
    return int(system.rows(statement)[0][0])
