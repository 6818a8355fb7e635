"""The `rapport` command: one module per group of subcommands, each adding its own parser.

Knows everything below it; nothing imports it.
"""

from __future__ import annotations

import argparse
import os
import sys

from rapport import __version__
from rapport.cli import (
    calling,
    configuring,
    demo,
    doctor,
    erasing,
    evaluating,
    figures,
    insights,
    mailing,
    procedures,
    reporting,
    running,
    shop,
    talking,
    training,
    trying,
)
from rapport.kernel.errors import RapportError

GROUPS = (
    running,
    demo,
    talking,
    calling,
    training,
    evaluating,
    shop,
    configuring,
    erasing,
    trying,
    procedures,
    insights,
    mailing,
    reporting,
    figures,
    doctor,
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors Rapport knows are one line, not a traceback."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # its threads spin; small products gain nothing from them
    parser = argparse.ArgumentParser(
        prog="rapport", description="Self-hosted customer service that explains itself."
    )
    parser.add_argument("--version", action="version", version=f"rapport {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in GROUPS:
        group.add_parsers(commands)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except RapportError as problem:
        sys.stderr.write(f"rapport: {problem}\n")
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
