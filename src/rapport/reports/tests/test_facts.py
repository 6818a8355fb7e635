"""What is kept of a conversation and of its runs: exact values from conversations written by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from rapport.procedures.models import Run, Wait
from rapport.reports.gathering import gather
from rapport.reports.logic.facts import MEASURES
from rapport.reports.models import Contact, ProcedureRun

from .conftest import Shop, Talk

ORDERS = [{"title": "#1", "value": "1"}, {"title": "#2", "value": "2"}]
YES_NO = [{"title": "Yes", "value": "confirm:yes"}, {"title": "No", "value": "confirm:no"}]
FORM = [
    {"name": "number", "label": "Number", "type": "text"},
    {"name": "email", "label": "E-mail", "type": "text"},
]


def contact_of(talk: Talk) -> Contact:
    talk.wait(hours=25)
    gather()
    return Contact.objects.get(pk=int(talk.info.id))


def outcome_of(talk: Talk) -> str:
    return contact_of(talk).outcome


def run_of(talk: Talk) -> ProcedureRun:
    contact_of(talk)
    return ProcedureRun.objects.get(contact_id=int(talk.info.id))


def returned(shop: Shop) -> Talk:
    talk = shop.talk()
    talk.say("I want to send the lamp back", "start:send_back", slot="identify:order_email", items=FORM)
    talk.wait(seconds=19).fill(
        {"number": "1", "email": "mia@example.com"}, "identify", slot="order", items=ORDERS
    )
    talk.wait(seconds=9).click("1", "continue:send_back", slot="confirm", items=YES_NO)
    return talk.wait(seconds=9).click("confirm:yes", "affirm:send_back").end("send_back", "done", call="done")


def test_a_run_done_in_the_connected_system_is_done(shop):
    run = run_of(returned(shop))
    assert (run.procedure, run.version, run.changes, run.outcome, run.reason) == (
        "send_back",
        1,
        True,
        "done",
        "",
    )


def test_effort_is_what_the_customer_did(shop):
    run = run_of(returned(shop))
    assert {name: getattr(run, name) for name in MEASURES} == {
        "turns": 4,
        "clicks": 3,
        "fields": 2,
        "words": 7,
        "questions": 2,
        "repeats": 0,
        "identifications": 1,
        "waits": 0,
        "seconds": 41,
    }


def test_a_question_asked_again_counts_twice(shop):
    talk = shop.talk().say("where is it", "start:look_up", slot="parcel", items=ORDERS)
    talk.say("the blue one", "continue:look_up", slot="parcel", items=ORDERS)
    talk.say("the first", "continue:look_up").end("look_up", "done")
    run = run_of(talk)
    assert (run.questions, run.repeats, run.turns, run.changes) == (2, 1, 3, False)


def test_unclear_words_before_the_start_are_part_of_the_effort(shop):
    talk = shop.talk().say("hello", "reply:greeting").say("lamp", "reply:not_understood")
    talk.say("the lamp please", "clarify:send_back").click_words("start:send_back").end(
        "send_back", "done", call="done"
    )
    assert run_of(talk).turns == 3


def test_a_digression_is_the_other_runs_effort(shop):
    talk = shop.talk().say("send it back", "start:send_back", slot="order", items=ORDERS)
    talk.say("where is my parcel", "start:look_up", slot="parcel").say("7", "continue:look_up").end(
        "look_up", "done"
    )
    talk.say("the first", "continue:send_back").end("send_back", "done", call="done")
    contact_of(talk)
    assert dict(ProcedureRun.objects.values_list("procedure", "turns")) == {"look_up": 2, "send_back": 2}


def test_two_runs_of_one_procedure_are_kept_apart(shop):
    talk = shop.talk().say("where is it", "start:look_up").end("look_up", "done")
    talk.say("and the other one", "start:look_up", slot="parcel").say("7", "continue:look_up").end(
        "look_up", "done"
    )
    contact_of(talk)
    assert list(ProcedureRun.objects.order_by("id").values_list("turns", flat=True)) == [1, 2]


def test_done_without_the_action_is_told_apart(shop):
    talk = shop.talk().say("send it back", "start:send_back").end("send_back", "done")
    assert run_of(talk).outcome == "no_action"


def test_an_approval_is_a_persons_part(shop):
    talk = shop.talk().say("send it back", "start:send_back").end("send_back", "done", call="done")
    Wait.objects.create(
        conversation_id=talk.info.id, instance=f"{talk.info.uuid}-1", procedure="send_back", key="k",
        kind="approval", state="ended", decided_by=shop.supervisor.pk,
    )  # fmt: skip
    run = run_of(talk)
    assert (run.outcome, run.reason, run.waits) == ("with_person", "approval", 1)
    assert Contact.objects.get().outcome == "person"


def test_a_refusal_names_its_rule(shop):
    rules = ({"name": "human:our_mistake", "held": False}, {"name": "within_30_days", "held": False})
    talk = shop.talk().say("send it back", "start:send_back", rules=rules).end("send_back", "refused")
    run = run_of(talk)
    assert (run.outcome, run.reason) == ("refused", "within_30_days")
    assert Contact.objects.get().outcome == "refused"


def test_a_refusal_by_the_system_names_its_code(shop):
    talk = shop.talk().say("send it back", "start:send_back").end("send_back", "refused", call="refused")
    from rapport.connectors.models import ActionCall

    ActionCall.objects.update(code="order_not_delivered")
    assert run_of(talk).reason == "order_not_delivered"


def test_a_run_left_in_the_middle_names_the_open_question(shop):
    talk = shop.talk().say("send it back", "start:send_back", slot="reason").leave_open("send_back")
    run = run_of(talk)
    assert (run.outcome, run.reason, run.ended_at) == ("abandoned", "reason", None)
    assert Contact.objects.get().outcome == "unsolved"


def test_a_run_is_open_until_the_customer_has_left(shop):
    talk = shop.talk().say("send it back", "start:send_back", slot="reason").leave_open("send_back")
    talk.wait(hours=1)
    gather()
    assert (Contact.objects.get().outcome, ProcedureRun.objects.get().outcome) == ("open", "open")
    talk.wait(hours=24)
    assert gather() == 1
    assert (Contact.objects.get().outcome, ProcedureRun.objects.get().outcome) == ("unsolved", "abandoned")
    assert gather() == 0


def test_what_waits_is_open_however_long(shop):
    talk = shop.talk().say("send it back", "start:send_back").leave_open("send_back", "waiting")
    talk.wait(days=9)
    gather()
    assert (Contact.objects.get().outcome, ProcedureRun.objects.get().outcome) == ("open", "open")


def test_asking_for_a_person_in_the_middle_ends_the_run_with_one(shop):
    talk = shop.talk().say("send it back", "start:send_back", slot="reason").leave_open("send_back")
    talk.say("a person please", "hand_over:customer_asked").hand_over()
    run = run_of(talk)
    assert (run.outcome, run.reason) == ("person", "customer_asked")


def test_a_fault_of_a_system_is_a_failure(shop):
    talk = (
        shop.talk()
        .say("send it back", "start:send_back")
        .end("send_back", "handed_over")
        .hand_over("system_unavailable")
    )
    run = run_of(talk)
    assert (run.outcome, run.reason) == ("failed", "system_unavailable")


def test_a_person_who_comes_after_it_was_done_takes_nothing_from_the_run(shop):
    talk = returned(shop)
    talk.say("and now a person", "hand_over:customer_asked").hand_over().agent_says("Hello", shop.agent)
    assert run_of(talk).outcome == "done"
    assert Contact.objects.get().outcome == "person"


def test_staff_runs_are_no_self_service(shop):
    talk = shop.talk().say("send it back", "hand_over:customer_asked").hand_over()
    talk.end("send_back", "done", call="done", actor=f"staff:{shop.agent.pk}")
    assert outcome_of(talk) == "person"
    assert not ProcedureRun.objects.exists()


def test_a_part_of_a_procedure_is_no_run_of_its_own(shop):
    talk = shop.talk().say("send it back", "start:send_back").end("look_up", "done").end("send_back", "done")
    first, second = (f["instance"] for f in talk.frames["finished"])
    talk.frames["finished"][0]["parent"] = second
    talk._remember("waiting", "other", "look_up", 1, "waiting")
    talk.frames["waiting"].clear()
    from rapport.assistant.models import Dialogue
    from rapport.connectors.models import ActionCall

    Dialogue.objects.update(state=talk.frames)
    ActionCall.objects.create(key=f"{first}:0", action="a.b", conversation_id=talk.info.id, state="done")
    run = run_of(talk)
    assert (run.procedure, run.outcome) == ("send_back", "done")


@pytest.mark.parametrize(
    ("last", "confirmed"), [(("spasibo", "reply:thanks"), True), (("bye", "reply:goodbye"), False)]
)
def test_thanks_confirm_a_solution(shop, last, confirmed):
    contact = contact_of(shop.talk().say("opening hours?", "answer:opening-hours").say(*last))
    assert (contact.outcome, contact.reason, contact.is_confirmed) == ("solved", "question", confirmed)


def test_a_request_left_unanswered_after_a_solution_is_not_solved(shop):
    talk = shop.talk().say("hours?", "answer:opening-hours").say("and the flux?", "reply:not_understood")
    assert outcome_of(talk) == "unsolved"


def test_courtesies_alone_ask_for_nothing(shop):
    contact = contact_of(shop.talk().say("hi", "reply:greeting"))
    assert (contact.outcome, contact.reason) == ("none", "none")


def test_who_only_opened_the_window_is_no_contact(shop):
    talk = shop.talk().answer("greeting").wait(hours=25)
    assert gather() >= 1
    assert not Contact.objects.exists()
    assert talk.info.id


@pytest.mark.parametrize(
    ("gap", "reopened"), [({"minutes": 5}, False), ({"hours": 25}, True), ({"days": 7, "hours": 1}, False)]
)
def test_a_new_request_within_seven_days_reopens(shop, gap, reopened):
    talk = (
        shop.talk()
        .say("hours?", "answer:opening-hours")
        .wait(**gap)
        .say("and on Sunday?", "answer:opening-hours")
    )
    contact = contact_of(talk)
    assert (contact.outcome, contact.is_reopened) == ("solved", reopened)


def test_a_request_after_it_was_resolved_reopens_at_once_and_thanks_do_not(shop):
    thanked = shop.talk().say("hours?", "answer:opening-hours").wait(hours=3).resolve()
    thanked.wait(hours=1).say("thanks", "reply:thanks")
    again = shop.talk().say("hours?", "answer:opening-hours").wait(hours=3).resolve()
    again.wait(hours=1).say("and on Sunday?", "answer:opening-hours")
    assert [contact_of(talk).is_reopened for talk in (thanked, again)] == [False, True]


def test_a_second_conversation_about_the_same_within_seven_days_marks_the_first(shop):
    contact = shop.contact()
    first = shop.talk(contact=contact).say("where is it", "start:look_up").end("look_up", "done")
    first.wait(days=6)
    second = shop.talk(contact=contact).say("where is it", "start:look_up").end("look_up", "done")
    second.wait(days=8)
    third = shop.talk(contact=contact).say("where is it", "start:look_up").end("look_up", "done")
    assert [contact_of(t).came_back for t in (third, first, second)] == [False, True, False]


def test_a_conversation_dated_before_the_last_look_is_read_too(shop):
    late = returned(shop).wait(days=2)
    gather()
    past = shop.talk().say("hours?", "answer:opening-hours")
    type(past.info)  # written now, dated earlier, as an import does
    from rapport.conversations.models import Conversation

    Conversation.objects.filter(pk=int(past.info.id)).update(
        last_activity_at=late.clock() - dt.timedelta(days=30)
    )
    late.wait(minutes=1)
    assert gather() == 1
    assert Contact.objects.count() == 2


def test_reading_twice_changes_nothing(shop):
    talk = returned(shop)
    contact_of(talk)
    before = (list(Contact.objects.values()), list(ProcedureRun.objects.values()))
    talk.say("thanks", "reply:thanks")
    contact_of(talk)
    after = (list(Contact.objects.values()), list(ProcedureRun.objects.values()))
    assert (len(before[0]), len(before[1])) == (len(after[0]), len(after[1])) == (1, 1)
    assert after[0][0]["is_confirmed"]


def test_an_erased_conversation_takes_its_facts_along(shop):
    from rapport.conversations.api import delete_conversation

    talk = returned(shop)
    contact_of(talk)
    delete_conversation(int(talk.info.id))
    assert (Contact.objects.count(), ProcedureRun.objects.count(), Run.objects.count()) == (0, 0, 0)


def test_the_recurring_job_reads_what_is_new(shop):
    from rapport.jobs.api import JobContext
    from rapport.reports.jobs import GATHER_JOB, KINDS, SCHEDULES

    talk = returned(shop)
    talk.wait(minutes=1)
    (kind,) = KINDS
    kind.run({}, JobContext(1, None, 1))
    assert Contact.objects.get().conversation_id == talk.info.id
    assert [s.job_kind for s in SCHEDULES] == [kind.name] == [GATHER_JOB]


def test_the_lines_of_record_are_the_ones_that_are_written(shop):
    """What the reading of messages knows of other modules' wording is held to what they write."""
    from rapport.conversations.api import list_message_traces

    talk = shop.talk().say("help", "hand_over:over_limit").hand_over("over_limit").resolve()
    notes = [(m.note, m.reason) for m in list_message_traces([int(talk.info.id)]) if m.note]
    assert notes == [("handed_over", "over_limit"), ("resolved", "")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Where's my order #W123?", 4),
        ("Wo ist die Küchen-Waage?", 4),
        ("我的订单在哪里", 4),
        ("где мой заказ", 3),
    ],
)
def test_words_are_counted_in_every_language(text, words):
    from rapport.conversations.tracing import count_words

    assert count_words(text) == words
