"""Files that calls leave: any name is kept as one that can be read again, and nothing is read elsewhere."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from rapport.connectors.call_files import (
    MAX_NAME_CHARS,
    files_in,
    find_file,
    has_file,
    keep_file,
    place_of,
    prune_files,
    read_file,
)
from rapport.connectors.jobs import run_prune_files
from rapport.kernel.clock import SteppedClock, use_clock
from rapport.kernel.errors import NotFound

MOMENT = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("label.pdf", "label.pdf"),
        ("_label.pdf", "label.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("Štítek č. 1.pdf", "t-tek-.-1.pdf"),
        ("..", "file"),
        (f"{'a' * 20}-{'b' * (MAX_NAME_CHARS - 5)}.pdf", f"{'b' * (MAX_NAME_CHARS - 5)}.pdf"),
    ],
)
def test_whatever_it_is_called_it_can_be_read_again(name, kept):
    file = keep_file("call:1", name, "application/pdf", b"%PDF-")
    assert (file["name"], read_file(file["ref"]), has_file("call:1", name)) == (kept, b"%PDF-", True)
    assert files_in({"file": file}) == [file]
    assert find_file("call:1", name, "application/pdf") == file


def test_what_calls_left_is_deleted_after_its_time(tmp_path, settings):
    settings.CALL_FILES_DIR = tmp_path / "calls"
    assert prune_files(MOMENT) == 0
    for key, days in (("old", 91), ("young", 89)):
        keep_file(key, "label.pdf", "application/pdf", b"%PDF-")
        left = (MOMENT - dt.timedelta(days=days)).timestamp()
        os.utime(place_of(find_file(key, "label.pdf", "application/pdf")["ref"]).parent, (left, left))
    settings.CALL_FILES_DAYS = 90
    with use_clock(SteppedClock(MOMENT)):
        run_prune_files({}, None)
    assert (has_file("old", "label.pdf"), has_file("young", "label.pdf")) == (False, True)


@pytest.mark.parametrize("ref", ["", "../secret", f"{'a' * 40}/../secret", f"{'a' * 40}/", f"{'a' * 40}/x\n"])
def test_a_reference_leads_nowhere_else(ref):
    with pytest.raises(NotFound):
        read_file(ref)
