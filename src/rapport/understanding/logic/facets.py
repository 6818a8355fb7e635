"""Colours and sizes in six languages as one word each, so that "modrou" finds "blue" and "groß" finds "L"."""

from __future__ import annotations

from functools import lru_cache

from rapport.understanding.logic.cleaning import fold

_COLOURS = {
    "blue": "blue modr~ blau~ azul~ син~ 蓝 蓝色",
    "red": "red cerven~ rot~ roj~ красн~ 红 红色",
    "green": "green zelen~ grun~ verde verdes зелен~ 绿 绿色",
    "black": "black cern~ schwarz~ negr~ черн~ 黑 黑色",
    "white": "white bil~ weiss~ weis~ blanc~ бел~ 白 白色",
    "yellow": "yellow zlut~ gelb~ amarill~ желт~ 黄 黄色",
    "grey": "grey gray sed~ grau~ gris grises сер~ 灰 灰色",
    "brown": "brown hned~ braun~ marron marrones коричнев~ 棕 褐 棕色",
    "pink": "pink ruzov~ rosa rosas rosafarben~ розов~ 粉 粉色",
    "purple": "purple violet fialov~ lila violett~ morad~ фиолетов~ 紫 紫色",
    "orange": "orange oranzov~ orang~ naranja naranjas оранжев~ 橙 橙色",
    "silver": "silver stribrn~ silbern~ silber platead~ серебрист~ 银 银色",
    "gold": "gold golden zlat~ gold~ dorad~ золот~ 金 金色",
    "beige": "beige bezov~ бежев~ 米色",
    "turquoise": "turquoise tyrkysov~ turkis~ turques~ бирюзов~",
}
_SIZES = {
    "xs": "xs",
    "s": "s small smaller smallest mal~ mensi nejmensi klein~ kleiner~ pequen~ chic~ маленьк~ мал~ 小号",
    "m": "m medium middle stredn~ mittel~ median~ средн~ 中号",
    "l": "l large larger largest big bigger velk~ vetsi nejvetsi gross~ gros~ grande grandes больш~ 大号",
    "xl": "xl",
    "xxl": "xxl 2xl",
}
_ENDINGS = tuple(
    "a e i o y u em en er es ou ym ych ymi eho emu ej as os ии ая ое ые ого ому ую ых ыми ыи яя ее ие ого ои ем ом им их юю его".split()
)


def _forms() -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    stems: dict[str, str] = {}
    for prefix, facets in (("colour", _COLOURS), ("size", _SIZES)):
        for name, words in facets.items():
            for word in fold(words).split():
                (stems if word.endswith("~") else exact)[word.rstrip("~")] = f"{prefix}={name}"
    return exact, stems


_EXACT, _STEMS = _forms()


@lru_cache(maxsize=8192)
def facet_of(word: str) -> str | None:
    """``colour=blue``, ``size=m`` or nothing, for one folded word in any ending."""
    if word in _EXACT:
        return _EXACT[word]
    if word in _STEMS:
        return _STEMS[word]
    for ending in _ENDINGS:
        if word.endswith(ending):
            found = _STEMS.get(word[: -len(ending)])
            if found:
                return found
    return None
