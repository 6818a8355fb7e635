"""Interactive messages for channels without buttons: shown as text, and read back from what was written.

Choices become a numbered list, forms become ``Label:`` lines, a confirmation is a choice of three. A reply that is a
number, a title or filled-in lines, and nothing else but courtesies, is read as the click it stands for; all else is
free text, which is for the assistant to understand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

MAX_READ_CHARS = 2000
"""A longer reply is no choice."""
_SEPARATORS = re.compile(r"\s*(?:[,;/&+、，]|\b(?:and|und|oder|or|y|e|a|i)\b|и|和|与|跟)\s*")
_NUMBER = re.compile(
    r"(?:(?:option|number|no|nr|num|č|číslo|cislo|možnost|moznost|nummer|punkt|opción|opcion|número|numero|номер|вариант"
    r"|пункт|选项|选择|选|第)\s*[.:#]?\s*)?[#(\[]?\s*(\d{1,2})\s*[.):\]个项]{0,2}"
)
_ALL = frozenset(
    "all everything alles alle vše všechno všechny vse vsechno todo todos todas все всё 全部 所有".split()
)
_YES = frozenset(
    "yes y yep ok okay sure ano jo jasně souhlasím potvrzuji ja jawohl gern bestätigt sí si claro vale confirmo да ага"
    " конечно подтверждаю 是 是的 好 好的 对 可以 确认".split()
)
_SALUTATION = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|day|afternoon|evening)|dobrý den|dobry den|dobré ráno|dobrý večer|ahoj|zdravím"
    r"|vážen\w+|hallo|guten (?:tag|morgen|abend)|sehr geehrte\w*|liebe\w?|hola|buen[oa]s?(?: d[ií]as| tardes| noches)?"
    r"|estimad\w+|здравствуйте|добрый (?:день|вечер)|доброе утро|привет|уважаем\w+|您好|你好|尊敬的)(?!\w)",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"(?:thanks?|thank you|many thanks|best|kind|warm|regards|cheers|sincerely|yours|děkuj\w+|dekuj\w+|díky|diky|s pozdravem"
    r"|hezký|hezky|přeji|mit (?:freundlichen|besten|lieben|herzlichen)|viele|beste|freundliche|liebe|danke|vielen dank|mfg|lg"
    r"|gracias|muchas gracias|saludos|un saludo|atentamente|cordialmente|спасибо|с уважением|заранее|всего|谢谢|多谢|此致|祝好|敬上)"
    r"(?!\w)",
    re.IGNORECASE,
)
_COURTESIES = frozenset(
    "you very much so many in advance for your help time reply and the kind warm best regards wishes cheers truly sincerely"
    " all team sir madam everyone there moc předem za odpověď pomoc pozdravem přeji hezký krásný pěkný den víkend večer s a"
    " paní pane vážený tým dobrý freundlichen freundliche besten beste lieben liebe herzlichen grüßen grüße gruß grüssen dank im"
    " voraus für ihre eure hilfe mühe schönen tag abend noch und damen herren zusammen muchas de antemano por su tu ayuda"
    " un una cordial cordiales saludo saludos buen día equipo todos señores большое заранее за помощь ответ уважением всего"
    " доброго хорошего дня и команда все 谢谢 您 大家 客服".split()
)
"""What salutations and farewells consist of besides names."""
MAX_NAME_WORDS = 5
_KEYCAP = re.compile("[\ufe0e\ufe0f\u20e3\u200b-\u200f]")
_LABELLED = re.compile(r"[-*•>\s]*([^:：]{1,80})[:：]\s*(.*)")


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen by its number or its title."""

    number: int
    """As it is shown; 0 where it is chosen by its title alone, because a number may be an answer itself."""
    title: str
    description: str
    name: str
    """The form's field it belongs to; empty for a choice or a quick reply."""
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a form, to be filled in after its label."""

    name: str
    label: str
    is_required: bool
    default: str
    options: tuple[tuple[str, str], ...] = ()
    """Label and value of each, where only these may be given."""


@dataclass(frozen=True, slots=True)
class Question:
    """What an interactive message asks for, without buttons."""

    options: tuple[Option, ...] = ()
    is_many: bool = False
    """Several of the options with a name may be chosen together."""
    lines: tuple[Line, ...] = ()
    is_choice: bool = False
    """Whether one must be chosen; the others only offer to go on."""
    is_confirmation: bool = False
    wants_files: bool = False
    links: tuple[tuple[str, str], ...] = ()
    """Title and address of what is referred to."""

    @property
    def is_open(self) -> bool:
        """Whether anything can be answered at all."""
        return bool(self.options or self.lines or self.wants_files)


def read_question(content_type: str, attributes: Mapping[str, Any]) -> Question:
    """What a message offers, in the order in which it is numbered: items first, quick replies after them."""
    items: Sequence[Mapping[str, Any]] = attributes.get("items") or ()
    quick: Sequence[Mapping[str, Any]] = attributes.get("quick_replies") or ()
    chosen = [("", i) for i in items] if content_type in {"input_select", "input_file"} else []
    lines: tuple[Line, ...] = ()
    is_many = False
    if content_type == "form":
        field = items[0] if len(items) == 1 and items[0].get("options") else None
        if field is not None:
            is_many = field.get("type") == "multi_select"
            chosen = [(str(field.get("name") or ""), o) for o in field["options"]]
        else:
            lines = tuple(_line(i) for i in items if i.get("name"))
    has_numbers = not lines and not (content_type == "text" and attributes.get("slot"))
    shown = [*chosen, *(("", q) for q in quick)]
    options = tuple(_option(n if has_numbers else 0, name, o) for n, (name, o) in enumerate(shown, start=1))
    return Question(
        options,
        is_many,
        lines,
        is_choice=bool(chosen),
        is_confirmation=attributes.get("expects") == "confirm",
        wants_files=content_type == "input_file",
        links=_links(content_type, attributes),
    )


def without_long_menu(question: Question, most: int) -> Question:
    """A menu of everything that can be done, cut to its beginning and a person: where it has to be read in one go."""
    topics = [o for o in question.options if o.value.startswith("start:")]
    if len(topics) <= most or len(topics) + 2 < len(question.options):
        return question
    kept = [*topics[:most], *(o for o in question.options if o not in topics)]
    numbered = (replace(o, number=n if o.number else 0) for n, o in enumerate(kept, start=1))
    return replace(question, options=tuple(numbered))


def _option(number: int, name: str, shown: Mapping[str, Any]) -> Option:
    title = str(shown.get("title") or shown.get("label") or "")
    return Option(number, title, str(shown.get("description") or ""), name, str(shown.get("value") or ""))


def _line(item: Mapping[str, Any]) -> Line:
    options = tuple((str(o.get("label") or ""), str(o.get("value") or "")) for o in item.get("options") or ())
    return Line(
        str(item["name"]),
        str(item.get("label") or item["name"]),
        bool(item.get("required", True)),
        str(item.get("default") or ""),
        options,
    )


def _links(content_type: str, attributes: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    shown = [*(attributes.get("sources") or ())]
    shown += (attributes.get("items") or ()) if content_type in {"article", "cards"} else ()
    found = [
        (str(i.get("title") or ""), str(i.get("link") or ""))
        for i in shown
        if isinstance(i, Mapping) and i.get("link")
    ]
    return tuple(dict.fromkeys(found))


def render(content: str, question: Question, wording: Mapping[str, str]) -> str:
    """A message as text, with what may be answered below it.

    Args:
        content: its own words.
        question: what it offers.
        wording: ``choose_one``, ``choose_many``, ``offer``, ``fill_in``, ``attach``, ``or_one_of``, ``optional``, ``also``.
    """
    parts = [_with_addresses(content.strip(), question.links)]
    if question.wants_files:
        parts.append(wording["attach"])
    if len(question.lines) > 1 or any(line.options or line.default for line in question.lines):
        shown = [_shown_line(line, wording) for line in question.lines]
        parts.append(wording["fill_in"] + "\n\n" + "\n".join(shown))
    if question.options:
        is_beside = bool(question.lines or question.wants_files or not question.options[0].number)
        lead = "choose_many" if question.is_many else "choose_one" if question.is_choice else "offer"
        lead = "also" if is_beside else lead
        parts.append(wording[lead] + "\n" + "\n".join(_shown_option(o) for o in question.options))
    return "\n\n".join(p for p in parts if p)


def _with_addresses(content: str, links: Sequence[tuple[str, str]]) -> str:
    """The text with each address where its title ends a line, else below."""
    below = []
    for title, address in links:
        head, found, tail = content.rpartition(title)
        if found and title and (not tail or tail.startswith("\n")):
            content = f"{head}{title} ({address}){tail}"
        else:
            below.append(f"{title}: {address}")
    return "\n\n".join(part for part in (content, "\n".join(below)) if part)


def _shown_option(option: Option) -> str:
    mark = f"{option.number}." if option.number else "•"
    return f"{mark} {option.title}" + (f" ({option.description})" if option.description else "")


def _shown_line(line: Line, wording: Mapping[str, str]) -> str:
    notes = [] if line.is_required else [wording["optional"]]
    if line.options:
        notes.append(wording["or_one_of"].format(options=" / ".join(label for label, _ in line.options)))
    note = f" ({'; '.join(notes)})" if notes else ""
    return f"{line.label}{note}: {line.default}".rstrip()


def read_answer(text: str, question: Question) -> list[dict[str, Any]] | None:
    """The submitted values a reply stands for; None where it is anything else than an answer to this question."""
    said = core_of(text)
    if not said or len(said) > MAX_READ_CHARS:
        return None
    if question.lines and (filled := _read_lines(said, question.lines)) is not None:
        return filled
    chosen = _read_numbers(said, question) or _read_titles(said, question)
    if chosen is None:
        return None
    if len(chosen) > 1 or chosen[0].name:
        return [{"name": o.name, "value": o.value} for o in chosen]
    return [{"value": chosen[0].value}]


def core_of(text: str) -> str:
    """A reply without salutation, thanks, farewell and a name around it; nothing that may matter is dropped."""
    plain = _KEYCAP.sub("", unicodedata.normalize("NFKC", text[: 2 * MAX_READ_CHARS]))
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    if len(lines) > 1 and _is_courtesy(lines[0], _SALUTATION):
        lines = lines[1:]
    for place, line in enumerate(lines):
        is_end = place > 0 and len(lines) - place <= 5 and _is_courtesy(line, _FAREWELL)
        if is_end and all(_is_signature(rest) for rest in lines[place + 1 :]):
            lines = lines[:place]
            break
    return "\n".join(lines)


def _is_courtesy(line: str, beginning: re.Pattern[str]) -> bool:
    """Whether a line is a salutation or a farewell and nothing else: courteous words and names follow."""
    found = beginning.match(line)
    return found is not None and _is_named(line[found.end() :])


def _is_named(words: str) -> bool:
    """Whether these are only courteous words, and names: words that begin with a capital, or a few Chinese signs."""
    said = re.findall(r"[^\W\d_]+", words)
    is_name = all(
        w.casefold() in _COURTESIES or w[0].isupper() or ("一" <= w[0] <= "鿿" and len(w) <= 4) for w in said
    )
    return is_name and len(said) <= MAX_NAME_WORDS and not re.search(r"[?？\d]", words)


def _is_signature(line: str) -> bool:
    """A line below a farewell that tells who wrote: a name, a telephone number, an address."""
    is_contact = "@" in line or "www." in line or len(re.findall(r"\d", line)) >= 5
    is_courtesy = _is_courtesy(line, _FAREWELL)
    return len(line) <= 60 and "?" not in line and (is_contact or is_courtesy or _is_named(line))


def _read_numbers(said: str, question: Question) -> list[Option] | None:
    numbered = {o.number: o for o in question.options if o.number}
    pieces = [p for p in _SEPARATORS.split(" ".join(said.split())) if p.strip()]
    found: list[int] = []
    for piece in pieces:
        read = _NUMBER.fullmatch(piece.strip().lower().rstrip("!"))
        runs = [read[1]] if read else piece.split() if re.fullmatch(r"[\d\s]+", piece) else None
        if runs is None:
            return None
        found += [int(n) for n in runs]
    if not found or not set(found) <= set(numbered):
        return None
    chosen = [numbered[n] for n in dict.fromkeys(found)]
    return chosen if _fit(chosen, question) else None


def _read_titles(said: str, question: Question) -> list[Option] | None:
    words = _words(said)
    named = [o for o in question.options if o.title and _words(o.title) == words]
    if len(named) == 1:
        return named
    if question.is_confirmation and len(words) == 1 and words[0] in _YES:
        return [question.options[0]]
    if question.is_many and len(words) == 1 and words[0] in _ALL:
        return [o for o in question.options if o.name] or None
    parts = [_words(part) for part in said.splitlines() if part.strip()]
    by_title = {_words(o.title): o for o in question.options if o.title}
    if question.is_many and len(parts) > 1 and all(p in by_title for p in parts):
        chosen = [by_title[p] for p in dict.fromkeys(parts)]
        return chosen if _fit(chosen, question) else None
    return None


def _fit(chosen: Sequence[Option], question: Question) -> bool:
    """One option, or several of those that may be chosen together."""
    return len(chosen) == 1 or (question.is_many and all(o.name for o in chosen))


def _read_lines(said: str, lines: Sequence[Line]) -> list[dict[str, Any]] | None:
    by_label = {_words(line.label): line for line in lines}
    values: dict[str, str] = {}
    for written in said.splitlines():
        read = _LABELLED.fullmatch(written)
        line = by_label.get(_words(re.sub(r"\([^()]*\)\s*$", "", read[1]))) if read else None
        if read is None or line is None or line.name in values:
            return None
        value = read[2].strip()
        if value and line.options:
            value = next((v for label, v in line.options if _words(label) == _words(value)), "")
            if not value:
                return None
        values[line.name] = value
    given = {name: value for name, value in values.items() if value}
    if not given or any(line.is_required and line.name not in given for line in lines):
        return None
    return [{"name": name, "value": value} for name, value in given.items()]


def _words(text: str) -> tuple[str, ...]:
    """Words for comparing, without case, diacritics and signs."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return tuple(re.findall(r"\w+", "".join(c for c in bare if not unicodedata.combining(c))))
