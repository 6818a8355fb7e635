"""`rapport evaluate KIND`: how well a part does on labelled data of one's own; one module per kind."""

from __future__ import annotations

from typing import Protocol

from rapport.cli.contracts import Commands
from rapport.cli.evaluating import (
    dispositions,
    entities,
    groundedness,
    injection,
    intents,
    issues,
    language,
    pii,
    retail,
    sentiment,
    tau,
)


class Kind(Protocol):
    """A module that adds one kind of evaluation."""

    def add_parser(self, kinds: Commands) -> None:
        """Add its parser, with `run` as default."""
        ...


KINDS: tuple[Kind, ...] = (
    dispositions,
    entities,
    groundedness,
    injection,
    intents,
    issues,
    language,
    pii,
    retail,
    sentiment,
    tau,
)


def add_parsers(commands: Commands) -> None:
    """`evaluate` and its kinds."""
    evaluate = commands.add_parser("evaluate", help="measure on labelled data")
    kinds = evaluate.add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind in KINDS:
        kind.add_parser(kinds)
