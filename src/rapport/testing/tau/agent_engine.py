"""The engine of the agent under test: the embedded one with the model's commands, as an installation has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapport.testing.tau.setup import Setup
from rapport.understanding.contracts import Engine
from rapport.understanding.language_model import facade
from rapport.understanding.language_model.contracts import Offer
from rapport.understanding.language_model.settings import LanguageModelSettings, Limits, Server

NO_LIMITS = Limits(daily_calls=10**9, daily_cost=1e9, conversation_calls=10**6, conversation_cost=1e9)
"""A measurement is not stopped by an installation's budget."""


def make_engine(setup: Setup, embedded: Engine, offers: Callable[[], Sequence[Offer]]) -> Engine:
    """The engine that asks the agent's server."""
    agent = setup.agent
    server = Server(agent.url, agent.model, agent.key, deadline_s=agent.timeout_s)
    settings = LanguageModelSettings(server, use=setup.use, limits=NO_LIMITS)
    return facade.make_engine(settings, embedded, use=setup.use, offers=offers)
