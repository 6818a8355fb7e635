"""Answers as events: whole, of the file that was dropped, and of nothing outside of the folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from rapport.connectors.answer_files import list_answer_events, read_answer_file
from rapport.connectors.contracts import ConnectorDown
from rapport.connectors.kinds.file_drop.system import compose
from rapport.connectors.models import Connector

FILES = """
book:
  format: json
  fields: {order: "{order_id}"}
  answer: "{file}.ok"
silent:
  format: json
  fields: {order: "{order_id}"}
"""
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settings = compose("drop", {"folder": str(tmp_path), "files": FILES})
    Connector.objects.create(key="drop", kind="file_drop", settings=settings)
    return tmp_path


def _answer(folder: Path, name: str, text: str, *, age_s: float = 60.0) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    changed = path.stat().st_mtime - age_s
    os.utime(path, (changed, changed))


def _read(file_name: str, event: str = "drop.book_answer") -> dict[str, Any] | None:
    return read_answer_file(event, file_name)


def test_only_layouts_with_an_answer_have_an_event(folder: Path) -> None:
    assert list_answer_events() == {"drop.book_answer"}
    Connector.objects.update(is_enabled=False)
    assert list_answer_events() == frozenset()


def test_an_answer_is_found_by_the_file_it_answers(folder: Path) -> None:
    assert _read("book-1.json") is None
    _answer(folder, "book-1.ok", "number: 77\nby: Ada")
    assert _read("book-1.json") == {"text": "number: 77\nby: Ada", "data": {"number": "77", "by": "Ada"}}
    assert _read("book-2.json") is None
    assert _read("book-1.json", "drop.silent_answer") is None


def test_an_answer_that_is_still_written_to_is_not_there_yet(folder: Path) -> None:
    _answer(folder, "book-1.ok", "numb", age_s=0.0)
    assert _read("book-1.json") is None


@pytest.mark.parametrize("name", ["../secret.json", "", "a/b.json", "x" * 200 + ".json"])
def test_nothing_outside_of_the_folder_is_read(folder: Path, name: str) -> None:
    assert _read(name) is None


def test_a_link_is_no_answer(folder: Path, tmp_path: Path) -> None:
    _answer(folder, "elsewhere", "number: 1")
    (folder / "book-1.ok").symlink_to(folder / "elsewhere")
    os.utime(folder / "book-1.ok", (1, 1), follow_symlinks=False)
    with pytest.raises(ConnectorDown):
        _read("book-1.json")
