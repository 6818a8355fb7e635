"""Structured logs on standard error; personal data is redacted before a line is written."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from rapport.governance.api import redact_text


def redact_values(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replace e-mails, phones, cards and the like in every value of a log line."""
    return {
        k: redact_text(v) if isinstance(v, str) and k not in {"level", "timestamp", "logger"} else v
        for k, v in event.items()
    }


def configure(options: dict[str, Any]) -> None:
    """Send structlog and the standard library through one redacting renderer."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(colors=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options.get("level", "INFO"))
    for noisy in ("django.server", "httpx2", "httpcore", "httpcore2", "asyncio"):
        logging.getLogger(noisy).setLevel("WARNING")
