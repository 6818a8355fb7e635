"""MCP servers as child processes and what is believed of them."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from rapport.connectors.contracts import ActionEffect, ConnectorDown
from rapport.connectors.kinds.mcp.servers import Server, read_servers
from rapport.connectors.kinds.mcp.stdio import StdioTransport
from rapport.connectors.kinds.mcp.tools import read_tool

ECHO = """
import json, os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps({"jsonrpc": "2.0", "method": "ping", "id": "p"}), flush=True)
    answer = json.loads(sys.stdin.readline())
    result = {"environment": dict(os.environ), "pids": [os.getpid(), child.pid], "pong": answer}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
"""


def _is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def test_a_program_gets_nothing_of_ours_and_ends_with_all_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "ours")
    server = Server((sys.executable, "-c", ECHO), {"STOCK_TOKEN": "theirs"})
    transport = StdioTransport(server, 10.0)
    result = transport.request("anything", {})
    transport.close()
    assert {k for k in result["environment"] if not k.startswith("LC_")} == {
        "PATH",
        "LANG",
        "HOME",
        "STOCK_TOKEN",
    }
    assert result["pong"] == {"jsonrpc": "2.0", "id": "p", "result": {}}
    deadline = time.monotonic() + 5
    while any(_is_alive(pid) for pid in result["pids"]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in result["pids"] if _is_alive(pid)] == []
    assert os.environ["SECRET_KEY"] == "ours"


def test_a_command_that_is_not_there_is_a_system_that_is_down() -> None:
    with pytest.raises(ConnectorDown):
        StdioTransport(Server(("/no/such/program",)), 1.0)


def test_the_operator_s_file_is_read_as_far_as_it_holds_servers(tmp_path: Path) -> None:
    path = tmp_path / "mcp_servers.json"
    assert read_servers(path) == {}
    for broken in ("", "[]", "{}", '{"mcpServers": 3}'):
        path.write_text(broken)
        assert read_servers(path) == {}
    good = {"command": "/opt/x", "args": ["-v", 1], "env": {"A": "b"}}
    path.write_text(
        json.dumps({"mcpServers": {"x": good, "y": {"args": []}, "z": {"command": "z", "env": []}}})
    )
    assert read_servers(path) == {"x": Server(("/opt/x", "-v", "1"), {"A": "b"})}


@pytest.mark.parametrize("given", [None, 3, {}, {"name": ""}, {"name": 4}, {"name": "x" * 201}])
def test_what_is_no_tool_is_left_out(given: object) -> None:
    assert read_tool(given) is None


def test_a_tool_s_words_are_made_plain_and_its_claims_only_suggest() -> None:
    given = {
        "name": "x",
        "description": "a\u202e\x1b[31m\nb",
        "annotations": {"readOnlyHint": "yes"},
        "inputSchema": [],
    }
    tool = read_tool(given)
    assert tool is not None
    assert tool.description == "a[31m b"
    assert tool.likely_effect is ActionEffect.WRITE
    changed = read_tool({**given, "description": "other"})
    assert changed is not None
    assert changed.digest != tool.digest
