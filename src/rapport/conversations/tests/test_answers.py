"""Which submitted values an interactive message accepts."""

from __future__ import annotations

import pytest

from rapport.conversations.logic.answers import BadAnswer, check_answer

SELECT = {"items": [{"title": "Blue", "value": "b"}, {"title": "Red", "value": "r"}]}
FORM = {
    "items": [
        {"name": "email", "label": "E-mail", "type": "email", "required": True},
        {"name": "note", "label": "Note", "type": "text", "required": False},
        {
            "name": "items",
            "label": "Items",
            "type": "multi_select",
            "required": False,
            "options": [{"label": "Lamp", "value": "1"}, {"label": "Cup", "value": "2"}],
        },
    ],
    "quick_replies": [{"title": "A person", "value": "talk_to_person"}],
}


def test_a_choice_is_one_of_the_items_and_keeps_its_title():
    assert check_answer("input_select", SELECT, [{"value": "r"}]) == [
        {"name": "", "title": "Red", "value": "r"}
    ]


@pytest.mark.parametrize(
    "submitted", [[], [{"value": "x"}], [{"value": "r"}, {"value": "b"}], [{"value": None}], [{}]]
)
def test_anything_else_is_refused(submitted):
    with pytest.raises(BadAnswer):
        check_answer("input_select", SELECT, submitted)


def test_a_form_takes_several_values_of_one_field():
    answer = check_answer(
        "form", FORM, [{"name": "email", "value": "a@example.com"}, {"name": "items", "value": ["1", "2"]}]
    )
    assert [a["title"] for a in answer] == ["a@example.com", "Lamp", "Cup"]


def test_a_form_without_a_required_field_is_refused():
    with pytest.raises(BadAnswer, match="Missing: email"):
        check_answer("form", FORM, [{"name": "note", "value": "hi"}])


def test_an_unknown_field_and_an_unknown_option_are_refused():
    with pytest.raises(BadAnswer):
        check_answer("form", FORM, [{"name": "email", "value": "a"}, {"name": "admin", "value": "1"}])
    with pytest.raises(BadAnswer):
        check_answer("form", FORM, [{"name": "email", "value": "a"}, {"name": "items", "value": "9"}])


def test_quick_replies_answer_any_message():
    assert check_answer("form", FORM, [{"value": "talk_to_person"}])[0]["value"] == "talk_to_person"


def test_nul_bytes_are_dropped_and_long_values_refused():
    assert check_answer("form", FORM, [{"name": "email", "value": "a\x00b"}])[0]["value"] == "ab"
    with pytest.raises(BadAnswer, match="too long"):
        check_answer("form", FORM, [{"name": "email", "value": "x" * 2001}])


def test_plain_text_takes_no_values():
    with pytest.raises(BadAnswer):
        check_answer("text", {}, [{"value": "x"}])
