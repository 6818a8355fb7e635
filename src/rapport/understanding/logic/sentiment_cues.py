"""What can be seen of a feeling without a model: words of praise and blame, negation, emoji, marks, capitals."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rapport.understanding.logic.cleaning import fold, is_han

MAX_CHARS = 2000
CUES = (
    "good", "bad", "balance", "turned_good", "turned_bad", "strong", "has_words", "first", "last",
    "glad_emoji", "sad_emoji", "emoji_balance", "ends_glad", "ends_sad",
    "exclaims", "asks", "trails_off", "drawn_out", "shouts", "laughs",
)  # fmt: skip
"""Names of the numbers in a row of cues."""

_TOKEN = re.compile("(?:[^\\W_]|['’\u0900-\u0963\u064b-\u0652])+")
_GLAD = re.compile(
    "[😀😃😄😁😆😅😂🤣😊😇🙂😉😌😍🥰😘😗😙😚😋😛😜🤪😝🤗🤩🥳😎😺😸😻💋❤♥💕💖💗💘💙💚💛💜🧡💞💓💝👍👌👏🙌🙏💪✌🎉🎊✨⭐🌟🔥🏆🥇"
    "💯☀🌹🌸🌺💐☺♡]|[:;=]-?[)D*pP](?!\\w)|<3|\\^_?\\^|\\b[xX]D\\b"
)
_SAD = re.compile(
    "[😡😠🤬😤👎💩😢😭😞😒🙁☹😔😟😣😖😫😩😥😰😨😱😓😕😑😐🙄😷🤒🤮🤢💔😪😿]|[:;=]'?-?[(\\[/|](?!/)|>:\\(|\\bD:"
)
_LAUGH = re.compile(
    r"\b(?:(?:a*ha){2,}h?|(?:je|ja|ji){2,}j?|he(?:he)+|lo+l|lmf?ao|k{3,}|(?:rs){2,}|mdr|ptdr|xd+)\b|哈哈|ххх|хаха|هه"
)
_DRAWN = re.compile(r"([^\W\d_])\1{2,}")
_SHOUT = re.compile(r"\b[A-ZА-ЯÁ-Ž]{3,}\b")
_ARABIC_PREFIX = re.compile("^[وفبكل]?(?:ال|لل)?")
_CLAUSE = re.compile(r"[.,;:!?。，！？；|]")


@dataclass(frozen=True, slots=True)
class PolarityWords:
    """Words of praise and blame, ready for look-up in folded text."""

    whole: Mapping[str, str]
    """Role (``good, bad, not, very``) by word."""
    stems: Mapping[str, str]
    """Role by beginning of a word."""
    spaceless: re.Pattern[str]
    """Finds words of languages written without spaces, group name is the role."""

    @classmethod
    def of(cls, lists: Mapping[str, Mapping[str, Iterable[str]]]) -> PolarityWords:
        """Compile the shipped lists; where languages disagree on a word the earlier language wins."""
        whole: dict[str, str] = {}
        stems: dict[str, str] = {}
        spaceless: dict[str, list[str]] = {role: [] for role in ("good", "bad", "not", "very")}
        for by_role in lists.values():
            for role, entries in by_role.items():
                for entry in entries:
                    word = fold(entry.strip())
                    if is_han(word):
                        spaceless[role].append(re.escape(word))
                    elif word.endswith("*"):
                        stems.setdefault(word[:-1], role)
                    elif " " not in word:
                        whole.setdefault(word, role)
        groups = [
            f"(?P<{role}>{'|'.join(sorted(found, key=len, reverse=True))})"
            for role, found in spaceless.items()
            if found
        ]
        return cls(whole, stems, re.compile("|".join(groups) or r"(?!)"))

    def roles(self, folded: str) -> list[str]:
        """Role of each token in order; ``""`` for a word without one, ``|`` for the end of a clause."""
        found: list[str] = []
        for clause in _CLAUSE.split(folded):
            if is_han(clause):
                found += [match.lastgroup or "" for match in self.spaceless.finditer(clause)]
            found += [self._role(token) for token in _TOKEN.findall(clause) if not is_han(token)]
            found.append("|")
        return found

    def _role(self, token: str) -> str:
        found = self._listed(token)
        if not found and "'" in token:
            found = self._listed(token.rpartition("'")[2])
        elif not found and "\u0600" < token[0] < "\u06ff":
            found = self._listed(_ARABIC_PREFIX.sub("", token))
        return found

    def _listed(self, token: str) -> str:
        role = self.whole.get(token)
        if role is not None:
            return role
        for size in range(min(len(token), 14), 1, -1):
            role = self.stems.get(token[:size])
            if role is not None:
                return role
        return ""


def cue_row(text: str, words: PolarityWords) -> NDArray[np.float32]:
    """The cues of one text, each roughly within -1..1, shape ``(len(CUES),)``."""
    text = text[:MAX_CHARS]
    folded = fold(text)
    roles = words.roles(folded)
    tally = _tally(roles)
    size = max(1, sum(role != "|" for role in roles))
    glad = [match.end() for match in _GLAD.finditer(text)]
    sad = [match.end() for match in _SAD.finditer(text)]
    last_mark = max(glad[-1:] + sad[-1:], default=0)
    good, bad = tally["good"], tally["bad"]
    row = (
        _damped(good), _damped(bad), (good - bad) / math.sqrt(size + 4), _damped(tally["turned_good"]),
        _damped(tally["turned_bad"]), _damped(tally["strong"]), float(good + bad > 0), tally["first"],
        tally["last"], _damped(len(glad)), _damped(len(sad)),
        (len(glad) - len(sad)) / (1 + len(glad) + len(sad)), float(bool(glad) and glad[-1] == last_mark),
        float(bool(sad) and sad[-1] == last_mark), _damped(text.count("!") + text.count("！")),
        _damped(text.count("?") + text.count("？") + text.count("؟")), float("..." in text or "…" in text),
        _damped(len(_DRAWN.findall(folded))), _damped(len(_SHOUT.findall(text))),
        float(_LAUGH.search(folded) is not None),
    )  # fmt: skip
    return np.array(row, np.float32)


def cue_rows(texts: Sequence[str], words: PolarityWords) -> NDArray[np.float32]:
    """Cues of many texts, shape ``(n, len(CUES))``."""
    return np.stack([cue_row(text, words) for text in texts])


def _damped(count: float) -> float:
    return math.log1p(count) / 2


def _tally(roles: Sequence[str]) -> dict[str, float]:
    """Counts of praise and blame; a negation turns the next three words of its clause round."""
    found = dict.fromkeys(("good", "bad", "turned_good", "turned_bad", "strong", "first", "last"), 0.0)
    turned, strong = 0, 0
    for role in roles:
        if role == "|":
            turned = strong = 0
        elif role == "not":
            turned = 4
        elif role == "very":
            strong = 2
        elif role:
            sign = 1.0 if role == "good" else -1.0
            if turned > 0:
                found[f"turned_{role}"] += 1
                sign = -sign / 2
            else:
                found[role] += 1
            found["strong"] += float(strong > 0)
            found["first"] = found["first"] or sign
            found["last"] = sign
        turned, strong = turned - 1, strong - 1
    return found
