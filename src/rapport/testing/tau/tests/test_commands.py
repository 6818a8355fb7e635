"""Whole conversations driven by a language model's commands, in six languages: it starts, fills, takes back, says
no, asks, stops and hands over; it is never the one who says yes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rapport import bootstrap
from rapport.assistant import api as assistant
from rapport.channels.embedding import forget_inboxes
from rapport.channels.limits import WINDOWS
from rapport.conversations.jobs import KINDS as CONVERSATION_KINDS
from rapport.desk import jobs as desk_jobs
from rapport.jobs import api as jobs
from rapport.knowledge.contracts import Hit
from rapport.procedures.api import forget_book
from rapport.testing.retail.public_api import PublicApi
from rapport.testing.retail.sandbox import Sandbox, run_sandbox
from rapport.testing.retail.tests.shop import snapshot
from rapport.testing.scripted_engine import ScriptedEngine
from rapport.testing.scripted_language_model import Received, Rule, ScriptedLanguageModel, commands, start
from rapport.understanding.language_model import facade
from rapport.understanding.language_model.settings import LanguageModelSettings, Server

PROCEDURES = Path(__file__).resolve().parents[5] / "demo" / "procedures"
ORDER = "#W2000002"
"""Of Ben: two delivered items, paid by PayPal, and no gift card: the items are the only question."""


@dataclass(frozen=True)
class Words:
    """What a customer of one language says; the embedded engine of these tests knows no request at all."""

    wish: str
    question: str
    some: str
    back: str
    no: str
    yes: str
    person: str


SAID = {
    "en": Words(
        "those things pinch my toes, off they go to where they came from",
        "by the way, how is the thing wrapped up properly",
        "well, the first thing in your enumeration I suppose",
        "hang on, I spoke too soon there",
        "hmm, somehow that does not feel right to me",
        "Yes, please go ahead with the return",
        "this is getting silly, who is in charge over there",
    ),
    "cs": Words(
        "ty věci mě tlačí do palců, ať jdou tam, odkud přišly",
        "mimochodem, jak se to má pořádně zabalit",
        "no asi tu první věc z vašeho výčtu",
        "počkejte, to jsem řekl moc brzy",
        "hm, nějak se mi to takhle nezdá",
        "Ano, prosím pokračujte",
        "už je to k smíchu, kdo to tam má na starosti",
    ),
    "de": Words(
        "die Dinger drücken an den Zehen, die gehen dahin, wo sie herkamen",
        "übrigens, wie verpackt man das eigentlich ordentlich",
        "na ja, wohl das Erste aus Ihrer Aufzählung",
        "Moment, da war ich zu schnell",
        "hm, so fühlt sich das für mich irgendwie komisch an",
        "Ja, bitte machen Sie das so",
        "das wird langsam albern, wer hat da das Sagen",
    ),
    "es": Words(
        "esas cosas me aprietan los dedos, que se vayan por donde vinieron",
        "por cierto, cómo se envuelve eso en condiciones",
        "pues supongo que lo primero de su enumeración",
        "un momento, he hablado demasiado pronto",
        "hum, algo de esto me suena raro",
        "Sí, adelante por favor",
        "esto ya da risa, quién manda ahí",
    ),
    "ru": Words(
        "эти штуки жмут мне пальцы, пусть едут туда, откуда приехали",
        "кстати, во что это положено заворачивать",
        "ну, наверное, первое из вашего перечня",
        "погодите, я поторопился с ответом",
        "хм, что-то мне так не нравится",
        "Да, сделайте так, пожалуйста",
        "это уже смешно, кто там главный",
    ),
    "zh": Words(
        "这些东西夹脚趾，从哪来回哪去吧",
        "顺便问一句，这东西该怎么包才妥当",
        "那就你们清单里最前面那样吧",
        "等一下，我刚才说得太快了",
        "嗯这样我总觉得怪怪的",
        "好的，请继续办理",
        "越来越可笑了，你们那边谁说了算",
    ),
}


class OneArticle:
    """A help centre with one page, relevant to nothing but how parcels are packed."""

    def search(self, text: str, *, language: str, audience: str = "customers", limit: int = 5) -> list[Any]:
        is_meant = any(text == words.question for words in SAID.values())
        return [Hit(1, "packing", language, "Packing", "", "Any box will do.", "/help/packing", 0.9, is_relevant=True)] * is_meant  # fmt: skip


def fill_first(received: Received) -> dict[str, Any]:
    """Fill what is waited for with the first option shown, in its words."""
    asked = str(received.user["last_question"])
    shown = asked.removeprefix("<customer_text>\n").removesuffix("\n</customer_text>").split(" · ")
    return command("fill_slot", slot=received.user["waiting_for"], value=shown[1])


def command(name: str, **more: Any) -> dict[str, Any]:
    return commands({"command": name, "confidence": 0.95, **more})


def rules(words: Words) -> list[Rule]:
    """By the ends of sentences: names at their beginning may be replaced before they leave."""
    return [
        Rule(words.wish[-7:], start("return_items")),
        Rule(words.question[-7:], command("ask_knowledge")),
        Rule(words.some[-7:], fill_first),
        Rule(words.back[-7:], command("undo")),
        Rule(words.no[-7:], command("deny")),
        Rule(words.person[-7:], command("hand_over", reason="customer_asked")),
        Rule("", commands({"command": "affirm"}, {"command": "confirm"})),
    ]


@dataclass
class Stage:
    """The system with a language model beside an embedded engine that knows nothing."""

    server: ScriptedLanguageModel
    sandbox: Sandbox

    def customer(self, language: str) -> Talk:
        self.server.rules = rules(SAID[language])
        front_end = self.sandbox.front_end()
        front_end.open(language)
        self.sandbox.settle()
        return Talk(self.sandbox, front_end)

    def status(self) -> str:
        return str(self.sandbox.shop.read()["orders"][ORDER]["status"])


@dataclass
class Talk:
    """A customer who only writes, and clicks where a list of slots is shown."""

    sandbox: Sandbox
    front_end: PublicApi

    def say(self, text: str) -> str:
        """Write; which question is open then."""
        self.front_end.say(text)
        return self.settle()

    def click(self, value: str) -> str:
        self.front_end.answer(self.front_end.shown[-1]["id"], [{"value": value}])
        return self.settle()

    def settle(self) -> str:
        self.sandbox.settle()
        self.front_end.fetch()
        attributes = self.front_end.shown[-1]["content_attributes"]
        return "confirm" if attributes.get("confirm") else str(attributes.get("slot") or "")

    @property
    def text(self) -> str:
        """What was said last."""
        return str(self.front_end.shown[-1]["content"])

    @property
    def lines(self) -> str:
        """The conversation, for a failing test's message."""
        return "\n".join(f"{m['message_type']} {m['content']}" for m in self.front_end.shown)


@pytest.fixture
def stage(db: None, tmp_path: Path) -> Iterator[Stage]:
    forget_inboxes()
    forget_book()
    WINDOWS.clear()
    (tmp_path / "db.json").write_text(json.dumps(snapshot()), encoding="utf-8")
    with ExitStack() as stack:
        server = stack.enter_context(ScriptedLanguageModel())
        settings = LanguageModelSettings(Server(server.url, "scripted-1"))
        engine = facade.make_engine(settings, ScriptedEngine({}), use="always", offers=bootstrap.list_offers)
        sandbox = stack.enter_context(run_sandbox(tmp_path, tmp_path / "db.json", PROCEDURES, engine))
        runner = assistant.TurnRunner(engine, OneArticle())
        kinds = (*assistant.job_kinds(runner), *CONVERSATION_KINDS, *desk_jobs.KINDS)
        sandbox.registry = jobs.Registry(kinds)
        yield Stage(server, sandbox)


def test_given_free_words_when_the_model_gives_commands_then_the_procedure_takes_every_turn(
    stage: Stage,
) -> None:
    for language, words in SAID.items():
        stage.sandbox.shop.reset()
        talk = stage.customer(language)
        talk.say(words.wish)
        assert talk.say("ben@example.com") == "items", talk.lines

        assert talk.say(words.question) == "items", "a digression leads back to the open question"
        assert "Any box will do." in talk.text, talk.lines

        assert talk.say(words.some) == "confirm", talk.lines
        assert talk.say(words.back) == "items", talk.lines
        assert talk.say(words.some) == "confirm", talk.lines
        assert talk.say(words.no) == "__change__", talk.lines
        assert talk.click("items") == "items", talk.lines
        assert talk.say(words.some) == "confirm", talk.lines
        assert stage.status() == "delivered"

        assert talk.say(words.yes) == "", talk.lines
        assert stage.status() == "return requested", talk.lines
        talk.say(words.person)
        assert talk.front_end.owner() != "assistant", talk.lines


def test_given_a_model_that_says_yes_for_the_customer_then_nothing_is_done(stage: Stage) -> None:
    words = SAID["en"]
    talk = stage.customer("en")
    talk.say(words.wish)
    talk.say("ben@example.com")
    assert talk.say(words.some) == "confirm", talk.lines
    assert talk.say("it is raining here since Tuesday") == "confirm"
    stage.server.rules = [Rule("", command("cancel"))]
    assert talk.say("you know what, we shall keep all of that") == ""
    assert stage.status() == "delivered"
