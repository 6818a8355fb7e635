"""Colours that can always be read, and an inbox's own CSS made harmless."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rapport.widget.theme import (
    AA_TEXT,
    DISCLOSURE_GUARD,
    Rgb,
    clean_css,
    contrast,
    make_theme,
    parse_colour,
)


def token(css: str, name: str) -> tuple[Rgb, Rgb]:
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", css)
    assert found is not None
    return parse_colour(found.group(1)), parse_colour(found.group(2))


def test_contrast_is_the_one_of_the_guidelines() -> None:
    assert contrast(Rgb(0, 0, 0), Rgb(255, 255, 255)) == pytest.approx(21)
    assert contrast(Rgb(119, 119, 119), Rgb(255, 255, 255)) == pytest.approx(4.48, abs=0.005)


@given(st.tuples(*[st.integers(0, 255)] * 3))
@example((239, 239, 154))
def test_every_brand_colour_gives_readable_pairs(parts: tuple[int, int, int]) -> None:
    css = make_theme(f"#{bytes(parts).hex()}")
    grounds, texts = token(css, "accent"), token(css, "text-on-accent")
    softs, on_softs = token(css, "accent-soft"), token(css, "accent-text")
    rounding = 0.03  # colours are rounded to eight bits after they were chosen
    for ground, text in zip((*grounds, *softs), (*texts, *on_softs), strict=True):
        assert contrast(ground, text) >= AA_TEXT - rounding


@pytest.mark.parametrize("text", ["", "red", "#12", "#0f6e69; } body {", "javascript:"])
def test_what_is_no_colour_gives_the_default(text: str) -> None:
    assert parse_colour(text) == (15, 110, 105)


@pytest.mark.parametrize(
    ("given_css", "kept"),
    [
        (".brand { color: red }", ".brand { color: red }"),
        ("@import 'https://x.example/a.css'; p { margin: 0 }", "p { margin: 0 }"),
        ("p { background: URL( 'https://x.example/?a' ) }", "p { background: none }"),
        ("p { background: u\\72l(https://x.example) }", "p { background: u72l(https://x.example) }"),
        ("p { width: expression(alert(1)) }", "p { width: none) }"),
        ("@font-face { src: url(x) } p { margin: 0 }", "p { margin: 0 }"),
        ("@media (max-width: 9em) { p { margin: 0 } }", "@media (max-width: 9em) { p { margin: 0 } }"),
        ("p { color: red", "p { color: red}"),
        ("} .x { color: red }", ".x { color: red }"),
        ("/* open", ""),
        ("</style><script>", "/style>script>"),
    ],
)
def test_own_css_reaches_nothing_outside(given_css: str, kept: str) -> None:
    assert clean_css(given_css) == kept


def test_own_css_cannot_hide_that_a_machine_answers() -> None:
    assert make_theme("", ".ai-label { display: none !important").endswith(f"}}\n{DISCLOSURE_GUARD}")
