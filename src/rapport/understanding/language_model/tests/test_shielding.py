"""What leaves the house holds no personal data, and comes back with the customer's own words."""

from __future__ import annotations

from rapport.understanding.contracts import Entity
from rapport.understanding.language_model.commands import Command, Pointed, Reading
from rapport.understanding.language_model.shielding import shield

MESSAGE = "Ada Byron here, ada@example.com, +44 20 7946 0958. Send it to Elm Row 5, not to Ada's office; code 123456"
CODE = Entity("code", "123456", "123456", MESSAGE.index("123456"), MESSAGE.index("123456") + 6)


def test_known_words_patterns_and_entities_are_replaced_everywhere() -> None:
    hidden = shield(
        MESSAGE,
        "Ada Byron, shall it go to ELM ROW 5?",
        private=("Ada Byron", "Ada", "Elm Row 5"),
        entities=[CODE],
    )
    sent = (hidden.message + hidden.asked).lower()
    assert [w for w in ("ada", "byron", "elm row", "7946", "123456", "example.com") if w in sent] == []
    assert "Send it to [" in hidden.message
    assert hidden.message.startswith("<customer_text>")


def test_the_same_word_has_the_same_mark_in_both_texts() -> None:
    hidden = shield("to the zyx please", "the zyx?", private=("zyx",), entities=[])
    assert "[known 1]" in hidden.message
    assert "[known 1]" in hidden.asked


def test_values_come_back_in_the_customers_words() -> None:
    hidden = shield("Send it to the Zyx", "", private=("Zyx",), entities=[])
    reading = Reading(
        (Command("fill_slot", 1.0, slot="address", value="[known 1]", quote="to [known 1]"),),
        entities=(Pointed("postal_code", "[known 1]", "[nobody 7]"),),
    )
    found = hidden.restore(reading)
    assert (found.commands[0].value, found.commands[0].quote) == ("Zyx", "to Zyx")
    assert (found.entities[0].value, found.entities[0].quote) == ("Zyx", "[nobody 7]")


def test_a_name_inside_another_word_stays() -> None:
    assert "Adapter" in shield("the Adapter of Ada", "", private=("Ada",), entities=[]).message


def test_a_word_that_names_a_mark_does_not_break_the_mark() -> None:
    hidden = shield("ada@example.com is Mr Email's", "", private=("Email",), entities=[])
    assert hidden.mapping["[email 1]"] == "ada@example.com"
    assert "[email 1]" in hidden.message


def test_what_stands_for_personal_data_is_not_shown_by_accident() -> None:
    assert "ada@example.com" not in repr(shield(MESSAGE, "", private=(), entities=[]))
