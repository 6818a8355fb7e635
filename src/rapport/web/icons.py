"""The icon set as inline SVG: the published files, untouched; only their frame is rewritten."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ICON_DIR = Path(__file__).parent / "static" / "vendor" / "lucide-static-1.62.0" / "icons"
FALLBACK = "circle"
FRAME = (
    'focusable="false" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
)

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@cache
def icon_body(name: str) -> str:
    """The shapes of an icon; an unknown name gives a plain circle, so that data never breaks a page."""
    path = ICON_DIR / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        return icon_body(FALLBACK)
    found = _BODY.search(path.read_text(encoding="utf-8"))
    assert found is not None, f"{path.name} is not an SVG file"
    return " ".join(found.group(1).split())


def icon_svg(name: str, extra_class: str = "", label: str = "") -> str:
    """An icon in the colour and size of the text around it; silent to screen readers without a label."""
    voice = f'role="img" aria-label="{_attribute(label)}"' if label else 'aria-hidden="true"'
    classes = f"icon {_attribute(extra_class)}".strip()
    return f'<svg class="{classes}" {voice} {FRAME}>{icon_body(name)}</svg>'


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
