"""The card of a published model: what it was made of, what it can and cannot do; JSON and Markdown beside it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from rapport.kernel.clock import now
from rapport.understanding.api import TrainedModel
from rapport.understanding.evaluation.measures import interval
from rapport.understanding.learning import queries
from rapport.understanding.learning.fairness import swap_names
from rapport.understanding.learning.workshop import Workshop
from rapport.understanding.models import ModelVersion

LICENCES = {
    "import": "as the files' author states",
    "agent": "written by this organisation's staff",
    "message": "customers' messages, personal data replaced, withdrawn customers left out",
}


def write_card(workshop: Workshop, model: TrainedModel) -> dict[str, Any]:
    """Make the card and store it beside the model as ``<version>.card.json`` and ``.card.md``."""
    card = make_card(workshop, model)
    folder: Path = workshop.model_dir
    (folder / f"{model.version}.card.json").write_text(
        json.dumps(card, ensure_ascii=False, indent=1), "utf-8"
    )
    (folder / f"{model.version}.card.md").write_text(as_markdown(card), "utf-8")
    return card


def make_card(workshop: Workshop, model: TrainedModel) -> dict[str, Any]:
    """Everything the card says; JSON."""
    rows = queries.training_rows()
    taught = [row for row in rows if not row.is_held_out]
    report, version = model.report, ModelVersion.objects.filter(version=model.version).first()
    comparison = version.comparison if version else {}
    low, high = interval(report.accuracy, report.rows)
    doubts = [p for p in report.problems if p.startswith("doubtful")]
    return {
        "name": "intents",
        "version": model.version,
        "date": now().date().isoformat(),
        "encoder": model.encoder_id,
        "purpose": "Reads what a customer asks for; abstains below its threshold.",
        "data": {
            "rows": len(taught),
            "held_out": len(rows) - len(taught),
            "labels": _counts(row.label for row in taught),
            "languages": _counts(row.language or "?" for row in taught),
            "sources": [
                {"source": name, "rows": count, "licence": LICENCES.get(name, LICENCES["message"])}
                for name, count in Counter(row.source for row in taught).most_common()
            ],
        },
        "results": {
            "cross_validated": {
                "accuracy": round(report.accuracy, 4),
                "interval": [round(low, 4), round(high, 4)],
                "coverage": round(report.coverage, 4),
                "error_rate": round(report.error_rate, 4),
                "threshold": round(report.threshold, 4),
            },
            "held_out": {
                name: comparison.get(name)
                for name in ("rows", "accuracy", "accuracy_interval", "risk", "languages", "levels")
            },
            "compared_with": version.compared_with if version else "",
            "difference_interval": comparison.get("difference_interval"),
        },
        "fairness": swap_names(workshop, model),
        "known_failures": {
            "confusions": comparison.get("confusions", [])[:10],
            "doubtful_rows": doubts[:10],
            "notes": [p for p in report.problems if not p.startswith("doubtful")][:20],
        },
        "override_reason": version.override_reason if version else "",
    }


def _counts(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def as_markdown(card: dict[str, Any]) -> str:
    """The card for people."""
    data, results, fairness = card["data"], card["results"], card["fairness"]
    crossed, held_out = results["cross_validated"], results["held_out"]
    lines = [
        f"# Model card: {card['name']} {card['version']}",
        "",
        f"{card['purpose']} Made on {card['date']} with the encoder `{card['encoder']}`.",
        "",
        "## Data",
        "",
        f"{data['rows']} texts trained on, {data['held_out']} held out. Rows by source and licence:",
        "",
        *(f"- {s['source']}: {s['rows']} ({s['licence']})" for s in data["sources"]),
        "",
        _table("language", data["languages"]),
        _table("intent", data["labels"]),
        "## Results",
        "",
        f"- Cross-validated accuracy {_with_interval(crossed['accuracy'], crossed['interval'])}",
        _at_threshold(crossed),
    ]
    if held_out.get("rows"):
        measured = _with_interval(held_out["accuracy"], held_out["accuracy_interval"])
        lines += [f"- On {held_out['rows']} held-out texts {measured}", _risk_line(held_out["risk"])]
    lines += ["", "## Fairness", "", fairness["summary"], "", "## Known failures", ""]
    failures = card["known_failures"]
    lines += [f"- {c['label']} read as {c['read_as']}: {c['rows']}" for c in failures["confusions"]]
    lines += [f"- {note}" for note in (*failures["doubtful_rows"], *failures["notes"])]
    if card["override_reason"]:
        lines += ["", f"Published although it did not pass: {card['override_reason']}"]
    return "\n".join(lines) + "\n"


def _with_interval(share: float, bounds: list[float]) -> str:
    return f"{share:.1%} (95 % interval {bounds[0]:.1%} to {bounds[1]:.1%})"


def _table(title: str, counts: dict[str, int]) -> str:
    rows = "".join(f"| {name} | {count} |\n" for name, count in counts.items())
    return f"| {title} | texts |\n|---|---|\n{rows}"


def _at_threshold(crossed: dict[str, Any]) -> str:
    answered, wrong = crossed["coverage"], crossed["error_rate"]
    return f"- At the threshold {crossed['threshold']}: {answered:.1%} answered, {wrong:.1%} of them wrong"


def _risk_line(risk: dict[str, Any]) -> str:
    found = f"found {risk['error']:.1%} (95 % bound {risk['bound']:.1%}) at {risk['coverage']:.1%} coverage"
    return f"- Asked for at most {risk['asked']:.1%} wrong among answered; {found}"
