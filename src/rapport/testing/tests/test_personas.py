import random
from pathlib import Path

import pytest

from rapport.kernel.languages import LANGUAGES
from rapport.testing.agents import load_agent_phrases
from rapport.testing.personas import BadPersonas, load_phrasebook, with_typos

DEMO = Path(__file__).resolve().parents[4] / "demo"


@pytest.fixture(scope="module")
def book():
    return load_phrasebook(DEMO / "personas.yaml")


def test_every_persona_has_words_for_every_procedure(book):
    for persona in book.personas:
        for procedure in book.mix:
            for language in LANGUAGES:
                for style in persona.styles:
                    assert book.opening(procedure, language, style)


def test_a_persona_is_chosen_among_those_named(book):
    rng = random.Random(3)
    assert {book.choose_persona(rng, ("angry", "polite")).id for _ in range(60)} == {"angry", "polite"}


def test_typos_leave_numbers_and_the_first_letter():
    rng = random.Random(1)
    written = [with_typos("order #W1234567 is late", 0.5, rng) for _ in range(20)]
    assert all("1234567" in text and text.startswith("o") for text in written)
    assert len(set(written)) > 10
    assert with_typos("order", 0.0, rng) == "order"


def test_a_share_above_one_is_refused(tmp_path):
    text = (
        (DEMO / "personas.yaml")
        .read_text(encoding="utf-8")
        .replace("click_share: 0.35", "click_share: 35", 1)
    )
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BadPersonas, match="terse: click_share"):
        load_phrasebook(tmp_path / "p.yaml")


def test_agents_have_words_in_every_language():
    phrases = load_agent_phrases(DEMO / "agents.yaml")
    for language in LANGUAGES:
        for reason in ("customer_asked", "person_decides", "safety", "something_new"):
            hello, help_, goodbye = phrases.script(language, reason, random.Random(1))
            assert "{agent}" in hello
            assert help_ != goodbye
