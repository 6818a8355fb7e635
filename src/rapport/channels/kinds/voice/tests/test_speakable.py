"""Text as a voice can say it."""

from __future__ import annotations

import pytest

from rapport.channels.kinds.voice.logic.speakable import MAX_PART_CHARS, parts_of, speakable, spell


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**Done**\n• Lamp, €12.50\n• Rug", "Done. Lamp, €12.50. Rug."),
        ("See [the help page](https://x.example/y?a=b) now.", "See the help page now."),
        ("Track it at https://x.example/t/1?a=b. Thanks", "Track it at. Thanks."),
        ("Order #W1234567 is on its way.", "Order W 1, 2 3, 4 5, 6 7 is on its way."),
        ("It costs 1234567 € or 1,234.50", "It costs 1234567 € or 1,234.50."),
        ("On 2026-05-20 at 10:30", "On 2026-05-20 at 10:30."),
        ("USB30 and 4K stay", "USB30 and 4K stay."),
        ("Great 🎉 – `code`", "Great – code."),
        ("# Title\n1. First\n2) Second", "Title. First. Second."),
        ("a | b — c · d", "a , b , c, d."),
        ("Open My orders → Exchange", "Open My orders, Exchange."),
        ("Доставка: 22 ноября 2026 г..", "Доставка: 22 ноября 2026 г."),
        ("", ""),
        ("🎉", ""),
    ],
)
def test_marks_addresses_and_bullets_are_not_said(text: str, said: str) -> None:
    assert speakable(text, "en").replace(" ,", ",") == said.replace(" ,", ",")


def test_chinese_lines_end_as_chinese_does() -> None:
    assert speakable("好的\n• 订单", "zh") == "好的。 订单。"


def test_codes_are_spelled_in_pairs() -> None:
    assert spell("#W12345") == "W 1, 2 3, 4 5"


def test_a_long_text_is_cut_between_sentences_and_nothing_is_lost() -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(80))
    parts = parts_of(text)
    assert len(parts) > 1
    assert max(map(len, parts)) <= MAX_PART_CHARS + 1
    assert " ".join(parts) == text
