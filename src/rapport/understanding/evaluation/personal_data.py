"""How well personal data is found in labelled texts: by span, exact and overlapping, by character, by type.

Counting is by place, whatever the type: to redact a name as a place is no leak. Types are counted beside it.
"""

# ruff: noqa: E501 - label names of common corpora
from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapport.governance.contracts import PersonalKind, PersonalSpan
from rapport.understanding.evaluation.measures import f1, interval, percentiles
from rapport.understanding.evaluation.rows import BadRows

MAX_PROBLEMS = 20
_SAME = {"location": "address", "postal_code": "address"}
"""Kinds that are one when types are compared: corpora cut addresses differently."""
CHECKSUMMED = frozenset({"card", "iban", "national_id", "bank_account", "crypto", "vat_id"})
_TEXT_KEYS = ("start", "start_position", "start_offset"), ("end", "end_position", "end_offset")
_LABEL_KEYS = ("type", "label", "entity_type", "entity", "tag", "entity_group")
_LABELS: dict[str, str] = {
    "person": "PERSON PER NAME FULLNAME GIVENNAME FIRSTNAME MIDDLENAME LASTNAME SURNAME FAMILYNAME USERNAME_PERSON PATIENT DOCTOR NAME_STUDENT",
    "organization": "ORGANIZATION ORGANISATION ORG COMPANY COMPANYNAME HOSPITAL EMPLOYER",
    "location": "LOCATION LOC GPE CITY COUNTRY STATE COUNTY REGION FAC PLACE NEARBYGPSCOORDINATE",
    "address": "STREETADDRESS ADDRESS STREET BUILDINGNUMBER BUILDINGNUM SECONDARYADDRESS HOUSENUMBER LOCATIONADDRESS FULLADDRESS",
    "postal_code": "ZIPCODE ZIP POSTALCODE POSTCODE LOCATIONZIP",
    "nationality": "NRP NORP NATIONALITY RELIGION ETHNICITY POLITICALGROUP RELIGIOUSBELIEF",
    "email": "EMAILADDRESS EMAIL MAIL",
    "phone": "PHONENUMBER PHONE TEL TELEPHONE TELEPHONENUM MOBILE FAX FAXNUMBER PHONENUM",
    "card": "CREDITCARD CREDITCARDNUMBER CARD CARDNUMBER PAYMENTCARD DEBITCARD CREDITDEBITCARD MASKEDNUMBER",
    "iban": "IBANCODE IBAN",
    "bank_account": "USBANKNUMBER BANKACCOUNT ACCOUNTNUMBER ACCOUNTNUM ABAROUTING BANKROUTINGNUMBER ROUTINGNUMBER ABAROUTINGNUMBER BIC SWIFTBIC SWIFTCODE BANKNUMBER",
    "national_id": "USSSN SSN SOCIALNUM SOCIALSECURITYNUMBER USITIN NATIONALID IDNUMBER IDCARD IDCARDNUM TAXNUM TAXID NATIONALINSURANCE UKNHS NHS UKNINO NINO ESNIF ESNIE NIF NIE DNI INN SNILS "
    "CZBIRTHNUMBER RODNECISLO BIRTHNUMBER PESEL PLPESEL BSN CODICEFISCALE ITFISCALCODE DETAXID STEUERID RESIDENTID CNRESIDENTID MEDICALLICENSE SGNRICFIN AUTFN INAADHAAR INPAN",
    "vat_id": "VATID VAT VATNUMBER ITVATCODE COMPANYVAT",
    "passport": "USPASSPORT PASSPORT PASSPORTNUMBER PASSPORTNUM ITPASSPORT INPASSPORT UKPASSPORT ESPASSPORT",
    "driver_licence": "USDRIVERLICENSE DRIVERLICENSE DRIVERLICENCE DRIVERLICENSENUM DRIVERSLICENSE ITDRIVERLICENSE DRIVINGLICENCE",
    "crypto": "CRYPTO BITCOINADDRESS BITCOIN ETHEREUMADDRESS LITECOINADDRESS CRYPTOWALLET WALLET",
    "ip": "IPADDRESS IP IPV4 IPV6",
    "mac": "MACADDRESS MAC",
    "url": "URL DOMAINNAME DOMAIN WEBSITE URLPERSONAL",
    "date_time": "DATETIME DATE TIME YEAR",
    "birth_date": "BIRTHDATE DATEOFBIRTH DOB BIRTHDAY",
    "age": "AGE",
    "secret": "PASSWORD SECRET TOKEN APIKEY PIN OTP CVV CREDITCARDCVV CREDITCARDSECURITYCODE ONETIMECODE ACCESSTOKEN",
    "": "TITLE PREFIX SUFFIX JOBTITLE JOB JOBTYPE JOBAREA PROFESSION OCCUPATION GENDER SEX CURRENCY CURRENCYCODE CURRENCYSYMBOL CURRENCYNAME AMOUNT EYECOLOR HEIGHT",
}  # fmt: skip
LABELS: dict[str, str] = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}
"""Gold labels, in capitals without separators, to our kinds; the empty kind is left out of the counting."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A marked stretch; `kind` is empty where the label is no personal data by itself."""

    start: int
    end: int
    kind: str
    label: str


@dataclass(slots=True)
class Tally:
    """Gold spans and finds of one way of counting."""

    gold: int = 0
    gold_hit: int = 0
    found: int = 0
    found_hit: int = 0

    def report(self) -> dict[str, Any]:
        """Precision, recall and F1 with 95 % intervals, and the counts behind them."""
        precision = self.found_hit / self.found if self.found else 1.0
        recall = self.gold_hit / self.gold if self.gold else 1.0
        score = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {
            "precision": round(precision, 4),
            "recall": round(recall, 4),
            "f1": round(score, 4),
            "precision_interval": _interval(precision, self.found),
            "recall_interval": _interval(recall, self.gold),
            "gold": self.gold,
            "missed": self.gold - self.gold_hit,
            "found": self.found,
            "wrong": self.found - self.found_hit,
        }


@dataclass(slots=True)
class Counts:
    """All that is counted over the rows."""

    exact: Tally = field(default_factory=Tally)
    overlap: Tally = field(default_factory=Tally)
    character: Tally = field(default_factory=Tally)
    by_type: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_kind: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    findings: list[dict[str, Any]] = field(default_factory=list)


def read_gold(row: dict[str, Any]) -> list[Gold]:
    """The marked stretches of a row. Raises ValueError naming the label or place that cannot be used."""
    marked = row.get("spans", row.get("entities", row.get("privacy_mask")))
    if not isinstance(marked, list):
        raise ValueError("spans missing or not a list")  # noqa: TRY004 - one kind of error for a bad row
    found = []
    for span in marked:
        start, end = (next((span[k] for k in keys if k in span), None) for keys in _TEXT_KEYS)
        label = next((span[k] for k in _LABEL_KEYS if k in span), None)
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(row["text"]):
            raise ValueError(f"span from {start} to {end} is outside the text")
        folded = "".join(c for c in str(label).upper().removeprefix("B-").removeprefix("I-") if c.isalnum())
        kind = (
            folded.lower()
            if folded.lower() in _OWN
            else LABELS.get(folded.rstrip("0123456789"), LABELS.get(folded))
        )
        if kind is None:
            raise ValueError(f"label {label!r} is not known")
        found.append(Gold(start, end, _OWN.get(kind, kind), str(label)))
    return sorted(found, key=lambda g: g.start)


_OWN = {kind.value.replace("_", ""): kind.value for kind in PersonalKind}


def evaluate(
    rows: Sequence[dict[str, Any]], find: Callable[[str], list[PersonalSpan]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The report and every missed or wrong span.

    Raises: BadRows: a row without usable spans.
    """
    gold = _read_all(rows)
    annotated = {_SAME.get(g.kind, g.kind) for marked in gold for g in marked if g.kind}
    counts, times = Counts(), []
    find("warm up with Jane Doe, 1 Main Street")
    for row, marked in zip(rows, gold, strict=True):
        began = time.thread_time_ns()
        found = find(row["text"])
        times.append((time.thread_time_ns() - began) / 1e6)
        _count(row, marked, _scored(found, marked, annotated), counts)
    report = _report(counts, times, len(rows))
    report["kinds_scored"] = sorted(annotated)
    return report, counts.findings


def _read_all(rows: Sequence[dict[str, Any]]) -> list[list[Gold]]:
    gold, problems = [], []
    for row in rows:
        try:
            gold.append(read_gold(row))
        except (ValueError, TypeError) as problem:
            problems.append(f"line {row.get('line', '?')}: {problem}")
    if problems:
        raise BadRows(file="", count=len(problems), problems=problems[:MAX_PROBLEMS])
    return gold


def _scored(found: list[PersonalSpan], gold: list[Gold], annotated: set[str]) -> list[PersonalSpan]:
    """Finds that count: not on a label left out, and of a kind the file marks or on something it marks."""
    kept = []
    for span in found:
        here = [g for g in gold if g.start < span.end and span.start < g.end]
        if any(g.kind for g in here) or (
            not here and _SAME.get(span.kind.value, span.kind.value) in annotated
        ):
            kept.append(span)
    return kept


def _count(row: dict[str, Any], marked: list[Gold], found: list[PersonalSpan], counts: Counts) -> None:
    text, gold = row["text"], [g for g in marked if g.kind]
    gold_chars, found_chars = _characters(text, gold), _characters(text, found)
    skipped = _characters(text, [g for g in marked if not g.kind])
    both = len(gold_chars & found_chars)
    _add(counts.character, len(gold_chars), both, len(found_chars - skipped), both)
    gold_ends, found_ends = {_trim(text, g) for g in gold}, {_trim(text, s) for s in found}
    same = len(gold_ends & found_ends)
    _add(counts.exact, len(gold_ends), same, len(found_ends), same)
    for g in gold:
        is_hit = _is_half(text, g, found_chars)
        cover = [s for s in found if s.start < g.end and g.start < s.end]
        is_typed = is_hit and any(_SAME.get(s.kind, s.kind) == _SAME.get(g.kind, g.kind) for s in cover)
        counts.by_type[g.label].update(gold=1, hit=is_hit, typed=is_typed)
        counts.by_kind[g.kind].update(gold=1, hit=is_hit)
        _add(counts.overlap, 1, int(is_hit), 0, 0)
        if not is_hit:
            counts.findings.append(_finding("missed", row, g.start, g.end, g.label))
    for s in found:
        is_right = _is_half(text, s, gold_chars)
        counts.by_kind[s.kind.value].update(found=1, right=is_right)
        _add(counts.overlap, 0, 0, 1, int(is_right))
        if not is_right:
            counts.findings.append(
                _finding("wrong", row, s.start, s.end, f"{s.kind.value}/{s.rule}/{s.score}")
            )


def _report(counts: Counts, times: list[float], rows: int) -> dict[str, Any]:
    overlap = counts.overlap.report()
    checked = [counts.by_kind[k] for k in CHECKSUMMED]
    people = counts.by_kind["person"]
    return {
        "rows": rows,
        "precision": overlap["precision"],
        "recall": overlap["recall"],
        "f1": overlap["f1"],
        "overlap": overlap,
        "exact": counts.exact.report(),
        "character": counts.character.report(),
        "checksummed_recall": _share(sum(c["hit"] for c in checked), sum(c["gold"] for c in checked)),
        "name_recall": _share(people["hit"], people["gold"]),
        "per_type": {
            label: {**_share(c["hit"], c["gold"]), "same_type": c["typed"]} for label, c in sorted(counts.by_type.items())
        },
        "per_kind": {
            kind: {
                "gold": c["gold"], "missed": c["gold"] - c["hit"], "found": c["found"], "wrong": c["found"] - c["right"],
                "f1": round(f1(c["hit"], c["found"] - c["right"], c["gold"] - c["hit"]), 4),
            }
            for kind, c in sorted(counts.by_kind.items())
        },
        "ms_per_message": {**percentiles(times), "mean": round(sum(times) / max(1, len(times)), 3)},
        "errors": dict(Counter(f["error"] for f in counts.findings)),
    }  # fmt: skip


def _finding(error: str, row: dict[str, Any], start: int, end: int, what: str) -> dict[str, Any]:
    text = row["text"]
    return {
        "error": error, "line": row.get("line"), "what": what, "value": text[start:end],
        "before": text[max(0, start - 40) : start], "after": text[end : end + 30],
    }  # fmt: skip


def _characters(text: str, spans: Iterable[Gold | PersonalSpan]) -> set[int]:
    """Places of letters and digits inside spans; spaces and signs at cuts say nothing."""
    return {i for s in spans for i in range(s.start, s.end) if text[i].isalnum()}


def _is_half(text: str, span: Gold | PersonalSpan, covered: set[int]) -> bool:
    own = _characters(text, [span]) or {span.start}
    return 2 * len(own & covered) >= len(own)


def _trim(text: str, span: Gold | PersonalSpan) -> tuple[int, int]:
    start, end = span.start, span.end
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _add(tally: Tally, gold: int, gold_hit: int, found: int, found_hit: int) -> None:
    tally.gold += gold
    tally.gold_hit += gold_hit
    tally.found += found
    tally.found_hit += found_hit


def _share(hits: int, rows: int) -> dict[str, Any]:
    share = hits / rows if rows else 0.0
    return {
        "recall": round(share, 4),
        "interval": _interval(share, rows),
        "gold": rows,
        "missed": rows - hits,
    }


def _interval(share: float, rows: int) -> list[float]:
    low, high = interval(share, rows)
    return [round(low, 4), round(high, 4)]
