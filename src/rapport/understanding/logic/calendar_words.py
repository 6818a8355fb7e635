"""Words of the calendar in six languages, folded: months, weekdays, units, directions and small numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapport.understanding.logic.cleaning import fold

_MONTHS = {
    1: "january jan leden ledna lednu januar janner enero ene январь января январе янв",
    2: "february feb unor unora unoru februar feber febrero февраль февраля феврале фев",
    3: "march mar brezen brezna breznu marz maerz marzo март марта марте",
    4: "april apr duben dubna dubnu abril abr апрель апреля апреле апр",
    5: "may kveten kvetna kvetnu mai mayo май мая мае",
    6: "june jun cerven cervna cervnu juni junio июнь июня июне июн",
    7: "july jul cervenec cervence cervenci juli julio июль июля июле июл",
    8: "august aug srpen srpna srpnu agosto ago август августа августе авг",
    9: "september sept sep zari septiembre setiembre сентябрь сентября сентябре сен сент",
    10: "october oct rijen rijna rijnu oktober okt octubre октябрь октября октябре окт",
    11: "november nov listopad listopadu noviembre ноябрь ноября ноябре ноя",
    12: "december dec prosinec prosince prosinci dezember dez diciembre dic декабрь декабря декабре дек",
}
MONTH = {fold(name): number for number, names in _MONTHS.items() for name in names.split()}
_DAYS = {
    0: "today tonight dnes dneska heute hoy сегодня 今天 今日 今晚",
    1: "tomorrow zitra zejtra morgen manana завтра 明天 明日",
    -1: "yesterday vcera gestern ayer вчера 昨天 昨日",
    2: "pozitri ubermorgen uebermorgen послезавтра 后天",
    -2: "predevcirem vorgestern anteayer antier позавчера 前天",
    3: "popozitri 大后天",
    -3: "predpredevcirem 大前天",
}
DAY = {fold(word): offset for offset, names in _DAYS.items() for word in names.split()}
LONG_DAYS = {
    "day after tomorrow": 2, "day before yesterday": -2, "pasado manana": 2, "antes de ayer": -2,
}  # fmt: skip
_WEEKDAYS = (
    "monday mondays pondeli pondelka pondelku pondelkem montag montags lunes понедельник понедельника понедельнику",
    "tuesday tuesdays tues utery uterka uterku uterkem dienstag dienstags martes вторник вторника вторнику",
    "wednesday wednesdays streda stredy stredu stredou mittwoch mittwochs miercoles среда среды среду среде",
    "thursday thursdays thurs ctvrtek ctvrtka ctvrtku ctvrtkem donnerstag donnerstags jueves четверг четверга четвергу",
    "friday fridays patek patku patkem freitag freitags viernes пятница пятницы пятницу пятнице",
    "saturday saturdays sobota soboty sobotu sobotou samstag samstags sonnabend sabado суббота субботы субботу субботе",
    "sunday sundays nedele nedeli sonntag sonntags domingo воскресенье воскресенья воскресенью",
)
WEEKDAY = {fold(word): number for number, names in enumerate(_WEEKDAYS) for word in names.split()}
_UNITS = {
    "day": "day days den dne dny dnu dni dnem tag tage tagen dia dias день дня днеи дни дню",
    "week": "week weeks tyden tydne tydny tydnu tydnem tydnech woche wochen semana semanas неделя неделю недели недель неделе",
    "month": "month months mesic mesice mesicu mesicem mesici monat monate monaten monats mes meses месяц месяца месяцев месяце",
    "year": "year years rok roku roky roce rokem let lety jahr jahre jahren jahres ano anos год года году лет",
}
UNIT = {fold(word): unit for unit, words in _UNITS.items() for word in words.split()}
HAN_UNIT = {
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "个月": "month",
    "月": "month",
    "年": "year",
}
LAST = fold(
    "last past previous minuly minuleho minulou minule minulem minulych poslednich posledni letzten letzte letzter letztes letztem "
    "vorigen vorige voriger voriges vorigem vergangenen vergangene vergangenes ultimos ultimas ultimo ultima pasado pasada "
    "прошлыи прошлую прошлое прошлои прошлого прошлом прошлая последние последних последнюю последнии"
).split()
THIS = fold(
    "this current tento tuto teto tomto tohoto toto diesen diese dieser dieses diesem este esta этот эту этои этом этого эта"
).split()
NEXT = fold(
    "next coming upcoming pristi pristim pristiho nachsten nachste nachster nachstes nachstem naechste naechsten kommenden "
    "kommende kommender kommendes kommendem proximo proxima proximos proximas следующии следующую следующее следующеи "
    "следующего следующем ближаишии ближаишую будущии будущем"
).split()
_NUMBERS = {
    1: "one a an jeden jednu jedna jedno jednoho jednim einem einer eine ein einen eins un una uno один одну одна одно одного",
    2: "two dva dve dvou dvema zwei dos два две двух",
    3: "three tri trech tremi drei tres три трех",
    4: "four ctyri ctyrech vier cuatro четыре четырех",
    5: "five pet peti funf fuenf cinco пять пяти",
    6: "six sest sesti sechs seis шесть шести",
    7: "seven sedm sedmi sieben siete семь семи",
    8: "eight osm osmi acht ocho восемь восьми",
    9: "nine devet deviti neun nueve девять девяти",
    10: "ten deset deseti zehn diez десять десяти",
    11: "eleven jedenact jedenacti elf once одиннадцать",
    12: "twelve dvanact dvanacti zwolf zwoelf doce двенадцать",
    13: "thirteen trinact dreizehn trece тринадцать",
    14: "fourteen ctrnact ctrnacti vierzehn catorce четырнадцать",
    15: "fifteen patnact funfzehn quince пятнадцать",
    16: "sixteen sestnact sechzehn dieciseis шестнадцать",
    20: "twenty dvacet dvaceti zwanzig veinte двадцать",
    25: "vingtcinco petadvacet funfundzwanzig veinticinco",
    30: "thirty tricet triceti dreissig treinta тридцать",
    40: "forty ctyricet vierzig cuarenta сорок",
    50: "fifty padesat funfzig fuenfzig cincuenta пятьдесят",
    60: "sixty sedesat sechzig sesenta шестьдесят",
    70: "seventy sedmdesat siebzig setenta семьдесят",
    80: "eighty osmdesat achtzig ochenta восемьдесят",
    90: "ninety devadesat neunzig noventa девяносто",
    100: "hundred sto hundert cien ciento сто",
    200: "dvesta zweihundert doscientos двести",
    300: "trista dreihundert trescientos триста",
    500: "petset funfhundert quinientos пятьсот",
    1000: "thousand tisic tausend mil тысяча тысячу тысяч",
}
NUMBER = {fold(word): number for number, names in _NUMBERS.items() for word in names.split()}
HAN_DIGITS = {
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
HAN_NUMBER = "[零一二两三四五六七八九十百千万]{1,9}"


def either(names: Iterable[str]) -> str:
    """An alternation of the names, the longest first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def number_of(written: str) -> int | None:
    """A small whole number in digits, in a word of six languages, or in Chinese numerals; None if it is none."""
    bare = fold(written.strip())
    if bare.isdecimal() and len(bare) <= 6:
        return int(bare)
    if bare in NUMBER:
        return NUMBER[bare]
    return _han_number(bare)


def _han_number(written: str) -> int | None:
    if not written or any(char not in HAN_DIGITS and char not in _HAN_SCALES for char in written):
        return None
    total, section, digit = 0, 0, 0
    for char in written:
        if char in HAN_DIGITS:
            digit = HAN_DIGITS[char]
        elif char == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _HAN_SCALES[char]
            digit = 0
    return total + section + digit
