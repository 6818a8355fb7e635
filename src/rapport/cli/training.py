"""`rapport train` and `rapport understand`: make the model from examples, and look at what it reads."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
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
        "--examples", type=Path, help="folder of YAML examples (default: the demonstration shop's)"
    )
    train.add_argument(
        "--risk",
        type=float,
        default=DEFAULT_RISK,
        help=f"accepted share of wrong among answered (default {DEFAULT_RISK})",
    )
    train.add_argument("--seed", type=int, default=0)
    train.set_defaults(run=run_train)
    understand = commands.add_parser("understand", help="show what is read from a text")
    understand.add_argument("text")
    understand.add_argument("--json", action="store_true")
    understand.set_defaults(run=run_understand)


def run_train(options: argparse.Namespace) -> int:
    """Train, save, publish and report."""
    from rapport import bootstrap

    config = bootstrap.set_up_django()
    report = train_model(
        config.data_dir, options.examples or demo_dir() / "examples", risk=options.risk, seed=options.seed
    )
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return 0


def train_model(
    data_dir: Path, examples_dir: Path, *, risk: float = DEFAULT_RISK, seed: int = 0
) -> dict[str, Any]:
    """Train from example files and make the result current."""
    from rapport import bootstrap
    from rapport.governance import api as governance
    from rapport.understanding import api as understanding

    examples = list(understanding.load_examples(examples_dir))
    encoder = bootstrap.load_encoder()
    cached = understanding.DiskCachedEncoder(encoder, bootstrap.vector_cache(data_dir)) if encoder else None
    model, report = understanding.train(examples, cached, risk=risk, seed=seed)
    model.save(bootstrap.model_dir(data_dir))
    facts = dataclasses.asdict(report)
    governance.record_model("intents", report.version, facts)
    return facts


def run_understand(options: argparse.Namespace) -> int:
    """Everything read from one text."""
    from rapport import bootstrap

    bootstrap.set_up_django()
    from rapport.understanding.contracts import Context

    read = dataclasses.asdict(bootstrap.load_engine().understand(options.text, Context()))
    if options.json:
        sys.stdout.write(json.dumps(read, ensure_ascii=False, indent=2, default=str) + "\n")
        return 0
    sys.stdout.write(
        f"language   {read['language']} ({read['language_confidence']:.2f})   act {read['act']}\n"
    )
    for segment in read["segments"]:
        state = "accepted" if segment["accepted"] else segment["abstention"]
        sys.stdout.write(f"segment    {segment['text']!r}: {state}\n")
        for intent in segment["intents"][:4]:
            sys.stdout.write(f"   {intent['probability']:.3f}  {intent['name']}\n")
    for entity in read["entities"]:
        sys.stdout.write(f"entity     {entity['kind']} = {entity['value']}\n")
    sys.stdout.write(f"sentiment  {read['sentiment']['label']}\n")
    return 0
