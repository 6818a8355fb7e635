"""`rapport procedures replay`: what past conversations would have come to with a changed procedure. Read only."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from pathlib import Path

from rapport.cli.contracts import Commands
from rapport.cli.procedure_files import read
from rapport.kernel.errors import NotFound

SAMPLES = 3
"""Conversations of each kind that are printed in full."""


def add_verbs(verbs: Commands) -> None:
    """`replay`."""
    replay = verbs.add_parser("replay", help="past conversations with a changed definition; nothing is done")
    replay.add_argument("file", type=Path)
    replay.add_argument("--limit", type=int, default=100, help="at most so many conversations, the newest")
    replay.add_argument("--all", action="store_true", help=f"print every difference, not {SAMPLES} of a kind")
    replay.add_argument("--json", type=Path, metavar="OUT", help="where to write every comparison")
    replay.set_defaults(run=run_replay)


def run_replay(options: argparse.Namespace) -> int:
    """Replay and print what differs; exit code 1 if anything does."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.testing.rehearsal.past import replay_past

    replay = replay_past(read(options.file), options.limit, engine=bootstrap.load_engine())
    if not replay.compared:
        raise NotFound(f"No past conversation ran {replay.procedure}.")
    if options.json:
        rows = [dataclasses.asdict(one) for one in replay.compared]
        options.json.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    for kind, found in replay.by_kind().items():
        sys.stdout.write(f"{len(found)} {kind}\n")
        for one in found[: None if options.all else SAMPLES] if kind in replay.DIFFERENT else ():
            sys.stdout.write(f"  conversation {one.conversation_id}, turn {one.turn}\n")
            sys.stdout.write("".join(f"    - {line}\n" for line in one.before.splitlines()))
            sys.stdout.write("".join(f"    + {line}\n" for line in one.after.splitlines()))
    sys.stdout.write(f"{len(replay.compared)} conversations, {replay.different} come out differently\n")
    return 1 if replay.different else 0
