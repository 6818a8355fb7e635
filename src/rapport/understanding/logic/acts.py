"""Dialogue acts from words: yes, no, cancel, the other one, back, a person please, hello, thanks …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from rapport.understanding.contracts import DialogueAct
from rapport.understanding.logic.cleaning import fold, words
from rapport.understanding.logic.distance import is_within

_LONGEST = 12
"""A text of more words is never an act as a whole."""
_TYPO_LENGTH = 6
_TYPO_WORDS = 4
_STRETCHED = re.compile(r"(.)\1{2,}")
_EMOJI_EXTRAS = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff\\s]")


@dataclass(frozen=True, slots=True)
class ActLexicon:
    """Whole short texts that are a move in the dialogue, by language."""

    phrases: Mapping[str, Mapping[str, DialogueAct]]
    """Language → normalised text → act."""
    fillers: Mapping[str, frozenset[str]]
    """Language → normalised words that may surround an act."""
    openers: Mapping[str, frozenset[str]]
    """Language → first words of its phrases and fillers: with no other word an act begins."""
    emoji: Mapping[str, DialogueAct]

    @classmethod
    def of(
        cls,
        acts: Mapping[str, Mapping[str, Sequence[str]]],
        fillers: Mapping[str, Sequence[str]],
        emoji: Mapping[str, Sequence[str]],
    ) -> ActLexicon:
        """Normalise written lists; where two acts share a text, the first one in the file keeps it."""
        phrases: dict[str, dict[str, DialogueAct]] = {}
        for act, by_language in acts.items():
            for language, texts in by_language.items():
                for text in texts:
                    phrases.setdefault(language, {}).setdefault(_key(text), cast("DialogueAct", act))
        polite = {language: frozenset(map(_key, texts)) for language, texts in fillers.items()}
        openers = {
            language: frozenset(key.partition(" ")[0] for key in (*own, *polite.get(language, ())))
            for language, own in phrases.items()
        }
        return cls(
            phrases,
            polite,
            openers,
            {sign: cast("DialogueAct", act) for act, signs in emoji.items() for sign in signs},
        )

    def find(self, text: str, languages: Iterable[str]) -> dict[str, DialogueAct]:
        """The act the whole text is, by language in the given order; empty when it is none."""
        tokens = words(fold(text[:200]))
        if not tokens:
            return self._emoji_act(text, languages)
        if len(text) > 200 or len(tokens) > _LONGEST:
            return {}
        known = [language for language in languages if language in self.phrases]
        variants = _variants(tokens)
        found = {language: act for language in known if (act := self._exact(variants, language))}
        return found or {language: act for language in known if (act := self._mistyped(tokens, language))}

    def _exact(self, variants: list[list[str]], language: str) -> DialogueAct | None:
        """The act of a text in one of its variants, or, as it is written, in pieces."""
        phrases, openers = self.phrases[language], self.openers[language]
        for variant in variants:
            if variant[0] not in openers:
                continue
            act = phrases.get(" ".join(variant)) or phrases.get(" ".join(self._bare(variant, language)))
            if act:
                return act
        return self._composed(variants[0], language)

    def _composed(self, tokens: list[str], language: str) -> DialogueAct | None:
        """The act of a text made of several phrases of one act and polite words: "yes sure, go ahead"."""
        phrases, fillers = self.phrases[language], self.fillers.get(language, frozenset())
        acts: set[DialogueAct] = set()
        at = 0
        while at < len(tokens):
            if tokens[at] not in self.openers[language]:
                return None
            for size in range(min(5, len(tokens) - at), 0, -1):
                piece = " ".join(tokens[at : at + size])
                if piece in phrases or piece in fillers:
                    acts |= {phrases[piece]} if piece in phrases and piece not in fillers else set()
                    at += size
                    break
            else:
                return None
        return acts.pop() if len(acts) == 1 else None

    def _bare(self, tokens: list[str], language: str) -> list[str]:
        """Tokens without polite words at either end."""
        fillers = self.fillers.get(language, frozenset())
        kept = list(tokens)
        for at, size in ((-1, 1), (0, 1), (0, 2), (-1, 2), (0, 1), (-1, 1)):
            piece = kept[:size] if at == 0 else kept[-size:]
            if len(kept) > size and " ".join(piece) in fillers:
                kept = kept[size:] if at == 0 else kept[:-size]
        return kept

    def _mistyped(self, tokens: list[str], language: str) -> DialogueAct | None:
        key = " ".join(self._bare(tokens, language))
        if len(key) < _TYPO_LENGTH or len(tokens) > _TYPO_WORDS:
            return None
        for phrase, act in self.phrases[language].items():
            if len(phrase) >= _TYPO_LENGTH and phrase[0] == key[0] and is_within(key, phrase, 1):
                return act
        return None

    def _emoji_act(self, text: str, languages: Iterable[str]) -> dict[str, DialogueAct]:
        acts = {self.emoji.get(sign) for sign in _EMOJI_EXTRAS.sub("", text[:50])}
        if len(acts) == 1 and (act := acts.pop()):
            return dict.fromkeys(languages, act)
        return {}


def _key(text: str) -> str:
    return " ".join(words(fold(text)))


def _variants(tokens: list[str]) -> list[list[str]]:
    """As written, with stretched letters shortened, and with repetitions dropped."""
    variants = [tokens]
    is_stretched = _STRETCHED.search(" ".join(tokens)) is not None
    for kept in (r"\1\1", r"\1") if is_stretched else ():
        shorter = [_STRETCHED.sub(kept, token) for token in tokens]
        if shorter not in variants:
            variants.append(shorter)
    once = [token for i, token in enumerate(variants[-1]) if i == 0 or token != variants[-1][i - 1]]
    return variants if once in variants else [*variants, once]
