"""The tags every page uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils.translation import gettext, override

from rapport.kernel.clock import use_clock
from rapport.web.icons import icon_body, icon_svg
from rapport.web.wording import ago, initials, money, span_short, tone

NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with override("en"):
        yield


def _rendered(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_icons_are_silent_unless_they_have_a_label() -> None:
    assert 'aria-hidden="true"' in icon_svg("inbox")
    assert 'role="img" aria-label="Queue &quot;a&quot;"' in icon_svg("inbox", label='Queue "a"')


@pytest.mark.parametrize("name", ["no-such-icon", "../../settings", "UPPER", ""])
def test_an_unknown_icon_is_a_circle(name: str) -> None:
    assert icon_body(name) == icon_body("circle")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mia Hoffmann", "MH"),
        ("Li", "L"),
        ("", "?"),
        ("Anna Maria Černá", "AČ"),
        ("(test) b", "B"),
        ("王伟", "王"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_the_tone_of_a_name_is_stable_and_within_the_palette() -> None:
    assert tone("Mia Hoffmann") == tone(" mia hoffmann ")
    assert {tone(str(n)) for n in range(200)} == set(range(8))


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, "now"), (59, "now"), (60, "1 min"), (3599, "59 min"), (7200, "2 h"), (172800, "2 d")],
)
def test_short_spans(seconds: float, expected: str) -> None:
    assert span_short(seconds) == expected


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        (dt.timedelta(seconds=5), "just now"),
        (dt.timedelta(minutes=1), "1 minute ago"),
        (dt.timedelta(hours=3), "3 hours ago"),
        (dt.timedelta(days=2), "2 days ago"),
        (dt.timedelta(days=9), "2026-02-20"),
    ],
)
def test_ago(earlier: dt.timedelta, expected: str) -> None:
    assert ago(NOON - earlier, NOON) == expected


def test_timeago_carries_the_exact_moment() -> None:
    with use_clock(lambda: NOON):
        html = _rendered("{% timeago at %}", at=NOON - dt.timedelta(minutes=4))
    assert 'datetime="2026-03-01T11:56:00+00:00"' in html
    assert ">4 minutes ago</time>" in html


@pytest.mark.parametrize(("share", "width"), [(0.5, "50.0"), (-1, "0.0"), (7, "100.0"), (None, "0.0")])
def test_a_bar_never_leaves_its_frame_and_has_no_inline_style(share: float | None, width: str) -> None:
    html = _rendered("{% bar share %}", share=share)
    assert f'<rect width="{width}"' in html
    assert "style" not in html


def test_money_in_the_readers_manner() -> None:
    assert money(1234.5, "eur", "de") == "1.234,50\xa0€"
    assert money(5, "USD", "en") == "$5.00"
    assert money(None, "EUR", "en") == "—"


def test_a_missing_page_has_no_address() -> None:
    assert _rendered("[{% url_if_any 'no:such' 1 %}]") == "[]"


def test_every_offered_language_has_its_wording() -> None:
    words = set()
    for code, _ in settings.LANGUAGES:
        with override(code):
            words.add(gettext("Take the next one"))
            assert gettext("%(n)d minute ago") != ""
    assert len(words) == len(settings.LANGUAGES)


@pytest.mark.parametrize(("n", "expected"), [(1, "před 1 minutou"), (5, "před 5 minutami")])
def test_plurals_follow_the_language(n: int, expected: str) -> None:
    with override("cs"):
        assert ago(NOON - dt.timedelta(minutes=n), NOON) == expected
