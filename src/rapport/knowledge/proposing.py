"""Proposals: variants made from an article by rules, or by a language model whose draft passes the check.

All of them are drafts. Nothing here approves anything.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rapport.knowledge.logic.grounding import Grounding, check_grounding
from rapport.knowledge.logic.shortening import core, shorten
from rapport.knowledge.logic.speaking import compact, speak
from rapport.knowledge.models import ArticleTranslation, Variant
from rapport.knowledge.variant_contracts import Fits, VariantDraft, VariantInfo
from rapport.knowledge.variants import add_variant
from rapport.knowledge.versions import text_of

PURPOSE = "rewrite_article"
"""What the ledger of language-model calls says of a rewrite."""


def _answer(summary: str, body: str, language: str) -> str:
    found = core(summary, body, language)
    return found.text if found else ""


def _short(summary: str, body: str, language: str) -> str:
    found = shorten(summary, body, language)
    return found.text if found else ""


def _spoken_answer(summary: str, body: str, language: str) -> str:
    found = core(summary, body, language)
    if found is None:
        return ""
    first, _, rest = found.text.partition("\n\n")
    return speak(first, rest, language)


RULES: dict[str, tuple[Fits, Callable[[str, str, str], str]]] = {
    "answer": (Fits(channel="messenger", length="short"), _answer),
    "short": (Fits(length="short"), _short),
    "messenger": (Fits(channel="messenger"), lambda summary, body, _: compact(summary, body)),
    "voice": (Fits(channel="voice"), speak),
    "voice_answer": (Fits(channel="voice", length="short"), _spoken_answer),
}
"""Origin to where the proposal belongs and how it is made of summary, body and language; empty: there is none."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A language model's draft that does not keep to the article, or no draft at all."""

    text: str
    grounding: Grounding | None
    """None where the model gave no text."""
    why_not: str = ""
    """``budget``, ``timeout`` …; empty where the check refused."""


def propose_all(slug: str, language: str) -> list[VariantInfo]:
    """A draft by each rule, unless it says what the article says anyway or a living variant says the same there."""
    row = ArticleTranslation.objects.filter(article__slug=slug, language=language).first()
    if row is None:
        return []
    living = Variant.objects.filter(translation=row).exclude(status=Variant.Status.WITHDRAWN)
    known = set(living.values_list("channel", "length", "text"))
    made = []
    for origin, (fits, rule) in RULES.items():
        text = rule(row.summary, row.body, language)
        if text and (fits.channel, fits.length, text) not in known and text != text_of(row):
            made.append(add_variant(slug, language, VariantDraft(fits, text, origin), staff_id=None))
    return made


def keep_rewrite(slug: str, language: str, fits: Fits, text: str) -> VariantInfo | Refused:
    """A language model's draft becomes a draft here if it says only what the article says."""
    row = ArticleTranslation.objects.get(article__slug=slug, language=language)
    found = check_grounding(text, f"{row.title}\n\n{text_of(row)}", language)
    if not found.is_grounded:
        return Refused(text, found)
    return add_variant(slug, language, VariantDraft(fits, text, "language_model"), staff_id=None)
