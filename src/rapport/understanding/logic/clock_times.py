"""Times of day in six languages, as ``HH:MM`` of twenty-four hours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapport.understanding.contracts import Entity
from rapport.understanding.logic.calendar_words import HAN_NUMBER, NUMBER, either, number_of
from rapport.understanding.logic.cleaning import fold

_HOUR_WORDS = either(word for word, number in NUMBER.items() if number <= 12 and word not in ("a", "an"))
_HOURS = rf"\d{{1,2}}|{_HOUR_WORDS}"
_AFTERNOON = (
    r"p\.?m\.?|in the afternoon|in the evening|at night|odpoledne|vecer|nachmittags|abends|am abend|am nachmittag"
    r"|de la tarde|de la noche|por la tarde|вечера|дня"
)
_MORNING = r"a\.?m\.?|in the morning|rano|dopoledne|morgens|vormittags|am morgen|fruh|de la manana|утра|ночи"
_DIGITAL = re.compile(
    rf"(?<![\d:.])(?P<h>[01]?\d|2[0-3])[:h](?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d|[:]\d)(?:\s?(?P<half>{_AFTERNOON}|{_MORNING})(?!\w)|\s?(?:uhr|hodin|h|hrs|ч)(?!\w))?"
)
_DOTTED = re.compile(
    r"(?<![\d.])(?P<h>[01]?\d|2[0-3])[.](?P<m>[0-5]\d)\s?(?P<half>)(?:uhr|hod\w{0,3}|h)(?!\w)"
)
_HALVED = re.compile(rf"(?<![\d:.,$€#])(?P<h>\d{{1,2}})\s?(?P<m>)(?P<half>{_AFTERNOON}|{_MORNING})(?![a-z])")
_OCLOCK = re.compile(
    rf"(?<!\w)(?P<h>{_HOURS})\s?(?P<m>)(?:o'?clock|uhr(?:\s(?P<min>[0-5]?\d)(?!\d))?|hodin[ayu]?|часов|часа|часам)(?!\w)(?:\s?(?P<half>{_AFTERNOON}|{_MORNING})(?!\w))?"
)
_AT = re.compile(
    rf"(?<!\w)(?:at|after|before|by|um|ab|nach|vor|gegen|v|ve|po|do|kolem|в|после|до|к|a las|a la|sobre las|despues de las|antes de las|until)\s(?P<h>{_HOURS})(?P<m>)(?:\s(?P<half>{_AFTERNOON}|{_MORNING})(?!\w))"
    r"|(?<!\w)(?:a las|a la|sobre las|despues de las|antes de las)\s(?P<h2>\d{1,2})(?!\d|[:.,]\d)(?:\s(?P<half2>y media|y cuarto))?"
)
_HALF_TO = re.compile(
    rf"(?<!\w)(?P<kind>halb|viertel nach|viertel vor|dreiviertel|half past|quarter past|quarter to|pul|ctvrt na)\s(?P<h>{_HOURS}|druhe|trete|tretí|treti|jedne|ctvrte|pate|seste|sedme|osme|devate|desate)(?!\w)"
)
_NAMED = re.compile(
    r"(?<!\w)(?:at |um |v |в |a )?(?P<noon>noon|midday|mittag|poledne|mediodia|полдень)(?!\w)|(?<!\w)(?P<midnight>midnight|mitternacht|pulnoci|pulnoc|medianoche|полночь)(?!\w)"
)
_HAN = re.compile(
    rf"(?P<part>早上|上午|凌晨|中午|下午|晚上|傍晚)?(?P<h>\d{{1,2}}|{HAN_NUMBER})[点时](?!间)(?:(?P<m>\d{{1,2}}|{HAN_NUMBER})分?|(?P<half>半)|(?P<quarter>一刻))?"
)
_CZECH_HOURS = {
    "jedne": 1,
    "druhe": 2,
    "treti": 3,
    "ctvrte": 4,
    "pate": 5,
    "seste": 6,
    "sedme": 7,
    "osme": 8,
    "devate": 9,
    "desate": 10,
}
_PM = re.compile(rf"(?:{_AFTERNOON})$")
_SHIFTS = {"halb": -30, "pul": -30, "viertel nach": 15, "viertel vor": -15, "dreiviertel": -15, "half past": 30, "quarter past": 15,
           "quarter to": -15, "ctvrt na": -45}  # fmt: skip


def find_times(text: str) -> Iterator[Entity]:
    """Times in cleaned text; hours without half of the day are taken as of twenty-four."""
    folded = fold(text)
    for pattern in (_DIGITAL, _DOTTED, _HALVED, _OCLOCK, _AT):
        for match in pattern.finditer(folded):
            yield from _worded(text, match)
    for match in _HALF_TO.finditer(folded):
        hour = _CZECH_HOURS.get(match["h"]) or number_of(match["h"])
        if hour and hour <= 24:
            yield _time(text, match, hour * 60 + _SHIFTS[match["kind"]])
    for match in _NAMED.finditer(folded):
        minutes = 12 * 60 if match["noon"] else 0
        start, end = match.span("noon" if match["noon"] else "midnight")
        yield Entity("time", f"{minutes // 60:02d}:00", text[start:end], start, end, 0.9)
    for match in _HAN.finditer(folded):
        hour = number_of(match["h"])
        minute = 30 if match["half"] else 15 if match["quarter"] else number_of(match["m"] or "0")
        if hour is not None and hour <= 24 and minute is not None and minute < 60:
            is_late = match["part"] in ("下午", "晚上", "傍晚") and hour < 12
            yield _time(text, match, (hour + 12 * is_late) * 60 + minute)


def _worded(text: str, match: re.Match[str]) -> Iterator[Entity]:
    parts = match.groupdict()
    hour = number_of(parts["h"] or parts.get("h2") or "")
    minute = int(parts["m"] or parts.get("min") or 0)
    minute += {"y media": 30, "y cuarto": 15}.get(parts.get("half2") or "", 0)
    half = parts["half"] or ""
    if hour is None or hour > 24 or (half and hour > 12 and not _PM.search(half)):
        return
    if half and _PM.search(half):
        hour = hour + 12 if hour < 12 else hour
    elif half and hour == 12:
        hour = 0
    yield _time(text, match, hour * 60 + minute)


def _time(text: str, match: re.Match[str], minutes: int) -> Entity:
    minutes %= 24 * 60
    end = match.start() + len(match.group().rstrip())
    value = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return Entity("time", value, text[match.start() : end], match.start(), end, 0.9)
