"""What a visitor's browser has to fetch; these limits only ever shrink."""

from __future__ import annotations

from django.template.loader import render_to_string

from rapport.widget.assets import load_bundle, load_loader
from rapport.widget.views import FramePage

LOADER_LIMIT = 6 * 1024
FRAME_LIMIT = 60 * 1024


def test_loader_is_small() -> None:
    assert len(load_loader().packed) <= LOADER_LIMIT


def test_frame_with_every_language_is_small() -> None:
    bundle = load_bundle()
    page = FramePage("en", bundle.version, bundle.modules, "Shop", "t" * 24, "{}")
    markup = len(render_to_string("widget/frame.html", {"page": page}))
    files = sum(len(asset.packed) for name, asset in bundle.assets.items() if not name.endswith(".svg"))
    assert markup + files <= FRAME_LIMIT


def test_modules_are_short_enough_to_read() -> None:
    long = {n: a.body.count(b"\n") for n, a in load_bundle().assets.items() if n.endswith(".js")}
    assert {n: lines for n, lines in long.items() if lines > 400} == {}
