"""Structured logs on standard error; personal data is redacted before a line is written."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from rapport.governance.api import redact_text, redact_traceback

FAULT = 500
"""HTTP status from which an answer is a fault of ours."""


def redact_values(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replace e-mails, phones, cards and the like in every value of a log line; code in a traceback stays."""
    redacted = {
        k: redact_text(v)
        if isinstance(v, str) and k not in {"level", "timestamp", "logger", "exception"}
        else v
        for k, v in event.items()
    }
    if isinstance(event.get("exception"), str):
        redacted["exception"] = redact_traceback(event["exception"])
    return redacted


def without_refusals(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A request that was refused is one line: where it was refused is no fault to be traced."""
    status = getattr(event.get("_record"), "status_code", None)
    if isinstance(status, int) and status < FAULT:
        event.pop("exc_info", None)
    return event


def configure(options: dict[str, Any]) -> None:
    """Send structlog and the standard library through one redacting renderer."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_refusals,
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
