"""The short way for customers' texts and the ordinary one are the same thing: one table of requests for both."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.forms.models import model_to_dict

from rapport.accounts import api as accounts
from rapport.channels import api as channels
from rapport.channels import limits
from rapport.channels.embedding import forget_inboxes
from rapport.channels.limits import WINDOWS
from rapport.conversations import api as conversations
from rapport.conversations.models import Conversation, Message
from rapport.jobs.models import FeedEvent, Job
from rapport.web.errors import json_of, problem_of
from rapport.web.middleware import finish_api_answer
from rapport.web.wsgi import application

Environ = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]

CLIENT, WIDGET = "client", "widget"
HTTPS = {"HTTP_X_FORWARDED_PROTO": "https"}


@dataclass(frozen=True)
class Case:
    """One request of the table."""

    name: str
    body: Any = None
    is_short: bool = False
    """Whether the short way answers it; otherwise it must leave no trace."""
    environ: tuple[tuple[str, str], ...] = ()
    owner: str = "assistant"
    path: str = "{base}/conversations/{number}/messages"


TABLE = [
    Case("text", {"content": "Where is my order?"}, is_short=True),
    Case("text with echo", {"content": "Where is my order?", "echo_id": "e-1"}, is_short=True),
    Case("echo empty", {"content": "Hello", "echo_id": ""}, is_short=True),
    Case("person owns", {"content": "Thank you"}, is_short=True, owner="agent"),
    Case("resolved is reopened", {"content": "One more thing"}, is_short=True, owner="resolved"),
    Case("over https", {"content": "Hello"}, is_short=True, environ=tuple(HTTPS.items())),
    Case("tls of our own", {"content": "Hello"}, is_short=True, environ=(("wsgi.url_scheme", "https"),)),
    Case("emoji, right to left", {"content": "\U0001f600 \u0645\u0631\u062d\u0628\u0627"}, is_short=True),
    Case("NUL and controls", b'{"content": "a\\u0000b\\u0007c"}', is_short=True),
    Case("half a surrogate", b'{"content": "x\\ud83d"}', is_short=True),
    Case("unknown field", {"content": "Hello", "colour": "red"}, is_short=True),
    Case("too long is cut", {"content": "long " * 5000}, is_short=True),
    Case("reply to, no values", {"content": "Hello", "in_reply_to": 1}, is_short=True),
    Case("empty", {"content": "  "}),
    Case("no content", {}),
    Case("empty body", b""),
    Case("only controls", b'{"content": "\\u0001"}'),
    Case("content of another type", {"content": 5}),
    Case("echo too long", {"content": "Hello", "echo_id": "e" * 121}),
    Case("not JSON", b"{"),
    Case("not UTF-8", b'{"content": "\xff"}'),
    Case("not an object", [1]),
    Case("constant", b'{"content": NaN}'),
    Case("nested", b'{"content": ' + b"[" * 100_000),
    Case("too large", b'{"content": "' + b"a" * 1_100_000 + b'"}'),
    Case("command", {"command": "talk_to_person", "content": "A person, please"}),
    Case("no such command", {"command": "rm -rf"}),
    Case("values without message", {"submitted_values": [{"value": "x"}]}),
    Case("values to no message", {"submitted_values": [{"value": "x"}], "in_reply_to": 999_999}),
    Case("unknown number", {"content": "Hello"}, path="{base}/conversations/999/messages"),
    Case("huge number", {"content": "Hello"}, path="{base}/conversations/999999999999999/messages"),
    Case("another's conversation", {"content": "Hello"}, path="{base}/conversations/{foreign}/messages"),
    Case("foreign host", {"content": "Hello"}, environ=(("HTTP_HOST", "evil.example"),)),
]


@dataclass(frozen=True)
class Place:
    """A conversation, somebody else's, and the way to write to it."""

    base: str
    number: int
    foreign: int
    headers: dict[str, str]

    def environ(self, case: Case) -> tuple[Environ, bytes]:
        body = case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()
        return {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": case.path.format(base=self.base, number=self.number, foreign=self.foreign),
            "QUERY_STRING": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            **self.headers,
            **dict(case.environ),
        }, body


@pytest.fixture(autouse=True)
def _fresh(db: None, settings: Any) -> None:
    settings.ALLOWED_HOSTS, settings.RATE_LIMITS = ["localhost"], True
    forget_inboxes()
    WINDOWS.clear()


@pytest.fixture
def ingest() -> channels.Ingest:
    return channels.Ingest(finish_api_answer, lambda error: json_of(problem_of(error)))


@pytest.fixture(params=[CLIENT, WIDGET])
def place(request: pytest.FixtureRequest) -> Place:
    inbox = conversations.create_inbox("Shop", "api", settings={"debounce_ms": 0})
    contact, other = (conversations.create_contact(inbox, {"name": name}) for name in ("Vera", "Otto"))
    number = conversations.create_conversation(contact).display_id
    foreign = conversations.create_conversation(other).display_id
    if request.param == CLIENT:
        base = f"/public/api/v1/inboxes/{inbox.identifier}/contacts/{contact.source_id}"
        return Place(base, number, foreign, {})
    token = channels.make_session_token(contact)
    return Place("/widget", number, foreign, {"HTTP_AUTHORIZATION": f"Bearer {token}"})


def ordinary(place: Place, case: Case) -> tuple[Answer, list[Any]]:
    environ, body = place.environ(case)
    seen: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        seen.append((int(status[:3]), {name.lower(): value for name, value in headers}))

    answer = b"".join(application({**environ, "wsgi.input": io.BytesIO(body)}, start))
    return (*seen[0], answer), traces()


def short(ingest: channels.Ingest, place: Place, case: Case) -> tuple[Answer | None, list[Any]]:
    (answer,) = ingest.answer_all([place.environ(case)])
    if answer is None:
        return None, traces()
    status, headers, body = answer
    return (status, {n.decode(): v.decode() for n, v in headers}, body), traces()


def traces() -> list[Any]:
    """What is stored, without row ids and times."""
    dropped = {"id", "created_at", "last_activity_at", "waiting_since", "at", "run_at", "body", "key"}
    rows: list[dict[str, Any]] = []
    for model in (Conversation, Message, FeedEvent, Job):
        rows += [model_to_dict(row) for row in model.objects.order_by("pk")]
    for row in rows:
        if isinstance(row.get("payload"), dict) and row["payload"].pop("not_before", None):
            row["waits"] = True
    kept: list[Any] = [{k: v for k, v in row.items() if k not in dropped} for row in rows]
    kept += [comparable(body) for body in FeedEvent.objects.order_by("pk").values_list("body", flat=True)]
    return [*kept, [len(times) for times in WINDOWS._times.values()]]


def comparable(body: bytes | str) -> Any:
    return {k: v for k, v in json.loads(body).items() if k not in {"id", "created_at", "last_activity_at"}}


def given(place: Place, owner: str) -> None:
    """Bring the conversation into somebody's hands."""
    if owner == "assistant":
        return
    found = conversations.find_conversation_by_number(place.number)
    assert found is not None
    agent = accounts.create_staff("ada@example.com", "Ada", "agent")
    conversations.take(found.id, agent.pk, "Ada")
    if owner == "resolved":
        conversations.resolve(found.id, "Ada")


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name.replace(" ", "_"))
def test_both_ways_answer_and_store_alike(case: Case, place: Place, ingest: channels.Ingest) -> None:
    given(place, case.owner)
    untouched = traces()
    expected, stored = undone(lambda: ordinary(place, case))
    answer, stored_short = undone(lambda: short(ingest, place, case))
    if not case.is_short:
        assert answer is None
        assert stored_short == untouched
        assert expected[0] != 200 or "command" in case.body
        return
    assert answer is not None
    assert answer[:2] == expected[:2]
    assert comparable(answer[2]) == comparable(expected[2])
    assert answer[0] == 200
    assert stored_short == stored != untouched


def undone(act: Any) -> Any:
    """The result of something that is taken back, so that the other way finds the same."""
    WINDOWS.clear()
    with transaction.atomic():
        result = act()
        transaction.set_rollback(True)
    WINDOWS.clear()
    return result


def test_the_same_echo_is_one_message_whichever_way_it_comes(place: Place, ingest: channels.Ingest) -> None:
    case = Case("echo", {"content": "Hello", "echo_id": "e-1"})
    (_, _, first), _ = ordinary(place, case)
    answer, _ = short(ingest, place, case)
    assert answer is not None
    assert json.loads(answer[2]) == json.loads(first)
    two = ingest.answer_all([place.environ(case), place.environ(case)])
    assert [json.loads(one[2]) for one in two if one] == [json.loads(first)] * 2
    assert Message.objects.filter(source_id="e-1").count() == 1


def test_a_batch_keeps_its_order_and_passes_on_what_is_not_for_it(
    place: Place, ingest: channels.Ingest
) -> None:
    bodies = [
        {"content": "one"},
        {"content": ""},
        {"content": "two"},
        {"command": "menu"},
        {"content": "three"},
    ]
    answers = ingest.answer_all([place.environ(Case("", body)) for body in bodies])
    assert [None if a is None else json.loads(a[2])["content"] for a in answers] == [
        "one", None, "two", None, "three",
    ]  # fmt: skip
    assert list(Message.objects.order_by("sequence").values_list("content", "sequence")) == [
        ("one", 1), ("two", 2), ("three", 3),
    ]  # fmt: skip


def test_tokens_that_do_not_hold_are_left_to_the_ordinary_way(ingest: channels.Ingest, place: Place) -> None:
    wrong: list[dict[str, Any]]
    if not place.headers:
        another = place.base[:-1] + ("1" if place.base.endswith("0") else "0")
        wrong = [{"path": f"{another}/conversations/1/messages"}]
    else:
        token = place.headers["HTTP_AUTHORIZATION"]
        values = ["", "Bearer", "Bearer ", token[:-1], token.replace("Bearer", "Basic"), token + " "]
        wrong = [{"environ": (("HTTP_AUTHORIZATION", value),)} for value in values]
    untouched = traces()
    for fields in wrong:
        case = Case("", {"content": "Hello"}, **fields)
        answer, stored = short(ingest, place, case)
        assert answer is None
        assert stored == untouched
        assert undone(lambda case=case: ordinary(place, case))[0][0] in {401, 404}


def test_a_full_window_is_refused_by_the_ordinary_way(
    ingest: channels.Ingest, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REQUESTS", limits.Limit("requests", 2, 60))
    case = Case("", {"content": "Hello"})
    assert [short(ingest, place, case)[0] is None for _ in range(3)] == [False, False, True]
    assert ordinary(place, case)[0][0] == 429


def test_a_failed_commit_is_an_error_and_not_a_second_try(
    ingest: channels.Ingest, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "atomic", _FailingCommit)
    (answer,) = ingest.answer_all([place.environ(Case("", {"content": "Hello"}))])
    assert answer is not None
    status, headers, body = answer
    assert status == 500
    assert json.loads(body)["error"]["code"] == "internal"
    assert dict(headers)[b"cache-control"] == b"no-store"


def test_a_failure_while_storing_is_left_to_the_ordinary_way(
    ingest: channels.Ingest, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise DatabaseError("database is locked")

    monkeypatch.setattr(conversations, "receive_texts", fail)
    assert ingest.answer_all([place.environ(Case("", {"content": "Hello"}))] * 2) == [None, None]


class _FailingCommit:
    def __enter__(self) -> None:
        assert connection.in_atomic_block

    def __exit__(self, *_: object) -> None:
        raise DatabaseError("disk I/O error")
