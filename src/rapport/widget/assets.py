"""The files of the widget's page: read once, compressed once, under an address that changes with them."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

HERE = Path(__file__).parent
STATIC = HERE / "static" / "widget"
TOKENS = "web/tokens.css"
"""The design tokens all of Rapport's pages share."""
ICONS = "vendor/lucide-static-1.62.0/icons"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

_ICON_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    content_type: str
    body: bytes
    packed: bytes
    """The body, gzipped."""

    @classmethod
    def of(cls, suffix: str, text: str) -> Asset:
        """A text as a file of a kind."""
        body = text.encode()
        return cls(TYPES[suffix], body, gzip.compress(body, 9, mtime=0))


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything the widget's page loads."""

    version: str
    """Of the content: another content has another address."""
    assets: dict[str, Asset]

    @property
    def modules(self) -> list[str]:
        """The scripts every visitor needs, to be fetched at once."""
        return [name for name in self.assets if name.endswith(".js") and not name.startswith("words/")]


@cache
def load_bundle() -> Bundle:
    """The page's files, read once per process."""
    assets = dict(_read())
    digest = hashlib.sha256()
    for name, asset in sorted(assets.items()):
        digest.update(name.encode() + asset.body)
    return Bundle(digest.hexdigest()[:12], assets)


@cache
def load_loader() -> Asset:
    """The script other sites load."""
    return Asset.of(".js", (HERE / "loader" / "sdk.js").read_text(encoding="utf-8"))


def _read() -> Iterator[tuple[str, Asset]]:
    for path in sorted(STATIC.rglob("*")):
        if path.suffix in TYPES and path.is_file():
            name = path.relative_to(STATIC).as_posix()
            yield name, Asset.of(path.suffix, path.read_text(encoding="utf-8"))
    yield "tokens.css", Asset.of(".css", _tokens())
    yield "icons.svg", Asset.of(".svg", _sprite())


def _tokens() -> str:
    """The shared tokens; their fonts are found from the root, for the widget lives at another address."""
    return _found(TOKENS).read_text(encoding="utf-8").replace('url("../', 'url("/static/')


def _sprite() -> str:
    """The icon set as symbols of one file, so that an icon takes the colour of the text around it."""
    symbols = []
    for path in sorted(_found(ICONS).glob("*.svg")):
        found = _ICON_BODY.search(path.read_text(encoding="utf-8"))
        assert found is not None, f"{path.name} is not an SVG file"
        body = " ".join(found.group(1).split())
        symbols.append(f'<symbol id="{path.stem}" viewBox="0 0 24 24">{body}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _found(name: str) -> Path:
    path = finders.find(name)
    assert path, f"{name} is missing from the static files"
    return Path(path)
