"""Product pictures drawn by code: a few flat shapes in the shop's tones, light and dark.

``data/pictures.json`` holds each picture as steps: ``r`` rectangle (x y width height radius), ``c`` circle
(x y radius), ``e`` ellipse, ``p`` filled path, ``s`` and ``t`` thick and thin stroke. The letter after the
step names the tone.
"""

from functools import cache
from typing import Final, cast

from demo_shop.vocabulary import load_data

_STYLE: Final = """<style>
.a{fill:#35523f}.b{fill:#bf8850}.c{fill:#f2b544}.d{fill:#fffdf8}.g{fill:#a9bcab}.k{fill:#22271f}
.y{fill:#f2b544;opacity:.22}.s,.t{fill:none;stroke-linecap:round;stroke-linejoin:round}
.s{stroke-width:9}.t{stroke-width:4}.o-a{stroke:#35523f}.o-b{stroke:#bf8850}.o-c{stroke:#f2b544}
.o-d{stroke:#fffdf8}.o-g{stroke:#a9bcab}.o-k{stroke:#22271f}
@media (prefers-color-scheme:dark){.a{fill:#6f9a80}.b{fill:#c99765}.d{fill:#efe6d6}.g{fill:#4f6656}
.k{fill:#11140f}.o-a{stroke:#6f9a80}.o-b{stroke:#c99765}.o-d{stroke:#efe6d6}.o-g{stroke:#4f6656}.o-k{stroke:#11140f}}
</style>"""


def _shape(step: str) -> str:
    kind, rest = step[0], step[1:].strip()
    tone = rest[0]
    numbers = rest[1:].strip()
    if kind in "st":
        return f'<path class="{kind} o-{tone}" d="{numbers}"/>'
    if kind == "p":
        return f'<path class="{tone}" d="{numbers}"/>'
    values = numbers.split()
    if kind == "c":
        x, y, radius = values
        return f'<circle class="{tone}" cx="{x}" cy="{y}" r="{radius}"/>'
    if kind == "e":
        x, y, across, down = values
        return f'<ellipse class="{tone}" cx="{x}" cy="{y}" rx="{across}" ry="{down}"/>'
    x, y, width, height, radius = values
    return f'<rect class="{tone}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>'


_PARCEL: Final = (
    "r b 44 66 112 92 10; r c 90 66 20 92 0; p a M44 76 L62 46 H138 L156 76 Z; r d 60 128 24 12 3"
)


@cache
def draw_picture(name: str) -> str:
    """Draw one picture; an unknown name gives a parcel, as imported products have none."""
    steps = str(cast("dict[str, str]", load_data("pictures")).get(name, _PARCEL))
    shapes = "".join(_shape(step.strip()) for step in steps.split(";"))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="14 14 172 172">{_STYLE}{shapes}</svg>'
