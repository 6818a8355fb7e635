"""`rapport shop load|dump`: retail snapshots in and out of the demonstration shop."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.web.config import load_config


def shop_database(data_dir: Path) -> Path:
    """Where the demonstration shop keeps its own tables."""
    return data_dir / "shop.sqlite3"


def add_parsers(commands: Commands) -> None:
    """`shop load`, `shop dump`, `shop serve`."""
    parser = commands.add_parser(
        "shop", help="the demonstration shop: load or dump its data, or run it alone"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    load = actions.add_parser(
        "load", help="replace the shop's data by a retail snapshot (JSON, may be gzipped)"
    )
    load.add_argument("file", type=Path)
    load.set_defaults(run=run_load)
    dump = actions.add_parser(
        "dump", help="write the shop's data as a retail snapshot to standard output or a file"
    )
    dump.add_argument("file", type=Path, nargs="?")
    dump.set_defaults(run=run_dump)
    serve = actions.add_parser("serve", help="run the shop alone, on a port of its own")
    serve.add_argument("--shop-port", type=int, required=True)
    serve.add_argument("--backdating", action="store_true", help="accept X-Occurred-At on writes")
    serve.set_defaults(run=run_serve)


def run_load(options: argparse.Namespace) -> int:
    """Load a snapshot; the running server sees it at once."""
    from demo_shop.snapshot import load_snapshot

    if not options.file.exists():
        sys.stderr.write(f"rapport: no such file: {options.file}\n")
        return 2
    try:
        load_snapshot(shop_database(load_config().data_dir), options.file)
    except (ValueError, LookupError, TypeError, AttributeError, EOFError, OSError) as problem:
        said = f"{type(problem).__name__}: {problem}"
        sys.stderr.write(f"rapport: {options.file} is not a retail snapshot ({said}); nothing was changed\n")
        return 2
    sys.stdout.write(f"Loaded {options.file}.\n")
    return 0


def run_dump(options: argparse.Namespace) -> int:
    """Write the shop's present state."""
    from demo_shop.snapshot import dump_snapshot

    text = json.dumps(dump_snapshot(shop_database(load_config().data_dir)), ensure_ascii=False, indent=1)
    if options.file:
        options.file.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text + "\n")
    return 0


def run_serve(options: argparse.Namespace) -> int:
    """Serve the shop under ``/shop`` until told to stop."""
    from starlette.applications import Starlette
    from starlette.routing import Mount

    from demo_shop.app import create_app
    from rapport import bootstrap
    from rapport.supervisor import serve_web

    config = load_config()
    secret = bootstrap.derive_secret(config, "demo-shop")
    shop = create_app(shop_database(config.data_dir), secret=secret, allow_backdating=options.backdating)
    serve_web("127.0.0.1", options.shop_port, lambda: Starlette(routes=[Mount("/shop", shop)]))
    return 0
