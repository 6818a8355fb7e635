"""The edge with a small WSGI application, served by a real server; used by `test_servers` and
`test_supervisor`.

python -m rapport.edge.tests.served_app granian|uvicorn PORT
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.jobs.tests.settings_jobs")
django.setup()

from django.core.management import call_command  # noqa: E402

from rapport import supervisor  # noqa: E402
from rapport.edge.api import EdgeApplication, StreamGrant, StreamRequest, create_application  # noqa: E402
from rapport.jobs.api import open_feed_source, publish  # noqa: E402

closed: list[str] = []
FILE_BYTES = 64 * 1024 * 1024


class Endless:
    streaming = True

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 1000
            time.sleep(0.002)

    def close(self) -> None:
        closed.append("endless")


class Paused:
    streaming = True

    def __iter__(self) -> Iterator[bytes]:
        yield b"first"
        time.sleep(0.3)
        yield b"second"


def wsgi(environ: dict, start: Callable) -> object:
    path = environ["PATH_INFO"]
    if path == "/publish":
        first = [
            publish("news", ["desk"], {"n": n, "text": "x" * 1000})
            for n in range(int(environ["QUERY_STRING"]))
        ]
        return answer(start, str(first[-1]).encode())
    if path == "/endless":
        start("200 OK", [("Content-Type", "text/plain")])
        return Endless()
    if path == "/paused":
        start("200 OK", [("Content-Type", "text/plain")])
        return Paused()
    if path == "/file":
        file = tempfile.TemporaryFile()  # noqa: SIM115
        file.truncate(FILE_BYTES)
        start("200 OK", [("Content-Length", str(FILE_BYTES))])
        return environ["wsgi.file_wrapper"](file)
    if path == "/closed":
        return answer(start, ",".join(closed).encode())
    body = environ["wsgi.input"].read()
    return answer(
        start, f"{environ['REQUEST_METHOD']} {len(body)} {hashlib.sha256(body).hexdigest()}".encode()
    )


def answer(start: Callable, body: bytes) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def authorize(request: StreamRequest) -> StreamGrant | None:
    return StreamGrant(frozenset({"desk"})) if request.headers.get("api_access_token") == "good" else None


def make() -> EdgeApplication:
    return create_application(wsgi=wsgi, authorize=authorize, mounts={}, feed=open_feed_source(), threads=2)


def main() -> None:
    call_command("migrate", verbosity=0)
    if sys.argv[1] == "granian":
        supervisor.serve_web("127.0.0.1", int(sys.argv[2]), make)
    else:
        import uvicorn

        uvicorn.run(make(), port=int(sys.argv[2]), log_level="warning", timeout_graceful_shutdown=2)


if __name__ == "__main__":
    main()
