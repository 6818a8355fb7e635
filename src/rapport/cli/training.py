"""`rapport train` and `rapport understand`: make the model from examples, and look at what it reads."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rapport.cli.contracts import Commands
from rapport.cli.places import demo_dir

DEFAULT_RISK = 0.05
"""Wrong among answered that the demonstration accepts: below it more customers would be asked what they meant."""


def add_parsers(commands: Commands) -> None:
    """`train` and `understand`."""
    train = commands.add_parser(
        "train", help="train understanding from examples; takes effect without a restart"
    )
    train.add_argument(
        "--examples",
        type=Path,
        help="folder or file of examples: YAML, JSON Lines, CSV (default: the demonstration shop's)",
    )
    train.add_argument(
        "--frozen",
        type=Path,
        help="file of labelled texts that measure each new model and are never trained on",
    )
    train.add_argument(
        "--risk",
        type=float,
        default=DEFAULT_RISK,
        help=f"accepted share of wrong among answered (default {DEFAULT_RISK})",
    )
    train.add_argument("--seed", type=int, default=0)
    train.add_argument(
        "--accept-findings", action="store_true", help="train although the data have blocking findings"
    )
    train.add_argument(
        "--override",
        metavar="REASON",
        default="",
        help="publish although the model does not pass; goes on record",
    )
    train.set_defaults(run=run_train)
    understand = commands.add_parser("understand", help="show what is read from a text")
    understand.add_argument("text")
    understand.add_argument("--json", action="store_true")
    understand.add_argument(
        "--engine",
        choices=("configured", "embedded", "cascade", "language-model"),
        default="configured",
        help="which engine reads; the last two ask the server that LANGUAGE_MODEL_URL names",
    )
    understand.set_defaults(run=run_understand)


def run_train(options: argparse.Namespace) -> int:
    """Check the data, train, compare, publish and report; exit code 1 when nothing was published."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    source = options.examples or demo_dir() / "examples"
    findings = _findings(source)
    for finding in findings:
        sys.stderr.write(f"{'✗' if finding.is_blocking else '·'} {finding}\n")
    if any(finding.is_blocking for finding in findings) and not options.accept_findings:
        sys.stderr.write(
            "rapport: nothing was trained; repair these rows, or repeat with --accept-findings\n"
        )
        return 1
    wish = Wish(options.risk, options.seed, options.accept_findings, options.override, options.frozen)
    report = train_model(source, wish)
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return 0 if report["state"] == "published" else 1


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """How to train."""

    risk: float = DEFAULT_RISK
    seed: int = 0
    accepts_findings: bool = False
    override: str = ""
    frozen: Path | None = None


def _findings(source: Path) -> Sequence[Any]:
    """What is wrong with the files; lines that cannot be read at all are named as well."""
    from rapport.kernel.errors import RapportError
    from rapport.understanding import api as understanding

    try:
        return understanding.find_findings(understanding.load_examples(source))
    except RapportError as problem:
        for said in problem.facts.get("problems", ()):
            sys.stderr.write(f"✗ {problem.facts.get('file', source.name)}, {said}\n")
        if "problems" not in problem.facts:
            sys.stderr.write(f"✗ {', '.join(f'{k} {v}' for k, v in problem.facts.items())}\n")
        raise


def train_model(examples: Path, wish: Wish | None = None) -> dict[str, Any]:
    """Read example files into the table of examples, train from it, and publish what passes."""
    from rapport import bootstrap
    from rapport.understanding import api as understanding

    wish, learning = wish or Wish(), understanding.learning
    if wish.frozen:
        learning.sync_examples(understanding.load_examples(wish.frozen), is_frozen=True)
    learning.sync_examples(understanding.load_examples(examples))
    order = learning.Order(
        risk=wish.risk,
        seed=wish.seed,
        accepts_findings=wish.accepts_findings,
        override_reason=wish.override,
        is_forced=True,
    )
    outcome = learning.retrain(bootstrap.workshop(), order)
    return {
        **outcome.report,
        "version": outcome.version,
        "state": outcome.state,
        "findings": list(outcome.findings),
        "failures": list(outcome.failures),
        "comparison": outcome.comparison,
        "stages_cpu_s": outcome.cpu_s,
    }


def run_understand(options: argparse.Namespace) -> int:
    """Everything read from one text."""
    from rapport import bootstrap

    config = bootstrap.set_up_django()
    from rapport.understanding.contracts import Context

    if options.engine in {"cascade", "language-model"} and config.language_model is None:
        sys.stderr.write(
            "rapport: no language model is configured; set LANGUAGE_MODEL_URL and LANGUAGE_MODEL_NAME\n"
        )
        return 1
    match options.engine:
        case "embedded":
            engine = bootstrap.load_embedded_engine()
        case "cascade":
            engine = bootstrap.make_engine("cascade")
        case "language-model":
            engine = bootstrap.make_engine("always")
        case _:
            engine = bootstrap.load_engine()
    read = dataclasses.asdict(engine.understand(options.text, Context()))
    if options.json:
        sys.stdout.write(json.dumps(read, ensure_ascii=False, indent=2, default=str) + "\n")
        return 0
    sys.stdout.write(
        f"language   {read['language']} ({read['language_confidence']:.2f})   act {read['act']}\n"
    )
    if len(read["languages"]) > 1:
        shares = ", ".join(f"{code} {share:.2f}" for code, share in read["languages"])
        sys.stdout.write(f"mixed      {shares}\n")
    for segment in read["segments"]:
        state = "accepted" if segment["accepted"] else segment["abstention"]
        sys.stdout.write(f"segment    {segment['text']!r}: {state}\n")
        for intent in segment["intents"][:4]:
            sys.stdout.write(f"   {intent['probability']:.3f}  {intent['name']}\n")
    for entity in read["entities"]:
        sys.stdout.write(f"entity     {entity['kind']} = {entity['value']}\n")
    sys.stdout.write(f"sentiment  {read['sentiment']['label']}\n")
    sys.stdout.write(f"model      {' · '.join(str(part) for part in read['model'].values())}\n")
    return 0
