"""Differences word by word."""

from __future__ import annotations

import pytest

from rapport.knowledge.logic.text_diff import diff_words


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("a b", "a b", [("same", "a b")]),
        (
            "takes 5 days",
            "takes 6 days",
            [("same", "takes"), ("removed", " 5"), ("added", " 6"), ("same", " days")],
        ),
        ("", "new", [("added", "new")]),
        ("one\n\ntwo", "one", [("same", "one"), ("removed", "\n\ntwo")]),
        ("三天内", "五天内", [("removed", "三"), ("added", "五"), ("same", "天内")]),
    ],
)
def test_pieces(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert [(p.kind, p.text) for p in diff_words(before, after)] == pieces


@pytest.mark.parametrize(("before", "after"), [("a  b c", "a x c\nd"), ("x", ""), ("été 5 °C", "été, 6 °C.")])
def test_nothing_is_lost(before: str, after: str) -> None:
    pieces = diff_words(before, after)
    assert "".join(p.text for p in pieces if p.kind != "removed") == after
