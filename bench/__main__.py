"""``python -m bench``: every figure of one run, as a table and as JSON."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from bench import footprint, listing, live, machine, messages, turns
from bench.figures import Figure, print_table
from bench.system import System, prepared_data

Measured: TypeAlias = tuple[list[Figure], dict[str, Any]]
GROUPS = ("footprint", "turns", "messages", "listing", "live")


def main() -> None:
    """Run the chosen groups one after another and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Speed and memory of the whole system."
    )
    parser.add_argument("--json", type=Path, help="write raw numbers here")
    parser.add_argument("--data-dir", type=Path, help="a prepared DATA_DIR to copy (default: make one)")
    parser.add_argument("--only", default=",".join(GROUPS), help=f"groups, of {', '.join(GROUPS)}")
    parser.add_argument("--conversations", type=int, default=24, help="quiet conversations of four texts")
    parser.add_argument("--crowd", type=int, default=50, help="conversations at once")
    parser.add_argument("--crowd-seconds", type=float, default=30)
    parser.add_argument("--messages", type=int, default=4000, help="messages without a turn")
    parser.add_argument("--rounds", type=int, default=150, help="looks at the conversation list")
    parser.add_argument("--streams", type=int, default=1000, help="open streams of live updates")
    parser.add_argument("--starts", type=int, default=3, help="cold starts")
    options = parser.parse_args()
    about = {"command": shlex.join(["python", "-m", "bench", *sys.argv[1:]]), **machine.describe()}
    figures: list[Figure] = []
    raw: dict[str, Any] = {}
    try:
        for group, (found, numbers) in measure(options):
            print(f"{group}: done, load {machine.load()[0]}", file=sys.stderr)
            figures += found
            raw[group] = numbers
    finally:
        about["load_at_end"] = machine.load()
        print_table(figures)
        if options.json:
            result = {"about": about, "figures": [_as_json(f) for f in figures], "raw": raw}
            options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def measure(options: argparse.Namespace) -> Iterator[tuple[str, Measured]]:
    """The chosen groups, each with its figures and raw numbers."""
    chosen = options.only.split(",")
    if unknown := set(chosen) - set(GROUPS):
        raise SystemExit(f"no such group: {', '.join(unknown)}")
    if chosen != ["live"]:
        with prepared_data(options.data_dir) as data:
            if "footprint" in chosen:
                yield "footprint", footprint.measure(data, starts=options.starts)
            yield from _on_a_running_system(options, chosen, data)
    if "live" in chosen:
        yield "live", live.figures(options.streams)


def _on_a_running_system(
    options: argparse.Namespace, chosen: list[str], data: Path
) -> Iterator[tuple[str, Measured]]:
    if not {"turns", "messages", "listing"} & set(chosen):
        return
    with System(data) as system:
        if "turns" in chosen:
            yield (
                "turns",
                turns.measure(
                    system,
                    conversations=options.conversations,
                    crowd=options.crowd,
                    crowd_s=options.crowd_seconds,
                ),
            )
        if "messages" in chosen:
            yield "messages", messages.measure(system, count=options.messages, connections=4)
        if "listing" in chosen:
            yield "listing", listing.measure(system, rounds=options.rounds)


def _as_json(figure: Figure) -> dict[str, Any]:
    return {
        "figure": figure.name,
        "bar": figure.bar,
        "value": figure.value,
        "unit": figure.unit,
        "is_met": figure.is_met,
        "note": figure.note,
    }


if __name__ == "__main__":
    main()
