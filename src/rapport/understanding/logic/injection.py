"""How likely a text gives orders to the machine, from families of wordings found in it; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapport.understanding.logic.grammar import Finding, Grammar
from rapport.understanding.logic.unmasking import views

MAX_CHARS = 20_000
"""Characters read; longer documents are given in pieces."""
WINDOW_CHARS = 900
"""Evidence counts together within such a stretch, so that a long letter does not gather enough of it by length."""
MAX_FINDINGS = 200
_REPEATED = "_again"
_TELLING = ("invisible", "hidden")
"""Disguises that count even where the wording also shows in the plain text."""
_INNOCENT = "innocent"


@dataclass(frozen=True, slots=True)
class Weights:
    """The logistic layer over families."""

    intercept: float
    families: Mapping[str, float]
    """Weight of each family, wording, ``<family>_again`` (a second finding elsewhere) and ``several`` families."""
    threshold: float
    """Score from which a text counts as injection."""


def find_wordings(text: str, grammar: Grammar) -> list[Finding]:
    """Findings in the text as it stands and under its disguises, in reading order.

    A disguised passage yields what its plain form does not, and a finding named after the disguise.
    """
    text = text[:MAX_CHARS]
    found: dict[tuple[str, int, int], Finding] = {}
    plain: set[str] = set()
    for view in views(text):
        for finding in grammar.find(view.text):
            is_news = finding.rule not in plain or view.disguise in _TELLING
            if view.disguise and (not is_news or finding.family == _INNOCENT):
                continue
            start, end = view.place(finding.start, finding.end)
            _keep(found, replace(finding, start=start, end=end))
            if view.disguise:
                _keep(found, Finding(view.disguise, start, end, finding.text, view.disguise))
        if view.disguise is None:
            plain = {finding.rule for finding in found.values()}
    return sorted(found.values(), key=lambda finding: (finding.start, finding.end, finding.rule))


def _keep(found: dict[tuple[str, int, int], Finding], finding: Finding) -> None:
    if len(found) < MAX_FINDINGS:
        found.setdefault((finding.rule, finding.start, finding.end), finding)


def features(findings: Sequence[Finding]) -> dict[str, float]:
    """Which wordings and families occur, whether a family occurs again elsewhere, and of how many families."""
    counted: dict[str, float] = {}
    ends: dict[str, int] = {}
    for finding in findings:
        counted[finding.rule] = 1.0
        if finding.family not in ends:
            counted[finding.family] = 1.0
        elif finding.start >= ends[finding.family]:
            counted[finding.family + _REPEATED] = 1.0
        ends[finding.family] = max(ends.get(finding.family, 0), finding.end)
    several = len(set(ends) - {_INNOCENT})
    if several > 1:
        counted["several"] = min(several, 5) - 1.0
    return counted


def windows(findings: Sequence[Finding]) -> list[Sequence[Finding]]:
    """Groups of findings that lie within `WINDOW_CHARS` of the first of them."""
    groups: list[Sequence[Finding]] = []
    end = 0
    for first in range(len(findings)):
        last = max(first, end)
        while last < len(findings) and findings[last].start < findings[first].start + WINDOW_CHARS:
            last += 1
        if last > end:
            groups.append(findings[first:last])
            end = last
    return groups


def score(findings: Sequence[Finding], weights: Weights) -> float:
    """Probability of the most suspicious window, 0..1; 0 where nothing was found."""
    if not findings:
        return 0.0
    logits = [
        weights.intercept
        + sum(weights.families.get(name, 0.0) * value for name, value in features(group).items())
        for group in windows(findings)
    ]
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, max(logits)))))


_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffd\ud800-\udfff\U000e0000-\U000e01ef]"
)
_COMMENTS = re.compile(r"<!--.{0,1500}?-->", re.DOTALL)
_MARKER = re.compile(r"<\|+|\|+>|\[\s?/?\s?(?=INST\b|SYS\b|SYSTEM\b)|<<\s?/?\s?SYS\s?>>", re.IGNORECASE)
_ANGLED = re.compile(
    r"<(?=/?\s?(?:system|assistant|user|human|instructions?|prompt|context|tool\w*|function\w*|invoke|admin|important|information|customer_text)\b)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"^([^\S\n]{0,9}[#>*\-= ]{0,8})(system|assistant|user|human|developer|ai|tool|function|instructions?)(\s?[\])*]{0,3}\s?)([:：])",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"`{3,}|~{3,}|^\s{0,3}#{2,}(?=\s)", re.MULTILINE)
OPENING, CLOSING = "<customer_text>", "</customer_text>"


def neutralise(text: str) -> str:
    """The text as quoted data for a language model: between `OPENING` and `CLOSING`, which cannot occur inside.

    Control and invisible characters and markup comments go; role markers, chat-template tokens, fences and tags that
    models take for turns lose their form. What a person reads stays. Twice is the same as once inside the quotation.
    """
    bare = _COMMENTS.sub(" ", _CONTROL.sub("", text[:MAX_CHARS]))
    bare = _MARKER.sub(" ", bare)
    bare = _ANGLED.sub("‹", bare)
    bare = _ROLE.sub(r"\1\2\3 -", bare)
    bare = _FENCE.sub("'''", bare)
    return f"{OPENING}\n{bare.strip()}\n{CLOSING}"
