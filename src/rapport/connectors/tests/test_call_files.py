"""Files that calls leave: any name is kept as one that can be read again, and nothing is read elsewhere."""

from __future__ import annotations

import pytest

from rapport.connectors.call_files import (
    MAX_NAME_CHARS,
    files_in,
    find_file,
    has_file,
    keep_file,
    read_file,
    remove_files,
)
from rapport.kernel.errors import NotFound


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
    remove_files("call:1")
    assert find_file("call:1", name, "application/pdf") is None


@pytest.mark.parametrize("ref", ["", "../secret", f"{'a' * 40}/../secret", f"{'a' * 40}/", f"{'a' * 40}/x\n"])
def test_a_reference_leads_nowhere_else(ref):
    with pytest.raises(NotFound):
        read_file(ref)
