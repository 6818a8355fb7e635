"""What the demonstration's staff have written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from rapport import procedures
from rapport.accounts.api import create_staff
from rapport.cli.demo_desk import make_texts
from rapport.cli.places import demo_dir
from rapport.conversations import api as conversations
from rapport.conversations.logic.placeholders import left_placeholders
from rapport.conversations.models import CannedResponse
from rapport.kernel.languages import LANGUAGES


@pytest.mark.django_db
def test_canned_responses_are_there_once_in_six_languages():
    create_staff("boss@example.com", "Boss", "supervisor")
    assert make_texts(None) == "12 canned responses in six languages, 9 root causes"
    assert make_texts(None) == ""
    assert {tuple(row.texts) for row in CannedResponse.objects.all()} == {LANGUAGES}


def test_each_language_names_the_same_placeholders():
    written = yaml.safe_load((demo_dir() / "canned.yaml").read_text(encoding="utf-8"))
    for code, texts in written.items():
        assert len({frozenset(left_placeholders(text)) for text in texts.values()}) == 1, code


@pytest.mark.django_db
def test_root_causes_name_slots_and_values_of_the_procedures():
    make_texts(None)
    templates = Path(procedures.__file__).parent / "templates"
    for cause in conversations.find_rules().causes:
        for kind, name, value in map(conversations.read_ground, cause.when):
            if kind == "slot":
                procedure, _, slot = name.partition(".")
                text = (templates / f"{procedure}.yaml").read_text(encoding="utf-8")
                assert f"\n  {slot}:\n" in text
                assert f"- value: {value}\n" in text
            elif kind == "procedure":
                assert (templates / f"{name}.yaml").is_file()
