"""Text from outside never becomes active HTML."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from rapport.web.safe_markup import markdown_html, plain_html

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    '<a href="https://x.example" style="position:fixed">x</a>',
    "<svg><animate onbegin=alert(1)></svg>",
    'http://x.example/"onmouseover=alert(1)',
)


class _Active(HTMLParser):
    """Collects tags and attributes that a browser would act on."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"p", "br", "a", "img"}:
            self.found.append(tag)
        for name, value in attrs:
            if name not in {"href", "src", "alt", "rel"} or (value or "").startswith(
                ("javascript:", "data:")
            ):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("render", [markdown_html, plain_html])
def test_nothing_active_survives(render: Callable[[str], str], text: str) -> None:
    reader = _Active()
    reader.feed(render(text))
    assert reader.found == []


def test_markdown_is_rendered() -> None:
    assert markdown_html("**Two** items\n\n- lamp") == (
        "<p><strong>Two</strong> items</p>\n<ul>\n<li>lamp</li>\n</ul>\n"
    )


def test_plain_text_keeps_lines_and_links() -> None:
    assert plain_html("a & b\nsee https://shop.example/x?y=1&z=2.") == (
        'a &amp; b<br>see <a href="https://shop.example/x?y=1&amp;z=2" rel="noopener noreferrer nofollow">'
        "https://shop.example/x?y=1&amp;z=2</a>."
    )
