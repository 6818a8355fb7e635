"""Live updates: many open streams on loopback, events published by another process.

    python bench/live.py                      # 1,000 streams, 20 events/s for 10 s
    python bench/live.py --streams 200 --server uvicorn

Prints deliveries, the server process's CPU seconds (/proc/<pid>/stat), deliveries per CPU second, and
p50/p99 of the time from commit to client. Needs nothing but the installed package; makes its own database.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [] if __package__ else [str(Path(__file__).resolve().parent.parent)]

from bench import machine  # noqa: E402
from bench.figures import Figure  # noqa: E402

SETTINGS = "rapport.jobs.tests.settings_jobs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--per-second", type=float, default=20)
    parser.add_argument("--burst", type=int, default=1, help="events per transaction")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--server", choices=("granian", "uvicorn"), default="granian")
    parser.add_argument("--role", choices=("bench", "server", "publisher"), default="bench")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    if options.role == "server":
        return serve(options)
    if options.role == "publisher":
        return publish(options)
    return bench(options)


def figures(streams: int) -> tuple[list[Figure], dict[str, Any]]:
    """The benchmark in processes of its own, as lines of the table."""
    command = [sys.executable, __file__, "--streams", str(streams)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = next(json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))
    missing = found["expected"] - found["deliveries"]
    return [
        Figure(
            f"live: deliveries a server CPU second, {streams:,} streams",
            found["deliveries_per_cpu_s"],
            at_least=30_000,
        ),
        Figure("live: commit to browser, p99", found["p99_ms"], "ms", at_most=250),
        Figure("live: not delivered", missing, at_most=0, note=f"of {found['expected']:,}"),
    ], {**found, "load": machine.load()}


def serve(options: argparse.Namespace) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from rapport import supervisor
    from rapport.edge.api import StreamGrant, create_application
    from rapport.jobs.api import open_feed_source

    def make():
        return create_application(
            wsgi=lambda _environ, start: (start("404 Not Found", []), [b""])[1],
            authorize=lambda _request: StreamGrant(frozenset({"desk"})),
            mounts={},
            feed=open_feed_source(),
        )

    if options.server == "granian":
        supervisor.serve_web("127.0.0.1", options.port, make)
    else:
        import uvicorn

        uvicorn.run(make(), port=options.port, log_level="warning", timeout_graceful_shutdown=1)


def publish(options: argparse.Namespace) -> None:
    import django
    from django.db import transaction

    django.setup()
    from rapport.jobs.api import publish as publish_event

    end, count = time.time() + options.seconds, 0
    while time.time() < end:
        with transaction.atomic():
            for _ in range(options.burst):
                count += 1
                publish_event("message_created", ["desk"], {"at": time.time(), "text": "x" * 300})
        time.sleep(1 / options.per_second)
    print(count)


async def listen(port: int, count: int, until: float) -> tuple[int, list[float]]:
    lags: list[float] = []
    received = 0

    async def one() -> None:
        nonlocal received
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
        while chunk := await reader.read(65536):
            received += chunk.count(b"event: message_created")
            begin = chunk.rfind(b'{"at":')
            if begin >= 0:
                lags.append(time.time() - float(chunk[begin + 6 : chunk.index(b",", begin)]))

    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(one()))
        if number % 50 == 49:
            await asyncio.sleep(0.05)
    print("connected", flush=True)
    await asyncio.sleep(until)
    for task in tasks:
        task.cancel()
    return received, lags


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def bench(options: argparse.Namespace) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/live.sqlite3",
        }
        again = [sys.executable, __file__, *sys.argv[1:], "--port", str(port), "--role"]
        server = subprocess.Popen([*again, "server"], env=env)
        try:
            wait_for(port)
            received, lags, published, cpu, wall = measure(options, server.pid, port, again, env)
            print(
                json.dumps(
                    {
                        "server": options.server,
                        "streams": options.streams,
                        "published": published,
                        "deliveries": received,
                        "expected": published * options.streams,
                        "cpu_s": round(cpu, 2),
                        "wall_s": round(wall, 1),
                        "deliveries_per_cpu_s": round(received / cpu) if cpu else None,
                        "p50_ms": round(1000 * lags[len(lags) // 2], 1),
                        "p99_ms": round(1000 * lags[int(len(lags) * 0.99)], 1),
                        "rss_mb": round(memory_mb(server.pid), 1),
                    }
                )
            )
        finally:
            server.send_signal(signal.SIGTERM)
            begun = time.time()
            server.wait(20)
            print(f"stopped in {time.time() - begun:.2f} s")


def measure(options, pid, port, again, env):
    async def both():
        listening = asyncio.create_task(listen(port, options.streams, options.seconds + 5))
        await asyncio.sleep(3)
        before, begun = cpu_seconds(pid), time.time()
        publisher = await asyncio.create_subprocess_exec(*again, "publisher", env=env, stdout=subprocess.PIPE)
        output, _ = await publisher.communicate()
        await asyncio.sleep(0.5)
        spent, wall = cpu_seconds(pid) - before, time.time() - begun
        received, lags = await listening
        return received, sorted(lags), int(output), spent, wall

    return asyncio.run(both())


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
