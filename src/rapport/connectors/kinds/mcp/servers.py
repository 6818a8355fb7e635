"""Which commands may be started: those the machine's operator wrote into one file, and no others.

The file has the form MCP programs share: ``{"mcpServers": {"name": {"command": "…", "args": […], "env": {…}}}}``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

FILE_NAME = "mcp_servers.json"
MAX_FILE_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Server:
    """One command."""

    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def read_servers(path: Path) -> dict[str, Server]:
    """The servers of a file, by name; entries that are none are left out, without a file there are none."""
    try:
        given = json.loads(path.read_bytes()[:MAX_FILE_BYTES])["mcpServers"]
        entries = dict(given).items()
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    found: dict[str, Server] = {}
    for name, entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("command"), str) or not entry["command"]:
            continue
        arguments, environment = entry.get("args", []), entry.get("env", {})
        if isinstance(arguments, list) and isinstance(environment, dict):
            command = (entry["command"], *(str(a) for a in arguments))
            found[str(name)] = Server(command, {str(k): str(v) for k, v in environment.items()})
    return found
