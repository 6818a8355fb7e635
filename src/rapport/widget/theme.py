"""How an inbox's widget looks: tokens worked out from its brand colour, then the inbox's own CSS.

Every pair of text and ground keeps a contrast of at least 4.5 : 1 (WCAG AA), whatever colour is chosen.
"""

from __future__ import annotations

import re
from typing import NamedTuple

DEFAULT_COLOUR = "#0f6e69"
MAX_CUSTOM_CSS_CHARS = 20_000
AA_TEXT = 4.5

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_AT_RULE = re.compile(r"@(?:import|charset|namespace|font-face)\b[^;{}]*(?:;|\{[^}]*\}|\Z)", re.IGNORECASE)
_REACHING_OUT = re.compile(r"\b(?:url|image-set|src|image|expression)\s*\([^)]*\)?", re.IGNORECASE)
_OLD_TRICKS = re.compile(r"(?:-moz-binding|behavior)\s*:[^;}]*", re.IGNORECASE)

DISCLOSURE_GUARD = (
    ".ai-label.ai-label.ai-label { display: inline-flex !important; visibility: visible !important; "
    "opacity: 1 !important; }\n"
)
"""That a machine answers is always shown, whatever an inbox's own CSS says."""


class Rgb(NamedTuple):
    """A colour; each part 0..255."""

    red: float
    green: float
    blue: float


WHITE, INK = Rgb(255, 255, 255), Rgb(20, 20, 18)
LIGHT_SURFACE, DARK_SURFACE = WHITE, Rgb(30, 29, 26)


def make_theme(colour: str, custom_css: str = "") -> str:
    """The stylesheet of one inbox's widget."""
    return f"{_tokens(parse_colour(colour))}{clean_css(custom_css)}\n{DISCLOSURE_GUARD}"


def text_colour_on(colour: str) -> str:
    """White or near-black: what can be read on a brand colour."""
    return _hex(_on(_ground(parse_colour(colour))))


def parse_colour(text: str) -> Rgb:
    """A hex colour; the default when the text is none."""
    found = text.strip() if _HEX.fullmatch(text.strip()) else DEFAULT_COLOUR
    digits = found[1:]
    if len(digits) == 3:
        digits = "".join(d * 2 for d in digits)
    return Rgb(*(int(digits[i : i + 2], 16) for i in (0, 2, 4)))


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1..21.

    Source: Web Content Accessibility Guidelines 2.2, definitions of contrast ratio and relative luminance.
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def legible(colour: Rgb, ground: Rgb) -> Rgb:
    """The colour, moved towards black or white until text in it can be read on the ground."""
    target = Rgb(0, 0, 0) if _luminance(ground) > 0.18 else WHITE
    for step in range(21):
        tried = mix(colour, target, step / 20)
        if contrast(_shown(tried), _shown(ground)) >= AA_TEXT:
            return tried
    return target


def _shown(colour: Rgb) -> Rgb:
    """The colour as it is written: in eight bits."""
    return Rgb(*(round(part) for part in colour))


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of the other colour in the one, 0..1."""
    return Rgb(*(a + (b - a) * share for a, b in zip(one, other, strict=True)))


def clean_css(text: str) -> str:
    """An inbox's own CSS without anything that loads from elsewhere or is not CSS."""
    css = _COMMENT.sub(" ", text[:MAX_CUSTOM_CSS_CHARS].replace("\\", "").replace("<", ""))
    for pattern, instead in ((_AT_RULE, " "), (_REACHING_OUT, "none"), (_OLD_TRICKS, "")):
        css = pattern.sub(instead, css)
    return _balanced(css)


def _balanced(css: str) -> str:
    """Closed at its end, so that what follows it keeps its meaning."""
    depth = 0
    kept: list[str] = []
    for char in css:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            depth = 0
            continue
        kept.append(char)
    return "".join(kept).strip() + "}" * depth


def _luminance(colour: Rgb) -> float:
    parts = [p / 255 for p in colour]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _tokens(brand: Rgb) -> str:
    light = _ground(brand)
    dark = _ground(legible(mix(brand, WHITE, 0.15), DARK_SURFACE))
    soft, dark_soft = mix(brand, WHITE, 0.88), mix(dark, DARK_SURFACE, 0.82)
    pairs = {
        "accent": (light, dark),
        "accent-hover": (_hover(light), _hover(dark)),
        "accent-text": (legible(brand, soft), legible(dark, dark_soft)),
        "accent-soft": (soft, dark_soft),
        "accent-line": (mix(brand, WHITE, 0.6), mix(dark, DARK_SURFACE, 0.55)),
        "text-on-accent": (_on(light), _on(dark)),
        "focus": (legible(brand, LIGHT_SURFACE), dark),
    }
    lines = [f"  --{name}: light-dark({_hex(a)}, {_hex(b)});" for name, (a, b) in pairs.items()]
    return ":root {\n" + "\n".join(lines) + "\n}\n"


def _ground(brand: Rgb) -> Rgb:
    """The brand colour, a little darker where neither white nor near-black could be read on it."""
    is_readable = max(contrast(WHITE, brand), contrast(INK, brand)) >= AA_TEXT
    return brand if is_readable else legible(brand, WHITE)


def _on(ground: Rgb) -> Rgb:
    return WHITE if contrast(WHITE, ground) >= AA_TEXT else INK


def _hover(ground: Rgb) -> Rgb:
    """Away from the text on it."""
    return mix(ground, INK if _on(ground) is WHITE else WHITE, 0.15)


def _hex(colour: Rgb) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour)
