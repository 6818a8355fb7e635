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
_CLIP = 400
_HAN = re.compile("[\u3400-\u9fff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|#?\b\w*\d\w*\b")
_MARKS = {"cs": "ěřůčžďťňšý", "de": "ßäöü", "es": "ñ¿¡"}
"""Characters that of the configured Latin languages only one uses."""
_COMMON = {
    "en": "the is my what where how can you your please not and have for order was with want this don't it's",
    "cs": "je jsem moje muj kde kdy jak proc prosim nemam mam ale jeste uz chci muzu objednavka objednavku bych "
    "dekuji neni jsou ktery ktera vas vase mne jde pro byl bylo nebo zbozi zpet balik",
    "de": "ist ich mein meine wo wann wie warum bitte nicht und der die das ein eine habe kann noch mit von fur "
    "bestellung paket sie mir auf zuruck konnen",
    "es": "es mi donde cuando como por que el la los las una un no tengo quiero puedo pedido para con esta del mis "
    "favor necesito paquete devolver su",
}
_WORDS = {language: frozenset(text.split()) for language, text in _COMMON.items()}


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
    script = _by_script(bare, letters, languages)
    if script:
        return script
    spoken = list(evidence)
    if spoken:
        return _by_evidence(spoken, kept)
    votes = _votes(bare, languages)
    best = max(votes, key=lambda language: votes[language])
    share = votes[best]
    if kept and kept != best and (share < _SURE_SHARE or (len(words(bare)) < _SHORT and share < 0.95)):
        return kept, votes.get(kept, 0.0)
    return best, share


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
