"""`rapport train`: bad rows are named and stop it; what passes is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rapport import bootstrap
from rapport.cli import main
from rapport.understanding.api import current_version, learning
from rapport.understanding.models import TrainingExample
from rapport.understanding.tests.stub_encoder import StubEncoder, examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> learning.Workshop:
    made = learning.Workshop(tmp_path / "models", StubEncoder())
    monkeypatch.setattr(bootstrap, "workshop", lambda: made)
    return made


def rows_file(tmp_path: Path, *more: dict[str, str]) -> Path:
    path = tmp_path / "rows.jsonl"
    rows = [{"text": e.text, "label": e.label, "lang": e.language} for e in examples()]
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, *more]), "utf-8")
    return path


def test_good_rows_are_trained_and_reported(
    workshop: learning.Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--examples", str(rows_file(tmp_path)), "--risk", "0.3"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["state"] == "published"
    assert report["version"] == current_version(workshop.model_dir)
    assert report["rows"] + report["comparison"]["rows"] == 60


def test_contradictions_are_named_and_stop_it(
    workshop: learning.Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows_file(tmp_path, {"text": "Where is my order?", "label": "return_items"}, {"text": "no label"})
    assert main(["train", "--examples", str(path), "--risk", "0.3"]) == 1
    said = capsys.readouterr().err
    assert "rows.jsonl line 62" in said
    assert "contradiction: 'where is my order' is labelled order_status and return_items" in said
    assert "rows.jsonl line 1, rows.jsonl line 61" in said
    assert current_version(workshop.model_dir) is None
    assert TrainingExample.objects.count() == 0
    assert main(["train", "--examples", str(path), "--risk", "0.3", "--accept-findings"]) == 0
    assert TrainingExample.objects.get(text="no label").status == "proposed"


def test_lines_that_cannot_be_read_are_named(
    workshop: learning.Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = rows_file(tmp_path)
    path.write_bytes(path.read_bytes() + b'{"text": "\xe8\xe8"}\n')
    assert main(["train", "--examples", str(path), "--accept-findings"]) == 2
    assert "✗ rows.jsonl, line 61: not a JSON object in UTF-8" in capsys.readouterr().err
    assert current_version(workshop.model_dir) is None


def test_a_frozen_file_is_never_trained_on(workshop: learning.Workshop, tmp_path: Path) -> None:
    frozen = tmp_path / "frozen.csv"
    frozen.write_text(
        "text,label,lang\nwhere did my parcel go,order_status,en\nwhere is my order,order_status,en\n"
    )
    path = rows_file(tmp_path)
    assert main(["train", "--examples", str(path), "--frozen", str(frozen), "--risk", "0.3"]) == 0
    newest = learning.list_model_versions(workshop.model_dir)[0]
    assert newest.comparison["rows"] == 2
    assert newest.report["rows"] == 59
