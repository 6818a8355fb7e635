"""Customers of a rehearsal whose words come from a server: they reach what they want, or are refused what is barred."""

from __future__ import annotations

from pathlib import Path

from rapport.procedures.api import parse_definition
from rapport.testing.personas import load_phrasebook
from rapport.testing.rehearsal.reporting import make_report
from rapport.testing.rehearsal.simulating import Cast, Plan, Simulation, simulate
from rapport.testing.rehearsal.speaking import choose_personas
from rapport.testing.scripted_language_model import Received, Rule, ScriptedLanguageModel
from rapport.testing.tau.chat import ChatServer

ROOT = Path(__file__).resolve().parents[5]
CANCEL = ROOT / "src" / "rapport" / "procedures" / "templates" / "cancel_order.yaml"


def answer(received: Received) -> str:
    """What a model would say: the fact that its instruction gives for the open question."""
    system = str(received.body["messages"][0]["content"])
    facts = dict(line[2:].split(": ", 1) for line in system.splitlines() if line.startswith("- "))
    heard = received.message
    if "Shall I" in heard:
        return "Yes, please cancel the order"
    return facts["reason"] if "Why" in heard else f"it is {facts['order']}"


def rehearse(personas: tuple[str, ...]) -> Simulation:
    book = load_phrasebook(ROOT / "demo" / "personas.yaml")
    with ScriptedLanguageModel([Rule("", answer)]) as server:
        cast = Cast(book, choose_personas(book, personas), ChatServer(server.url, "m", retries=0))
        definition = parse_definition(CANCEL.read_text(encoding="utf-8"))
        return simulate(definition, [], cast, Plan(k=1, customers=1, languages=("en",)))


def test_a_model_finds_the_words() -> None:
    found = rehearse(("terse", "forbidden"))
    assert [(t.persona, t.problems) for t in found.trials] == [("terse", ()), ("forbidden", ())]
    assert "customer  Yes, please cancel the order" in found.trials[0].transcript
    assert found.trials[0].outcome == "done"
    report = make_report(found)
    assert (report["pass"], report["failures"]) == ([1.0], 0)


def test_the_report_says_what_personas_did() -> None:
    book = load_phrasebook(ROOT / "demo" / "personas.yaml")
    definition = parse_definition(CANCEL.read_text(encoding="utf-8"))
    plan = Plan(k=4, customers=1, languages=("en", "cs"))
    report = make_report(simulate(definition, [], Cast(book, choose_personas(book)), plan))
    assert report["behaviour"]["terse"] == {}
    assert report["behaviour"]["forbidden"] == {"attempted": 1.0}
    for persona, deed in (
        ("angry", "angry"),
        ("chatty", "chatter"),
        ("confused", "lost"),
        ("changes_mind", "changed"),
    ):
        assert report["behaviour"][persona][deed] > 0, persona
