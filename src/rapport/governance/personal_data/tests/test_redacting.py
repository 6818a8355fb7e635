"""Labels, placeholders, and back again."""

from __future__ import annotations

import pytest

from rapport.governance.personal_data.redacting import pseudonymise, redact, restore
from rapport.governance.personal_data.sealing import seal, unseal
from rapport.kernel.errors import InvalidInput

TEXT = "Mail anna@example.com or +420 603 123 456; card 4111 1111 1111 1111, again anna@example.com."


def test_redact_leaves_labels():
    assert redact(TEXT) == "Mail [email] or [phone]; card [card], again [email]."


def test_placeholders_are_stable_and_reversible():
    found = pseudonymise(TEXT)
    assert found.text == "Mail [email 1] or [phone 1]; card [card 1], again [email 1]."
    assert restore(found.text, found.mapping) == TEXT


def test_a_mapping_grows_over_a_conversation():
    first = pseudonymise("I am a@example.com")
    second = pseudonymise("b@example.com, formerly A@example.com", first.mapping)
    assert second.text == "[email 2], formerly [email 1]"
    assert first.mapping == {"[email 1]": "a@example.com"}


def test_a_placeholder_the_customer_typed_is_not_taken():
    found = pseudonymise("[email 1] is what I saw, mine is a@example.com")
    assert found.text == "[email 1] is what I saw, mine is [email 2]"
    assert restore(found.text, found.mapping) == "[email 1] is what I saw, mine is a@example.com"


def test_the_mapping_is_not_printed():
    assert "a@example.com" not in repr(pseudonymise("a@example.com"))


def test_a_sealed_mapping_opens_with_its_key_only():
    sealed = seal({"[email 1]": "a@example.com"}, b"key")
    assert "example" not in sealed
    assert unseal(sealed, b"key") == {"[email 1]": "a@example.com"}
    with pytest.raises(InvalidInput):
        unseal(sealed, b"other")
    with pytest.raises(InvalidInput):
        unseal(sealed[:-8] + "AAAAAAA=", b"key")
    with pytest.raises(InvalidInput):
        unseal("é", b"key")


def test_two_seals_of_one_mapping_differ():
    assert seal({"a": "b"}, b"key") != seal({"a": "b"}, b"key")
