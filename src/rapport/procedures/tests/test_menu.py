"""The guided menu: in its order, each entry under its heading."""

from __future__ import annotations

import pytest

from rapport.kernel.languages import LANGUAGES
from rapport.procedures import api as procedures
from rapport.procedures.logic.parsing import parse_definition
from rapport.procedures.template_files import FOLDER, definition_files

PLAIN = """
procedure: plain
menu: 20
version: 1
title: {en: Plain}
identify: none
done: {en: Done.}
"""
UNDER = PLAIN.replace("procedure: plain", "procedure: under\ngroup: {en: Orders, cs: Objednávky}").replace(
    "menu: 20", "menu: 10"
)


@pytest.mark.django_db
def test_an_entry_tells_its_heading_to_whoever_shows_the_menu() -> None:
    procedures.publish(PLAIN)
    procedures.publish(UNDER)
    assert [(e.procedure, e.group) for e in procedures.list_menu("cs")] == [
        ("under", "Objednávky"),
        ("plain", ""),
    ]


def test_the_templates_stand_under_few_headings_said_alike_in_every_language() -> None:
    listed = [parse_definition(path.read_text(encoding="utf-8")) for path in definition_files(FOLDER)]
    headings = [d.group for d in listed if d.menu is not None and d.audience != "staff"]
    assert len(headings) == 24
    assert all(set(words) == set(LANGUAGES) for words in headings)
    assert len({tuple(sorted(words.items())) for words in headings}) == len({w["en"] for w in headings}) == 6
