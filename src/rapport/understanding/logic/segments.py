"""Where one message may hold several requests."""

from __future__ import annotations

import re

from rapport.understanding.logic.cleaning import is_han, words

MAX_PARTS = 4
_LEAST_WORDS = 3
_ENDS = r"[.!?;。！？；\n]+[\s»\"')]*"
_DONE = {
    "en": "cancel|return|exchange|swap|change|update|send|refund|track|report|pause|skip",
    "cs": "vrátit|vratit|vraťte|vyměnit|vymenit|vyměňte|zrušit|zrusit|zrušte|změnit|zmenit|změňte|poslat|pošlete|reklamovat",
    "es": "devolver|devuelve|cambiar|cambia|cancelar|cancela|anular|anula|enviar|envía|modificar",
    "ru": "вернуть|верните|обменять|поменять|обменяйте|отменить|отмените|изменить|измените|прислать|пришлите",
}
"""Verbs that begin a request of their own after a bare "and"."""
_LINKS = (
    r"and also|and then|and(?= (?:where|when|how|what|can|could|i|please|why|is|do|tell)\b)"
    rf"|and(?= (?:{_DONE['en']})\b)|also|plus|oh and|as well as"
    rf"|besides|additionally|a také|a taky|a ještě|a zároveň|a(?= (?:kde|kdy|jak|kolik|co|můžu|muzu|chci|prosím|prosim|proč|{_DONE['cs']})\b)"
    r"|a navíc|navíc|taky|dále|und auch|und außerdem|außerdem|und dann|und noch"
    r"|und(?= (?:wo|wann|wie|was|kann|können|ich|bitte|warum)\b)|(?<=en )und(?= (?:die|den|das|meinen?|eine)\b)"
    rf"|y también|y además|además|también|y luego|y(?= (?:dónde|donde|cuándo|cuando|cómo|como|qué|puedo|quiero|por qué|{_DONE['es']})\b)"
    rf"|а также|и также|и ещё|и еще|а ещё|а еще|кроме того|и(?= (?:где|когда|как|сколько|что|можно|хочу|почему|{_DONE['ru']})\b)"
)
_SPLIT = re.compile(rf"{_ENDS}|(?:,\s*)?(?<!\w)(?:{_LINKS})(?!\w)[\s,:]*", re.IGNORECASE)
_SPLIT_HAN = re.compile(rf"{_ENDS}|[,，、]?\s*(?:另外|还有|顺便|然后|并且|而且|同时|以及)[,，]?\s*")


def candidate_parts(text: str) -> list[tuple[int, int]]:
    """Spans of the parts a message falls into, at most `MAX_PARTS`; one span if it does not."""
    return split(text, most=MAX_PARTS)


def split(text: str, *, most: int | None) -> list[tuple[int, int]]:
    """Spans between sentence ends and conjunctions; those too short to be a request are joined to the one before."""
    pattern = _SPLIT_HAN if is_han(text) else _SPLIT
    spans, start = [], 0
    for match in pattern.finditer(text):
        is_link = any(char.isalpha() for char in match.group())  # "and also" belongs to neither side
        spans.append((start, match.start() if is_link else match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return _join_short(text, [span for span in spans if text[slice(*span)].strip()], most)


def _join_short(text: str, spans: list[tuple[int, int]], most: int | None) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        is_short = len(words(text[start:end])) < _LEAST_WORDS
        previous_is_short = bool(joined) and len(words(text[slice(*joined[-1])])) < _LEAST_WORDS
        if joined and (is_short or previous_is_short or len(joined) == most):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
