"""Procedures in force are followed at once where asked, and each version is parsed once."""

from __future__ import annotations

import pytest

from rapport.procedures import api as procedures
from rapport.procedures import queries
from rapport.procedures.models import ProcedureVersion

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


@pytest.mark.django_db
def test_a_version_that_cannot_be_read_does_not_take_the_others_along(
    caplog: pytest.LogCaptureFixture,
) -> None:
    procedures.publish(SOURCE.format(title="First"))
    procedures.publish(SOURCE.format(title="Other").replace("greet", "part"))
    written_later = SOURCE.format(title="First") + "from_a_newer_build: 1\n"
    ProcedureVersion.objects.filter(procedure__name="greet").update(source=written_later)
    procedures.forget_book()
    book = procedures.load_book()
    assert "part" in book
    assert "greet" not in book
    assert "procedure greet version 1 cannot be read" in caplog.text
    procedures.forget_book()
