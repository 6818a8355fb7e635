"""What reaches the log: one line for a refusal, a readable traceback for a fault."""

from __future__ import annotations

import logging
from types import SimpleNamespace

from rapport.web.logs import redact_values, without_refusals


def _refused(status: int) -> dict[str, object]:
    record = SimpleNamespace(status_code=status)
    return dict(without_refusals(None, "warning", {"_record": record, "exc_info": (1, 2, 3), "event": "x"}))


def test_a_refusal_has_no_traceback_and_a_fault_has() -> None:
    assert "exc_info" not in _refused(403)
    assert "exc_info" not in _refused(404)
    assert _refused(500)["exc_info"] == (1, 2, 3)


def test_a_line_of_another_origin_keeps_its_traceback() -> None:
    record = logging.LogRecord("jobs", logging.ERROR, __file__, 1, "failed", None, None)
    event = {"_record": record, "exc_info": (1, 2, 3)}
    assert without_refusals(None, "error", event)["exc_info"] == (1, 2, 3)


def test_messages_are_redacted_and_code_is_not() -> None:
    code = '  File "/srv/web.py", line 2, in show\n    if found is None:'
    trace = f"Traceback (most recent call last):\n{code}\nValueError: eva@example.com"
    line = redact_values(
        None, "error", {"event": "mail to eva@example.com", "exception": trace, "level": "e"}
    )
    assert line["event"] == "mail to [email]"
    assert line["exception"] == trace.replace("eva@example.com", "[email]")
    assert line["level"] == "e"
