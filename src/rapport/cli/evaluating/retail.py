"""`rapport evaluate retail`: a shop's tasks, done by scripted customers through the public chat API.

Each process has a system of its own in a temporary data directory; nothing of this installation is touched.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report
from rapport.cli.places import demo_dir

PARTS = ("customers", "gold", "mutations")


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate retail --db F --tasks F [--seeds 4] [--limit N] [--json OUT] [--transcripts F]`."""
    parser = kinds.add_parser("retail", help="a shop's tasks by scripted customers, and its policy")
    parser.add_argument("--db", type=Path, required=True, help="retail snapshot: JSON, plain or gzip")
    parser.add_argument("--tasks", type=Path, required=True, help="tasks: JSON, plain or gzip")
    parser.add_argument("--seeds", type=int, default=4, help="conversations for each task (default 4)")
    parser.add_argument("--limit", type=int, help="only the first N tasks")
    parser.add_argument(
        "--parts", default=",".join(PARTS), help=f"what to do, of {', '.join(PARTS)} (default all)"
    )
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument(
        "--model",
        type=Path,
        help="folder of a trained model (default: this installation's, else trained first)",
    )
    parser.add_argument("--transcripts", type=Path, help="where to write the first failing conversations")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--share", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it in processes, each with its share of the tasks, and print the figures."""
    if options.share:
        return _run_share(options)
    from rapport.testing.retail.report import report_of, transcripts_of
    from rapport.testing.retail.tasks import read_json, read_tasks

    parts = _parts(options.parts)
    read_tasks(options.tasks, read_json(options.db))  # a mistake in the files is told before anything starts
    folder = Path(tempfile.mkdtemp(prefix="rapport-retail-"))
    try:
        model = options.model or trained_model(folder)
        shares = _run_processes(options, folder, model)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if options.transcripts and "customers" in parts:
        options.transcripts.write_text(transcripts_of(shares), encoding="utf-8")
    write_report(report_of(shares, parts), options.json)
    return 0


def _parts(text: str) -> list[str]:
    from rapport.kernel.errors import InvalidInput

    named = [part.strip() for part in text.split(",") if part.strip()]
    unknown = [part for part in named if part not in PARTS]
    if unknown or not named:
        raise InvalidInput(f"--parts takes {', '.join(PARTS)}, not {text!r}.", field="parts")
    return named


def trained_model(folder: Path) -> Path:
    """This installation's model; without one, a model trained from the demonstration's examples."""
    from rapport.bootstrap import model_dir
    from rapport.understanding import api as understanding
    from rapport.web.config import load_config

    known = model_dir(load_config().data_dir)
    try:
        understanding.load_model(known)
    except understanding.NoModel:
        sys.stderr.write("No model of this release here: training one first.\n")
    else:
        return known
    training = folder / "training"
    command = [sys.executable, "-m", "rapport", "train", "--examples", str(demo_dir() / "examples")]
    environment = {**os.environ, "DATA_DIR": str(training)}
    migrate = [sys.executable, "-m", "rapport", "migrate"]
    for step in (migrate, command):
        subprocess.run(step, check=True, env=environment, stdout=subprocess.DEVNULL)
    return model_dir(training)


def _run_processes(options: argparse.Namespace, folder: Path, model: Path) -> list[dict[str, Any]]:
    """Start one process for each share and read what they found. Raises when one fails."""
    processes = max(1, options.processes)
    started = []
    for number in range(processes):
        place = folder / str(number)
        shutil.copytree(model, place / "models" / "intents")
        command = [sys.executable, "-m", "rapport", "evaluate", "retail", "--share", f"{number}/{processes}"]
        command += ["--db", str(options.db), "--tasks", str(options.tasks), "--seeds", str(options.seeds)]
        command += ["--parts", options.parts, "--json", str(place / "share.json")]
        command += ["--limit", str(options.limit)] if options.limit else []
        environment = {**os.environ, "DATA_DIR": str(place), "RATE_LIMITS": "0", "LANGUAGE_MODEL_URL": ""}
        environment.pop("DATABASE_URL", None)
        started.append((subprocess.Popen(command, env=environment), place / "share.json"))
    codes = [process.wait() for process, _ in started]
    if any(codes):
        raise SystemExit(max(codes))
    return [json.loads(found.read_text(encoding="utf-8")) for _, found in started]


def _run_share(options: argparse.Namespace) -> int:
    """What one process does."""
    from rapport import bootstrap

    config = bootstrap.set_up_django()
    from rapport.testing.retail.running import Share, run_share
    from rapport.testing.retail.tasks import read_json, read_tasks

    number, _, processes = options.share.partition("/")
    data = read_json(options.db)
    tasks = read_tasks(options.tasks, data)[: options.limit][int(number) :: int(processes)]
    share = Share(options.db, demo_dir() / "procedures", tasks, options.seeds, _parts(options.parts))
    found = run_share(share, data, config.data_dir)
    options.json.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return 0
