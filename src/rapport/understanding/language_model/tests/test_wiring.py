"""The configured engine is the one that answers; nobody outside is asked unless someone wants it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from rapport import bootstrap
from rapport.cli.doctor import Finding, ask_language_model, check_language_model
from rapport.procedures import api as procedures
from rapport.testing.scripted_language_model import Fault, Rule, ScriptedLanguageModel, start
from rapport.understanding.contracts import Context
from rapport.understanding.language_model.cascade import CascadeEngine
from rapport.understanding.language_model.engine import LanguageModelEngine
from rapport.understanding.language_model.settings import LanguageModelSettings, Prices, Server, Use
from rapport.understanding.models import LanguageModelCall
from rapport.understanding.untrained import WaitingEngine
from rapport.web.config import Config


@pytest.fixture
def server() -> Iterator[ScriptedLanguageModel]:
    with ScriptedLanguageModel([Rule("", start("return_items"))]) as running:
        yield running


@pytest.fixture
def config(settings: LazySettings, server: ScriptedLanguageModel, monkeypatch: pytest.MonkeyPatch) -> Config:
    embedded = WaitingEngine(Path("nowhere"), None)
    monkeypatch.setattr(bootstrap, "load_embedded_engine", lambda: embedded)
    configured = LanguageModelSettings(Server(server.url, "m-1", "k3y"), prices=Prices(1.0, 1.0))
    settings.CONFIG = dataclasses.replace(settings.CONFIG, language_model=configured)
    return settings.CONFIG  # type: ignore[no-any-return]


@pytest.mark.parametrize(("use", "kind"), [("cascade", CascadeEngine), ("always", LanguageModelEngine)])
def test_the_configured_engine_asks_about_published_procedures(
    db: None, config: Config, server: ScriptedLanguageModel, use: Use, kind: type
) -> None:
    returns = procedures.find_template("return_items")
    assert returns is not None
    procedures.publish(returns.source)
    engine = bootstrap.make_engine(use)
    assert isinstance(engine, kind)
    read = engine.understand("these boots pinch terribly, off they go", Context())
    assert (read.segments[0].intents[0].name, read.segments[0].accepted) == ("return_items", True)
    assert (
        "- return_items: Return items. Send delivered items back"
        in server.requests[0].body["messages"][0]["content"]
    )
    assert LanguageModelCall.objects.get().outcome == "answered"


def test_without_a_named_server_the_embedded_engine_is_the_engine(
    settings: LazySettings, config: Config
) -> None:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, language_model=None)
    assert bootstrap.load_engine.__wrapped__() is bootstrap.load_embedded_engine()


def found(config: Config) -> list[Finding]:
    return list(check_language_model(config))


def test_the_doctor_tells_what_is_configured_and_asks_nobody(
    db: None, config: Config, server: ScriptedLanguageModel
) -> None:
    (first,) = found(config)
    assert first.level == "ok"
    assert "m-1 at 127.0.0.1" in first.text
    assert "0 calls" in first.text
    assert "k3y" not in first.text
    assert server.requests == []
    none = dataclasses.replace(config, language_model=None)
    assert [f.text for f in found(none)] == [
        "no language model is configured: no text leaves this installation"
    ]


def test_the_doctor_warns_of_uncounted_money_and_unencrypted_words(db: None, config: Config) -> None:
    open_server = LanguageModelSettings(Server("http://models.example/v1", "m-1"))
    levels = [f.level for f in found(dataclasses.replace(config, language_model=open_server))]
    assert levels == ["ok", "note", "wrong"]


def test_the_doctor_asks_on_request_and_the_call_is_on_record(
    db: None, config: Config, server: ScriptedLanguageModel
) -> None:
    server.forms = frozenset({"json_object"})
    (answered,) = ask_language_model(config)
    assert (answered.level, answered.text.endswith("output by json_object")) == ("ok", True)
    server.rules = [Rule("", Fault(401))]
    (refused,) = ask_language_model(config)
    assert (refused.level, refused.text) == ("wrong", "language model: refused, HTTP 401")
    assert list(LanguageModelCall.objects.order_by("id").values_list("purpose", "outcome")) == [
        ("probe", "answered"),
        ("probe", "refused"),
    ]
