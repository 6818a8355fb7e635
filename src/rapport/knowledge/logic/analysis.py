"""Words of a text as search compares them: folded, stemmed, without words that carry no meaning.

Folding comes before stemming, so that a text typed without diacritics gets the stems of the same text typed
with them. The script of a word decides before the language of the text does: a product name in Latin letters
inside a Chinese sentence is stemmed as English.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from typing import Any

import rjieba
import Stemmer

MAX_CHARS = 6000
"""What is analysed of one text; an article's paragraph is far shorter."""

STEMMERS = {"en": "english", "cs": "czech", "de": "german", "es": "spanish", "ru": "russian"}
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MARKS = re.compile("[\u0300-\u036f]")

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be been but by can could did do does for from had has have he her his how i if in is it"
        " its just me my of on or our please she so than that the their them then there they this to too us was we"
        " were what when where which who why will with would you your am im ive id s t m ve re ll d hi hello".split()
    ),
    "cs": frozenset(
        "a aby ale ani asi az bez bude budu by byl byla bych byt co coz do ho i ja jak jake jaky je jeho jej jeji jen"
        " jeste ji jsem jsme jsou jste k kde kdo kdy kdyz ke ktera ktere ktery ma mam mate me mi mit mne mohu moje"
        " muj muze muzete my na nad nam nas ne nebo neni o od po pod pro proc prosim s se si sve svuj ta tak take tam"
        " te ten to tu ty u uz v vam vas vase ve vy z za ze dobry den".split()
    ),
    "de": frozenset(
        "aber als am an auch auf aus bei bin bis bitte da das dass dem den der des dich die dies dir doch du ein eine"
        " einem einen einer eines er es fur habe haben hat hatte ich ihm ihn ihr ihre im in ist ja kann kein keine"
        " konnen man mein meine meinem meinen meiner mich mir mit muss nach nicht noch nun nur ob oder sein seine sich"
        " sie sind so uber um und uns unser vom von vor wann war was weg wenn wer wie wird wo zu zum zur hallo".split()
    ),
    "es": frozenset(
        "a al algo como con cual cuando cuanto de del desde donde el ella en era eres es esa ese eso esta este esto"
        " estoy fue ha hay he la las le les lo los me mi mis muy no nos o os para pero por porque puede puedo que quien"
        " quiero se ser si sin sobre son soy su sus te tengo tiene tu tus un una uno unos y ya yo hola favor".split()
    ),
    "ru": frozenset(
        "а без бы был была были было быть в вам вас ваш ваша ваши во вот все всё вы где да для до его ее её если есть"
        " еще же за и из или им их к как какая какие какой когда кто ли меня мне мной мне можно мой моя мои моего моей"
        " мы на над нам нас наш не него нее нет но ну о об он она они от по под при с свой себя со так там то тут ты"
        " у уже хочу чего чем что чтобы это эта этот я здравствуйте".split()
    ),
    "zh": frozenset(
        "的 了 吗 呢 啊 我 你 您 他 她 它 们 我们 你们 您们 是 在 有 和 与 或 就 都 也 还 把 被 给 请 这 那 这个 那个 一个 什么"
        " 怎么 怎样 如何 吧 啦 呀 要 想 能 会 可以 没有 不 很 到 请问 一下 里 个 为什么 多少".split()
    ),
}


_local = threading.local()
"""Stemmers keep state while they work, so each thread has its own."""


def _stemmer(language: str) -> Any:
    own: dict[str, Any] = _local.__dict__
    if language not in own:
        own[language] = Stemmer.Stemmer(STEMMERS[language])
    return own[language]


def fold(text: str) -> str:
    """Lower case, half width, without diacritics; Cyrillic keeps its й, which is a letter of its own."""
    lowered = unicodedata.normalize("NFKC", text).lower().replace("ß", "ss").replace("ё", "е").replace("ł", "l")
    if _CYRILLIC.search(lowered):
        lowered = lowered.replace("й", "\ue000")
        return _MARKS.sub("", unicodedata.normalize("NFD", lowered)).replace("\ue000", "й")
    return _MARKS.sub("", unicodedata.normalize("NFD", lowered))


def terms(text: str, language: str) -> list[str]:
    """The meaningful words of a text, in order, repeated as often as they occur."""
    found: list[str] = []
    for word in _WORD.findall(fold(text[:MAX_CHARS])):
        if _HAN.search(word):
            found += [part for part in rjieba.cut(word) if part not in STOP_WORDS["zh"] and part.strip()]
        elif word.isdigit():
            found.append(word)
        else:
            spoken = "ru" if _CYRILLIC.search(word) else language if language in STEMMERS and language != "ru" else "en"
            if word not in STOP_WORDS[spoken]:
                found.append(str(_stemmer(spoken).stemWord(word)))
    return found


def analysed(text: str, language: str) -> str:
    """The terms of a text as the search tables of the database hold them."""
    return " ".join(terms(text, language))
