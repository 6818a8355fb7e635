"""What an installation says about its language model: which server, which prices, which limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

OutputMode = Literal["json_schema", "tool", "json_object", "plain"]
"""How a server is asked to keep to the form: by schema, by a forced tool call, by "JSON only", or by words."""

OUTPUT_MODES: tuple[OutputMode, ...] = ("json_schema", "tool", "json_object", "plain")
"""Strictest first; a server that refuses one is asked by the next."""

Use = Literal["cascade", "always"]
"""``cascade``: only where the embedded engine abstains; ``always``: for every text."""

MICROS = 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """An OpenAI-compatible server and how long to wait for it."""

    url: str
    """Base address, usually ending in ``/v1``."""
    model: str
    key: str = field(default="", repr=False)
    deadline_s: float = 8.0
    """For one question, retries included."""
    output: OutputMode | None = None
    """None: the strictest the server accepts."""
    max_tokens: int = 600

    @property
    def name(self) -> str:
        """Host and port: how records name the server."""
        parts = urlsplit(self.url)
        return f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""


@dataclass(frozen=True, slots=True)
class Prices:
    """What tokens cost, in the installation's currency."""

    per_million_in: float = 0.0
    per_million_out: float = 0.0
    currency: str = "EUR"

    def cost_micros(self, tokens_in: int, tokens_out: int) -> int:
        """Cost in millionths of the currency: a price per million tokens is micros per token."""
        return round(tokens_in * self.per_million_in + tokens_out * self.per_million_out)


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent; above it the embedded engine answers alone."""

    daily_calls: int = 1000
    daily_cost: float = 5.0
    conversation_calls: int = 20
    conversation_cost: float = 0.25


@dataclass(frozen=True, slots=True)
class LanguageModelSettings:
    """Everything about the language model."""

    server: Server
    use: Use = "cascade"
    min_confidence: float = 0.7
    """The model's own confidence from which a request is taken; it is not calibrated."""
    prices: Prices = Prices()
    limits: Limits = Limits()
