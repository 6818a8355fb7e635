"""How often the language of a text is told rightly, also of short, mixed and foreign texts."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rapport.kernel.languages import LANGUAGES
from rapport.understanding.evaluation.measures import interval, percentiles
from rapport.understanding.evaluation.rows import BadRows, language_code, read_rows
from rapport.understanding.language import UNDETERMINED, detect_language, find_languages, identify_language
from rapport.understanding.logic.cleaning import clean, words

SHORT_WORDS = 3


def evaluate_language(test: Path) -> dict[str, Any]:
    """Accuracy over texts in the six languages, by language, of short, mixed and foreign texts.

    Args:
        test: rows ``{"text", "lang"}``; tags as in BCP 47 or FLORES (``zh-cn``, ``eng_Latn``). A language outside the
            six is right when nothing or only little confidence is claimed. A mixed text may carry
            ``"languages": ["en", "de"]``, all that occur in it.

    Raises: BadRows: a row without ``lang``.
    """
    rows = read_rows(test, ("text", "lang"))
    mixed = [row for row in rows if isinstance(row.get("languages"), list) and len(row["languages"]) > 1]
    texts = [clean(row["text"]) for row in rows]
    found = [identify_language(text, LANGUAGES)[0] for text in texts]
    times_ms = []
    for text in texts:
        started = time.thread_time()
        detect_language(text, LANGUAGES, None)
        times_ms.append((time.thread_time() - started) * 1000)
    gold = [language_code(row["lang"]) for row in rows]
    _check(test, rows, gold)
    known = [i for i, tag in enumerate(gold) if tag in LANGUAGES]
    short = [i for i in known if len(words(rows[i]["text"])) <= SHORT_WORDS]
    foreign = [i for i, tag in enumerate(gold) if tag not in LANGUAGES]
    return {
        "rows": len(rows),
        **_share([gold[i] == found[i] for i in known], "accuracy"),
        "per_language": _per_language([gold[i] for i in known], [found[i] for i in known]),
        **_share([gold[i] == found[i] for i in short], "short_accuracy"),
        "short_rows": len(short),
        **_share([found[i] == UNDETERMINED for i in foreign], "foreign_accuracy"),
        "foreign_rows": len(foreign),
        "code_switch": _code_switch(mixed),
        "confusions": _confusions(gold, found),
        "ms_per_message": {"mean": round(sum(times_ms) / len(times_ms), 4), **percentiles(times_ms)},
    }


def _check(path: Path, rows: Sequence[dict[str, Any]], gold: Sequence[str]) -> None:
    empty = [f"line {row['line']}: lang is empty" for row, tag in zip(rows, gold, strict=True) if not tag]
    if empty:
        raise BadRows(file=path.name, count=len(empty), problems=empty[:20])


def _share(right: Sequence[bool], name: str) -> dict[str, Any]:
    if not right:
        return {name: None}
    share = sum(right) / len(right)
    return {
        name: round(share, 4),
        f"{name}_interval": [round(bound, 4) for bound in interval(share, len(right))],
    }


def _per_language(gold: Sequence[str], found: Sequence[str]) -> dict[str, dict[str, Any]]:
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for wanted, got in zip(gold, found, strict=True):
        right[wanted].append(wanted == got)
    return {
        tag: {"rows": len(hits), "accuracy": round(sum(hits) / len(hits), 4)}
        for tag, hits in sorted(right.items())
    }


def _code_switch(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of mixed texts, where exactly the languages that occur were told, and where mixing was noticed at all."""
    if not rows:
        return {"rows": 0, "exact": None, "noticed": None}
    found = [{tag for tag, _ in find_languages(clean(row["text"]), LANGUAGES)} for row in rows]
    exact = sum(
        got == {language_code(str(tag)) for tag in row["languages"]}
        for got, row in zip(found, rows, strict=True)
    )
    noticed = sum(len(got) > 1 for got in found)
    return {
        "rows": len(rows),
        "exact": round(exact / len(rows), 4),
        "noticed": round(noticed / len(rows), 4),
    }


def _confusions(gold: Sequence[str], found: Sequence[str]) -> dict[str, int]:
    pairs = Counter(
        f"{wanted}>{got}"
        for wanted, got in zip(gold, found, strict=True)
        if wanted != got and wanted in LANGUAGES
    )
    return dict(pairs.most_common(10))
