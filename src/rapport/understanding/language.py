"""Which of the configured languages a text is written in."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from rapport.understanding.logic.cleaning import fold, words

_SURE_SHARE = 0.75
"""Below this share of the vote a previous language is kept."""
_SHORT = 3
"""Texts of fewer words never change the language of a conversation unless a word gives it away."""
_CLIP = 180
_HAN = re.compile("[\u3400-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|#?(?<![A-Za-z0-9_])[A-Za-z0-9_]*\d[A-Za-z0-9_]*")
_MARKS = {"cs": "ěřůčžďťňšý", "de": "ßäöü", "es": "ñ¿¡"}
"""Characters that of the configured Latin languages only one uses."""
_COMMON = {
    "en": "the is my what where how can you your please not and have for order was with want this don't it's "
    "and of to from with by are were his her their they it this which that at been has will would could should about "
    "there who your our i've i'm does did",
    "cs": "je jsem moje muj kde kdy jak proc prosim nemam mam ale jeste uz chci muzu objednavka objednavku bych "
    "dekuji neni jsou ktery ktera vas vase mne jde pro byl bylo nebo zbozi zpet balik "
    "na se si ze ve do od po za pri podle take jako kdyz jeho jejich byla byly bude budou vsak nez ani aby muze mohou "
    "jste jsme proto protoze tento tato toto ktere kteri mezi",
    "de": "ist ich mein meine wo wann wie warum bitte nicht und der die das ein eine habe kann noch mit von fur "
    "bestellung paket sie mir auf zuruck konnen "
    "zu den dem des im zum zur als auch sich wird werden wurde wurden sind oder aber nach bei aus wir hat haben einer "
    "einem eines einen durch uber nur sehr wenn dass es man",
    "es": "es mi donde cuando como por que el la los las una un no tengo quiero puedo pedido para con esta del mis "
    "favor necesito paquete devolver su "
    "en de y se lo al más mas pero sus fue ha son entre sobre también tambien hay muy este ser o le me ya desde hasta "
    "porque estaba fueron",
}
_WORDS = {language: frozenset(fold(text).split()) for language, text in _COMMON.items()}
_ROMANISED = frozenset(
    (
        "gde moi moy moya moyo zakaz zakaza zakazy zakazat privet zdravstvuite zdravstvuyte spasibo "
        "pozhaluista pozhaluysta pojaluista hochu khochu xochu vernut vernite vozvrat dengi kogda pridet "
        "priedet posylka posilka rabotaet skolko stoit dostavka dostavku dostavki mne nuzhno nujno nado "
        "otmenit otmenite etot eto oplata oplatil oplatit kartu nomer pochemu kak mozhno mojno chto shto esli "
        "ochen tovar tovary magazin razmer eshe eshche uzhe uje menya vas vam moego moyu skazhite podskazhite "
        "kupil kupila zakazal zakazala slomalsya slomalas ne net est bolshe delat"
    ).split()
)
"""Russian words as typed in Latin letters; the shortest occur elsewhere too and count only beside longer ones."""
_SHARED_ROMANISED = frozenset("ne net est nado eto mne moi vas vam kak uje nomer magazin".split())
UNDETERMINED = "und"
"""Clearly a language outside the configured ones."""
_OTHER_SCRIPT = re.compile(
    "[\u0370-\u03ff\u0530-\u058f\u0590-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0eff\u10a0-\u10ff\u1100-\u11ff\u1780-\u17ff"
    "\u3040-\u30ff\uac00-\ud7af]"
)
_FOREIGN_SHARE = 0.995
"""Confidence of the unrestricted model in a language that is not configured, from which it is believed."""
_FOREIGN_WORDS = 4
_CLAUSE = re.compile(
    r"[.!?;:,\n()。！？；，、\-–—]+|(?<=[\u3400-\u9fff])\s*(?=[a-zA-Zа-яА-Я])|(?<=[a-zA-Zа-яА-Я])\s*(?=[\u3400-\u9fff])"
)
_CLAUSE_SHARE = 0.9
_MAX_CLAUSES = 24
_MIXED_CHARS = 1500


def detect_language(
    text: str, languages: tuple[str, ...], previous: str | None, evidence: Iterable[str] = ()
) -> tuple[str, float]:
    """The language of a text and the confidence in it.

    Args:
        text: cleaned text.
        languages: configured ones, the default first.
        previous: language of the conversation so far; kept when the text cannot tell.
        evidence: languages in which the whole text is a known dialogue act.
    """
    kept = previous if previous in languages else None
    bare = _NOISE.sub(" ", text[:_CLIP])
    letters = len(_LETTER.findall(bare))
    if not letters:
        return (kept, 0.5) if kept else (languages[0], 0.0)
    if 3 * len(_OTHER_SCRIPT.findall(bare)) >= letters:
        return (kept or languages[0]), 0.05
    script = _by_script(bare, letters, languages)
    if script:
        return script
    if "ru" in languages and _is_romanised_russian(bare):
        return "ru", 0.8
    spoken = list(evidence)
    if spoken:
        return _by_evidence(spoken, kept)
    votes = _votes(bare, languages)
    best = max(votes, key=lambda language: votes[language])
    share = votes[best]
    if kept and kept != best and (share < _SURE_SHARE or (len(words(bare)) < _SHORT and share < 0.95)):
        return kept, votes.get(kept, 0.0)
    return best, share


def identify_language(text: str, languages: tuple[str, ...]) -> tuple[str, float]:
    """The language of one text by itself, `UNDETERMINED` where it is clearly none of the configured ones."""
    bare = _NOISE.sub(" ", text[:_CLIP])
    if not _LETTER.search(bare) or _is_foreign(bare, languages):
        return UNDETERMINED, 0.0
    return detect_language(text, languages, None)


def is_one_clause(text: str) -> bool:
    """Whether nothing stands in a text, but at its end, where another language might begin."""
    return _CLAUSE.search(text.rstrip(" .!?…")) is None


def find_languages(text: str, languages: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Languages that occur in a text with their shares of its words, the largest first.

    Clauses too short or too unclear to tell count to the one before; most texts have a single language.
    """
    shares: dict[str, int] = {}
    last: str | None = None
    waiting = 0
    for clause in _CLAUSE.split(text[:_MIXED_CHARS])[:_MAX_CLAUSES]:
        size = len(words(clause)) if clause else 0
        if not size:
            continue
        found, share = detect_language(clause, languages, None)
        is_sure = share >= _CLAUSE_SHARE and (size >= _SHORT or found in ("zh", "ru"))
        last = found if is_sure else last
        if last is None:
            waiting += size
        else:
            shares[last] = shares.get(last, 0) + size + waiting
            waiting = 0
    if not shares:
        return ((detect_language(text, languages, None)[0], 1.0),) if waiting else ()
    total = sum(shares.values())
    ranked = sorted(shares.items(), key=lambda entry: -entry[1])
    return tuple((language, round(size / total, 3)) for language, size in ranked)


def _is_romanised_russian(bare: str) -> bool:
    """At least a third of the words are Russian ones in Latin letters, a telling one among them."""
    if not bare.isascii():
        return False
    tokens = words(bare.lower())
    known = [token for token in tokens if token in _ROMANISED]
    telling = sum(token not in _SHARED_ROMANISED for token in known)
    return telling >= 1 and len(known) >= 2 and 3 * len(known) >= len(tokens)


def _is_foreign(bare: str, languages: tuple[str, ...]) -> bool:
    """Another script, or a sentence the unrestricted model is sure about in a language that is not configured."""
    letters = len(_LETTER.findall(bare))
    if 3 * len(_OTHER_SCRIPT.findall(bare)) >= letters:
        return True
    if len(words(bare)) < _FOREIGN_WORDS or _HAN.search(bare):
        return False
    tokens = words(fold(bare))
    if any(
        2 * sum(token in known for token in tokens) >= len(tokens) for known in _WORDS.values()
    ) or _is_romanised_russian(bare):
        return False
    best, share = _everything().rank(bare)[0]
    return best not in languages and float(share) >= _FOREIGN_SHARE


def _by_evidence(spoken: list[str], kept: str | None) -> tuple[str, float]:
    """The language of a known short text: the one spoken so far if it has that text too."""
    if kept in spoken:
        return kept, 0.8
    if len(spoken) == 1:
        return spoken[0], 0.8 if kept else 0.9
    return (kept, 0.5) if kept else (spoken[0], 0.5)


def _by_script(bare: str, letters: int, languages: tuple[str, ...]) -> tuple[str, float] | None:
    """Chinese and Russian are told by their script: nothing else configured uses it."""
    han, cyrillic = len(_HAN.findall(bare)), len(_CYRILLIC.findall(bare))
    if "zh" in languages and 2 * han >= letters - 2 * han:
        return "zh", 1.0 if han == letters else 0.9
    if "ru" in languages and 2 * cyrillic >= letters:
        return "ru", 1.0 if cyrillic == letters else 0.9
    return None


def _votes(bare: str, languages: tuple[str, ...]) -> dict[str, float]:
    """Normalised product of the statistical model, common words and tell-tale letters."""
    model = _identifier(languages)
    scores = dict(model.rank(bare))
    tokens, lowered = words(fold(bare)), bare.lower()
    for language in scores:
        known = _WORDS.get(language)
        if known:
            scores[language] *= 2.0 ** min(6, sum(token in known for token in tokens))
        if any(mark in lowered for mark in _MARKS.get(language, "")):
            scores[language] *= 8
    total = sum(scores.values())
    return {language: float(score / total) for language, score in scores.items()}


@lru_cache(maxsize=16)
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    """An own instance for a set of languages; `set_languages` on the shared one would be process-wide."""
    model = copy.copy(_everything())
    model.set_languages([language for language in languages if language in model.labels] or None)
    return model


@lru_cache(maxsize=1)
def _everything() -> LanguageIdentifier:
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    assert isinstance(model.nb_pc, np.ndarray)
    return model
