"""Numbers, ordinals and sweeping words by which customers point at options, in six languages."""

from __future__ import annotations

import re

from rapport.understanding.logic.calendar_words import HAN_DIGITS
from rapport.understanding.logic.cleaning import fold
from rapport.understanding.logic.phrases import compile_phrases

_ORDINALS = {
    1: "first 1st prvni prvniho prvnim jednicka jednicku erste ersten erster erstes primero primera primer "
    "первый первую первое первая первого",
    2: "second 2nd druhy druha druhou druhe druheho dvojka dvojku zweite zweiten zweiter zweites segundo segunda "
    "второй вторую второе вторая второго",
    3: "third 3rd treti tretiho trojka trojku dritte dritten dritter drittes tercero tercera tercer "
    "третий третью третье третья третьего",
    4: "fourth 4th ctvrty ctvrta ctvrtou ctvrte vierte vierten vierter viertes cuarto cuarta "
    "четвертый четвертую четвертое четвертая",
    5: "fifth 5th paty pata patou pate funfte funften funfter funftes quinto quinta пятый пятую пятое пятая",
    6: "sixth 6th sesty sesta sestou seste sechste sechsten sechster sechstes sexto sexta шестой шестую шестое шестая",
    7: "seventh sedmy sedma sedmou siebte siebten septimo septima седьмой седьмую",
    8: "eighth osmy osma osmou achte achten octavo octava восьмой восьмую",
    -1: "last posledni letzte letzten letzter letztes ultimo ultima последний последнюю последнее последняя",
}
_CARDINALS = {
    1: "one jeden jedna jednu jedno eins uno один одну одно",
    2: "two dva dve zwei dos два две",
    3: "three tri drei tres три",
    4: "four ctyri vier cuatro четыре",
    5: "five pet funf cinco пять",
    6: "six sest sechs seis шесть",
}
_ORDINAL = {fold(word): number for number, names in _ORDINALS.items() for word in names.split()}
_CARDINAL = {fold(word): number for number, names in _CARDINALS.items() for word in names.split()}
_HAN_NUMBERS = {**HAN_DIGITS, "十": 10}
_HAN = re.compile(r"第\s?([一二三四五六七八九十]|\d{1,2})|(最后)")
_HAN_WHOLE = re.compile(r"^(?:选|要|就|我要|我选)?\s?([一二三四五六七八九十两])\s?(?:号|个)?$")
_NUMBER = re.compile(
    r"(?<![\w.,#€$£¥/:-])(?:#|n[o°º]\.?\s?)?(\d{1,2})(?:\.|\)|st|nd|rd|th|号)?(?![\w€$£¥%/:-]|[.,]\d|\s?(?:kc|eur|usd|x\b|ks\b|cm|ml|gb|inch))"
)
_TOKEN = re.compile(r"\w+")

ALL = compile_phrases(
    (
        "all;all of them;everything;every one;each of them;the lot;all items;whole order;entire order;"
        "všechno;vše;všechny;všechna;všechno to;celou objednávku;úplně všechno;alle;alles;sämtliche;"
        "alle davon;die ganze bestellung;todo;todos;todas;todo el pedido;все;всё;все сразу;весь заказ;全部;"
        "所有;都要;都退;都换;都取消;整单;统统"
    ).split(";")
)
BOTH = compile_phrases(
    (
        "both;both of them;the two;oba;obě;obojí;oboje;beide;beides;alle beide;ambos;ambas;los dos;"
        "las dos;оба;обе;и то и другое;两个都;两件都;两个;俩;两者;两样都"
    ).split(";")
)
EXCEPT = compile_phrases(
    (
        "except;except for;but not;apart from;other than;all but;everything but;kromě;mimo;až na;bez;"
        "ale ne;außer;bis auf;ausgenommen;aber nicht;ohne;excepto;menos;salvo;pero no;a excepción de;"
        "кроме;за исключением;но не;без;除了;以外;之外;但不要;除"
    ).split(";")
)
NEITHER = compile_phrases(
    (
        "none;none of them;neither;nothing;žádný;žádnou;žádné;ani jeden;ani jednu;nic;keine;keines;"
        "keinen;nichts;weder noch;ninguno;ninguna;nada;ни один;ни одного;никакой;ничего;都不;都不要;一个都不"
    ).split(";")
)
CHEAPEST = compile_phrases(
    (
        "cheapest;least expensive;lowest price;cheapest one;nejlevnější;nejlevnejsiho;nejlevnejsim;"
        "billigste;billigsten;günstigste;günstigsten;preiswerteste;más barato;más barata;más económico;"
        "más económica;самый дешевый;самую дешевую;самое дешевое;подешевле;дешевле всех;最便宜"
    ).split(";")
)
DEAREST = compile_phrases(
    (
        "most expensive;priciest;highest price;dearest;nejdražší;teuerste;teuersten;más caro;más cara;"
        "самый дорогой;самую дорогую;самое дорогое;最贵"
    ).split(";")
)


def find_positions(text: str, count: int) -> list[tuple[int, int, int]]:
    """Positions 0..count-1 that folded text names, each with the span of the words that name it."""
    found: list[tuple[int, int, int]] = []
    for match in _HAN.finditer(text):
        number = -1 if match[2] else _HAN_NUMBERS.get(match[1]) or int(match[1])
        found.append((number, *match.span()))
    tokens = list(_TOKEN.finditer(text))
    found += [(_ORDINAL[token.group()], *token.span()) for token in tokens if token.group() in _ORDINAL]
    if not found:
        found = [(int(match[1]), *match.span()) for match in _NUMBER.finditer(text)]
    if not found and len(tokens) <= 3:
        found = [(_CARDINAL[m.group()], *m.span()) for m in tokens if m.group() in _CARDINAL]
        whole = _HAN_WHOLE.match(text.strip())
        if whole:
            found = [(_HAN_NUMBERS[whole[1]], 0, len(text))]
    positions = [(number - 1 if number > 0 else count - 1, start, end) for number, start, end in found]
    return [entry for entry in positions if 0 <= entry[0] < count]
