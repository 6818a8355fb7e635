"""What a run and its parts did and waited for is that run's, and no other's."""

from __future__ import annotations

from rapport.connectors.models import ActionCall
from rapport.procedures.models import Wait
from rapport.reports.gathering import gather
from rapport.reports.models import ProcedureRun

from .conftest import Talk

TENTH = "and the tenth lamp"


def read(talk: Talk) -> dict[str, ProcedureRun]:
    talk.wait(hours=25)
    gather()
    return {
        run.instance.rpartition("-")[2]: run
        for run in ProcedureRun.objects.filter(contact_id=int(talk.info.id))
    }


def test_the_first_run_does_not_take_the_tenths_refusal(shop):
    rules = ({"name": "within_30_days", "held": False},)
    talk = shop.talk().say("send it back", "start:send_back", rules=rules).end("send_back", "refused")
    for _ in range(8):
        talk.say("where is it", "start:look_up").end("look_up", "done")
    talk.say(TENTH, "start:send_back").end("send_back", "refused", call="refused")
    ActionCall.objects.update(code="order_not_delivered")
    runs = read(talk)
    assert (runs["1"].reason, runs["10"].reason) == ("within_30_days", "order_not_delivered")


def test_the_first_run_does_not_take_the_tenths_failure(shop):
    talk = shop.talk().say("send it back", "start:send_back").end("send_back", "failed")
    for _ in range(8):
        talk.say("where is it", "start:look_up").end("look_up", "done")
    talk.say(TENTH, "start:send_back").end("send_back", "failed", call="failed")
    ActionCall.objects.update(code="server_error")
    runs = read(talk)
    assert (runs["1"].reason, runs["10"].reason) == ("", "server_error")


def test_an_approval_in_a_part_is_a_persons_part_of_the_run(shop):
    talk = shop.talk().say("send it back", "start:send_back").end("look_up", "done")
    talk.end("send_back", "done", call="done")
    part, whole = talk.frames["finished"]
    part["parent"] = whole["instance"]
    talk._remember("waiting", "other", "look_up", 1, "waiting")
    Wait.objects.create(
        conversation_id=talk.info.id, instance=part["instance"], procedure="look_up", key="k",
        kind="approval", state="ended", decided_by=shop.supervisor.pk,
    )  # fmt: skip
    run = read(talk)["2"]
    assert (run.outcome, run.reason, run.waits) == ("with_person", "approval", 1)
