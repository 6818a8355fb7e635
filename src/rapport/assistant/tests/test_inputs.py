"""A text that copies titles of what is offered is a click; anything more is left to understanding."""

from __future__ import annotations

from typing import Any

import pytest

from rapport.assistant.logic.inputs import Click, read_titles

VARIANTS: dict[str, Any] = {
    "slot": "replacements[0]",
    "items": [{"title": "purple, S, v-neck", "value": "9"}, {"title": "purple, M, v-neck", "value": "8"}],
    "quick_replies": [{"title": "Order status", "value": "start:order_status"}],
}
KETTLES: dict[str, Any] = {
    "slot": "items",
    "items": [
        {
            "name": "items",
            "options": [
                {"label": "Tea Kettle (glass, 2 liters)", "value": "1"},
                {"label": "Tea Kettle (glass, 2 liters)", "value": "2"},
                {"label": "Bicycle (medium, green)", "value": "3"},
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [("purple, S, v-neck", "9"), ("PURPLE M V-NECK.", "8"), ("order status", "start:order_status")],
)
def test_the_title_of_one_option_or_button_is_a_click_on_it(text: str, value: str) -> None:
    assert read_titles(text, "input_select", VARIANTS) == Click(value, {}, "replacements[0]", is_current=True)


@pytest.mark.parametrize("text", ["purple", "purple, S, v-neck, please", "", "not the purple, S, v-neck"])
def test_less_or_more_than_a_title_is_no_click(text: str) -> None:
    assert read_titles(text, "input_select", VARIANTS) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Bicycle medium, green", ("3",)),
        ("Tea Kettle glass, 2 liters and Bicycle (medium, green)", ("1", "3")),
        ("Tea Kettle (glass, 2 liters), Tea Kettle (glass, 2 liters)", ("1", "2")),
    ],
)
def test_several_titles_are_several_clicks_where_several_may_be_chosen(
    text: str, values: tuple[str, ...]
) -> None:
    assert read_titles(text, "form", KETTLES) == Click("", {"items": values}, "items", is_current=True)


def test_titles_among_other_words_and_forms_to_fill_in_are_no_clicks() -> None:
    assert read_titles("anything but the Bicycle medium, green", "form", KETTLES) is None
    assert read_titles("Ada", "form", {"slot": "x", "items": [{"name": "a", "label": "Ada"}]}) is None
