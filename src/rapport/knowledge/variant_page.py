"""The page of an article's variants, as its template shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from rapport.accounts import api as accounts
from rapport.accounts.contracts import Permission, Staff
from rapport.knowledge import variant_wording as words
from rapport.knowledge.logic.grounding import check_grounding, missing_figures
from rapport.knowledge.logic.markdown import plain
from rapport.knowledge.logic.text_diff import Piece, diff_words
from rapport.knowledge.variant_contracts import CHANNELS, STATUSES, ChangeInfo, VariantInfo
from rapport.knowledge.variant_queries import list_changes, list_variants

WORDS_PER_MINUTE, SIGNS_PER_MINUTE = 150, 240
"""How fast a voice reads: words, and Chinese characters."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The text as a channel shows it."""

    channel: str
    title: str
    icon: str
    text: str
    seconds: int
    """To say it aloud; 0 elsewhere."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened."""

    change: ChangeInfo
    title: str
    who: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the check found, with the sentence."""

    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Card:
    """One variant."""

    info: VariantInfo
    status_tone: str
    status: str
    icon: str
    channel: str
    marks: tuple[str, ...]
    origin: str
    written_by: str
    approved_by: str
    previews: tuple[Preview, ...]
    difference: tuple[Piece, ...]
    source_difference: tuple[Piece, ...]
    """What changed in the article since; empty where nothing did."""
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]
    """Figures of the article that it does not hold."""
    history: tuple[HistoryLine, ...]
    may_approve: bool
    needs_other_eyes: bool
    """The member of staff wrote it, and somebody else must approve it."""


def cards_of(slug: str, language: str, staff: Staff) -> list[Card]:
    """The variants of a translation, what needs somebody first."""
    names = staff_names()
    return [_card(info, staff, names) for info in in_order(list_variants(slug=slug, language=language))]


def in_order(found: list[VariantInfo]) -> list[VariantInfo]:
    """As the page shows them."""
    return sorted(found, key=lambda v: (STATUSES.index(v.status), v.fits.channel, v.id))


def staff_names() -> dict[int, str]:
    """Names of everybody who has an account."""
    return {int(a.staff.id): a.staff.name for a in accounts.list_accounts()}


def _card(info: VariantInfo, staff: Staff, names: dict[int, str]) -> Card:
    tone, status = words.status_marks()[info.status]
    fits = info.fits
    marks = [words.length_titles()[fits.length]]
    marks += [words.tone_titles()[fits.tone]] if fits.tone else []
    marks += [words.audience_titles()[fits.audience]] if fits.audience else []
    found = check_grounding(info.text, f"{info.title}\n\n{info.current_text}", info.language)
    is_own = info.written_by == int(staff.id)
    needs_other = settings.CONFIG.knowledge_four_eyes and is_own
    may_write = Permission.WRITE_KNOWLEDGE in staff.permissions
    return Card(
        info=info,
        status_tone=tone,
        status=status,
        icon=words.channel_icon(fits.channel),
        channel=words.channel_titles()[fits.channel],
        marks=tuple(marks),
        origin=words.origin_titles()[info.origin],
        written_by=names.get(info.written_by or 0, ""),
        approved_by=names.get(info.approved_by or 0, ""),
        previews=tuple(_preview(info, c) for c in ([fits.channel] if fits.channel else CHANNELS)),
        difference=diff_words(plain(info.current_text), plain(info.text)),
        source_difference=()
        if info.source_text == info.current_text
        else diff_words(plain(info.source_text), plain(info.current_text)),
        findings=tuple(Finding(words.problem_text(p), p.sentence) for p in found.problems),
        left_out=tuple(
            words.figure_text(str(f)) for f in missing_figures(info.text, info.current_text, info.language)
        ),
        history=tuple(_line(change, names) for change in list_changes(info.id)),
        may_approve=may_write and info.status != "approved" and not needs_other,
        needs_other_eyes=needs_other and info.status != "approved",
    )


def _preview(info: VariantInfo, channel: str) -> Preview:
    text = plain(info.text)
    seconds = 0
    if channel == "voice":
        pace = SIGNS_PER_MINUTE if info.language == "zh" else WORDS_PER_MINUTE
        size = len("".join(text.split())) if info.language == "zh" else len(text.split())
        seconds = max(1, round(size * 60 / pace))
    return Preview(channel, words.channel_titles()[channel], words.channel_icon(channel), text, seconds)


def _line(change: ChangeInfo, names: dict[int, str]) -> HistoryLine:
    return HistoryLine(
        change, words.change_titles().get(change.kind, change.kind), names.get(change.staff_id or 0, "")
    )
