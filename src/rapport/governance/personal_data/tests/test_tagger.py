"""The published weights, their tokens and their guard."""

from __future__ import annotations

import pytest

from rapport.governance.personal_data.names import FILE, SHA256
from rapport.governance.personal_data.tagging.tagger import load
from rapport.governance.personal_data.tagging.tokens import tokenize


def test_words_numbers_and_short_forms_are_cut():
    words = [t.word for t in tokenize("O'Brien's flat 12/3a, Apt. 5b\nyou're")]
    assert words == ["O'Brien", "'s", "flat", "12/3a", ",", "Apt", ".", "5b", "\n", "you", "'re"]


def test_what_was_recognised_before_is_one_token():
    assert [t.word for t in tokenize("call 603 123 456 now", [(5, 16, "phone")])] == ["call", "§phone", "now"]


def test_other_weights_are_refused(tmp_path):
    changed = tmp_path / "tagger.npz"
    changed.write_bytes(FILE.read_bytes() + b"x")
    with pytest.raises(ValueError, match="SHA-256"):
        load(changed, SHA256)


def test_the_published_weights_name_people():
    tagger = load(FILE, SHA256)
    tokens = tokenize("My name is Jane Doe.")
    assert [(a, b, kind) for a, b, kind, _ in tagger.tag(tokens)] == [(3, 5, "PER")]
