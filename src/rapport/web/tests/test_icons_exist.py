"""Every icon a page, a procedure or a template of procedures names is there; the fallback is for data only."""

from __future__ import annotations

import re
from pathlib import Path

from rapport.web.icons import ICON_DIR
from rapport.web.navigation import PLACES

PACKAGE = Path(__file__).parents[2]
DEMO = PACKAGE.parents[1] / "demo"
IN_TEMPLATE = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|<c-[a-z.-]+[^>]*?\sicon="([a-z0-9-]+)\"""")
IN_PROCEDURE = re.compile(r"^icon:\s*([a-z0-9-]+)", re.MULTILINE)


def _named() -> set[str]:
    names = {place.icon for place in PLACES}
    for path in PACKAGE.rglob("*.html"):
        names |= {a or b for a, b in IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))}
    for path in [*DEMO.rglob("*.yaml"), *(PACKAGE / "procedures" / "templates").glob("*.yaml")]:
        names |= set(IN_PROCEDURE.findall(path.read_text(encoding="utf-8")))
    return names


def test_every_named_icon_is_vendored() -> None:
    names = _named()
    assert len(names) > 40
    assert {n for n in names if not (ICON_DIR / f"{n}.svg").is_file()} == set()
