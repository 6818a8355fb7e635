"""How many values in texts are found, with the right span and the right value, by kind."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rapport.kernel.languages import LANGUAGES, base_language
from rapport.understanding.contracts import Context
from rapport.understanding.entities import find_entities
from rapport.understanding.evaluation.measures import f1, percentiles
from rapport.understanding.evaluation.rows import BadRows, read_rows
from rapport.understanding.language import detect_language

KINDS = (
    "order_id", "email", "phone", "money", "date", "period", "time", "quantity", "postal_code", "code", "address",
    "name", "reason", "correction",
)  # fmt: skip
_SYNONYMS = {
    "order_id": "order order_number order_no",
    "email": "mail e-mail email_address",
    "phone": "phone_number telephone",
    "money": "amount price currency amount_of_money",
    "date": "day",
    "period": "date_range duration range interval",
    "time": "time_of_day",
    "quantity": "number count",
    "postal_code": "zip zip_code zipcode postcode",
    "code": "otp verification_code",
    "address": "street_address location",
    "name": "person per full_name",
    "reason": "return_reason",
}
SYNONYMS = {name: kind for kind, names in _SYNONYMS.items() for name in names.split()}
"""Other names of kinds that gold files may use."""
_NAIVE_NOON = dt.time(12)


@dataclass(frozen=True, slots=True)
class Span:
    """One value, gold or found."""

    kind: str
    start: int
    end: int
    value: str | None
    """Comparable text; None in gold where only the span is judged."""


def evaluate_entities(test: Path) -> dict[str, Any]:
    """Precision, recall and F1 of spans and of values, by kind; kinds the file never names are not judged.

    Args:
        test: rows ``{"text", "entities": [{"kind", "start", "end", "value"?}], "lang"?, "now"?, "country"?}``;
            positions count characters; ``now`` is an ISO date or time, for relative dates (today if absent).

    Raises: BadRows: rows without a list of entities, unknown kinds, positions outside the text.
    """
    rows = read_rows(test)
    gold = _read_gold(test, rows)
    judged = {span.kind for spans in gold for span in spans}
    find_entities("warm up 1 at@x.example", Context(), "en")
    times_ms, found = [], []
    for row in rows:
        context, language = context_of(row), _language(row)
        started = time.thread_time()
        entities = find_entities(row["text"], context, language)
        times_ms.append((time.thread_time() - started) * 1000)
        found.append(
            [Span(e.kind, e.start, e.end, comparable(e.kind, e.value)) for e in entities if e.kind in judged]
        )
    languages = [_language(row) for row in rows]
    return {
        "rows": len(rows),
        "entities": sum(map(len, gold)),
        "span": _scores(gold, found, judged, exact=True),
        "overlap": {"micro_f1": _scores(gold, found, judged, exact=False)["micro_f1"]},
        "value": _value_scores(gold, found, judged),
        "per_language": {
            language: _scores(*_of(language, languages, gold, found), judged, exact=True)["micro_f1"]
            for language in sorted(set(languages))
        },
        "ms_per_message": {"mean": round(sum(times_ms) / len(times_ms), 3), **percentiles(times_ms)},
    }


def comparable(kind: str, value: Any) -> str | None:
    """A value as text that is the same however it was written: amounts without trailing noughts, case folded."""
    if value is None:
        return None
    if kind == "money":
        amount, currency = (
            (value.get("amount"), value.get("currency")) if isinstance(value, Mapping) else _money(str(value))
        )
        try:
            return f"{Decimal(str(amount)).normalize():f} {currency}"
        except InvalidOperation:
            return f"{amount} {currency}"
    if kind in ("address", "correction") and isinstance(value, Mapping):
        return json.dumps({k: v for k, v in sorted(value.items()) if v}, ensure_ascii=False).casefold()
    text = str(value).strip().casefold()
    return text.lstrip("#") if kind == "order_id" else text.replace(" ", "") if kind == "phone" else text


def _money(written: str) -> tuple[str, str]:
    parts = written.replace(",", "").split()
    currency = next((part for part in parts if part.isalpha()), "")
    return next((part for part in parts if not part.isalpha()), ""), currency.upper()


def _read_gold(path: Path, rows: Sequence[dict[str, Any]]) -> list[list[Span]]:
    gold, problems = [], []
    for row in rows:
        spans = []
        entities = row.get("entities")
        for entity in entities if isinstance(entities, list) else ():
            try:
                kind = SYNONYMS.get(str(entity["kind"]).lower(), str(entity["kind"]).lower())
                start, end = int(entity["start"]), int(entity["end"])
            except (KeyError, TypeError, ValueError):
                problems.append(f"line {row['line']}: an entity needs kind, start and end")
                continue
            if kind not in KINDS:
                problems.append(f"line {row['line']}: unknown kind {kind[:30]!r}")
            elif not 0 <= start < end <= len(row["text"]):
                problems.append(f"line {row['line']}: position outside the text")
            else:
                spans.append(Span(kind, start, end, comparable(kind, entity.get("value"))))
        if not isinstance(entities, list):
            problems.append(f"line {row['line']}: entities missing or not a list")
        gold.append(spans)
    if problems:
        raise BadRows(file=path.name, count=len(problems), problems=problems[:20])
    return gold


def context_of(row: Mapping[str, Any]) -> Context:
    """What a row says about when and where it was written."""
    now = None
    if row.get("now"):
        written = str(row["now"])
        moment = dt.datetime.fromisoformat(written)
        now = dt.datetime.combine(moment.date(), _NAIVE_NOON, dt.UTC) if len(written) <= 10 else moment
    country = row.get("country")
    return Context(now=now, country=str(country) if country else None)


def _language(row: Mapping[str, Any]) -> str:
    if row.get("lang"):
        return base_language(str(row["lang"]))
    return detect_language(row["text"], LANGUAGES, None)[0]


def _of(
    language: str, languages: Sequence[str], gold: Sequence[list[Span]], found: Sequence[list[Span]]
) -> tuple[list[list[Span]], list[list[Span]]]:
    chosen = [i for i, one in enumerate(languages) if one == language]
    return [gold[i] for i in chosen], [found[i] for i in chosen]


def _scores(
    gold: Sequence[list[Span]], found: Sequence[list[Span]], kinds: set[str], *, exact: bool
) -> dict[str, Any]:
    """By kind and over all; without `exact` an overlap with a gold span of the kind counts."""
    hits: Counter[str] = Counter()
    wanted: Counter[str] = Counter(span.kind for spans in gold for span in spans)
    given: Counter[str] = Counter(span.kind for spans in found for span in spans)
    for theirs, ours in zip(gold, found, strict=True):
        left = list(theirs)
        for span in ours:
            match = next((g for g in left if _same(g, span, exact=exact)), None)
            if match:
                left.remove(match)
                hits[span.kind] += 1
    return _summary(hits, wanted, given, kinds)


def _same(gold: Span, found: Span, *, exact: bool) -> bool:
    if gold.kind != found.kind:
        return False
    if exact:
        return (gold.start, gold.end) == (found.start, found.end)
    return gold.start < found.end and found.start < gold.end


def _value_scores(gold: Sequence[list[Span]], found: Sequence[list[Span]], kinds: set[str]) -> dict[str, Any]:
    """Values whatever their place, of the kinds for which the file gives values."""
    judged = {span.kind for spans in gold for span in spans if span.value is not None}
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for theirs, ours in zip(gold, found, strict=True):
        wanted = Counter((s.kind, s.value or "") for s in theirs if s.value is not None)
        given = Counter((s.kind, s.value or "") for s in ours if s.kind in judged)
        for name, counted in (("wanted", wanted), ("given", given), ("hits", wanted & given)):
            for (kind, _), number in counted.items():
                sums[name][kind] += number
    return _summary(sums["hits"], sums["wanted"], sums["given"], judged & kinds)


def _summary(
    hits: Counter[str], wanted: Counter[str], given: Counter[str], kinds: set[str]
) -> dict[str, Any]:
    per_kind = {
        kind: {
            "gold": wanted[kind],
            "precision": round(hits[kind] / given[kind], 4) if given[kind] else None,
            "recall": round(hits[kind] / wanted[kind], 4) if wanted[kind] else None,
            "f1": round(f1(hits[kind], given[kind] - hits[kind], wanted[kind] - hits[kind]), 4),
        }
        for kind in sorted(kinds)
    }
    right, asked, said = (sum(counted[kind] for kind in kinds) for counted in (hits, wanted, given))
    return {"micro_f1": round(f1(right, said - right, asked - right), 4), "per_kind": per_kind}
