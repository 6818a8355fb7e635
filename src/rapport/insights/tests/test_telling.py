"""What is told from words: what a colleague asks for, what a group is called, how well groups fit labels."""

from __future__ import annotations

import pytest

from rapport.insights.contracts import Group, Kind, StaffCall, Story
from rapport.insights.logic.asking import asked_kinds
from rapport.insights.logic.evidence import weigh
from rapport.insights.logic.measuring import agree
from rapport.insights.logic.naming import title_of, typical_words
from rapport.insights.logic.unsolved import is_missed, minutes_spent, shortened, states_request, written
from rapport.insights.tests.scenes import NOW
from rapport.insights.wording import kind_words, kinds, phrases, plain_words, text
from rapport.kernel.languages import LANGUAGES


@pytest.mark.parametrize(
    ("said", "kinds_asked"),
    [
        ("Could you tell me the order number and attach a photo?", ("order", "file")),
        ("Bitte nennen Sie mir die Bestellnummer.", ("order",)),
        ("Kdy se vám doručení hodí?", ("date",)),
        ("¿Cuál es el motivo?", ("reason",)),
        ("Подскажите, пожалуйста, номер телефона", ("phone",)),
        ("请提供订单号和地址。", ("order", "address")),
        ("I have sent your order today.", ()),
    ],
)
def test_a_question_tells_what_is_wanted(said, kinds_asked):
    assert asked_kinds(said, kind_words()) == kinds_asked


def test_a_group_is_called_by_words_that_are_frequent_in_it_and_rare_elsewhere():
    mine = ["please change the delivery date", "another delivery date please", "move my delivery date"]
    others = ["where is my delivery", "please cancel my order", "change my address"]
    words = typical_words(mine, others, plain_words("en"))
    assert words == ("delivery", "date")
    assert title_of(words, "en") == "Delivery date"


def test_labels_of_what_was_redacted_name_nothing():
    words = typical_words(["[person] wants gift wrap", "gift wrap for [person]"], [], plain_words("en"))
    assert words == ("wants", "gift", "wrap") or set(words) == {"gift", "wrap"}
    assert "person" not in words


def test_chinese_words_are_those_of_the_dictionary():
    words = typical_words(["请帮我做礼品包装", "可以礼品包装吗"], [], plain_words("zh"))
    assert any("包装" in word for word in words)


def test_agreement_is_one_for_the_same_parts_and_falls_with_each_error():
    assert agree(["a", "a", "b", "b"], [0, 0, 1, 1], 2).v_measure == 1
    found = agree(["a", "a", "b", "b"], [0, 0, 0, 0], 2)
    assert (found.homogeneity, found.completeness, found.purity, found.found) == (0.0, 1.0, 0.5, 0)
    split = agree(["a", "a", "b", "b"], [0, 1, 2, 2], 2)
    assert (split.homogeneity, round(split.completeness, 4)) == (1.0, 0.6667)
    assert (split.groups, split.grouped_share, split.labels, split.found) == (1, 0.5, 2, 1)


def test_numbers_of_records_are_left_out_before_anything_is_stored():
    assert written("where is order #W1234567 and invoice 2026-00123?") == (
        "where is order [number] and invoice [number]?"
    )


def test_a_long_request_is_cut_at_a_word():
    cut = shortened("word " * 100)
    assert len(cut) <= 300
    assert cut.endswith("word…")


@pytest.mark.parametrize(
    ("steps", "missed"),
    [
        (("start:return_items", "reply:thanks"), False),
        (("clarify:return_items", "start:return_items"), False),
        (("start:return_items", "reply:not_understood"), True),
        (("reply:greeting",), False),
        ((), False),
    ],
)
def test_the_last_step_that_tells_decides_whether_it_helped(steps, missed):
    assert is_missed(steps) is missed


def test_greetings_and_calls_for_a_person_are_no_requests():
    assert not states_request("Hello!", ("reply:greeting",))
    assert not states_request("a person please", ("hand_over:customer_asked",))
    assert states_request("gift wrap?", ("reply:not_understood",))
    assert not states_request("ok then", ())
    assert states_request("the lamp came without a bulb", ())


def test_a_pause_counts_ten_minutes_at_most():
    assert minutes_spent([60, 3600]) == 11.0


def test_the_wording_is_complete_in_every_language():
    for kind in kinds().values():
        assert set(kind["label"]) == set(kind["ask"]) == set(LANGUAGES)
    for name in ("confirm", "done", "person"):
        assert set(text(name)) == set(LANGUAGES)
    assert set(phrases()) == set(LANGUAGES)
    assert len({len(said) for said in phrases().values()}) == 1


def test_arguments_are_known_by_the_values_colleagues_gave():
    calls = [
        StaffCall("x", {"day": f"2026-03-0{n}", "n": n, "kind": "gift", "note": "Mia"}) for n in (1, 2, 3)
    ]
    stories = [Story(n, NOW, "en", "", calls=(call,)) for n, call in enumerate(calls)]
    (use,) = weigh(Group(Kind.NEW, "", tuple(stories)), stories).actions
    assert (use.count, use.constants) == (3, {"kind": "gift"})
    assert use.types == {"day": "date", "n": "number"}
