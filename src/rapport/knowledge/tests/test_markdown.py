"""Paragraphs and plain text of an article's body."""

from __future__ import annotations

from rapport.knowledge.logic.markdown import paragraphs, plain


def test_marks_are_removed() -> None:
    assert (
        plain("**Open** _my_ `orders`, see [the list](/orders).") == "Open my orders, see the list (/orders)."
    )


def test_two_bold_lines_stay_two_lines() -> None:
    assert plain("**One:** a\n**Two:** b") == "One: a\nTwo: b"


def test_a_list_stays_with_its_introduction() -> None:
    assert paragraphs("You can:\n\n- wait\n- ask\n\nThat is all.") == [
        "You can:\n• wait\n• ask",
        "That is all.",
    ]


def test_a_heading_stays_with_its_text() -> None:
    assert paragraphs("## Steps\n\nOpen the box.\n\nRead.") == ["Steps\nOpen the box.", "Read."]


def test_numbered_lists_keep_their_numbers() -> None:
    assert paragraphs("1. Open\n2. Close") == ["1. Open\n2. Close"]


def test_an_empty_body_has_no_paragraphs() -> None:
    assert paragraphs("\n \n") == []


def test_snake_case_is_not_emphasis() -> None:
    assert plain("my_order_id stays") == "my_order_id stays"


def test_text_full_of_broken_links_is_read_in_no_time() -> None:
    assert plain("[a](" * 4000) == "[a](" * 4000
