"""`rapport evaluate tau`: a shop's tasks in free conversation, a language model with the policy in force and without.

Two servers are asked: one is the agent's model, the other plays the customers. Each process has a system of its own in
a temporary data directory; every conversation is kept as soon as it has ended, and a run that broke off goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rapport.cli.contracts import Commands
from rapport.cli.evaluating.reporting import write_report
from rapport.cli.evaluating.retail import trained_model
from rapport.cli.places import demo_dir
from rapport.kernel.errors import InvalidInput
from rapport.kernel.languages import LANGUAGES

if TYPE_CHECKING:
    from rapport.testing.retail.tasks import JsonDict
    from rapport.testing.tau.chat import ChatServer
    from rapport.testing.tau.report import Prices
    from rapport.testing.tau.setup import Setup
    from rapport.testing.tau.trials import Trial


def add_parser(kinds: Commands) -> None:
    """`rapport evaluate tau --tasks F --db F --agent-url U --user-url U --agent-model M --user-model M …`."""
    parser = kinds.add_parser("tau", help="a shop's tasks in free conversation with language models")
    parser.add_argument("--db", type=Path, required=True, help="retail snapshot: JSON, plain or gzip")
    parser.add_argument("--tasks", type=Path, required=True, help="tasks: JSON, plain or gzip")
    parser.add_argument(
        "--policy-mode",
        choices=("enforced", "off", "both"),
        default="both",
        help="commands judged by the policy, tools called unguarded, or both (default)",
    )
    parser.add_argument("--k", type=int, default=4, help="conversations for each task (default 4)")
    for who, what in (("agent", "of the agent"), ("user", "that plays the customers")):
        parser.add_argument(f"--{who}-url", required=True, help=f"OpenAI-compatible server {what}")
        parser.add_argument(f"--{who}-model", default="", help="its model (default: the only one it serves)")
        parser.add_argument(f"--{who}-key-env", metavar="NAME", help="environment variable with its key")
        parser.add_argument(f"--{who}-prices", metavar="IN/OUT", help="a million tokens, for the cost")
    parser.add_argument(
        "--agent-use",
        choices=("always", "cascade"),
        default="always",
        help="enforced: ask about every text (default), or where the embedded engine abstains",
    )
    parser.add_argument("--user-temperature", type=float, default=1.0)
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds for one answer (default 60)")
    parser.add_argument("--max-turns", type=int, default=40, help="messages of the customer (default 40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, help="only the first N tasks")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="what the customers write")
    parser.add_argument("--policy", type=Path, help="written policy (default: policy.md beside the tasks)")
    parser.add_argument("--tools", type=Path, help="tool signatures (default: tools.json beside the tasks)")
    parser.add_argument("--processes", type=int, default=1, help="conversations at the same time")
    parser.add_argument("--model", type=Path, help="folder of a trained model of the embedded engine")
    parser.add_argument("--results", type=Path, help="JSON Lines, one conversation each; gone on with")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--share", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Hold what is not held yet, in processes, and print the figures."""
    from rapport.testing.tau.report import report_of, summary
    from rapport.testing.tau.trials import BadResults, digest, forget_cut_off, read_trials

    setup = read_setup(options)
    facts = setup.facts(_digest_of(options.db), _digest_of(options.tasks))
    if options.share:
        return _run_share(options, setup, digest(facts))
    _check(options)
    folder = Path(tempfile.mkdtemp(prefix="rapport-tau-"))
    results = options.results or folder / "results.jsonl"
    try:
        forget_cut_off(results)
        strange = {t.setup for t in read_trials(results)} - {digest(facts)}
        if strange:
            raise BadResults(
                f"{results.name} was begun with other files, servers or settings: name another file."
            )
        if _left(options, setup, read_trials(results)):
            _run_processes(options, folder, results, options.model or trained_model(folder))
        trials = read_trials(results)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report = report_of(trials, facts, options.k, _prices(options))
    write_report(report, options.json)
    sys.stderr.write(summary(report))
    return 0


def read_setup(options: argparse.Namespace) -> Setup:
    """What the options say. Raises InvalidInput."""
    from rapport.testing.tau.setup import Setup, read_tools
    from rapport.testing.tau.trials import MODES

    modes = tuple(mode for mode in MODES if options.policy_mode in {mode, "both"})
    policy: str = ""
    tools: tuple[JsonDict, ...] = ()
    if "off" in modes:
        policy_file = options.policy or options.tasks.parent / "policy.md"
        tools_file = options.tools or options.tasks.parent / "tools.json"
        for option, file in (("policy", policy_file), ("tools", tools_file)):
            if not file.is_file():
                raise InvalidInput(f"Without the policy engine, --{option} is needed: there is no {file}.")
        policy, tools = policy_file.read_text(encoding="utf-8"), read_tools(tools_file)
    return Setup(
        agent=_server(options, "agent"),
        user=_server(options, "user"),
        modes=modes,
        k=options.k,
        seed=options.seed,
        language=options.language,
        most_turns=options.max_turns,
        policy=policy,
        tools=tools,
        use=options.agent_use,
    )


def _server(options: argparse.Namespace, who: str) -> ChatServer:
    from rapport.testing.tau.chat import ChatServer

    given = vars(options)
    url, name = given[f"{who}_url"], given[f"{who}_key_env"]
    if not url.startswith(("http://", "https://")):
        raise InvalidInput(f"--{who}-url must start with http:// or https://, not {url!r}.")
    if name and not os.environ.get(name):
        raise InvalidInput(f"The environment variable {name} (--{who}-key-env) is empty.")
    return ChatServer(
        url=url,
        model=given[f"{who}_model"] or "default",
        key=os.environ[name] if name else "",
        timeout_s=options.timeout,
        temperature=options.user_temperature if who == "user" else 0.0,
    )


def _check(options: argparse.Namespace) -> None:
    """Mistakes are told before anything starts. Raises InvalidInput."""
    from rapport.testing.retail.tasks import read_json
    from rapport.testing.tau.tasks import read_tau_tasks

    if options.k < 1 or options.processes < 1 or options.max_turns < 1:
        raise InvalidInput("--k, --processes and --max-turns take at least 1.")
    _prices(options)
    read_tau_tasks(options.tasks, read_json(options.db))


def _prices(options: argparse.Namespace) -> Prices:
    from rapport.testing.tau.report import Prices

    return Prices(_price(options.agent_prices), _price(options.user_prices))


def _price(text: str | None) -> tuple[float, float] | None:
    if not text:
        return None
    into, _, out = text.partition("/")
    try:
        return float(into), float(out or into)
    except ValueError as problem:
        raise InvalidInput(f"Prices are written as 0.15/0.60, not {text!r}.") from problem


def _digest_of(file: Path) -> str:
    """Raises InvalidInput."""
    if not file.is_file():
        raise InvalidInput(f"There is no file {file}.")
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def _left(options: argparse.Namespace, setup: Setup, trials: list[Trial]) -> int:
    """How many conversations are still to be held."""
    from rapport.testing.retail.tasks import read_json
    from rapport.testing.tau.tasks import read_tau_tasks

    tasks = read_tau_tasks(options.tasks, read_json(options.db))[: options.limit]
    done = {trial.key for trial in trials if trial.is_counted}
    wanted = {(mode, task.id, n) for mode in setup.modes for task in tasks for n in range(setup.k)}
    return len(wanted - done)


def _run_processes(options: argparse.Namespace, folder: Path, results: Path, model: Path) -> None:
    """The same command again in each process, with its share of the tasks."""
    started = []
    for number in range(options.processes):
        place = folder / str(number)
        shutil.copytree(model, place / "models" / "intents")
        (place / "static").mkdir()
        command = [sys.executable, "-m", "rapport", *sys.argv[1:]]
        command += ["--share", f"{number}/{options.processes}", "--results", str(results)]
        environment = {**os.environ, "DATA_DIR": str(place), "RATE_LIMITS": "0", "LANGUAGE_MODEL_URL": ""}
        environment.pop("DATABASE_URL", None)
        started.append(subprocess.Popen(command, env=environment))
    codes = [process.wait() for process in started]
    if any(codes):
        raise SystemExit(max(codes))


def _run_share(options: argparse.Namespace, setup: Setup, digest: str) -> int:
    """What one process does."""
    from rapport import bootstrap

    config = bootstrap.set_up_django()
    from rapport.testing.retail.sandbox import run_sandbox
    from rapport.testing.retail.tasks import read_json
    from rapport.testing.tau.agent_engine import make_engine
    from rapport.testing.tau.running import Run
    from rapport.testing.tau.tasks import read_tau_tasks
    from rapport.testing.tau.trials import read_trials

    number, _, processes = options.share.partition("/")
    snapshot = read_json(options.db)
    tasks = read_tau_tasks(options.tasks, snapshot)[: options.limit][int(number) :: int(processes)]
    engine = make_engine(setup, bootstrap.load_embedded_engine(), bootstrap.list_offers)
    done = {trial.key for trial in read_trials(options.results) if trial.is_counted}
    with run_sandbox(config.data_dir, options.db, demo_dir() / "procedures", engine) as sandbox:
        Run(setup, digest, sandbox, snapshot, options.results).hold_all(tasks, done, _tell)
    return 0


def _tell(trial: Trial) -> None:
    word = "ok" if trial.is_success else trial.cause
    sys.stderr.write(f"{trial.mode} task {trial.task} trial {trial.trial}: {word}, {trial.seconds:.0f} s\n")
