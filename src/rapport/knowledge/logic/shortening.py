"""A short form out of an article's own sentences: what may be left out without saying something else."""

from __future__ import annotations

from dataclasses import dataclass

from rapport.knowledge.logic.analysis import terms
from rapport.knowledge.logic.claims import HARD_LIMITS, figures_of, limits_of, names_of
from rapport.knowledge.logic.statements import Statement, read_statements

MOST = 0.9
"""A proposal longer than this share of the whole is none."""
SAID = 0.6
"""Share of a sentence's words from which another has said it already."""


@dataclass(frozen=True, slots=True)
class Shortened:
    """A proposal with what it leaves out."""

    text: str
    """Markdown."""
    left_out: tuple[str, ...]


def shorten(summary: str, body: str, language: str) -> Shortened | None:
    """The summary and every sentence that carries something; None where that is hardly shorter than the whole.

    1. The summary comes first; the other sentences keep their order and their words.
    2. A sentence carries something when it holds a figure ("free" is one), an address, a code or a name set apart, or
       a limit (not, only, except, if, must, at least, at most, but). So every figure and every condition stays.
    3. A list, steps or a table stay whole, with the sentence that leads to them.
    4. A sentence that limits what the one before it says takes that one along, and an answer its question.
    5. What the summary or another sentence says as well is left out: all its figures, names and limits, and three of
       five of its words.
    """
    statements = read_statements(body)
    kept = [s.kind != "heading" and (s.kind != "sentence" or _carries(s, language)) for s in statements]
    _leave_out_what_is_said(statements, kept, summary, language)
    for number in range(len(statements) - 1, 0, -1):
        one, before = statements[number], statements[number - 1]
        if not kept[number] or kept[number - 1] or one.block != before.block or one.kind != "sentence":
            continue
        is_said = any(_says(other, before.text, language) for other in [summary, *_texts(statements, kept)])
        kept[number - 1] = _is_question(before) or bool(limits_of(one.text, language) and not is_said)
    for number, one in enumerate(statements):
        if _is_question(one) and (kept[number + 1 : number + 2] != [True]):
            kept[number] = False
    return _shortened(summary, body, statements, kept)


def core(summary: str, body: str, language: str) -> Shortened | None:
    """The answer alone: the summary, and each sentence that limits what it says; None where that is the whole.

    A sentence limits the summary when it holds a limit, shares words with it, at least two of them or a quarter of its
    own, and is not said by it. A sentence right behind one that is kept goes with it where it says not, only, except or
    if. Other figures and conditions of the article are left out, and named for who approves.
    """
    statements = read_statements(body)
    said = set(terms(summary, language))
    kept: list[bool] = []
    for number, one in enumerate(statements):
        own = set(terms(one.text, language))
        shared = len(own & said)
        is_near = shared >= 2 or shared >= max(1, len(own) / 4)
        limits = (
            limits_of(one.text, language) if one.kind == "sentence" and not _is_question(one) else frozenset()
        )
        goes_on = number > 0 and kept[-1] and statements[number - 1].block == one.block
        is_limit = is_near and bool(limits) and not _says(summary, one.text, language)
        kept.append(is_limit or (goes_on and bool(limits & frozenset(HARD_LIMITS))))
    return _shortened(summary, body, statements, kept)


def _shortened(summary: str, body: str, statements: list[Statement], kept: list[bool]) -> Shortened | None:
    text = _written(summary, [s for s, is_kept in zip(statements, kept, strict=True) if is_kept])
    left_out = tuple(s.text for s, is_kept in zip(statements, kept, strict=True) if not is_kept)
    whole = len(f"{summary}\n\n{body}")
    return Shortened(text, left_out) if left_out and len(text) <= MOST * whole else None


def _is_question(one: Statement) -> bool:
    return one.text.endswith(("?", "？"))


def _texts(statements: list[Statement], kept: list[bool]) -> list[str]:
    return [s.text for s, is_kept in zip(statements, kept, strict=True) if is_kept]


def _carries(one: Statement, language: str) -> bool:
    return bool(figures_of(one.text, language) or names_of(one.text) or limits_of(one.text, language))


def _leave_out_what_is_said(
    statements: list[Statement], kept: list[bool], summary: str, language: str
) -> None:
    for number, one in enumerate(statements):
        if not kept[number] or one.kind != "sentence":
            continue
        others = [s.text for at, s in enumerate(statements) if kept[at] and at != number]
        kept[number] = not any(_says(other, one.text, language) for other in [summary, *others])


def _says(other: str, text: str, language: str) -> bool:
    """Whether a sentence says all that another says."""
    own = set(terms(text, language))
    return (
        set(figures_of(text, language)) <= set(figures_of(other, language))
        and names_of(text) <= names_of(other)
        and limits_of(text, language) <= limits_of(other, language)
        and len(own & set(terms(other, language))) >= SAID * len(own)
    )


def _written(summary: str, kept: list[Statement]) -> str:
    """Markdown: sentences of one block in one paragraph, lists as lists, numbered anew."""
    blocks: list[list[Statement]] = []
    for one in kept:
        if blocks and blocks[-1][0].block == one.block:
            blocks[-1].append(one)
        else:
            blocks.append([one])
    return "\n\n".join([summary, *(write_block(block) for block in blocks)])


def write_block(block: list[Statement]) -> str:
    """One block as Markdown."""
    lead = " ".join(s.text for s in block if s.kind in {"sentence", "lead", "heading"})
    steps = [s for s in block if s.kind in {"item", "step"}]
    lines = [f"{n}. {s.text}" if s.kind == "step" else f"- {s.text}" for n, s in enumerate(steps, start=1)]
    rows = [s for s in block if s.kind == "row"]
    if rows:
        head = rows[0].header or tuple("" for _ in rows[0].text.split(" | "))
        lines += [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {s.text} |" for s in rows)]
    return "\n".join([*([lead, ""] if lead and lines else [lead] if lead else []), *lines])
