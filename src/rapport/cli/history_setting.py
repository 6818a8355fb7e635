"""What the making of history needs around it: a fast database, and the shop in a process beside."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from rapport import bootstrap
from rapport.connectors import api as connectors
from rapport.web.config import Config

START_TIMEOUT_S = 30.0


@contextmanager
def fast_database() -> Iterator[None]:
    """No waiting for the disk while history is made: after a crash the demonstration is made anew anyway."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = NORMAL")


@contextmanager
def shop_apart(config: Config) -> Iterator[None]:
    """The demonstration shop in a process of its own on a free port, accepting the moments of the past."""
    secret = bootstrap.derive_secret(config, "demo-shop")
    port = _free_port()
    command = [sys.executable, "-m", "rapport", "shop", "serve", "--shop-port", str(port), "--backdating"]
    before = next((address for key, _, address, _ in connectors.list_connectors() if key == "shop"), None)
    with subprocess.Popen(command) as shop:
        try:
            _wait_for(port)
            connectors.save_connector("shop", "shop", f"http://127.0.0.1:{port}/shop/api/v1", secret)
            yield
        finally:
            if before is not None:
                connectors.save_connector("shop", "shop", before, secret)
            shop.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "the shop did not start"
        time.sleep(0.05)
