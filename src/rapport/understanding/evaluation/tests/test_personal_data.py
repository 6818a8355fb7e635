"""Counting of personal data, on rows small enough to count by hand."""

from __future__ import annotations

import pytest

from rapport.governance.contracts import PersonalKind, PersonalSpan
from rapport.understanding.evaluation.personal_data import evaluate, read_gold
from rapport.understanding.evaluation.rows import BadRows

TEXT = "Ask Jane Doe in Oslo"


def finder(*spans):
    def find(text):
        if text != TEXT:
            return []
        return [PersonalSpan(a, b, PersonalKind(kind), text[a:b], 1.0, "test") for a, b, kind in spans]

    return find


def row(*spans):
    return {"text": TEXT, "line": 1, "spans": [{"start": a, "end": b, "type": t} for a, b, t in spans]}


GOLD = row((4, 12, "PERSON"), (16, 20, "GPE"))


def test_all_found():
    report, findings = evaluate([GOLD], finder((4, 12, "person"), (16, 20, "location")))
    assert (report["precision"], report["recall"], report["f1"]) == (1.0, 1.0, 1.0)
    assert report["exact"]["f1"] == report["character"]["f1"] == 1.0
    assert findings == []


def test_half_a_name_is_found_but_not_exactly():
    report, _ = evaluate([GOLD], finder((4, 8, "person"), (16, 20, "location")))
    assert report["overlap"]["recall"] == 1.0
    assert report["exact"]["recall"] == 0.5
    assert report["character"]["recall"] == round(8 / 11, 4)


def test_a_miss_and_a_false_alarm():
    report, findings = evaluate([GOLD], finder((4, 12, "person"), (0, 3, "person")))
    assert (report["precision"], report["recall"]) == (0.5, 0.5)
    assert {(f["error"], f["value"]) for f in findings} == {("missed", "Oslo"), ("wrong", "Ask")}
    assert report["name_recall"]["recall"] == 1.0


def test_another_kind_in_the_right_place_counts_as_found():
    report, _ = evaluate([GOLD], finder((4, 12, "organization"), (16, 20, "address")))
    assert report["recall"] == 1.0
    assert report["per_type"]["PERSON"]["same_type"] == 0
    assert report["per_type"]["GPE"]["same_type"] == 1


def test_kinds_the_file_never_marks_are_not_counted_as_wrong():
    report, _ = evaluate([GOLD], finder((4, 12, "person"), (16, 20, "location"), (0, 3, "url")))
    assert report["precision"] == 1.0


def test_labels_left_out_are_neutral():
    report, _ = evaluate(
        [row((0, 3, "TITLE"), (4, 12, "PERSON"))], finder((0, 3, "person"), (4, 12, "person"))
    )
    assert (report["precision"], report["recall"], report["overlap"]["gold"]) == (1.0, 1.0, 1)


def test_keys_and_labels_of_common_corpora():
    spans = [
        {"start_position": 4, "end_position": 12, "entity_type": "GIVENNAME1"},
        {"start": 16, "end": 20, "label": "B-CITY"},
    ]
    assert [g.kind for g in read_gold({"text": TEXT, "spans": spans})] == ["person", "location"]
    assert (
        read_gold({"text": TEXT, "entities": [{"start": 4, "end": 12, "entity": "birth_date"}]})[0].kind
        == "birth_date"
    )


@pytest.mark.parametrize(
    "spans",
    [None, [{"start": 4, "end": 99, "type": "PERSON"}], [{"start": 4, "end": 12, "type": "NONSENSE"}], ["x"]],
)
def test_unusable_rows_are_named(spans):
    with pytest.raises(BadRows) as problem:
        evaluate([{"text": TEXT, "line": 7, "spans": spans}], finder())
    assert "line 7" in str(problem.value.facts if hasattr(problem.value, "facts") else vars(problem.value))
