"""What the front of the server refuses before Django is reached has the same shape as all else."""

from __future__ import annotations

import json

from rapport import bootstrap
from rapport.edge.api import MAX_BODY_BYTES

CLIENT = "/public/api/v1/inboxes/i/contacts/s/conversations/7/messages"
FORM = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": "multipart/form-data; boundary=b"}


def test_an_api_refuses_in_the_documented_shape() -> None:
    rules = bootstrap.request_rules()
    for status, code, is_retryable, whose in (
        (413, "too_large", False, "caller"),
        (411, "malformed", False, "caller"),
        (408, "unavailable", True, "caller"),
        (503, "unavailable", True, "us"),
    ):
        body = rules.refusal(CLIENT, status, "No.", {"limit_bytes": 5})
        assert body is not None
        assert json.loads(body) == {
            "error": {
                "code": code,
                "message": "No.",
                "retryable": is_retryable,
                "whose": whose,
                "facts": {"limit_bytes": 5},
            },
            "message": "No.",
        }


def test_a_page_refuses_in_plain_words() -> None:
    assert bootstrap.request_rules().refusal("/desk/conversations/7/messages", 413, "No.", {}) is None


def test_messages_with_files_may_be_longer_than_other_bodies_of_an_api() -> None:
    rules = bootstrap.request_rules()
    assert rules.limit_bytes({**FORM, "PATH_INFO": CLIENT}) > MAX_BODY_BYTES
    assert rules.limit_bytes({**FORM, "PATH_INFO": CLIENT + "/1"}) == 1024 * 1024
    assert rules.limit_bytes({**FORM, "PATH_INFO": "/desk/conversations/7/messages"}) == MAX_BODY_BYTES
