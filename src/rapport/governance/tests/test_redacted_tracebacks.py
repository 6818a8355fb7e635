"""A traceback in the log names its code as it is, and no customer."""

from __future__ import annotations

from rapport.governance.api import redact_text, redact_traceback

TRACE = """Traceback (most recent call last):
  File "/srv/rapport/src/rapport/web/views.py", line 12, in show
    if found is None and John Smith:
       ^^^^^^^^^^^^^
  File "/srv/rapport/lib/_func.py", line 3, in _call
    raise ValueError(text)
ValueError: no such customer: ada.lovelace@example.com
  File "/x", line 1, in <call +420 601 123 456>

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/rapport/src/rapport/jobs/worker.py", line 5, in run
    send(mail="ops@example.com")
KeyError: 'bob@example.com'"""


def test_code_stays_and_messages_are_redacted() -> None:
    lines = redact_traceback(TRACE).split("\n")
    given = TRACE.split("\n")
    assert lines[:6] == given[:6]
    assert lines[6] == "ValueError: no such customer: [email]"
    assert "601 123 456" not in lines[7]
    assert lines[11:14] == given[11:14]
    assert lines[14] == "KeyError: '[email]'"


def test_a_text_without_a_traceback_is_redacted_as_any_other() -> None:
    text = "  write to ada.lovelace@example.com"
    assert redact_traceback(text) == redact_text(text)
    assert redact_traceback("") == ""
