"""What stands is overwritten only by words that clearly name something else."""

from __future__ import annotations

import pytest

from rapport.procedures.contracts import Option
from rapport.procedures.logic.naming import names_clearly

MISTAKE = Option("mistake", "Ordered by mistake", aliases=("wrong order", "Versehentlich bestellt", "下错单"))
UNWANTED = Option("unwanted", "No longer needed", aliases=("changed my mind", "不需要了"))
BLACK = Option("v1", "Lamp (black)", data={"id": "v1"}, attributes={"colour": "black", "size": "S"})
WHITE = Option("v2", "Lamp (white)", data={"id": "v2"}, attributes={"colour": "white", "size": "S"})
BOOTS = Option(
    "v3",
    "Boots (10, yes)",
    data={"id": "v3"},
    aliases=("Boots", "yes"),
    attributes={"size": "10", "dry": "yes"},
)
VISA = Option("c1", "Visa card ending 4242", data={"id": "c1"}, aliases=("credit card",))
PAYPAL = Option("p1", "PayPal", data={"id": "p1"})


@pytest.mark.parametrize(
    ("text", "option", "others"),
    [
        ("no, it was ordered by mistake", MISTAKE, [UNWANTED]),
        ("eigentlich versehentlich bestellt", MISTAKE, [UNWANTED]),
        ("其实是下错单", MISTAKE, [UNWANTED]),
        ("rather the white one", WHITE, [BLACK]),
        ("use my visa", VISA, [PAYPAL]),
        ("the one that ends in 4242", VISA, [PAYPAL]),
        ("paypal then", PAYPAL, [VISA]),
    ],
)
def test_a_name_an_attribute_or_a_word_of_its_own_is_clear(
    text: str, option: Option, others: list[Option]
) -> None:
    assert names_clearly(text, option, others)


@pytest.mark.parametrize(
    ("text", "option", "others"),
    [
        ("my sister told me of your shop, since then I order here", MISTAKE, [UNWANTED]),
        ("对，就这样办", MISTAKE, [UNWANTED]),
        ("seitdem bestelle ich gern hier", MISTAKE, [UNWANTED]),
        ("I changed the lamp in the meantime", UNWANTED, [MISTAKE]),
        ("the lamp", WHITE, [BLACK]),
        ("That's right, yes", BOOTS, [BLACK]),
        ("size S", WHITE, [BLACK]),
        ("whit is fine", WHITE, [BLACK]),
    ],
)
def test_what_only_resembles_it_is_not(text: str, option: Option, others: list[Option]) -> None:
    assert not names_clearly(text, option, others)


def test_a_name_that_others_have_too_is_not_clear() -> None:
    boots = Option("i2", "Boots (10)", data={"id": "i2"}, aliases=("10", "white"))
    lamp = Option("i1", "Lamp (white)", data={"id": "i1"}, aliases=("white",))
    assert not names_clearly("the white one", boots, [lamp])
    assert names_clearly("the boots", boots, [lamp])
