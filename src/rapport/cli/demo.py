"""`rapport demo`: the demonstration, made once and then started.

Each step is skipped when its result is there, so a second start takes seconds and nothing is lost.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from rapport.cli.contracts import Commands
from rapport.cli.demo_desk import make_dispositions, make_issues, make_texts
from rapport.cli.demo_telephone import make_telephone
from rapport.cli.places import demo_dir
from rapport.cli.shop import shop_database
from rapport.web.config import Config, load_config

SHOP_PREFIX = "/shop"
SHOP_ADDRESS = "Lumen & Oak\nOak Street 14\n10115 Berlin\nGermany"
"""As it stands on the demonstration's labels and forms."""
MAIL_ADDRESS = "care@lumen-oak.example"
"""Of the demonstration's e-mail inbox; nobody is written to, as its answers are files."""


def add_parsers(commands: Commands) -> None:
    """`demo`."""
    demo = commands.add_parser(
        "demo", help="make the demonstration shop and its history, and start everything"
    )
    demo.add_argument("--prepare-only", action="store_true", help="make everything, start nothing")
    demo.add_argument("--without-history", action="store_true", help="skip the 90 days of past conversations")
    demo.add_argument("--workers", type=int, default=1, help="worker processes (default 1)")
    demo.add_argument("--steps", help=argparse.SUPPRESS)
    demo.set_defaults(run=run_demo)


def run_demo(options: argparse.Namespace) -> int:
    """Prepare what is missing, then start."""
    import os

    from rapport.cli.running import start_everything

    os.environ["DEMO"] = "1"
    if options.steps:
        return _run_steps(options.steps.split(","))
    _in_child([s for s in STEPS if not (s == "history" and options.without_history)])
    config = load_config()
    _print_addresses(config)
    if options.prepare_only:
        return 0
    return start_everything(options.workers)


def _in_child(steps: list[str]) -> None:
    """Prepare in a process of its own: the parent stays small and light for hours."""
    code = _begin(steps).wait()
    if code:
        raise SystemExit(code)


def _begin(steps: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "rapport", "demo", "--steps", ",".join(steps)])


def _run_steps(names: list[str]) -> int:
    """One step after the other; understanding is trained beside reading the help centre, each on a core."""
    from rapport import bootstrap

    config = bootstrap.set_up_django()
    aside: subprocess.Popen[bytes] | None = None
    try:
        for name in names:
            if name == "knowledge" and "model" in names and not _has_model(config):
                aside = _begin(["model"])
            if name == "model" and aside is not None:
                code = aside.wait()
                if code:
                    return code
                continue
            _run_step(name, config)
    finally:
        if aside is not None and aside.poll() is None:
            aside.terminate()
            aside.wait()
    return 0


def _run_step(name: str, config: Config) -> None:
    started = time.monotonic()
    said = STEPS[name](config)
    if said:
        sys.stdout.write(f"  ✓ {said}  ({time.monotonic() - started:.1f} s)\n")
        sys.stdout.flush()


def progress(text: str) -> None:
    """One line that is written over by the next."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K  … {text}")
        sys.stdout.flush()


def make_tables(_: Config) -> str:
    """Database."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    return "database is up to date"


def make_shop(config: Config) -> str:
    """The shop's own data, its connection, and its mount."""
    from demo_shop.generate import generate
    from rapport import bootstrap
    from rapport.connectors import api as connectors

    database = shop_database(config.data_dir)
    is_new = not database.exists()
    if is_new:
        generate(database)
    mount = {SHOP_PREFIX: {"factory": "rapport.cli.demo_mount:mount_shop", "arguments": {}}}
    (config.data_dir / "mounts.json").write_text(json.dumps(mount, indent=1), encoding="utf-8")
    address = f"http://127.0.0.1:{config.port}{SHOP_PREFIX}/api/v1"
    connectors.save_connector("shop", "shop", address, bootstrap.derive_secret(config, "demo-shop"))
    if connectors.find_connector("documents") is None:
        connectors.connect_by_form("document", "documents", {"shop": SHOP_ADDRESS})
    return "shop with 500 customers and 2,000 orders" if is_new else ""


def make_desk(config: Config) -> str:
    """Inboxes, staff, teams, an API token."""
    from rapport.accounts import api as accounts
    from rapport.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
    from rapport.cli.demo_facts import facts_path, read_facts
    from rapport.conversations import api as conversations
    from rapport.kernel.ids import new_token

    if read_facts(config):
        return ""
    ids = {}
    users = {}
    for account in DEMO_ACCOUNTS:
        users[account.role] = accounts.create_staff(account.email, account.name, account.role, DEMO_PASSWORD)
        ids[account.role] = users[account.role].pk
    accounts.create_team("care", "Customer care", (ids["agent"], ids["supervisor"]))
    accounts.create_team("returns", "Returns", (ids["agent"],))
    token = accounts.create_token(users["administrator"], "demonstration", token=new_token())
    look = {"brand": "Lumen & Oak", "colour": "#0f766e", "languages": ["en", "cs", "de", "es", "ru", "zh"]}
    web = conversations.create_inbox("Lumen & Oak website", "web", settings=look)
    api = conversations.create_inbox("API", "api", settings={"brand": "Lumen & Oak"})
    facts = {
        "website_token": web.identifier,
        "website_hmac_token": web.hmac_token,
        "api_inbox_identifier": api.identifier,
        "api_hmac_token": api.hmac_token,
        "api_access_token": token,
    }
    path = facts_path(config)
    path.touch(mode=0o600)
    path.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return "inboxes, staff and teams"


def make_mail(_: Config) -> str:
    """An inbox for e-mail that needs no network: answers are written as files."""
    from rapport.channels.kinds.email import api as email

    if email.find_inbox(MAIL_ADDRESS) is not None:
        return ""
    email.create_email_inbox("Lumen & Oak mail", MAIL_ADDRESS, settings={"brand": "Lumen & Oak"})
    return f"e-mail inbox {MAIL_ADDRESS}"


def make_knowledge(config: Config) -> str:
    """The help centre's articles."""
    from rapport.knowledge import api as knowledge
    from rapport.understanding import api as understanding

    examples = understanding.load_examples(demo_dir() / "examples")
    report = knowledge.import_articles(
        demo_dir() / "articles",
        encoder=_cached_encoder(config),
        irrelevant=[
            (e.text, e.language or "en") for e in examples if e.label in {"out_of_scope", "small_talk"}
        ],
        progress=lambda done, of: progress(f"reading the help centre: {done} of {of} passages"),
    )
    progress("")
    count = report.created + report.changed
    return f"help centre of {count} articles in six languages" if count else ""


def _cached_encoder(config: Config) -> Any:
    from rapport import bootstrap
    from rapport.understanding import api as understanding

    encoder = bootstrap.load_encoder()
    return (
        understanding.DiskCachedEncoder(encoder, bootstrap.vector_cache(config.data_dir) / "e5.npz")
        if encoder
        else None
    )


def make_procedures(_: Config) -> str:
    """What the shop's team wrote."""
    from rapport.procedures import api as procedures

    paths = procedures.definition_files(demo_dir() / "procedures")
    before = len(procedures.load_book())
    answers = yaml.safe_load((demo_dir() / "checklist.yaml").read_text(encoding="utf-8"))
    for path in paths:
        if not before:
            source, cases = path.read_text(encoding="utf-8"), procedures.cases_beside(path)
            version = procedures.publish(source, note="demonstration", cases=cases)
            name = procedures.parse_definition(source).name
            procedures.record_answers(
                name, version, answers, "published with the demonstration, without the gate"
            )
    return "" if before else f"{len(paths)} procedures published"


def make_model(config: Config) -> str:
    """Understanding."""
    from rapport.cli.training import train_model

    if _has_model(config):
        return ""
    progress("reading examples in six languages")
    report = train_model(demo_dir() / "examples")
    progress("")
    return f"understanding trained on {report['rows']} examples, {report['accuracy']:.1%} right in cross-validation"


def _has_model(config: Config) -> bool:
    from rapport import bootstrap
    from rapport.understanding import api as understanding

    try:
        understanding.load_model(bootstrap.model_dir(config.data_dir))
    except understanding.NoModel:
        return False
    return True


def make_history(config: Config) -> str:
    """90 days of conversations, by simulated customers through the system itself."""
    from rapport.cli.history import simulate_history

    count = simulate_history(config, progress)
    progress("")
    return f"{count} past conversations simulated" if count else ""


STEPS: dict[str, Callable[[Config], str]] = {
    "tables": make_tables,
    "shop": make_shop,
    "desk": make_desk,
    "mail": make_mail,
    "telephone": make_telephone,
    "texts": make_texts,
    "procedures": make_procedures,
    "knowledge": make_knowledge,
    "model": make_model,
    "history": make_history,
    "dispositions": make_dispositions,
    "issues": make_issues,
}


def _print_addresses(config: Config) -> None:
    from rapport.accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
    from rapport.cli.demo_facts import read_facts

    facts = read_facts(config)
    lines = [
        "",
        f"  Shop with the widget   {config.base_url}{SHOP_PREFIX}/",
        f"  Desk                   {config.base_url}/desk/",
        f"  Help centre            {config.base_url}/help/",
        f"  API, to try            {config.base_url}/api/docs",
        '  Telephone, to try      rapport call --inbox "Demo phone"',
        "",
        f"  Desk sign-ins (password {DEMO_PASSWORD}):",
        *(f"    {a.email:<28} {a.name}, {a.role}" for a in DEMO_ACCOUNTS),
        "",
        f"  API inbox identifier   {facts.get('api_inbox_identifier', '')}",
        f"  API access token       {facts.get('api_access_token', '')}",
        f"  Mail is written to     {Path(config.data_dir) / 'mail'}",
        f"  E-mail inbox           {MAIL_ADDRESS}, by rapport mail receive < a.eml",
        "",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
