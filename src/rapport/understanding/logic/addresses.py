"""A postal address out of free text: street, second line, city, state, country, postal code.

Rules for the ways addresses are written in the six languages' countries; what a rule cannot place stays
in the first line, so that nothing the customer wrote is lost before they confirm it.
"""

from __future__ import annotations

import re

from rapport.understanding.logic.cleaning import clean, fold, is_han

_CLIP = 400
_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY "
    "NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
).split()
_STATE_NAMES = dict(
    pair.split("=")
    for pair in (
        "alabama=AL;alaska=AK;arizona=AZ;arkansas=AR;california=CA;colorado=CO;connecticut=CT;"
        "delaware=DE;florida=FL;georgia=GA;hawaii=HI;idaho=ID;illinois=IL;indiana=IN;iowa=IA;kansas=KS;"
        "kentucky=KY;louisiana=LA;maine=ME;maryland=MD;massachusetts=MA;michigan=MI;minnesota=MN;"
        "mississippi=MS;missouri=MO;montana=MT;nebraska=NE;nevada=NV;new hampshire=NH;new jersey=NJ;"
        "new mexico=NM;new york=NY;north carolina=NC;north dakota=ND;ohio=OH;oklahoma=OK;oregon=OR;"
        "pennsylvania=PA;rhode island=RI;south carolina=SC;south dakota=SD;tennessee=TN;texas=TX;utah=UT;"
        "vermont=VT;virginia=VA;washington=WA;west virginia=WV;wisconsin=WI;wyoming=WY"
    ).split(";")
)
_COUNTRIES = {
    "US": "usa us u.s.a. u.s. united states of america|united states|estados unidos|vereinigte staaten|spojene staty|сша|美国",
    "GB": "uk u.k. united kingdom|great britain|england|scotland|wales|velka britanie|grossbritannien|reino unido|великобритания|英国",
    "CZ": "czech republic|czechia|ceska republika|cesko|tschechien|chequia|republica checa|чехия|捷克",
    "SK": "slovakia|slovensko|slowakei|eslovaquia|словакия|斯洛伐克",
    "DE": "germany|nemecko|deutschland|alemania|германия|德国",
    "AT": "austria|rakousko|osterreich|австрия|奥地利",
    "CH": "switzerland|svycarsko|schweiz|suiza|швеицария|瑞士",
    "ES": "spain|spanelsko|spanien|espana|испания|西班牙",
    "MX": "mexico|mexiko|мексика|墨西哥",
    "FR": "france|francie|frankreich|francia|франция|法国",
    "PL": "poland|polsko|polen|polonia|польша|波兰",
    "RU": "russia|russian federation|rusko|russland|rusia|россия|российская федерация|俄罗斯",
    "CN": "china|cina|中国|китаи",
    "CA": "canada|kanada|канада|加拿大",
}
_COUNTRY = {
    fold(name): code
    for code, names in _COUNTRIES.items()
    for name in (names.replace(" united", "|united").split("|") if "|" in names else [names])
    for name in (
        [name]
        if " " not in name or len(name.split()[0]) > 4
        else [name, *(w for w in name.split() if "." in w or w in ("usa", "us", "uk"))]
    )
}
_LEAD = re.compile(
    r"^.{0,80}?(?:address(?: now)? is now|address(?: now)? is|ship (?:it|this|them) to|send (?:it|this|them) to|deliver (?:it )?to|new address(?: is)?|change (?:it )?to"
    r"|adresa je|adresu|adresa|na adresu|poslete to na|adresse ist|adresse lautet|adresse|schicken sie es an|nach"
    r"|direccion es|direccion|envienlo a|adres|адрес|адрес такои|地址是|地址改成|地址|寄到|送到)\s?[:：,，-]?\s+|^.{0,40}?(?:地址是|地址改成|改成|寄到|送到|地址[:：])",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"^(?:apt|apartment|suite|ste|unit|floor|fl|room|rm|#|byt|bytu|patro|wohnung|whg|etage|stock|hinterhaus|piso|puerta|escalera"
    r"|planta|bajo|dcha|izda|кв|квартира|офис|подъезд|этаж|корп|корпус|стр)\b\.?|^#\s?\d|^\d{1,2}\s?[ºª°]",
)
_INLINE_UNIT = re.compile(
    r"\s(?P<unit>(?:apt|apartment|suite|ste|unit)\.?\s?#?\s?\w{1,6}|#\s?\w{1,6})$", re.IGNORECASE
)
_ZIPS = {
    "US": r"\d{5}(?:-\d{4})?", "GB": r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}", "CZ": r"\d{3}\s?\d{2}", "SK": r"\d{3}\s?\d{2}",
    "DE": r"(?:D-)?\d{5}", "AT": r"(?:A-)?\d{4}", "CH": r"(?:CH-)?\d{4}", "ES": r"\d{5}", "MX": r"\d{5}", "FR": r"\d{5}",
    "PL": r"\d{2}-\d{3}", "RU": r"\d{6}", "CN": r"\d{6}", "CA": r"[A-Za-z]\d[A-Za-z]\s?\d[A-Za-z]\d",
}  # fmt: skip
_ANY_ZIP = r"\d{5}-\d{4}|\d{3}\s\d{2}|\d{2}-\d{3}|\d{4,6}|[A-Za-z]{1,2}\d[A-Za-z\d]?\s\d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z]\s?\d[A-Za-z]\d"
_RU_CITY = re.compile(r"^(?:г\.|город|пос\.|с\.|д\.)\s*(?=[^\d\s])", re.IGNORECASE)
_RU_STREET = re.compile(
    r"\b(?:ул|улица|пр|просп|проспект|пер|переулок|бул|бульвар|ш|шоссе|наб|пл|д|дом)\b\.?", re.IGNORECASE
)
_RU_REGION = re.compile(r"обл|область|край|респ", re.IGNORECASE)
_HAN_PARTS = re.compile(
    r"(?P<state>[^省市区县\d\s]{2,8}(?:省|自治区))?(?P<city>[^省市区县\d\s]{2,6}市)?(?P<line>[^\s,，].*)"
)


def parse_address(text: str, country: str | None) -> dict[str, str]:
    """Parts of an address: ``address1, address2, city, state, country, zip``, each ``""`` when not found.

    Args:
        text: what the customer wrote, with or without words before the address.
        country: ISO code assumed when the text names none.
    """
    parts = dict.fromkeys(("address1", "address2", "city", "state", "country", "zip"), "")
    line = clean(text)[:_CLIP].strip(" .。")
    lead = _LEAD.match(fold(line))
    line = line[lead.end() :] if lead and re.search(r"\w", line[lead.end() :]) else line
    pieces = [piece.strip(" .") for piece in re.split(r"[,，;\n]+", line) if piece.strip(" .")]
    parts["country"] = _take_country(pieces) or country or ""
    if is_han(line):
        return _chinese(" ".join(pieces), parts)
    _take_zip(pieces, parts)
    if parts["country"] == "US" or (not parts["country"] and len(parts["zip"]) in (5, 10)):
        _take_state(pieces, parts)
    if parts["country"] == "RU" or re.search("[\u0400-\u04ff]", line):
        return _russian(pieces, parts)
    _take_units(pieces, parts)
    return _western(pieces, parts)


def _take_country(pieces: list[str]) -> str:
    """The country, when a piece (or the end of the last one) names it; the piece is removed."""
    for i in reversed(range(len(pieces))):
        code = _COUNTRY.get(fold(pieces[i]))
        if code:
            del pieces[i]
            return code
    if pieces:
        words = pieces[-1].split()
        for size in (3, 2, 1):
            code = _COUNTRY.get(fold(" ".join(words[-size:]))) if len(words) > size else None
            if code:
                pieces[-1] = " ".join(words[:-size])
                return code
    return ""


def _take_zip(pieces: list[str], parts: dict[str, str]) -> None:
    pattern = re.compile(rf"(?<![\w-])({_ZIPS.get(parts['country'], _ANY_ZIP)})(?![\w-])")
    for i in reversed(range(len(pieces))):
        matches = list(pattern.finditer(pieces[i]))
        if not matches:
            continue
        match = matches[-1]
        is_house_number = (
            i == 0 and match.start() == 0 and len(pieces[0]) > len(match.group()) and len(pieces) > 1
        )
        if is_house_number:
            continue
        parts["zip"] = match.group().upper()
        before, after = pieces[i][: match.start()].strip(" .-"), pieces[i][match.end() :].strip(" .-")
        pieces[i : i + 1] = [piece for piece in (before, after) if piece]
        return


def _take_state(pieces: list[str], parts: dict[str, str]) -> None:
    for i in reversed(range(len(pieces))):
        words = pieces[i].split()
        for size in (2, 1):
            tail = " ".join(words[-size:])
            code = tail.upper() if tail.upper() in _STATES else _STATE_NAMES.get(fold(tail))
            if not code or (i == 0 and len(pieces) == 1 and len(words) == size):
                continue
            if len(words) == size and len(pieces) <= 2 and i == len(pieces) - 1 and code not in _STATES:
                continue
            parts["state"] = code
            rest = " ".join(words[:-size])
            pieces[i : i + 1] = [rest] if rest else []
            return


def _take_units(pieces: list[str], parts: dict[str, str]) -> None:
    """The second line: flat, suite, floor, door."""
    units = [piece for piece in pieces[1:] if _UNIT.match(fold(piece))]
    for unit in units:
        pieces.remove(unit)
    inline = _INLINE_UNIT.search(pieces[0]) if pieces and not units else None
    if inline:
        pieces[0] = pieces[0][: inline.start()].strip()
        units = [inline["unit"].strip()]
    parts["address2"] = ", ".join(units)


def _western(pieces: list[str], parts: dict[str, str]) -> dict[str, str]:
    if not pieces:
        return parts
    if len(pieces) == 1:
        return _one_piece(pieces[0], parts)
    parts["address1"] = pieces[0]
    parts["city"] = pieces[1]
    rest = pieces[2:]
    if rest:
        parts["city"], extra = rest[-1], [pieces[1], *rest[:-1]]
        parts["address2"] = ", ".join(filter(None, [parts["address2"], *extra]))
    return parts


def _one_piece(piece: str, parts: dict[str, str]) -> dict[str, str]:
    """Street and city without a comma: "Dlouhá 12 Praha", "123 Main Street Denver"."""
    after_number = re.match(r"^(\D{3,40}?\s\d{1,5}(?:/\d{1,5})?[a-zA-Z]?)\s+(\D{2,40})$", piece)
    before_number = re.match(
        r"^(\d{1,6}\s.{2,40}?\s(?:st|street|ave|avenue|rd|road|lane|ln|dr|drive|blvd|boulevard|way|court|ct|place|pl|square|sq)\.?)\s+(\D{2,40})$",
        piece,
        re.IGNORECASE,
    )
    match = after_number or before_number
    parts["address1"], parts["city"] = (match[1], match[2]) if match else (piece, "")
    return parts


def _russian(pieces: list[str], parts: dict[str, str]) -> dict[str, str]:
    """City before or after the street; house, block and flat are pieces of their own."""
    streets, units = [], []
    for piece in pieces:
        bare = _RU_CITY.sub("", piece)
        if _RU_REGION.search(piece) and not re.search(r"\d", piece):
            parts["state"] = piece
        elif _UNIT.match(fold(piece)):
            units.append(piece)
        elif _RU_STREET.search(piece) or re.search(r"\d", piece):
            streets.append(piece)
        elif not parts["city"]:
            parts["city"] = bare
        else:
            streets.append(piece)
    parts["address1"], parts["address2"] = ", ".join(streets), ", ".join(units)
    return parts


def _chinese(line: str, parts: dict[str, str]) -> dict[str, str]:
    code = re.search(r"(?<!\d)\d{6}(?!\d)", line)
    if code:
        parts["zip"] = code.group()
        line = (line[: code.start()] + line[code.end() :]).strip(" ,，")
        line = re.sub(r"(?:邮编|邮政编码)[:：]?\s*", "", line).strip(" ,，")
    match = _HAN_PARTS.match(line.replace("中国", "", 1).strip())
    if not match:
        return parts | {"address1": line}
    parts["state"], parts["city"] = match["state"] or "", match["city"] or ""
    parts["address1"] = match["line"].strip()
    parts["country"] = parts["country"] or "CN"
    return parts
