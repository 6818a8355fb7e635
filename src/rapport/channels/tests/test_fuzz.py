"""Schema-driven fuzzing of every operation, in this process, without a network: no fault of ours."""

from __future__ import annotations

import itertools

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from rapport.accounts import api as accounts
from rapport.channels.openapi import ninja_api
from rapport.channels.tests.conftest import Api, Visitor
from rapport.conversations import api as conversations
from rapport.web.wsgi import application

EXAMPLES = 8
DOCUMENT = ninja_api.get_openapi_schema(path_prefix="")
SCHEMA = schemathesis.openapi.from_dict(dict(DOCUMENT))
SCHEMA.app = application
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]


@pytest.fixture
def known(db: None, api: Api) -> dict[str, object]:
    """Real ids and tokens, so that fuzzing gets past the door."""
    inbox = conversations.create_inbox("Shop", "api")
    visitor = Visitor(api, inbox)
    number = int(visitor.start(message={"content": "hi"}).rsplit("/", 1)[1])
    session = api("POST", "/widget/sessions", {"website_token": inbox.identifier}).data["token"]
    user = accounts.create_staff("root@example.com", "Root", "administrator")
    return {
        "identifier": inbox.identifier,
        "source_id": visitor.contact["source_id"],
        "number": number,
        "message_id": conversations.list_latest_messages(number)[0].id,
        "account_id": 1,
        "staff": accounts.create_token(user, "fuzz"),
        "session": session,
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.label)
def test_no_operation_fails(operation: object, known: dict[str, object]) -> None:
    turns = itertools.count()

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(case: schemathesis.Case) -> None:
        if next(turns) % 3:  # every third call keeps its invented ids
            case.path_parameters = {k: known.get(k, v) for k, v in (case.path_parameters or {}).items()}
        token = known["session"] if case.path.startswith("/widget") else known["staff"]
        headers = {"Authorization": f"Bearer {token}"}
        response = case.call(headers=headers)
        case.validate_response(response, checks=(not_a_server_error, response_schema_conformance))

    run()
