"""What the making of history needs around it: a fast database, and the shop in this process."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.db import connection
from starlette.applications import Starlette
from starlette.routing import Mount

from demo_shop.app import create_app
from rapport import bootstrap
from rapport.cli.shop import shop_database
from rapport.connectors import api as connectors
from rapport.web.config import Config

START_TIMEOUT_S = 10.0


@contextmanager
def fast_database() -> Iterator[None]:
    """No waiting for the disk while history is made: after a crash the demonstration is made anew anyway."""
    if connection.vendor != "sqlite":
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
def shop_in_process(config: Config) -> Iterator[None]:
    """The demonstration shop on a free port of this process, accepting the moments of the past."""
    secret = bootstrap.derive_secret(config, "demo-shop")
    shop = create_app(shop_database(config.data_dir), secret=secret, allow_backdating=True)
    app = Starlette(routes=[Mount("/shop", shop)])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        settings = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        _wait_until_started(server)
        before = next((address for key, _, address, _ in connectors.list_connectors() if key == "shop"), None)
        connectors.save_connector("shop", "shop", f"http://127.0.0.1:{port}/shop/api/v1", secret)
        try:
            yield
        finally:
            if before is not None:
                connectors.save_connector("shop", "shop", before, secret)
            server.should_exit = True
            thread.join(timeout=START_TIMEOUT_S)


def _wait_until_started(server: uvicorn.Server) -> None:
    until = time.monotonic() + START_TIMEOUT_S
    while not server.started:
        assert time.monotonic() < until, "the shop did not start"
        time.sleep(0.02)
