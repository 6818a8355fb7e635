"""Model directories: versions as numbers (.npz) and JSON, never as pickles, and which of them is in force.

A model file can do nothing but be wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rapport.kernel.errors import NotFound
from rapport.understanding.contracts import TrainingReport
from rapport.understanding.logic.familiarity import Examples, Scale
from rapport.understanding.logic.views import Chain, Stage, View
from rapport.understanding.sentiment_model import from_arrays, to_arrays
from rapport.understanding.trained import TrainedModel

CURRENT = "current.json"
_FORMAT = 5
_KEPT_VERSIONS = 5
_SENTIMENT = "sentiment/"

Arrays = dict[str, NDArray[Any]]


class NoModel(NotFound):
    """No trained model of this release's format is in that directory; train one first."""

    code = "no_model"


def save(model: TrainedModel, folder: Path) -> None:
    """Write this version into a model directory and make it the current one."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = _put(folder / f"{model.version}.npz")
    with numbers.open("wb") as file:
        np.savez(file, allow_pickle=False, **_arrays(model))
    numbers.replace(folder / f"{model.version}.npz")
    _write_json(folder / f"{model.version}.json", _facts(model))
    activate(folder, model.version)
    for old in sorted(folder.glob("*.npz"))[:-_KEPT_VERSIONS]:
        if old.stem != model.version:
            old.unlink()
            old.with_suffix(".json").unlink(missing_ok=True)


def load(folder: Path, version: str | None = None) -> TrainedModel:
    """The current (or a named) version in a model directory.

    Raises: NoModel: nothing was trained into this directory.
    """
    version = version or current_version(folder)
    if version is None or not (folder / f"{version}.json").exists():
        raise NoModel(folder=str(folder), version=version)
    facts = json.loads((folder / f"{version}.json").read_text("utf-8"))
    if facts["format"] != _FORMAT:
        raise NoModel(folder=str(folder), version=version, format=facts["format"])
    with np.load(folder / f"{version}.npz", allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    feelings = {name.removeprefix(_SENTIMENT): arrays[name] for name in arrays if name.startswith(_SENTIMENT)}
    return TrainedModel(
        version=facts["version"],
        encoders=facts["encoders"],
        labels=tuple(facts["labels"]),
        languages=frozenset(facts["languages"]),
        rarities=_floats(arrays, "rarities"),
        views={name: _view(arrays, name) for name in facts["views"]},
        chains={frozenset(row["stages"][-1]["views"]): _chain(row) for row in facts["chains"]},
        texts=tuple(facts["texts"]),
        targets=tuple(facts["targets"]),
        sentiment=from_arrays(feelings),
        report=_report(facts["report"]),
    )


def current_version(folder: Path) -> str | None:
    """The version in use, or None where nothing was trained."""
    pointer = folder / CURRENT
    return str(json.loads(pointer.read_text("utf-8"))["version"]) if pointer.exists() else None


def list_versions(folder: Path) -> tuple[str, ...]:
    """Versions kept in a model directory, oldest first."""
    return tuple(path.stem for path in sorted(folder.glob("*.npz")) if path.with_suffix(".json").exists())


def activate(folder: Path, version: str) -> None:
    """Make a kept version the current one; running engines follow within about a second."""
    if version not in list_versions(folder):
        raise NoModel(folder=str(folder), version=version)
    _write_json(folder / CURRENT, {"version": version})


def _arrays(model: TrainedModel) -> Arrays:
    arrays: Arrays = {"rarities": model.rarities.astype(np.float16)}
    for name, view in model.views.items():
        arrays[f"{name}/centre"] = view.centre
        arrays[f"{name}/weights"] = view.weights.astype(np.float16)
        arrays[f"{name}/intercepts"] = view.intercepts
        if view.ignored is not None:
            arrays[f"{name}/ignored"] = view.ignored
        if view.examples is not None:
            arrays[f"{name}/nearest"] = np.array(view.nearest, np.float32)
            arrays[f"{name}/neighbours"] = np.array(view.neighbours)
            arrays[f"{name}/examples"] = view.examples.vectors.astype(np.float16)
            arrays[f"{name}/starts"] = view.examples.starts
            arrays[f"{name}/rows"] = view.examples.rows.astype(np.int32)
    return arrays | {_SENTIMENT + name: array for name, array in to_arrays(model.sentiment).items()}


def _facts(model: TrainedModel) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "version": model.version,
        "encoders": dict(model.encoders),
        "labels": model.labels,
        "languages": sorted(model.languages),
        "views": list(model.views),
        "chains": [_chain_facts(chain) for chain in model.chains.values()],
        "report": asdict(model.report),
        "texts": model.texts,
        "targets": model.targets,
    }


def _chain_facts(chain: Chain) -> dict[str, Any]:
    stages = [
        {
            "views": stage.views,
            "weights": stage.weights.tolist(),
            "means": stage.scale.means.tolist(),
            "spreads": stage.scale.spreads.tolist(),
            "stop_at": stage.stop_at,
            "stop_familiarity": stage.stop_familiarity,
        }
        for stage in chain.stages
    ]
    plain = {name: getattr(chain, name) for name in _CHAIN_FACTS}
    return {"stages": stages, **plain}


_CHAIN_FACTS = (
    "threshold",
    "likely_threshold",
    "least_familiarity",
    "answer_familiarity",
    "coverage",
    "error_rate",
    "bound",
    "is_certified",
    "rows",
)


def _chain(facts: Mapping[str, Any]) -> Chain:
    def row(values: list[float]) -> NDArray[np.float32]:
        return np.array(values, np.float32)

    stages = tuple(
        Stage(
            tuple(stage["views"]),
            row(stage["weights"]),
            Scale(row(stage["means"]), row(stage["spreads"])),
            stage["stop_at"],
            stage["stop_familiarity"],
        )
        for stage in facts["stages"]
    )
    return Chain(stages, **{name: facts[name] for name in _CHAIN_FACTS})


def _view(arrays: Mapping[str, NDArray[Any]], name: str) -> View:
    examples, nearest, neighbours = None, 0.0, 1
    if f"{name}/examples" in arrays:
        nearest = float(arrays.get(f"{name}/nearest", 0.0))  # models stored before it had a weight: none
        neighbours = int(arrays.get(f"{name}/neighbours", 1))
        examples = Examples(
            _floats(arrays, f"{name}/examples"),
            arrays[f"{name}/starts"],
            arrays[f"{name}/rows"].astype(np.int64),
        )
    centre, weights, intercepts = (
        _floats(arrays, f"{name}/{part}") for part in ("centre", "weights", "intercepts")
    )
    ignored = arrays.get(f"{name}/ignored")  # models stored before there were any: nothing
    return View(centre, weights, intercepts, examples, nearest, neighbours, ignored)


def _floats(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    return np.asarray(arrays[name], np.float32)


def _report(facts: dict[str, Any]) -> TrainingReport:
    return TrainingReport(**{**facts, "labels": tuple(facts["labels"]), "problems": tuple(facts["problems"])})


def _put(path: Path) -> Path:
    """Where a file is written before it takes its name, so that readers never see half of it."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def _write_json(path: Path, facts: dict[str, Any]) -> None:
    temporary = _put(path)
    temporary.write_text(json.dumps(facts, ensure_ascii=False, indent=1), "utf-8")
    temporary.replace(path)
