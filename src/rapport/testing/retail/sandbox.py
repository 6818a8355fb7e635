"""A system of its own for one run: data directory, database, procedures, inbox, and a shop with the snapshot.

Everything a customer touches is the real thing: the public chat API's routes, the stored messages, the assistant's
jobs, the procedures, and the shop's HTTP API on a loopback port. Only processes are missing: jobs are run by
`settle`, and the shop's data go back to the snapshot between conversations.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from django.core.management import call_command
from django.db import connection

from demo_shop.app import create_app
from demo_shop.snapshot import dump_snapshot, load_snapshot
from rapport import bootstrap
from rapport.assistant import api as assistant
from rapport.connectors import api as connectors
from rapport.conversations import api as conversations
from rapport.conversations.jobs import KINDS as CONVERSATION_KINDS
from rapport.desk import jobs as desk
from rapport.jobs import api as jobs
from rapport.jobs.api import JobContext, JobKind
from rapport.kernel.clock import now
from rapport.knowledge import api as knowledge
from rapport.procedures import api as procedures_api
from rapport.testing.retail.public_api import Application, PublicApi
from rapport.testing.retail.tasks import JsonDict
from rapport.web.wsgi import application

SECRET = "retail-check"  # noqa: S105 - of a shop that lives as long as the run
IDENTITY = ("name_zip", "email_only")
"""How customers prove who they are, as the written policy of the benchmark's shop has it."""
ATTENTION_S = 5
"""How far ahead jobs are run after each move: the pause for a second text, not the queue's news."""


@dataclass(slots=True)
class Clocks:
    """CPU time that turns took [s]."""

    turns: int = 0
    turn_s: float = 0.0


class ShopData:
    """The shop's database file and the state it goes back to."""

    def __init__(self, folder: Path, snapshot: Path) -> None:
        self.path, self._base = folder / "shop.sqlite3", folder / "shop-base.sqlite3"
        load_snapshot(self._base, snapshot)
        with closing(sqlite3.connect(self._base)) as base:
            base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self._base, self.path)

    def reset(self) -> None:
        """Back to the snapshot."""
        with closing(sqlite3.connect(self._base)) as base, closing(sqlite3.connect(self.path)) as shop:
            base.backup(shop)

    def give_card(self, customer_ref: str, card: str, cents: int) -> None:
        """Give a customer one more gift card, before anything is tried."""
        with closing(sqlite3.connect(self.path)) as shop, shop:
            shop.execute(
                "INSERT INTO payment_method SELECT ?, ?, COALESCE(MAX(position), 0) + 1, 'gift_card', NULL, NULL, ?"
                " FROM payment_method WHERE customer_id = ?",
                (customer_ref, card, cents, customer_ref),
            )

    def fingerprint(self) -> str:
        """A digest of everything a customer's actions could change."""
        digest = hashlib.sha256()
        with closing(sqlite3.connect(self.path)) as shop:
            for table in ("orders", "order_item", "payment", "payment_method", "customer", "claim", "event"):
                for row in shop.execute(f"SELECT * FROM {table}"):  # noqa: S608 - names from the line above
                    digest.update(repr(row).encode())
        return digest.hexdigest()

    def read(self) -> JsonDict:
        """The whole present state, in the snapshot's shape."""
        return dump_snapshot(self.path)


@dataclass(slots=True)
class Sandbox:
    """One running system."""

    shop: ShopData
    application: Application
    inbox: str
    registry: Any
    subscriptions: Any
    clocks: Clocks = field(default_factory=Clocks)

    def front_end(self) -> PublicApi:
        """A customer's front end."""
        return PublicApi(self.application, self.inbox)

    def settle(self) -> None:
        """Run the jobs that are due."""
        until = now() + dt.timedelta(seconds=ATTENTION_S)
        jobs.run_due(self.registry, until, subscriptions=self.subscriptions)


@contextmanager
def run_shop(database: Path) -> Iterator[str]:
    """The shop's HTTP API on a free loopback port of this process; gives its address."""
    app = create_app(database, secret=SECRET, allow_backdating=True)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="warning", access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the shop did not start")
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/api/v1"
    finally:
        server.should_exit = True
        thread.join(timeout=5)


@contextmanager
def run_sandbox(folder: Path, snapshot: Path, procedures: Path, engine: Any = None) -> Iterator[Sandbox]:
    """A system in this process; Django must be set up with ``DATA_DIR`` in the folder.

    `engine` reads texts instead of the model that lies in the data directory.
    """
    (folder / "static").mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous = OFF")
    for path in procedures_api.definition_files(procedures):
        procedures_api.publish(path.read_text(encoding="utf-8"), note="retail check")
    facts = {"brand": "Retail check", "identity_methods": list(IDENTITY), "debounce_ms": 0}
    inbox = conversations.create_inbox("Retail check", "api", settings=facts)
    shop, clocks = ShopData(folder, snapshot), Clocks()
    with run_shop(shop.path) as address:
        connectors.save_connector("shop", "shop", address, SECRET, {"currency": "USD"})
        connectors.connect_by_form("document", "documents", {"shop": "Retail check"})
        registry, subscriptions = _wire(engine, clocks)
        yield Sandbox(shop, application, inbox.identifier, registry, subscriptions, clocks)


def _wire(engine: Any, clocks: Clocks) -> tuple[Any, Any]:
    """Every kind of job as in production, the assistant's turns with their CPU time."""
    runner = assistant.TurnRunner(engine or bootstrap.load_engine(), knowledge.open_searcher(None))
    kinds = [_timed(kind, clocks) for kind in assistant.job_kinds(runner)]
    others = (*CONVERSATION_KINDS, *desk.KINDS, *knowledge.job_kinds(None))
    return jobs.Registry((*kinds, *others)), desk.SUBSCRIPTIONS


def _timed(kind: JobKind, clocks: Clocks) -> JobKind:
    if kind.name != "assistant.turn":
        return kind

    def run(payload: dict[str, Any], context: JobContext) -> None:
        started = time.thread_time()
        try:
            kind.run(payload, context)
        finally:
            clocks.turns += 1
            clocks.turn_s += time.thread_time() - started

    return dataclasses.replace(kind, run=run)
