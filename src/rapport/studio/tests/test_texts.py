"""The Source tab in two windows: neither overwrites the other unawares, and each goes on typing undisturbed."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from rapport.accounts import api as accounts
from rapport.accounts.models import User
from rapport.procedures import api as procedures
from rapport.studio.contracts import DraftInfo
from rapport.studio.models import DraftRevision
from rapport.studio.queries import find_draft
from rapport.studio.services import Stale, save_draft
from rapport.studio.texts import compare_lines

pytestmark = pytest.mark.django_db

EDIT = "/settings/procedures/cancel_order/edit"
SOURCE = f"{EDIT}/source"
QUESTION = "Which order would you like to cancel?"


@pytest.fixture
def user() -> User:
    template = procedures.find_template("cancel_order")
    assert template is not None
    procedures.publish(template.source, cases=template.cases)
    procedures.forget_book()
    return accounts.create_staff("robin@example.com", "Robin", "administrator", "a-long-enough-secret")


@pytest.fixture
def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _draft(user: User) -> DraftInfo:
    found = find_draft(user.pk, "cancel_order")
    assert found is not None
    return found


def _open(browser: Client) -> dict[str, str]:
    """What a window knows of the text it opened."""
    page = browser.get(SOURCE).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(opened|window)" value="([^"]+)">', page))


def _type(browser: Client, window: dict[str, str], text: str, *, is_typing: bool = True):
    headers = {"HX-Request": "true"} if is_typing else {}
    return browser.post(SOURCE, {**window, "source": text}, headers=headers)


def test_a_second_window_does_not_overwrite_the_first(browser: Client, user: User) -> None:
    text = _draft(user).source
    first, second = _open(browser), _open(browser)
    mine, other = text.replace(QUESTION, "Which one?"), text.replace("Cancel an order", "Call an order off")
    assert _type(browser, first, mine).status_code == 200
    refused = _type(browser, second, other)
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert "changed in another window" in shown
    assert "Which one?" in shown
    assert "Call an order off" in shown
    assert _draft(user).source == mine
    whole = _type(browser, second, other, is_typing=False)
    assert whole.status_code == 409
    assert "Call an order off" in whole.content.decode().split("<textarea")[1], "what was typed is not lost"
    assert _draft(user).source == mine


def test_whoever_was_shown_the_difference_may_replace_what_they_saw_and_nothing_newer(
    browser: Client, user: User
) -> None:
    text = _draft(user).source
    first, second = _open(browser), _open(browser)
    mine, other = text.replace(QUESTION, "Which one?"), text.replace("Cancel an order", "Call an order off")
    _type(browser, first, mine)
    page = _type(browser, second, other).content.decode()
    seen = re.findall(r'name="replaces" value="([^"]+)"', page)[0]
    _type(browser, first, mine.replace("Which one?", "Which one is it?"))
    assert _type(browser, {**second, "replaces": seen}, other, is_typing=False).status_code == 409
    page = _type(browser, second, other).content.decode()
    seen = re.findall(r'name="replaces" value="([^"]+)"', page)[0]
    assert _type(browser, {**second, "replaces": seen}, other, is_typing=False).status_code == 302
    assert _draft(user).source == other
    assert _type(browser, first, mine).status_code == 409, "now it is the first window that is out of date"


def test_one_window_goes_on_typing_and_it_is_one_step(browser: Client, user: User) -> None:
    text = _draft(user).source
    window = _open(browser)
    for question in ("Which", "Which one", "Which one?"):
        assert _type(browser, window, text.replace(QUESTION, question)).status_code == 200
    assert _draft(user).source == text.replace(QUESTION, "Which one?")
    assert DraftRevision.objects.count() == 2, "the text as it was, and the one step of typing"
    browser.post(f"{EDIT}/step", {"do": "undo"})
    assert _draft(user).source == text
    assert _type(browser, window, text.replace(QUESTION, "Or which?")).status_code == 200


def test_a_change_of_the_flow_is_not_overwritten_by_an_open_text(browser: Client, user: User) -> None:
    text, window = _draft(user).source, _open(browser)
    browser.post(f"{EDIT}/change", {"card": "slots/order", "#form": "1", "ask/en": "Which shall go?"})
    assert _type(browser, window, text.replace("Cancel an order", "Call an order off")).status_code == 409
    assert "Which shall go?" in _draft(user).source


def test_two_changes_at_once_are_not_put_over_one_another(user: User) -> None:
    save_draft(_draft(user), source=_draft(user).source + "# one\n", place="slots/order")
    seen = _draft(user)
    save_draft(seen, source=seen.source + "# two\n", place="slots/order")
    with pytest.raises(Stale):
        save_draft(seen, source=seen.source + "# three\n", place="slots/order")
    assert _draft(user).source.endswith("# one\n# two\n")


def test_only_what_differs_is_shown_with_the_lines_around_it() -> None:
    kept = "a\nb\nc\nd\ne\nf\ng\nh\ni\n"
    assert compare_lines(kept, kept.replace("b", "B").replace("i", "")) == [
        ("gap", "…"), ("both", "a"), ("kept", "b"), ("typed", "B"), ("both", "c"), ("both", "d"),
        ("gap", "…"), ("both", "g"), ("both", "h"), ("kept", "i"), ("typed", ""),
    ]  # fmt: skip
