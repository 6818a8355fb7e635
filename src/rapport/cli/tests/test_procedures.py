"""`rapport procedures`: what each verb prints and answers, and what the gate keeps back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rapport.accounts.models import AuditEntry
from rapport.cli import main
from rapport.procedures import api as procedures
from rapport.procedures.models import ProcedureVersion

pytestmark = pytest.mark.django_db

HOURS = """procedure: opening_hours
version: 1
title: {en: Opening hours}
identify: none
done: {en: "We are here from nine to five."}
"""
CASES = """procedure: opening_hours
cases:
  - {name: says when, steps: [], expect: {ends: done, says: [from nine]}}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "opening_hours.yaml"
    path.write_text(HOURS, encoding="utf-8")
    path.with_name("opening_hours.tests.yaml").write_text(CASES, encoding="utf-8")
    procedures.forget_book()
    return path


def test_publishing_runs_the_gate_and_keeps_the_cases(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(file), str(file.with_name("opening_hours.tests.yaml"))]
    assert main(["procedures", "publish", *files]) == 1
    said = capsys.readouterr().out
    assert "the gate is closed: Somebody has read the wording: 2 texts" in said
    assert "a person may answer: --answer languages=... --answer wording=... --answer failure=..." in said
    answers = [f"--answer={item}=agreed with the owner" for item in ("languages", "wording", "failure")]
    assert main(["procedures", "publish", *files, *answers]) == 0
    said = capsys.readouterr().out
    assert "opening_hours: 1 test cases, 0 fail; pass^1 1.000 (threshold 0.90)" in said
    assert "opening_hours: version 1 is in force" in said
    assert ProcedureVersion.objects.get().cases == CASES
    procedures.forget_book()
    assert main(["procedures", "test", "opening_hours"]) == 0
    capsys.readouterr()
    assert main(["procedures", "checklist", "opening_hours"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# opening_hours, version 1\n")
    assert "  - yes: agreed with the owner (command line, " in said
    assert main(["procedures", "checklist", "opening_hours", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"][0]["state"] == "not_needed"
    assert main(["procedures", "publish", str(file)]) == 0  # in force before: nothing to rehearse


def test_a_failing_case_keeps_it_back_unless_somebody_answers_for_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(HOURS.replace("nine", "noon"), encoding="utf-8")
    assert main(["procedures", "test", str(file)]) == 1
    assert main(["procedures", "publish", str(file)]) == 1
    assert "the gate is closed: 1 of 1 test cases fail: says when" in capsys.readouterr().out
    assert procedures.list_versions("opening_hours") == []
    assert main(["procedures", "publish", str(file), "--override", "short"]) == 2
    assert procedures.list_versions("opening_hours") == []
    assert main(["procedures", "publish", str(file), "--override", "agreed with the owner"]) == 0
    assert (
        AuditEntry.objects.get(kind="procedure_gate_overridden").detail["reason"] == "agreed with the owner"
    )


def test_a_threshold_is_shown_set_and_on_record(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    procedures.publish(HOURS)
    assert main(["procedures", "gate", "opening_hours", "--threshold", "0.75"]) == 0
    assert capsys.readouterr().out == "opening_hours: pass^1 of at least 0.75\n"
    assert AuditEntry.objects.get(kind="procedure_threshold").detail == {"from": 0.9, "to": 0.75}
    assert main(["procedures", "gate", "opening_hours", "--threshold", "2"]) == 2
    assert main(["procedures", "gate", "nothing", "--threshold", "0.5"]) == 2


def test_texts_are_shown_compared_and_formatted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    procedures.publish(HOURS)
    file.write_text(HOURS.replace("version: 1\ntitle: {en: Opening hours}", "title: {en: Hours}\nversion: 1"))
    assert main(["procedures", "show", "opening_hours", "--version", "1"]) == 0
    assert "opening_hours, version 1: Opening hours" in capsys.readouterr().out
    assert main(["procedures", "diff", "opening_hours", "1", str(file)]) == 1
    assert "wording title [en] changed (line 3/2)" in capsys.readouterr().out
    assert main(["procedures", "diff", "opening_hours", str(file)]) == 1
    assert "wording title [en] changed (line 3/2)" in capsys.readouterr().out
    assert main(["procedures", "diff", "opening_hours", "1", "1"]) == 0
    assert main(["procedures", "diff", "opening_hours", "1", "one"]) == 2
    assert main(["procedures", "format", "--check", str(file)]) == 1
    assert main(["procedures", "format", str(file)]) == 0
    assert main(["procedures", "format", "--check", str(file)]) == 0
    assert main(["procedures", "show", "nothing"]) == 2


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedures", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Rapport procedure"


def test_a_simulation_is_printed_and_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.json"
    given = ["--k", "2", "--customers", "1", "--languages", "en,ru", "--personas", "terse,forbidden"]
    assert main(["procedures", "simulate", str(file), *given, "--json", str(out)]) == 0
    said = capsys.readouterr().out
    assert "opening_hours: 4 conversations, 0 failed" in said
    assert "forbidden         nothing to attempt here" in said
    assert json.loads(out.read_text(encoding="utf-8"))["pass"] == [1.0, 1.0]
    assert main(["procedures", "simulate", str(file), "--personas", "nobody"]) == 2
    assert main(["procedures", "simulate", str(file), "--languages", "fr"]) == 2


def test_cases_are_checked_for_their_form(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = file.with_name("opening_hours.tests.yaml")
    cases.write_text("procedure: opening_hours\n", encoding="utf-8")
    assert main(["procedures", "check", str(file), str(cases)]) == 1
    assert "cases: there are no cases" in capsys.readouterr().out


def test_kinds_of_records_that_no_system_lists_are_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slot = 'slots:\n  contract: {type: KIND, ask: {en: "Which?"}}\ndone'
    file.write_text(HOURS.replace("done", slot.replace("KIND", "crm.contract")), encoding="utf-8")
    assert main(["procedures", "check", str(file)]) == 1
    said = capsys.readouterr().out
    assert "line 6, column 14: slots.contract.type: no connected system has records 'crm.contract'" in said
    assert "known: shop.appointment, " in said
    file.write_text(HOURS.replace("done", slot.replace("KIND", "shop.order")), encoding="utf-8")
    assert main(["procedures", "check", str(file)]) == 0


def test_fields_that_no_record_has_are_named_with_what_may_be_meant(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slot = 'slots:\n  order: {type: shop.order, where: "WHERE", ask: {en: "Which?"}}\ndone'
    file.write_text(HOURS.replace("done", slot.replace("WHERE", "order.statuss == 'x'")), encoding="utf-8")
    assert main(["procedures", "check", str(file)]) == 1
    said = capsys.readouterr().out
    assert (
        "line 6, column 29: slots.order.where: 'order' has no field 'statuss'; did you mean 'status'?" in said
    )
    file.write_text(HOURS.replace("done", slot.replace("WHERE", "order.status == 'x'")), encoding="utf-8")
    assert main(["procedures", "check", str(file)]) == 0


def test_publishing_works_in_a_process_of_its_own(tmp_path: Path) -> None:
    """These tests run where Django is ready; the command has to make it ready itself."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("procedure: wrong\n", encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "rapport", "procedures", "publish", str(wrong)],
        env={**kept, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "wrong.yaml" in done.stdout
