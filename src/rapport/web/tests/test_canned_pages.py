"""Settings › Canned responses."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapport.accounts.api import create_staff, create_team
from rapport.conversations.models import CannedResponse

pytestmark = pytest.mark.django_db
PATH = "/settings/canned/"


def _browser(role):
    client = Client()
    client.force_login(create_staff(f"{role}@example.com", role.title(), role))
    return client


def _form(**changes):
    return {"short_code": "hello", "scope": "shared", "text_en": "Hi {{contact.name}}", **changes}


def test_one_is_made_changed_and_deleted():
    browser = _browser("supervisor")
    assert browser.post(PATH + "new", _form(text_cs="<b>Ahoj</b>")).status_code == 302
    row = CannedResponse.objects.get()
    assert (row.short_code, row.texts["cs"], row.team_id, row.owner_id) == (
        "hello",
        "<b>Ahoj</b>",
        None,
        None,
    )
    shown = browser.get(f"{PATH}{row.pk}").content.decode()
    assert "&lt;b&gt;Ahoj&lt;/b&gt;" in shown
    assert "<b>Ahoj" not in shown
    page = browser.get(PATH).content.decode()
    assert "/hello" in page
    assert "EN · CS" in page
    assert "Nothing found" in browser.get(PATH + "?q=zzz").content.decode()
    team = create_team("care", "Care")
    browser.post(f"{PATH}{row.pk}", _form(scope="team", team_id=str(team.pk)))
    assert CannedResponse.objects.get().team_id == team.pk
    assert browser.post(f"{PATH}{row.pk}/delete").status_code == 302
    assert CannedResponse.objects.count() == 0


def test_a_mistake_is_shown_and_what_was_written_stays():
    browser = _browser("supervisor")
    answer = browser.post(PATH + "new", _form(text_en="Dear {{customer}}", text_de="Hallo"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Unknown placeholder: customer." in page
    assert "Dear {{customer}}" in page
    assert "Hallo" in page
    assert CannedResponse.objects.count() == 0


def test_an_agent_writes_their_own_and_reads_the_rest():
    boss, agent = _browser("supervisor"), _browser("agent")
    boss.post(PATH + "new", _form())
    shared = CannedResponse.objects.get()
    page = agent.get(f"{PATH}{shared.pk}").content.decode()
    assert "you may use it, not change it" in page
    assert agent.post(f"{PATH}{shared.pk}", _form(text_en="Mine")).status_code == 422
    assert agent.post(f"{PATH}{shared.pk}/delete").status_code == 403
    assert agent.post(PATH + "new", _form(scope="shared", short_code="x")).status_code == 422
    assert agent.post(PATH + "new", _form(scope="personal")).status_code == 302
    own = CannedResponse.objects.get(owner__isnull=False)
    assert boss.get(f"{PATH}{own.pk}").status_code == 404
    assert boss.post(f"{PATH}{own.pk}/delete").status_code == 404
    assert CannedResponse.objects.get(pk=shared.pk).texts == {"en": "Hi {{contact.name}}"}
    assert _browser("analyst").get(PATH).status_code == 403
    assert Client().get(PATH).status_code == 302


def test_a_table_comes_in_and_goes_out():
    browser = _browser("supervisor")
    table = "short_code,en,zh\nhello,Hi,您好\n"
    assert browser.post(PATH + "import").status_code == 422
    browser.post(PATH + "import", {"file": SimpleUploadedFile("c.csv", table.encode())})
    assert CannedResponse.objects.get().texts == {"en": "Hi", "zh": "您好"}
    answer = browser.post(PATH + "import", {"file": SimpleUploadedFile("c.csv", b"a,b\n1,2\n")})
    assert (answer.status_code, "The first line names" in answer.content.decode()) == (422, True)
    out = browser.get(PATH + "export")
    assert out["Content-Disposition"] == 'attachment; filename="canned-responses.csv"'
    assert out.content.decode("utf-8-sig").splitlines()[1] == "hello,Hi,,,,,您好,shared,"
