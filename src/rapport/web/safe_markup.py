"""Text from outside becomes HTML only here: rendered, then cleaned by an allow-list."""

from __future__ import annotations

import re
from functools import cache

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3",
    "h4", "a", "table", "thead", "tbody", "tr", "th", "td", "img", "span",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "th": {"align"}, "td": {"align"}}
LINK_REL = "noopener noreferrer nofollow"
SCHEMES = {"http", "https", "mailto", "tel"}

_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")


@cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])


def markdown_html(text: str) -> str:
    """Markdown as clean HTML; raw HTML in it is shown as text, unknown tags and schemes are dropped."""
    return _clean(_renderer().render(text))


def plain_html(text: str) -> str:
    """Plain text as HTML that keeps its lines and makes web addresses clickable."""
    pieces: list[str] = []
    end = 0
    for match in _URL.finditer(text):
        pieces.append(escape(text[end : match.start()]))
        url = escape(match.group())
        pieces.append(f'<a href="{url}">{url}</a>')
        end = match.end()
    pieces.append(escape(text[end:]))
    return _clean("".join(pieces).replace("\r\n", "\n").replace("\n", "<br>"))


def _clean(html: str) -> str:
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=LINK_REL)
