"""What a survey finds, what it leaves out, and what it remembers."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.conversations import api as conversations
from rapport.desk import api as desk
from rapport.governance import api as governance
from rapport.insights import services
from rapport.insights.contracts import Kind, Window
from rapport.insights.jobs import Surveyor
from rapport.insights.models import Issue, IssueStory, Survey
from rapport.insights.queries import distinct_examples, find_issue, latest_survey, list_issues
from rapport.insights.stories import TextReading, gather, unread
from rapport.insights.surveying import returns_at
from rapport.insights.tests.conftest import WRAPPING, wrapping
from rapport.insights.tests.scenes import NOW, Scene
from rapport.insights.vectors import Space
from rapport.kernel.clock import use_clock
from rapport.kernel.errors import InvalidInput


def test_people_who_want_the_same_thing_are_one_issue_with_its_counts(shop):
    shop.play(*wrapping(closes="It will be wrapped.", days_ago=3))
    shop.play(*wrapping(days_ago=40)[:2], Scene("my toaster smells of smoke"))
    shop.look()
    (issue,) = list_issues()
    assert (issue.kind, issue.count, issue.count_before) == (Kind.NEW, 6, 2)
    assert issue.share == 6 / 7
    assert issue.languages == {"en": 6}
    assert issue.titles["en"].lower() in {"gift wrap parcel", "wrap parcel gift", "wrap gift parcel"}
    assert (issue.agent_messages, issue.agent_minutes) == (6, 36.0)


def test_fewer_than_five_are_not_shown(shop):
    shop.play(*wrapping()[:4])
    shop.look()
    assert list_issues() == []
    survey = latest_survey()
    assert (survey.conversations, survey.unsolved) == (4, 4)


def test_what_was_solved_without_a_person_is_no_issue(shop):
    shop.play(*wrapping(is_solved=True, chosen="start:gift_wrap"))
    shop.look()
    assert latest_survey().unsolved == 0


def test_what_nobody_understood_counts_though_no_person_came(shop):
    shop.play(*wrapping(is_solved=True, chosen="reply:not_understood"))
    shop.look()
    assert [issue.count for issue in list_issues()] == [6]


def test_a_conversation_that_still_goes_on_is_left_alone(shop):
    shop.play(*wrapping(is_solved=True, chosen="reply:not_understood", days_ago=0.01))
    shop.look()
    assert latest_survey().unsolved == 0


def test_whoever_only_asks_for_a_person_says_nothing_to_learn_from(shop):
    shop.play(*[Scene("a person please", chosen="hand_over:customer_asked") for _ in range(6)])
    shop.look()
    assert list_issues() == []
    assert latest_survey().without_request == 6


def test_texts_are_redacted_before_they_are_stored(shop):
    said = [f"{text}, write to mia.hoffmann@example.com about order #W1234567" for text in WRAPPING]
    shop.play(*[Scene(text) for text in said])
    shop.look()
    stored = " ".join(IssueStory.objects.values_list("text", flat=True))
    assert "@" not in stored
    assert "1234567" not in stored
    assert "[email]" in stored


def test_who_objected_to_training_is_left_out(shop):
    ids = shop.play(*wrapping())
    for conversation_id in ids[:2]:
        customer = conversations.find_conversation(conversation_id).customer_id
        governance.record_consent(
            int(customer), "training", is_given=False, source="test", wording_version="1", language="en"
        )
    assert len(gather(Window(NOW, 28)).found) == 4


def test_conversations_of_staff_among_themselves_are_none_of_customers(shop):
    inbox = conversations.create_inbox("Internal", conversations.INTERNAL)
    shop.inbox = inbox
    shop.play(*wrapping())
    assert gather(Window(NOW, 28)).conversations == 0


def test_a_procedure_that_keeps_ending_with_a_person_is_named_with_what_its_runs_share(shop):
    shop.play(
        *wrapping(
            chosen="start:return_items",
            unfinished={"return_items": {"order": "#1"}},
            slot="items",
            intents=(("return_items", 0.9),),
            closes="Done.",
        )
    )
    shop.look()
    (issue,) = list_issues()
    assert (issue.kind, issue.procedure) == (Kind.FAILING, "return_items")
    assert [(c.kind, c.name, c.count) for c in issue.evidence.causes] == [("asked", "items", 6)]


def test_a_procedure_s_own_rule_for_people_is_told_from_a_customer_s_wish(shop):
    shop.play(*wrapping(chosen="start:x", unfinished={"x": {}}, reason="too_heavy", slot="items"))
    shop.look()
    causes = list_issues()[0].evidence.causes
    assert ("person_rule", "too_heavy", 6) in [(c.kind, c.name, c.count) for c in causes]
    assert not [c for c in causes if c.kind == "asked"]


def test_messages_that_only_people_read_are_read_by_the_engine(shop):
    """While a person owns the conversation no decision says what a message is about."""
    contact = conversations.create_contact(shop.inbox, {"name": "Mia", "language": "en"})
    with use_clock(lambda: NOW - dt.timedelta(days=2)):
        info = conversations.create_conversation(contact)
        conversations.take(info.id, shop.agent.pk, "Alex Berger")
        conversations.receive_message(info.id, "thank you very much indeed")
        conversations.receive_message(info.id, "the lamp should be wrapped")
    (kept,) = gather(Window(NOW, 28), unread).found
    assert kept.text == "thank you very much indeed"

    def read(text: str, _: str) -> TextReading:
        return TextReading(("order_id",), is_request="lamp" in text)

    (story,) = gather(Window(NOW, 28), read).found
    assert (story.text, story.facts) == ("the lamp should be wrapped", ("order",))


def test_an_issue_keeps_its_number_from_survey_to_survey(shop):
    shop.play(*wrapping())
    shop.look()
    before = list_issues()[0].id
    shop.play(*wrapping(days_ago=1)[:3])
    shop.look()
    assert [(issue.id, issue.count) for issue in list_issues()] == [(before, 9)]
    assert Survey.objects.count() == 1


def test_an_issue_nobody_brings_any_more_goes_with_its_texts(shop):
    ids = shop.play(*wrapping())
    shop.look()
    for conversation_id in ids:
        conversations.delete_conversation(conversation_id)
    assert IssueStory.objects.count() == 0
    shop.look()
    assert Issue.objects.count() == 0


def test_a_dismissed_issue_stays_away_until_it_has_grown(shop):
    shop.play(*wrapping())
    shop.look()
    issue = list_issues()[0]
    services.dismiss(issue.id, shop.supervisor.pk, "  we do not  wrap ")
    shop.play(*wrapping(days_ago=1)[:4])
    shop.look()
    assert list_issues() == []
    assert [(i.count, i.dismissed_reason) for i in list_issues(dismissed=True)] == [(10, "we do not wrap")]
    shop.play(*wrapping(days_ago=2)[:1])
    shop.look()
    assert [(i.id, i.count) for i in list_issues()] == [(issue.id, 11)]


def test_a_dismissed_issue_is_known_again_by_what_is_meant(shop):
    """Months later no conversation is shared any more."""
    ids = shop.play(*wrapping())
    shop.look()
    services.dismiss(list_issues()[0].id, shop.supervisor.pk, "we do not wrap")
    later = NOW + dt.timedelta(days=90)
    with use_clock(lambda: later):
        Surveyor(Space(None), unread).look()
    assert IssueStory.objects.count() == len(ids)
    shop.play(*wrapping(days_ago=-85))
    with use_clock(lambda: later):
        Surveyor(Space(None), unread).look()
    assert list_issues() == []
    assert [issue.count for issue in list_issues(dismissed=True)] == [6]


@pytest.mark.parametrize(("count", "back"), [(5, 10), (10, 15), (11, 17), (40, 60)])
def test_half_as_many_again_bring_it_back_five_at_least(count, back):
    assert returns_at(count) == back


def test_dismissing_takes_a_reason(shop):
    shop.play(*wrapping())
    shop.look()
    with pytest.raises(InvalidInput):
        services.dismiss(list_issues()[0].id, shop.supervisor.pk, "  ")
    assert len(list_issues()) == 1


def test_each_wording_is_shown_once(shop):
    shop.play(*wrapping(), Scene(WRAPPING[0].upper() + "!"))
    shop.look()
    found = distinct_examples(find_issue(list_issues()[0].id))
    assert sorted(e.text.lower().rstrip("!") for e in found["en"]) == sorted(
        text.lower() for text in WRAPPING
    )


def test_the_job_looks_once_a_week_and_when_it_is_told_to(shop):
    surveyor = Surveyor(Space(None), unread)
    for hours, payload, looks in ((0, {}, 1), (24, {}, 1), (25, {"now": True}, 2), (24 * 8, {}, 3)):
        with use_clock(lambda hours=hours: NOW + dt.timedelta(hours=hours)):
            surveyor.run(payload, None)
            assert Survey.objects.order_by("-id").first().pk is not None
        latest = latest_survey().at
        expected = {1: NOW, 2: NOW + dt.timedelta(hours=25), 3: NOW + dt.timedelta(hours=24 * 8)}[looks]
        assert latest == expected


def test_erasing_a_customer_takes_their_requests_along(shop):
    ids = shop.play(*wrapping())
    shop.look()
    customer = conversations.find_conversation(ids[0]).customer_id
    desk.erase_customer(int(customer), actor_id=None)
    assert IssueStory.objects.count() == 5
    assert not IssueStory.objects.filter(conversation_id=ids[0]).exists()
