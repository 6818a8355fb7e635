"""What files lead to, how a question for files is shown, and clicks that come too late."""

from __future__ import annotations

import pytest

from rapport.assistant.logic.composing import Buttons, compose
from rapport.assistant.logic.filing import file_step, holds_any
from rapport.assistant.logic.inputs import Click, to_input
from rapport.procedures.contracts import (
    SKIP,
    Ask,
    DialogueState,
    Fill,
    Frame,
    Option,
    SlotValue,
    StartProcedure,
)


@pytest.mark.parametrize(
    ("act", "has_words", "wants_files", "active", "step"),
    [
        (None, False, True, "damage", "continue:damage"),
        (None, True, True, "damage", "continue:damage"),
        ("human", True, True, "damage", None),
        ("cancel", True, True, "damage", None),
        (None, True, False, "damage", None),
        (None, True, False, "", None),
        (None, False, False, "damage", "reply:file_kept"),
        (None, False, False, "", "reply:file_about"),
    ],
)
def test_what_files_lead_to(
    act: str | None, has_words: bool, wants_files: bool, active: str, step: str | None
) -> None:
    found = file_step(act, has_words=has_words, wants_files=wants_files, active=active)
    assert (found and found.as_json()["step"]) == step


def test_a_question_for_files_offers_earlier_ones_and_skipping() -> None:
    earlier = Option("7", "lamp.png", data={"media_type": "image/png"})
    ask = Ask(
        "photo", "A photo?", "file", (earlier, Option(SKIP, "Skip")), accept=("image",), problem="No picture."
    )
    reply = compose([], [ask], Buttons("Yes", "No", "Stop"), {})
    assert (reply.content, reply.content_type) == ("No picture.\n\nA photo?", "input_file")
    assert reply.attributes == {
        "slot": "photo",
        "expects": "file",
        "accept": ["image"],
        "many": False,
        "items": [{"title": "lamp.png", "value": "7"}],
        "quick_replies": [{"title": "Skip", "value": SKIP}],
    }


def state(asked: str | None, **slots: SlotValue) -> DialogueState:
    return DialogueState((Frame("i-1", "damage", 1, "collecting", slots=slots, asked=asked),))


def test_files_that_a_procedure_holds() -> None:
    held = SlotValue((Option("7", "lamp.png", data={"media_type": "image/png"}),), "said")
    number = SlotValue((Option("8", "8", data={"value": 8}),), "said")
    here = state(None, photo=held, count=number)
    assert holds_any(here, (6, 7))
    assert not holds_any(here, (8,))


@pytest.mark.parametrize(
    ("click", "asked", "given"),
    [
        (Click("red", {}, "colour", is_current=True), "colour", Fill({"colour": ("red",)})),
        (Click("red", {}, "colour", is_current=False), "colour", Fill({"colour": ("red",)})),
        (Click("red", {}, "colour", is_current=False), "size", None),
        (Click("", {"day": ("2026-03-01",)}, "day", is_current=False), None, None),
        (Click("", {"photo": ("7", "8")}, "photo", is_current=True), "photo", Fill({"photo": ("7", "8")})),
        (Click("confirm:yes", {}, "", is_current=False), None, None),
        (Click("start:damage", {}, "", is_current=False), "size", StartProcedure("damage")),
    ],
)
def test_a_click_on_an_answered_question_comes_too_late(
    click: Click, asked: str | None, given: object
) -> None:
    assert to_input(click, state(asked)) == given
