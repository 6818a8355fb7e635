"""The workbench: who may do what, one key a label, and a new intent taught, understood and rolled back on screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from rapport.accounts.api import create_staff
from rapport.desk.tests.conftest import Desk
from rapport.desk.workbench import pages
from rapport.desk.workbench.trying import pieces_of
from rapport.governance import api as governance
from rapport.governance.contracts import DecisionDraft
from rapport.jobs import api as jobs
from rapport.kernel.clock import now
from rapport.understanding import swapping
from rapport.understanding.api import learning, load_engine
from rapport.understanding.contracts import Context, Entity
from rapport.understanding.learning.services import SETTLE
from rapport.understanding.models import TrainingExample
from rapport.understanding.tests.stub_encoder import StubEncoder, examples

PAGES = ("", "queue", "examples", "intents", "confusions", "versions", "drift", "log", "status")
GIFT = (
    "gift card balance",
    "how much is on my gift card",
    "gift card value",
    "credit on the gift card",
    "check the gift card",
)


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> learning.Workshop:
    """A trained workshop that the screens use."""
    made = learning.Workshop(tmp_path / "models", StubEncoder(), tmp_path / "vectors")
    learning.sync_examples(examples())
    learning.retrain(made, learning.Order(risk=0.3))
    monkeypatch.setattr(swapping, "_LOOK_EVERY_S", 0.0)
    running = load_engine(made.model_dir, made.encoder)
    for module in ("pages", "trying", "versions"):
        monkeypatch.setattr(f"rapport.desk.workbench.{module}.engine", lambda: running, raising=False)
        monkeypatch.setattr(f"rapport.desk.workbench.{module}.workshop", lambda: made, raising=False)
    return made


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(create_staff(f"{role}@works.example", f"One {role}", role))
    return client


def train_now(workshop: learning.Workshop) -> None:
    jobs.run_due(jobs.Registry(learning.job_kinds(workshop)), now() + 4 * SETTLE)


def decided(desk: Desk, text: str = "the thing with the lamp", **fields: object) -> int:
    """A decision about a customer's words; its id."""
    info = desk.conversation(text=text)
    message = governance_message(info.id)
    read = {
        "language": "en",
        "intents": [
            {"name": "return_items", "probability": 0.5, "segment": 0},
            {"name": "order_status", "probability": 0.4, "segment": 0},
        ],
        "abstention": ["uncertain"],
    }
    draft = DecisionDraft(
        kind="turn",
        chosen="clarify:return_items",
        conversation_id=info.id,
        customer_id=info.customer_id,
        understanding=read,
        evidence=({"kind": "message", "ref": message, "title": "", "score": None},),
    )
    return governance.record_decision(draft)


def governance_message(conversation_id: int) -> int:
    from rapport.conversations import api as conversations

    return int(conversations.list_latest_messages(conversation_id)[-1].id)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_those_who_supervise(workshop: learning.Workshop, page: str) -> None:
    address = f"/understanding/{page}"
    assert Client().get(address)["Location"].startswith("/sign-in?next=/understanding/")
    assert client_of("agent").get(address).status_code == 403
    for role in ("supervisor", "analyst", "administrator"):
        assert client_of(role).get(address).status_code == 200, role


@pytest.mark.parametrize(("role", "expected"), [("", 302), ("agent", 403), ("marketer", 403)])
def test_nothing_changes_for_those_who_may_not(workshop: learning.Workshop, role: str, expected: int) -> None:
    client = client_of(role) if role else Client()
    made = learning.propose_example(
        learning.Proposal("lamp thing", "", "en", "message", "decision:1", "narrow")
    )
    version = learning.list_model_versions(workshop.model_dir)[0].version
    answers = [
        client.post(f"/understanding/queue/{made}", {"label": "return_items"}),
        client.post("/understanding/queue/undo"),
        client.post("/understanding/examples/add", {"text": "hello there", "label": "x"}),
        client.post("/understanding/intents/describe", {"name": "return_items", "parent": "orders"}),
        client.post(f"/understanding/versions/{version}/change", {"do": "roll_back"}),
        client.post("/understanding/drift/1"),
    ]
    assert [answer.status_code for answer in answers] == [expected] * 6
    assert TrainingExample.objects.get(pk=made).status == "proposed"
    assert learning.count_examples(learning.ExampleFilter()) == 60


def test_a_supervisor_labels_but_does_not_publish(workshop: learning.Workshop) -> None:
    version = learning.list_model_versions(workshop.model_dir)[0].version
    answer = client_of("supervisor").post(f"/understanding/versions/{version}/change", {"do": "roll_back"})
    assert answer.status_code == 403


def test_one_key_labels_the_next_text(workshop: learning.Workshop) -> None:
    client = client_of("supervisor")
    for number, text in enumerate(("lamp thing", "parcel thing")):
        proposal = learning.Proposal(
            text, "", "en", "message", f"decision:{number}", "narrow", 2.0 - number, (("return_items", 0.5),)
        )
        learning.propose_example(proposal)
    page = client.get("/understanding/queue").content.decode()
    assert 'name="label" value="return_items" data-label-key="1"' in page
    assert 'data-label-key="s"' in page
    assert "Keys: 1 to 9 label" in page
    first = TrainingExample.objects.get(text="lamp thing")
    answer = client.post(f"/understanding/queue/{first.pk}", {"label": "return_items"}, follow=True)
    assert "parcel thing" in answer.content.decode()
    first.refresh_from_db()
    assert (first.status, first.label) == ("accepted", "return_items")
    client.post("/understanding/queue/undo")
    first.refresh_from_db()
    assert (first.status, first.label) == ("proposed", "")
    client.post(f"/understanding/queue/{first.pk}", {"do": "skip"})
    assert learning.list_queue()[0].text == "parcel thing"
    client.post(f"/understanding/queue/{first.pk}", {"do": "reject"})
    first.refresh_from_db()
    assert first.status == "rejected"


def test_enter_in_an_empty_field_labels_nothing(workshop: learning.Workshop) -> None:
    made = learning.propose_example(
        learning.Proposal("lamp thing", "", "en", "message", "decision:1", "narrow")
    )
    client = client_of("supervisor")
    client.post(f"/understanding/queue/{made}", {"do": "label", "other": " "})
    assert TrainingExample.objects.get(pk=made).status == "proposed"
    client.post(
        f"/understanding/queue/{made}", {"do": "label", "other": "new thing", "label": "return_items"}
    )
    assert TrainingExample.objects.get(pk=made).label == "new_thing"


def test_a_contradiction_is_said_and_nothing_changes(workshop: learning.Workshop) -> None:
    made = learning.propose_example(
        learning.Proposal("Where is my order", "", "en", "message", "decision:1", "narrow")
    )
    answer = client_of("supervisor").post(
        f"/understanding/queue/{made}", {"label": "return_items"}, follow=True
    )
    assert "already" in answer.content.decode()
    assert TrainingExample.objects.get(pk=made).status == "proposed"


def test_a_new_intent_is_taught_understood_and_rolled_back(workshop: learning.Workshop) -> None:
    """Five examples on the screen, then the next message is understood; after a roll-back it is not."""
    client = client_of("administrator")
    first = learning.list_model_versions(workshop.model_dir)[0].version
    question = {"text": "what is my gift card balance"}
    assert "Gift card" not in client.get("/understanding/", question).content.decode()
    given = {"text": "\n".join(GIFT), "label": "gift card", "language": "en"}
    answer = client.post("/understanding/examples/add", given, follow=True)
    assert "Training with the latest changes" in answer.content.decode()
    train_now(workshop)
    read = pages_read(question["text"])
    assert read.segments[0].intents[0].name == "gift_card"
    assert "Gift card" in client.get("/understanding/", question).content.decode()
    versions = client.get("/understanding/versions").content.decode()
    assert f"Roll back to {first}" in versions
    answer = client.post(f"/understanding/versions/{first}/change", {"do": "roll_back"}, follow=True)
    assert "5 examples wait for review again" in answer.content.decode()
    assert pages_read(question["text"]).segments[0].intents[0].name != "gift_card"


def pages_read(text: str):
    return pages.engine().understand(text, Context())


def test_a_version_page_says_what_changed(workshop: learning.Workshop) -> None:
    client = client_of("administrator")
    client.post(
        "/understanding/examples/add", {"text": "parcel parcel", "label": "order_status", "language": "en"}
    )
    train_now(workshop)
    newest, first = learning.list_model_versions(workshop.model_dir)
    page = client.get(f"/understanding/versions/{newest.version}").content.decode()
    assert "1 added, 0 removed, 0 relabelled" in page
    assert first.version in page
    card = client.get(f"/understanding/versions/{newest.version}/card.md")
    assert card.content.decode().startswith(f"# Model card: intents {newest.version}")
    assert client.get(f"/understanding/versions/{newest.version}/card.exe").status_code == 404
    assert client.get("/understanding/versions/nothing").status_code == 404


def test_an_agent_corrects_a_decision_and_it_waits_for_review(
    desk: Desk, workshop: learning.Workshop
) -> None:
    decision = decided(desk, "the thing with the lamp, mail mia@example.com")
    agent = Client()
    agent.force_login(desk.agent)
    address = f"/understanding/corrections/{decision}"
    assert Client().post(address, {"label": "order_status"}).status_code == 302
    assert agent.post(address, {"label": ""}).status_code == 422
    answer = agent.post(address, {"label": "order_status"})
    assert "waits for review" in answer.content.decode()
    row = TrainingExample.objects.get(decision_id=decision)
    assert (row.status, row.label, row.source, row.reason) == (
        "proposed",
        "order_status",
        "agent",
        "correction",
    )
    assert "mia@example.com" not in row.text
    assert agent.post("/understanding/corrections/99999", {"label": "order_status"}).status_code == 422


def test_decisions_become_proposals_once(desk: Desk, workshop: learning.Workshop) -> None:
    decision = decided(desk)
    assert learning.collect() == 1
    assert learning.collect() == 0
    info = governance.find_decision(decision)
    assert info is not None
    click = DecisionDraft(
        "turn",
        "start:order_status",
        conversation_id=info.draft.conversation_id,
        understanding={"click": "Order status"},
    )
    governance.record_decision(click)
    learning.collect()
    rows = TrainingExample.objects.filter(status="proposed")
    assert [row.label for row in rows] == ["order_status"]


def test_who_withdrew_consent_teaches_nothing(desk: Desk, workshop: learning.Workshop) -> None:
    decision = decided(desk)
    info = governance.find_decision(decision)
    assert info is not None
    assert info.draft.customer_id is not None
    governance.record_consent(
        info.draft.customer_id, "training", is_given=False, wording_version="1", language="en", source="desk"
    )
    assert learning.collect() == 0
    agent = Client()
    agent.force_login(desk.agent)
    answer = agent.post(f"/understanding/corrections/{decision}", {"label": "order_status"})
    assert answer.status_code == 422
    assert not TrainingExample.objects.filter(status="proposed").exists()


def test_too_many_lines_and_no_lines_are_refused(workshop: learning.Workshop) -> None:
    client = client_of("supervisor")
    many = "\n".join(f"text number {n}" for n in range(201))
    for text in ("", many):
        answer = client.post("/understanding/examples/add", {"text": text, "label": "x"})
        assert answer.status_code == 422
    answer = client.post("/understanding/examples/add", {"text": "fine\nWhere is my order", "label": "y"})
    assert answer.status_code == 422
    assert learning.count_examples(learning.ExampleFilter()) == 60


def test_a_form_leads_back_only_into_the_workbench(workshop: learning.Workshop) -> None:
    client = client_of("supervisor")
    for wanted, expected in (
        ("/understanding/examples?label=a", "/understanding/examples?label=a"),
        ("https://elsewhere.example/", "/understanding/queue"),
        ("/understanding/\\\\elsewhere", "/understanding/queue"),
        ("//elsewhere.example/understanding/", "/understanding/queue"),
    ):
        assert client.post("/understanding/queue/undo", {"next": wanted})["Location"] == expected


def test_hostile_texts_are_shown_as_text(workshop: learning.Workshop) -> None:
    client = client_of("supervisor")
    for text in (
        "<script>alert(1)</script> lamp",
        "🙂🙂",
        "a" * 5000,
        "{{ 7|add:7 }} where is my order",
    ):
        answer = client.get("/understanding/", {"text": text})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()


def test_a_mixed_text_names_its_languages(workshop: learning.Workshop) -> None:
    client = client_of("supervisor")
    mixed = "Where is my order? Ich warte schon seit zwei Wochen auf die Lieferung."
    page = client.get("/understanding/", {"text": mixed}).content.decode()
    assert "Languages in it:" in page
    for one in ("Where is my order, I have been waiting for two weeks now", "Hallo"):
        assert "Languages in it:" not in client.get("/understanding/", {"text": one}).content.decode()


def test_entities_cut_the_text_into_pieces() -> None:
    order = Entity("order_id", "#W1234567", "#W1234567", 6, 15)
    inside = Entity("quantity", 1234567, "1234567", 8, 15)
    pieces = pieces_of("order #W1234567 please", (inside, order))
    assert [(p.text, p.entity.kind if p.entity else "") for p in pieces] == [
        ("order ", ""),
        ("#W1234567", "order_id"),
        (" please", ""),
    ]


def test_the_settings_name_an_engine_and_a_workshop(settings) -> None:

    from django.utils.module_loading import import_string

    found = [import_string(settings.UNDERSTANDING_ENGINE), import_string(settings.UNDERSTANDING_WORKSHOP)]
    assert all(callable(function) for function in found)
