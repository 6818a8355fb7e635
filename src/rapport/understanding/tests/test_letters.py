"""Letters: most of their sentences ask for nothing, and are not read by slow encoders."""

from __future__ import annotations

import pytest

from rapport.understanding.api import train
from rapport.understanding.contracts import Context
from rapport.understanding.engine import EmbeddedEngine
from rapport.understanding.logic.cleaning import words
from rapport.understanding.logic.letters import THOROUGH_WORDS, is_letter, sentences, weightiest
from rapport.understanding.tests.stub_encoder import StubEncoder, examples

ENCODER = StubEncoder()
ENGINE = EmbeddedEngine(train(examples(), ENCODER, risk=0.1)[0], ENCODER)
LETTER = (
    "Good evening, I hope all of you are well. We moved to the seaside in spring and still paint the walls. "
    "Where is my parcel? My daughter told me about your nice people. Kind regards from the coast."
)


def test_a_letter_is_longer_than_a_sentence_and_than_what_was_taught() -> None:
    assert is_letter(LETTER, 0)
    assert not is_letter(LETTER, len(words(LETTER)))
    assert not is_letter("Where is my parcel?", 0)
    assert is_letter("退" * 49, 0)
    assert not is_letter("退" * 47, 0)


def test_sentences_cover_the_letter_in_order() -> None:
    spans = sentences(LETTER)
    assert [LETTER[start:end].strip() for start, end in spans][2] == "Where is my parcel?"
    assert spans == sorted(spans)
    assert LETTER[spans[0][0] : spans[-1][1]] == LETTER


def test_a_very_long_letter_is_read_at_its_beginning() -> None:
    spans = sentences("This is one more sentence of the sort. " * 500)
    assert 150 <= len(spans) * 8 <= 160


def test_the_weightiest_come_first_and_only_as_many_as_there_is_room_for() -> None:
    text = "a b c d e f g h i j. k l m n o p q r. s t u v w x y z."
    spans = sentences(text)
    assert weightiest(text, spans, [0.1, 0.9, 0.5]) == [1, 2]
    assert weightiest(text, spans, [0.9, 0.1, 0.5]) == [0, 2]
    assert len(words(text)) > THOROUGH_WORDS


def test_one_sentence_is_always_read_however_long() -> None:
    text = "word " * 60
    assert weightiest(text, [(0, len(text))], [0.0]) == [0]


def test_the_request_of_a_letter_is_found_where_it_stands() -> None:
    ENCODER.encoded.clear()
    found = ENGINE.understand(LETTER, Context())
    (segment,) = found.segments
    assert (segment.intents[0].name, segment.text, segment.accepted) == (
        "order_status",
        "Where is my parcel?",
        True,
    )
    assert LETTER[segment.start : segment.end] == segment.text
    assert found.core == "Where is my parcel?"
    assert sum(len(words(text)) for text in ENCODER.encoded) <= THOROUGH_WORDS


def test_two_requests_of_a_letter_are_both_found() -> None:
    found = ENGINE.understand(f"{LETTER} Return my headphones.", Context())
    assert [segment.intents[0].name for segment in found.segments] == ["order_status", "return_items"]


@pytest.mark.parametrize("text", ["la la " * 40, "!? " * 200 + "word", "x" * 3000, "好" * 500])
def test_a_letter_about_nothing_is_not_answered(text: str) -> None:
    found = ENGINE.understand(text, Context())
    assert not any(segment.accepted for segment in found.segments)
    assert all(segment.abstention for segment in found.segments)
