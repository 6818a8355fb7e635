"""Procedures in force are followed at once where asked, and each version is parsed once."""

from __future__ import annotations

import pytest

from rapport.procedures import api as procedures
from rapport.procedures import queries

SOURCE = """
procedure: greet
version: 1
title: {{en: {title}}}
identify: none
done: {{en: Hello.}}
"""


@pytest.mark.django_db
def test_what_is_published_is_seen_at_once_and_the_rest_is_not_parsed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[str] = []

    def parse(source: str) -> object:
        parsed.append(source)
        return procedures.parse_definition(source)

    monkeypatch.setattr(queries, "parse_definition", parse)
    first, second = SOURCE.format(title="First"), SOURCE.format(title="Second")
    procedures.publish(first)
    assert procedures.load_book()["greet"].title == {"en": "First"}
    procedures.publish(second)
    procedures.follow_book()
    assert procedures.load_book()["greet"].title == {"en": "Second"}
    procedures.withdraw("greet")
    procedures.follow_book()
    assert "greet" not in procedures.load_book()
    procedures.roll_back("greet", 1)
    procedures.follow_book()
    assert procedures.load_book()["greet"].title == {"en": "First"}
    assert parsed == [first, second]
