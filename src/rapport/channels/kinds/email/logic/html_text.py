"""HTML mails as readable text: paragraphs, lists and quotations kept, everything else dropped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

MAX_HTML_CHARS = 1_000_000
MAX_DEPTH = 200
MAX_BROKEN = 10
"""So many tags without an end are told from what follows them."""
_SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript", "object", "svg", "select"})
_BLOCKS = frozenset(
    "p div section article header footer table tr ul ol dl dt dd h1 h2 h3 h4 h5 h6 pre address form fieldset"
    " center".split()
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "pre", "blockquote"})
_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr keygen command".split()
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![-\w])(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:;|$)|font-size\s*:\s*0",
    re.IGNORECASE,
)


class _Writer(HTMLParser):
    """Collects lines with the depth of quotation they stand in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self._line = ""
        self._quoted = 0
        self._open: list[tuple[str, bool]] = []
        """Tags that are open, and whether their content is not shown."""
        self._hidden = 0
        self._pre = 0
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _VOID:
            self._void(tag, given)
            return
        if len(self._open) >= MAX_DEPTH:
            return
        is_hidden = tag in _SKIPPED or bool(_HIDDEN.search(given.get("style", ""))) or "hidden" in given
        if tag in _BLOCKS or tag in {"blockquote", "li"}:
            self._end_line()
        if tag in _SPACED:
            self._blank()
        self._open.append((tag, is_hidden))
        self._hidden += is_hidden
        self._pre += tag == "pre"
        if tag == "blockquote":
            self._quoted += 1
        elif tag == "li":
            self._line = "- "
        elif tag in {"td", "th"} and self._line.strip():
            self._line += "  "
        elif tag == "a":
            self._link = given.get("href", "")

    def _void(self, tag: str, given: dict[str, str]) -> None:
        if tag == "br":
            self._end_line(is_break=True)
        elif tag == "hr":
            self._end_line()
            self._blank()
        elif tag == "img" and not self._hidden and (words := given.get("alt", "").strip()):
            self._line += f"[{words[:200]}]"

    def handle_endtag(self, tag: str) -> None:
        if all(tag != name for name, _ in self._open):
            return
        while self._open:
            name, is_hidden = self._open.pop()
            self._hidden -= is_hidden
            self._pre -= name == "pre"
            if name in _BLOCKS or name in {"blockquote", "li"}:
                self._end_line()
            if name in _SPACED:
                self._blank()
            if name == "blockquote":
                self._quoted -= 1
            if name == tag:
                break
        if tag == "a" and self._link:
            address, self._link = self._link, ""
            is_elsewhere = (
                address.startswith(("http://", "https://")) and address.rstrip("/") not in self._line
            )
            if is_elsewhere and not self._hidden and len(address) <= 300:
                self._line += f" ({address})"

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            first, *others = data.split("\n")
            self._line += first
            for line in others:
                self._end_line(is_break=True)
                self._line = line
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def _end_line(self, *, is_break: bool = False) -> None:
        if self._line.strip() or is_break:
            self.lines.append((self._quoted, self._line.rstrip()))
        self._line = ""

    def _blank(self) -> None:
        if self.lines and self.lines[-1][1]:
            self.lines.append((self._quoted, ""))

    def finish(self) -> str:
        self._end_line()
        shown = [f"{'> ' * min(depth, 8)}{line}".rstrip() for depth, line in self.lines]
        text = re.sub(r"(?:\n[ \t]*){3,}", "\n\n", "\n".join(shown))
        lines = text.split("\n")
        while len(lines) > 1 and not lines[-1].strip("> \t"):
            lines.pop()
        return "\n".join(lines).strip()


def _end_broken(writer: _Writer) -> None:
    """Read what the parser still waits with: tags that never end. It would look through all the rest for each."""
    for _ in range(MAX_BROKEN):
        rest, writer.rawdata = writer.rawdata, ""
        writer.feed(f"&lt;{rest[1:]}" if rest.startswith("<") else rest)
    writer.rawdata = writer.rawdata.replace("<", "&lt;")
    writer.close()


def html_to_text(html: str) -> str:
    """The text of a page as a person reads it; quotations are marked with ``>``."""
    writer = _Writer()
    try:
        writer.feed(html[:MAX_HTML_CHARS])
        _end_broken(writer)
    except (AssertionError, ValueError):  # the parser's own complaints about broken declarations
        pass
    return writer.finish().replace("\xa0", " ")
