"""`rapport shop`: what is no snapshot changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo_shop.generate import generate
from rapport.cli import main
from rapport.cli.shop import shop_database


@pytest.mark.parametrize("content", ["# a text", '{"users": 5}', '{"products": {"1": []}}', "\x1f\x8b", "[]"])
def test_what_is_no_snapshot_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    generate(shop_database(tmp_path))
    assert main(["shop", "dump", str(tmp_path / "before")]) == 0
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content, encoding="latin-1")
    assert main(["shop", "load", str(wrong)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"rapport: {wrong} is not a retail snapshot")
    assert said.count("\n") == 1
    assert main(["shop", "dump", str(tmp_path / "after")]) == 0
    assert (tmp_path / "after").read_bytes() == (tmp_path / "before").read_bytes()
