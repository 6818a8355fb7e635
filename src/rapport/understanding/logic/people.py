"""Names of people who introduce themselves or sign, in six languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.understanding.contracts import Entity

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-Ž\u0400-\u042f]"
_WORD = rf"{_CAPITAL}[\w'’-]{{0,24}}\.?"
_FULL = rf"{_WORD}(?:\s(?:(?:de|del|van|von|der|la|los|y)\s)?{_WORD}){{0,3}}"
_INTRODUCED = re.compile(
    r"(?<!\w)(?i:my (?:full )?name is|my name's|the name is|name is|the name's|(?:you can )?call me|i am called|this is|i'm|i am|it's"
    r"|jmenuji se|jmenuju se|jmenuji|mé jméno je|moje jméno je|moje jmeno je|jméno:|tady|zde"
    r"|ich heiße|ich heisse|mein name ist|mein name:|hier ist|hier spricht|ich bin"
    r"|me llamo|mi nombre es|mi nombre:|soy|le habla|habla"
    r"|меня зовут|моё имя|мое имя|моё имя —|это|вас беспокоит|пишет вам|name:|nombre:|имя:)\s(?:(?i:mr|mrs|ms|dr|pan|paní|herr|frau|señor|señora|don|doña)\.?\s)?"
    rf"(?P<name>{_FULL})"
)
_SURE = re.compile(
    r"(?i)name is|name's|call me|jmenuj|jméno|jmeno|heiße|heisse|name ist|llamo|nombre|зовут|имя|name:|spricht|habla"
)
_LOWER = re.compile(
    r"(?<!\w)(?i:my name is|my name's|jmenuji se|jmenuju se|ich heiße|ich heisse|mein name ist|me llamo|mi nombre es|меня зовут)\s"
    r"(?P<name>[^\W\d_]{2,20}(?:\s[^\W\d_]{2,20})?)(?=\s*(?:[,.!?;]|$|\s(?:and|und|a|y|и)\s))"
)
_HAN = re.compile(
    r"(?:我叫|我的名字是|我的名字叫|我名叫|姓名[:：]|鄙人|我是)(?P<name>[\u4e00-\u9fff]{2,4}?)(?=$|[\s,，。.!！?？;；、]|想|要|的订单|，|我)"
)
_HAN_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_HERE = re.compile(
    rf"(?:^|[\n.!?]\s*)(?:(?:Hi|Hello|Hey|Hallo|Hola|Dobrý den|Guten Tag),?\s)?(?P<name>{_WORD}(?:\s{_WORD})?)\s(?:here|hier|aquí|zde)(?=\s|[.,!]|$)"
)
_SIGNED = re.compile(
    r"(?:^|\n)\s*(?i:(?:best |kind |warm |many )?(?:regards|wishes)|yours(?: sincerely| truly| faithfully)?|sincerely|cheers|thanks|thank you|best"
    r"|s pozdravem|s přátelským pozdravem|děkuji|díky|zdraví|mit freundlichen grüßen|mit freundlichen gruessen|viele grüße|liebe grüße|beste grüße|mfg|danke"
    r"|(?:un )?saludos?(?: cordiales)?|un cordial saludo|atentamente|gracias|с уважением|спасибо|всего доброго)[,!.]?\s*\n+\s*"
    rf"(?P<name>{_FULL})\s*(?=\n|$)"
)
_NOT_NAMES = frozenset(
    (
        "I The A My Your Not Very Still Just So Sorry Urgent Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March "
        "April May June July August September October November December English German Czech Spanish Russian Chinese Order Hello Hi Thanks "
        "Please Ihr Ihre Der Die Das Ein Eine Kunde Kundin Mein Meine Objednávka Reklamace Dobrý Pedido El La Un Una Cliente Заказ Мой Моя "
        "Не Ваш Ваша Клиент Nicht Sehr Seit Bei Mit Auf Neu Online Amazon Google PayPal Visa It What Where Why How Bestellung Montag "
        "Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag Is Are Was OK Ihnen Sie Ich Er Es Wir Uns Mr Mrs Yo Usted Вы Он Она Jsem Vám Vas"
    ).split()
)


def find_names(text: str) -> Iterator[Entity]:
    """Names after words of introduction or at the end of a letter."""
    for match in _INTRODUCED.finditer(text):
        is_sure = _SURE.search(match.group()) is not None
        yield from _name(text, match, sure=0.9 if is_sure else 0.7)
    for pattern, sure in ((_SIGNED, 0.8), (_HERE, 0.8), (_LOWER, 0.7)):
        for match in pattern.finditer(text):
            yield from _name(text, match, sure=sure)
    for match in _HAN.finditer(text):
        if not match.group().startswith("我是") or (
            match["name"][0] in _HAN_SURNAMES and len(match["name"]) <= 3
        ):
            yield Entity("name", match["name"], match["name"], match.start("name"), match.end("name"), 0.8)


def _name(text: str, match: re.Match[str], *, sure: float) -> Iterator[Entity]:
    words = match["name"].rstrip(".,").split()
    while words and words[-1].strip(".,") in _NOT_NAMES:
        words.pop()
    if (
        not words
        or words[0].strip(".,'") in _NOT_NAMES
        or (sure < 0.8 and words[0].isupper() and len(words[0]) > 2)
    ):
        return
    start = match.start("name")
    end = start
    for word in words:
        end = text.index(word, end) + len(word)
    written = text[start:end]
    value = " ".join(word[0].upper() + word[1:] for word in words)
    yield Entity("name", value, written, start, end, sure)
