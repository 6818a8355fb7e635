"""`rapport procedures checklist`: what was looked at before a procedure went live, as text, Markdown or JSON."""

from __future__ import annotations

import argparse
import json
import sys

from rapport.cli.contracts import Commands
from rapport.kernel.languages import LANGUAGES


def add_verbs(verbs: Commands) -> None:
    """`checklist`."""
    parser = verbs.add_parser("checklist", help="what was looked at before a procedure went live")
    parser.add_argument("name")
    parser.add_argument("--version", type=int, help="the one in force unless given")
    parser.add_argument("--format", choices=("markdown", "json"), default="markdown")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.set_defaults(run=run_checklist)


def run_checklist(options: argparse.Namespace) -> int:
    """Print it; exit code 1 while a required item is open."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.procedures import api as procedures

    data = procedures.make_checklist(options.name, options.version)
    if options.format == "json":
        sys.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    else:
        title = f"{data['procedure']}, version {data['version']}"
        title += "" if data.get("is_stored", True) else " (as things are now)"
        sys.stdout.write(procedures.as_markdown(title, data, options.language))
    return int(any(item["required"] and item["state"] == "open" for item in data["items"]))
