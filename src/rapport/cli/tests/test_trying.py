"""`rapport try`: what an action would do, without doing it."""

from __future__ import annotations

import argparse

import pytest

from rapport.cli import trying
from rapport.connectors import api as connectors
from rapport.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db

FILES = """
book:
  format: text
  name: "order-{order.id}"
  template: "ORDER {order.id} {note}"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr("rapport.bootstrap.set_up_django", lambda: None)
    connectors.connect_by_form("file_drop", "drop", {"folder": str(tmp_path), "files": FILES})
    return tmp_path


def _try(*words):
    parser = argparse.ArgumentParser()
    trying.add_parsers(parser.add_subparsers())
    options = parser.parse_args(["try", *words])
    return options.run(options)


def test_the_file_is_shown_and_not_dropped(folder, capsys):
    assert _try("drop.book", 'order={"id": "W1"}', "note=a=b") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("order-W1-")
    assert shown[2:] == ["ORDER W1 a=b", "→ 12 bytes; nothing was dropped"]
    assert [path for path in folder.iterdir() if path.is_file()] == []


def test_a_refusal_is_told(folder, capsys):
    assert _try("drop.book", "note=x") == 1
    assert "refused: invalid_arguments no value for order" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "problem"),
    [(["drop.none"], NotFound), (["drop.book", "x"], InvalidInput), (["drop.book", "order={"], InvalidInput)],
)
def test_mistakes_are_named(folder, words, problem):
    with pytest.raises(problem):
        _try(*words)


def test_an_action_that_cannot_be_tried_without_effect_is_not(folder, tmp_path):
    given = {"place": "csv", "folder": str(tmp_path), "file": "t.csv", "columns": "a"}
    connectors.connect_by_form("table", "rows", given)
    with pytest.raises(NotFound):
        _try("rows.append_row", "a=1")
    assert not (tmp_path / "t.csv").exists()
