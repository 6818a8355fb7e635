"""`rapport up`, `rapport worker`, `rapport migrate`: the system itself."""

from __future__ import annotations

import argparse
import sys

from rapport.cli.contracts import Commands
from rapport.web.config import load_config


def add_parsers(commands: Commands) -> None:
    """`up`, `web`, `worker`, `migrate`."""
    up = commands.add_parser("up", help="start everything on one port (PORT, HOST, DATA_DIR, DATABASE_URL …)")
    up.add_argument("--workers", type=int, default=1, help="worker processes (default 1)")
    up.add_argument("--no-migrate", action="store_true", help="leave the database as it is")
    up.set_defaults(run=run_up)
    web = commands.add_parser("web", help="the web process alone")
    web.set_defaults(run=run_web)
    worker = commands.add_parser("worker", help="a worker process alone; any number may run")
    worker.add_argument("--threads", type=int, default=2)
    worker.set_defaults(run=run_worker)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=run_migrate)


def run_up(options: argparse.Namespace) -> int:
    """Migrate, then keep web and worker processes alive until told to stop."""
    is_demo = (load_config().data_dir / "mounts.json").exists()
    if is_demo:
        refresh_demo_in_child(with_tables=not options.no_migrate)
    elif not options.no_migrate:
        migrate_in_child()
    return start_everything(options.workers)


def start_everything(workers: int) -> int:
    """The light parent of all processes."""
    from rapport.supervisor import ManagedProcess, run

    rapport = [sys.executable, "-m", "rapport"]
    processes = [ManagedProcess("web", [*rapport, "web"])]
    processes += [ManagedProcess(f"worker {n}", [*rapport, "worker"]) for n in range(1, workers + 1)]
    return run(processes)


def migrate_in_child() -> None:
    """Migrate in a process of its own, so that the parent stays small."""
    import subprocess

    subprocess.run([sys.executable, "-m", "rapport", "migrate"], check=True)


def refresh_demo_in_child(*, with_tables: bool) -> None:
    """A demonstration started on another port finds its shop there; one child does all there is to do."""
    import subprocess

    steps = "tables,shop" if with_tables else "shop"
    subprocess.run([sys.executable, "-m", "rapport", "demo", "--steps", steps], check=True)


def run_web(_: argparse.Namespace) -> int:
    """Serve HTTP."""
    from rapport import bootstrap
    from rapport.supervisor import serve_web

    config = load_config()
    serve_web(config.host, config.port, bootstrap.edge_application)
    return 0


def run_worker(options: argparse.Namespace) -> int:
    """Run jobs."""
    from rapport import bootstrap
    from rapport.supervisor import die_with_parent

    die_with_parent()
    bootstrap.set_up_django()
    bootstrap.make_worker(options.threads).run()
    return 0


def run_migrate(_: argparse.Namespace) -> int:
    """Create or update the tables."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return 0
