"""A server as a child process: one message a line; ended on close, with nothing of our environment."""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from typing import IO

from rapport.connectors.contracts import ConnectorDown, JsonDict, UnknownOutcome
from rapport.connectors.kinds.mcp import messages
from rapport.connectors.kinds.mcp.servers import Server

CLOSE_GRACE_S = 2.0
_QUEUE_SIZE = 100
_POLL_S = 0.02


class StdioTransport:
    """One running server; one request at a time."""

    def __init__(self, server: Server, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._inbox: queue.Queue[JsonDict] = queue.Queue(_QUEUE_SIZE)
        self._has_ended = threading.Event()
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": tempfile.gettempdir(),
            **server.environment,
        }
        try:
            self._process = subprocess.Popen(  # noqa: S603  # only commands of the operator's file
                list(server.command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=tempfile.gettempdir(),
                start_new_session=True,
            )
        except OSError as problem:
            raise ConnectorDown("the server's command cannot be started") from problem
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def request(self, method: str, params: JsonDict) -> JsonDict:
        """Ask and wait. Raises ConnectorDown (not sent), UnknownOutcome (sent, no answer), Refused."""
        deadline = time.monotonic() + self._timeout_s
        if not self._lock.acquire(timeout=self._timeout_s):
            raise ConnectorDown("the server is busy")
        try:
            number = next(self._numbers)
            self._send(messages.request(number, method, params))
            while True:
                message = self._next(deadline)
                if messages.is_answer(message, number):
                    return messages.result_of(message)
                reply = messages.answer_to(message)
                if reply is not None:
                    self._send(reply)
        finally:
            self._lock.release()

    def notify(self, method: str) -> None:
        """Tell without waiting."""
        self._send(messages.notification(method))

    def _send(self, line: bytes) -> None:
        try:
            self._stdin.write(line)
            self._stdin.flush()
        except (OSError, ValueError) as problem:
            raise ConnectorDown("the server has ended") from problem

    def _next(self, deadline: float) -> JsonDict:
        while True:
            try:
                return self._inbox.get(timeout=_POLL_S)
            except queue.Empty as problem:
                if self._has_ended.is_set() and self._inbox.empty():
                    raise UnknownOutcome("the server has ended") from problem
                if time.monotonic() > deadline:
                    raise UnknownOutcome("no answer in time") from problem

    def _read(self, stdout: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := stdout.readline(messages.MAX_MESSAGE_BYTES + 1):
                if len(line) > messages.MAX_MESSAGE_BYTES:
                    break
                message = messages.parse(line)
                if message is None or message.get("id") is None:
                    continue
                try:
                    self._inbox.put_nowait(message)
                except queue.Full:
                    break
        self._kill()
        self._has_ended.set()

    def close(self) -> None:
        """End the process and everything it started."""
        with contextlib.suppress(OSError):
            self._stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(CLOSE_GRACE_S)
        self._kill()

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
