"""Questions as text, and replies read back as the clicks they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rapport.channels.logic.plain_text import core_of, read_answer, read_question, render
from rapport.channels.text_wording import plain_wording
from rapport.kernel.languages import LANGUAGES

ITEMS = {
    "items": [
        {"title": "#W1001", "value": "o1", "description": "12 May"},
        {"title": "#W1002", "value": "o2"},
        {"title": "None of them", "value": "none"},
    ],
    "quick_replies": [{"title": "Talk to a person", "value": "talk_to_person"}],
}
CONFIRM = {
    "items": [
        {"title": "Yes", "value": "confirm:yes"},
        {"title": "Change something", "value": "confirm:no"},
        {"title": "Cancel", "value": "confirm:cancel"},
    ],
    "expects": "confirm",
}
MANY = {
    "items": [
        {
            "name": "items",
            "type": "multi_select",
            "options": [
                {"label": "Lamp", "value": "i1"},
                {"label": "Wall shelf, oak", "value": "i2"},
                {"label": "Chair", "value": "i3"},
            ],
        }
    ]
}
FORM = {
    "items": [
        {"name": "order_number", "label": "Číslo objednávky", "type": "text", "required": True},
        {"name": "email", "label": "E-mail", "type": "email", "required": True, "default": "a@b.example"},
        {
            "name": "why",
            "label": "Why",
            "type": "select",
            "required": False,
            "options": [{"label": "Too late", "value": "late"}, {"label": "Broken", "value": "broken"}],
        },
    ],
    "quick_replies": [{"title": "Talk to a person", "value": "talk_to_person"}],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", "o2"),
        ("2.", "o2"),
        (" 2) ", "o2"),
        ("(2)", "o2"),
        ("č. 2", "o2"),
        ("Nr. 2", "o2"),
        ("２", "o2"),
        ("2️⃣", "o2"),
        ("选2", "o2"),
        ("2 !", "o2"),
        ("4", "talk_to_person"),
        ("#w1002", "o2"),
        ("talk to a person!", "talk_to_person"),
        ("Dobrý den,\n\n2\n\nDěkuji\nJana Malá", "o2"),
        ("2\n\nMit freundlichen Grüßen\nUwe Beispiel\nTel. 030 1234567", "o2"),
        ("您好：\n1\n谢谢", "o1"),
    ],
)
def test_a_number_or_title_and_nothing_else_is_a_choice(text, value):
    assert read_answer(text, read_question("input_select", ITEMS)) == [{"value": value}]


@pytest.mark.parametrize(
    "text",
    [
        "1\nThanks, but cancel the other one",
        "Hi, please cancel my order\n1",
        "1\nDanke\nbitte stornieren",
        "1\nGracias, ¿y el otro?",
        "",
        "0",
        "5",
        "12",
        "1 and 2",
        "2 but please hurry",
        "order 1002",
        "yes",
        "two of them",
        "2\nand where is my money?",
        "-2",
        "2.5",
        "2/3 of it",
    ],
)
def test_anything_more_is_free_text(text):
    assert read_answer(text, read_question("input_select", ITEMS)) is None


@pytest.mark.parametrize("text", ["yes", "Ano.", "ja", "Sí", "да", "是的", "1", "Yes"])
def test_a_plain_yes_confirms(text):
    assert read_answer(text, read_question("input_select", CONFIRM)) == [{"value": "confirm:yes"}]


def test_a_yes_with_a_condition_does_not_confirm():
    assert read_answer("yes, but only the lamp", read_question("input_select", CONFIRM)) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1 and 3", ["i1", "i3"]),
        ("1, 3", ["i1", "i3"]),
        ("1 a 3", ["i1", "i3"]),
        ("1 und 3", ["i1", "i3"]),
        ("3 и 1", ["i3", "i1"]),
        ("1、3", ["i1", "i3"]),
        ("1 3", ["i1", "i3"]),
        ("2", ["i2"]),
        ("wall shelf oak", ["i2"]),
        ("Lamp\nChair", ["i1", "i3"]),
        ("vše", ["i1", "i2", "i3"]),
        ("全部", ["i1", "i2", "i3"]),
    ],
)
def test_several_numbers_where_several_may_be_chosen(text, values):
    assert read_answer(text, read_question("form", MANY)) == [{"name": "items", "value": v} for v in values]


def test_filled_in_lines_are_the_form():
    text = "Dobrý den,\n> Číslo objednávky: #W1001\nE-MAIL: x@y.example\nWhy (optional): broken\nDíky, Jana"
    assert read_answer(text, read_question("form", FORM)) == [
        {"name": "order_number", "value": "#W1001"},
        {"name": "email", "value": "x@y.example"},
        {"name": "why", "value": "broken"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Číslo objednávky: #W1001",
        "Číslo objednávky: #W1001\nE-mail: x@y.example\nBy the way, where is it?",
        "Číslo objednávky: #W1001\nE-mail: x@y.example\nWhy: no reason of yours",
        "Číslo objednávky: 1\nČíslo objednávky: 2\nE-mail: x@y.example",
        "1",
    ],
)
def test_a_form_half_filled_or_with_more_words_is_free_text(text):
    assert read_answer(text, read_question("form", FORM)) is None


def test_beside_a_form_a_quick_reply_is_named_by_its_title():
    assert read_answer("Talk to a person", read_question("form", FORM)) == [{"value": "talk_to_person"}]


def test_where_a_number_may_be_the_answer_it_is_no_choice():
    asked = {"slot": "quantity", "quick_replies": [{"title": "Skip", "value": "skip"}]}
    question = read_question("text", asked)
    assert read_answer("1", question) is None
    assert read_answer("skip", question) == [{"value": "skip"}]
    assert render("How many?", question, plain_wording("en")).endswith("Or reply with one of these:\n• Skip")


def test_a_choice_as_text():
    assert render("Which order?", read_question("input_select", ITEMS), plain_wording("en")) == (
        "Which order?\n\nReply with the number of your choice:\n1. #W1001 (12 May)\n2. #W1002\n3. None of them\n4. Talk to a person"
    )


def test_a_form_as_text():
    assert render("Who are you?", read_question("form", FORM), plain_wording("en")) == (
        "Who are you?\n\nPlease copy these lines into your reply and fill them in:\n\n"
        "Číslo objednávky:\nE-mail: a@b.example\nWhy (optional; one of: Too late / Broken):\n\n"
        "Or reply with one of these:\n• Talk to a person"
    )


def test_one_thing_that_is_asked_in_words_is_answered_in_words():
    asked = read_question("form", {"items": [{"name": "day", "label": "Day", "type": "date"}]})
    assert render("When did it arrive?", asked, plain_wording("en")) == "When did it arrive?"
    assert read_answer("Day: 2026-11-20", asked) == [{"name": "day", "value": "2026-11-20"}]
    assert read_answer("last Monday", asked) is None


def test_files_and_links_as_text():
    wanted = read_question("input_file", {"quick_replies": [{"title": "Skip", "value": "skip"}]})
    assert "Soubor přiložte" in render("Foto?", wanted, plain_wording("cs"))
    cited = read_question("article", {"items": [{"title": "Returns", "link": "/help/returns"}]})
    assert render("30 days.", cited, plain_wording("en")) == "30 days.\n\nReturns: /help/returns"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_reads_back(language):
    """Every numbered option, written as it was shown, is that option again; in every language."""
    question = read_question("input_select", ITEMS)
    shown = render("?", question, plain_wording(language))
    for option in question.options:
        line = next(row for row in shown.splitlines() if row.startswith(f"{option.number}. "))
        assert read_answer(line.split(" (")[0].partition(" ")[0], question) == [{"value": option.value}]


@pytest.mark.parametrize(
    "text",
    [
        "Hello team,\nyes\nMany thanks in advance for your help\nAnn Lee",
        "Sehr geehrte Damen und Herren,\nyes\nMit freundlichen Grüßen",
        "Vážený pane,\nyes\nDěkuji předem za odpověď\nJana Malá",
        "Здравствуйте!\nyes\nСпасибо\nАнна",
        "您好，\nyes\n谢谢\n李伟",
        "Hola equipo:\nyes\nMuchas gracias\nUn saludo\nCarmen",
    ],
)
def test_courtesies_are_no_matter(text):
    assert core_of(text) == "yes"


def test_addresses_stand_where_their_titles_end_a_line():
    cited = read_question("article", {"items": [{"title": "Returns", "link": "/help/returns"}]})
    said = render("30 days.\n\nSource: Returns", cited, plain_wording("en"))
    assert said == "30 days.\n\nSource: Returns (/help/returns)"


def test_a_text_is_never_emptied_of_its_matter():
    assert core_of("Thanks") == "Thanks"
    assert core_of("Hello,\nwhere is it?") == "where is it?"


@given(st.text(max_size=300))
def test_no_text_fails(text):
    for kind, attributes in (
        ("input_select", ITEMS),
        ("form", MANY),
        ("form", FORM),
        ("text", {}),
        ("input_select", CONFIRM),
    ):
        read_answer(text, read_question(kind, attributes))
