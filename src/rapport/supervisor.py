"""What `rapport up` runs: a small parent that starts the server and the workers and keeps them alive.

It imports neither Django nor any capability. Children write to the same terminal; a child that dies is
started again; a stop is passed on and bounded; children do not outlive a parent that was killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

STEADY_S = 10.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
MAX_CONNECTIONS = 16_384
PR_SET_PDEATHSIG = 1
SUPERVISOR_VARIABLE = "RAPPORT_SUPERVISOR"
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class ManagedProcess:
    """A command to be kept running."""

    name: str
    """What messages call it."""
    argv: Sequence[str]
    """Program and arguments."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables set beside the inherited ones."""
    stop_s: float = 15.0
    """How long it may take to stop before it is killed [seconds]."""
    tries: int = 5
    """Give everything up when it dies this often in a row without ever having run for 10 seconds."""


def run(commands: Sequence[ManagedProcess]) -> int:
    """Run commands until SIGTERM, SIGINT or SIGHUP; returns the exit code for the whole.

    0 after a stop that was asked for; the code of the command that could not be started otherwise.
    """
    children = [_Child(command) for command in commands]
    with _Signals() as signals:
        code = _watch(children, signals)
        _stop(children, signals)
    return code


def die_with_parent() -> None:
    """End this process when the supervisor that started it ends; does nothing when there is none.

    On Linux the kernel sees to it, elsewhere a thread that watches.
    """
    supervisor = os.environ.get(SUPERVISOR_VARIABLE)
    if supervisor is None:
        return
    if os.getppid() == 1 != int(supervisor):  # it died before we came to this
        os._exit(1)
    if supervisor == str(os.getppid()) and not _ask_kernel(signal.SIGKILL):
        threading.Thread(target=_watch_parent, args=(int(supervisor),), name="parent", daemon=True).start()


def serve_web(host: str, port: int, application_factory: Callable[[], Any], *, grace_s: float = 10.0) -> None:
    """Serve an ASGI application in this process until SIGTERM or SIGINT; the web child's main function.

    Args:
        host: address to listen on.
        port: port to listen on.
        application_factory: makes the application; its `drain`, if any, is called before the server stops.
        grace_s: how long open requests may take after the signal [seconds].
    """
    import asyncio  # noqa: PLC0415 - the parent must stay small

    die_with_parent()
    check_port(host, port)
    asyncio.run(_serve(host, port, application_factory(), grace_s))


def check_port(host: str, port: int) -> None:
    """Stop this process with a plain message when something else listens there already."""
    import socket  # noqa: PLC0415 - the parent must stay small

    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        message = error.strerror or str(error)
        raise SystemExit(f"rapport: can't listen on {host} port {port}: {message}. Set PORT.") from error


async def _serve(host: str, port: int, application: Any, grace_s: float) -> None:
    import asyncio  # noqa: PLC0415 - the parent must stay small

    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.errors import FatalError  # noqa: PLC0415
    from granian.server.embed import Server  # noqa: PLC0415

    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        backlog=2048,
        backpressure=MAX_CONNECTIONS,
        log_enabled=False,
    )
    server.workers_kill_timeout = math.ceil(grace_s)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        drain = getattr(application, "drain", None)
        if drain is not None:
            drain()
        loop.call_later(0.1, server.stop)  # streams say good-bye first

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await server.serve()
    except FatalError as error:
        raise SystemExit("rapport: the server did not start; the reason is above.") from error
    except TimeoutError:
        _say("some requests did not end in time; stopping without them")
        os._exit(0)


class _Child:
    """One command, its process, and when it may be started again."""

    def __init__(self, command: ManagedProcess) -> None:
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.start_at = 0.0
        self.quick_deaths = 0
        self.was_steady = False

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            list(self.command.argv),
            env={**os.environ, SUPERVISOR_VARIABLE: str(os.getpid()), **self.command.env},
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C reaches the parent alone, which stops the children in order
            preexec_fn=_in_child if sys.platform == "linux" else None,  # noqa: PLW1509 - the parent has no threads
        )

    def has_died(self) -> int | None:
        """The exit code, once, if the process has ended."""
        code = self.process.poll() if self.process is not None else None
        if code is not None:
            self.process = None
        return code

    def plan_restart(self, code: int) -> float:
        """Decide when to start again; returns the pause [seconds].

        A process that was killed from outside is started again at once and for ever; only one that ends by
        itself, again and again, is given up.
        """
        lived_s = time.monotonic() - self.started_at
        if code == -signal.SIGKILL:
            self.start_at = time.monotonic() + FIRST_PAUSE_S
            return FIRST_PAUSE_S
        self.was_steady |= lived_s >= STEADY_S
        self.quick_deaths = 0 if lived_s >= STEADY_S else self.quick_deaths + 1
        pause_s: float = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** max(0, self.quick_deaths - 1))
        self.start_at = time.monotonic() + pause_s
        return pause_s

    @property
    def is_hopeless(self) -> bool:
        return not self.was_steady and self.quick_deaths >= self.command.tries

    def signal(self, number: int) -> None:
        """Signal the whole group, so that what the command started hears it too."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class _Signals:
    """Wakes the parent for signals without polling; counts the requests to stop."""

    def __enter__(self) -> Self:
        self.stops = 0
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self._before = {number: signal.signal(number, self._on_stop) for number in STOP_SIGNALS}
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        self._wakeup_before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._read)
        os.close(self._write)

    def wait(self, timeout_s: float) -> None:
        """Sleep until a signal arrives, at most `timeout_s`."""
        select.select([self._read], [], [], max(0.0, timeout_s))
        with contextlib.suppress(BlockingIOError):
            os.read(self._read, 512)

    def _on_stop(self, *_: object) -> None:
        self.stops += 1


def _watch(children: Sequence[_Child], signals: _Signals) -> int:
    while not signals.stops:
        now = time.monotonic()
        for child in children:
            code = child.has_died()
            if code is not None:
                pause_s = child.plan_restart(code)
                if child.is_hopeless:
                    _say(f"{child.command.name} does not start (exit code {code}); giving up")
                    return code if 0 < code < 256 else 1
                _say(f"{child.command.name} ended with code {code}; starting it again in {pause_s:g} s")
            elif child.process is None and child.start_at <= now:
                child.start()
        waits = [child.start_at - time.monotonic() for child in children if child.process is None]
        signals.wait(min([5.0, *waits]))
    return 0


def _stop(children: Sequence[_Child], signals: _Signals) -> None:
    begun, asked = time.monotonic(), signals.stops
    for child in children:
        child.signal(signal.SIGTERM)
    while any(child.process is not None for child in children):
        for child in children:
            if child.has_died() is None and child.process is not None:
                is_late = time.monotonic() - begun > child.command.stop_s
                if is_late or signals.stops > asked:
                    _say(f"{child.command.name} did not stop in time; killing it")
                    child.signal(signal.SIGKILL)
                    child.process.wait()
        signals.wait(0.2)


def _in_child() -> None:
    """Between fork and exec: end with the parent, and start with default signal handling."""
    _ask_kernel(signal.SIGKILL)
    for number in (*STOP_SIGNALS, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)


def _ask_kernel(number: int) -> bool:
    if sys.platform != "linux":
        return False
    return bool(_LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) == 0)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _say(text: str) -> None:
    sys.stderr.write(f"rapport: {text}\n")
    sys.stderr.flush()


_LIBC = ctypes.CDLL(None)
