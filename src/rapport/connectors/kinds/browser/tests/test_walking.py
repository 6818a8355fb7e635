"""Robotic steps on a screen made of data: what is certain before and after the step that commits."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from rapport.connectors.call_files import has_file, read_file
from rapport.connectors.contracts import ConnectorDown, Principal, UnknownOutcome
from rapport.connectors.kinds.browser import system as kind
from rapport.connectors.kinds.browser.system import BrowserSystem, compose
from rapport.connectors.kinds.browser.walking import Download, StepFailed

ACTIONS = """
book:
  find: look
  found: number
  steps:
    - open: "/new?for={customer}"
    - fill: {label: Order, with: "{order_id}"}
    - refuse_if: {text: already returned, code: already_returned}
    - click: {button: Book}
      commits: true
    - refuse_if: {text: closed, code: closed}
    - expect: {text: Thank you}
    - read: {css: "#number", into: number}
blind:
  personal: false
  sign_in: false
  steps:
    - click: {button: Go}
      commits: true
look:
  effect: read
  owner: owner
  steps:
    - open: /list
    - read: {css: "#found", into: number}
    - read: {css: "#owner", into: owner}
guarded:
  guard: look
  steps:
    - click: {button: Go}
      commits: true
slip:
  effect: read
  personal: false
  steps:
    - download: {link: Slip, into: file}
"""
SIGN_IN = """
- open: /login
- fill: {label: User, with: "{user}"}
- fill: {label: Password, with: "{secret}"}
- click: {button: Sign in}
"""
ANA = Principal("ana_1", "hmac")


class FakeScreen:
    """A page whose texts, and failures, a test decides."""

    def __init__(self):
        self.texts = {"Thank you", "#number=R1", "#found=R1", "#owner=ana_1"}
        self.fails = {}
        self.done = []

    def _note(self, what):
        self.done.append(what)
        if what in self.fails:
            raise self.fails[what]

    def open(self, address):
        self._note(f"open {address}")

    def act(self, step, target, value):
        self._note(f"{step.kind} {target} {value}".strip())

    def shows(self, step, target):
        return target in self.texts

    def read(self, step, target):
        found = [text.partition("=")[2] for text in self.texts if text.startswith(f"{target}=")]
        if not found:
            raise StepFailed
        return found[0]

    def download(self, step, target):
        return Download("slip.pdf", b"%PDF-1.4 x")

    def picture(self):
        self._note("picture")
        return b"\xff\xd8\xff jpeg"


@pytest.fixture
def screen():
    return FakeScreen()


@pytest.fixture
def system(screen):
    @contextmanager
    def opened(way):
        assert way.hosts == {"erp.example", "cdn.example:8080"}
        yield screen

    given = {
        "base_url": "https://erp.example",
        "hosts": "cdn.example:8080",
        "user": "robot",
        "sign_in": SIGN_IN,
    }
    return BrowserSystem(
        "https://erp.example", "open sesame", compose("erp", {**given, "actions": ACTIONS}), opened
    )


def _book(system, key="k1", **arguments):
    return system.call("erp.book", {"order_id": "#W1", **arguments}, ANA, key)


def test_steps_are_done_with_pictures_before_and_after(system, screen):
    outcome = _book(system)
    assert outcome.ok
    assert [file["name"] for file in outcome.data["screens"]] == ["before.jpg", "after.jpg"]
    assert outcome.data["number"] == "R1"
    assert read_file(outcome.data["screens"][0]["ref"]).startswith(b"\xff\xd8\xff")
    assert screen.done == [
        "open /login", "fill User robot", "fill Password open sesame", "click Sign in",
        "open /new?for=ana_1", "fill Order #W1", "picture", "click Book", "picture",
    ]  # fmt: skip


def test_a_try_stops_before_the_step_that_commits(system, screen):
    trial = system.trial("erp.book", {"order_id": "#W1"}, ANA, "")
    assert (trial.outcome.ok, trial.answer) == (True, "step 4: click button 'Book'")
    assert [file["name"] for file in trial.outcome.data["screens"]] == ["tried.jpg"]
    assert "click Book" not in screen.done
    assert "4. click button 'Book' (commits)" in trial.request.splitlines()
    assert "open sesame" not in f"{trial}"


@pytest.mark.parametrize(
    ("texts", "code", "clicked"),
    [({"already returned"}, "already_returned", False), ({"closed"}, "closed", True)],
)
def test_what_the_page_refuses_is_named(system, screen, texts, code, clicked):
    screen.texts |= texts
    outcome = _book(system, key=f"refused-{code}")
    assert (outcome.ok, outcome.code, "click Book" in screen.done) == (False, code, clicked)
    assert outcome.data["screens"][-1]["name"] == "after.jpg"


def test_a_page_that_changed_is_a_refusal_while_nothing_happened(system, screen):
    screen.fails["fill Order #W1"] = StepFailed()
    outcome = _book(system, key="changed")
    assert (outcome.code, outcome.message) == ("page_changed", "step 2: fill label 'Order'")
    assert not has_file("changed", "before.jpg")


def test_a_system_that_is_away_before_the_change_is_down(system, screen):
    screen.fails["open /new?for=ana_1"] = ConnectorDown("away")
    with pytest.raises(ConnectorDown):
        _book(system, key="down")
    assert system.find_outcome("erp.book", {"order_id": "#W1"}, ANA, "down") is None


def test_signing_in_that_fails_is_down_and_tells_no_secret(system, screen):
    screen.fails["fill Password open sesame"] = StepFailed("fill('open sesame')")
    with pytest.raises(ConnectorDown) as problem:
        _book(system)
    assert "open sesame" not in str(problem.value)
    assert str(problem.value) == "signing in failed at step 3: fill label 'Password'"


@pytest.mark.parametrize("failing", ["click Book", "Thank you"])
def test_a_failure_at_the_change_or_after_it_is_in_doubt_and_looked_up(system, screen, failing):
    key = f"doubt-{failing}"
    screen.texts.discard(failing)
    screen.fails[failing] = StepFailed()
    with pytest.raises(UnknownOutcome):
        _book(system, key=key)
    found = system.find_outcome("erp.book", {"order_id": "#W1"}, ANA, key)
    assert (found.ok, found.data) == (True, {"number": "R1", "owner": "ana_1"})
    screen.texts -= {"#found=R1"}
    screen.texts |= {"#found="}
    assert system.find_outcome("erp.book", {"order_id": "#W1"}, ANA, key) is None
    screen.texts -= {"#found="}
    with pytest.raises(ConnectorDown):
        system.find_outcome("erp.book", {"order_id": "#W1"}, ANA, key)


def test_without_a_finding_action_only_the_picture_tells(system, screen):
    assert system.find_outcome("erp.blind", {}, None, "b1") is None, "no picture: it never came so far"
    screen.fails["click Go"] = RuntimeError("the browser died")
    with pytest.raises(UnknownOutcome):
        system.call("erp.blind", {}, None, "b1")
    with pytest.raises(UnknownOutcome):
        system.find_outcome("erp.blind", {}, None, "b1")
    assert system.may_repeat("erp.blind") is False


def test_without_the_picture_nothing_is_done(system, screen):
    screen.fails["picture"] = StepFailed()
    with pytest.raises(ConnectorDown):
        _book(system)
    assert "click Book" not in screen.done


def test_reading_keeps_to_the_owner_and_leaves_no_picture(system, screen):
    assert system.call("erp.look", {}, ANA, "").data == {"number": "R1", "owner": "ana_1"}
    other = system.call("erp.look", {}, Principal("bob_2", "hmac"), "")
    assert (other.ok, other.code, other.data) == (False, "not_owner", {})
    assert "picture" not in screen.done


def test_a_guard_is_asked_first_and_its_refusal_is_the_answer(system, screen):
    assert system.call("erp.guarded", {}, Principal("bob_2", "hmac"), "g1").code == "not_owner"
    screen.texts.discard("#owner=ana_1")
    assert system.call("erp.guarded", {}, ANA, "g2").code == "page_changed"
    assert "click Go" not in screen.done
    screen.texts.add("#owner=ana_1")
    assert system.call("erp.guarded", {}, ANA, "g3").ok
    assert screen.done[-2] == "click Go"


def test_a_secret_that_the_page_shows_is_covered(system, screen):
    screen.texts = {"#found=R1 open sesame", "#owner=ana_1"}
    assert system.call("erp.look", {}, ANA, "").data["number"] == "R1 ●●●"


def test_a_downloaded_file_is_kept(system):
    file = system.call("erp.slip", {}, None, "").data["file"]
    assert (file["name"], file["media_type"], read_file(file["ref"])) == (
        "slip.pdf", "application/pdf", b"%PDF-1.4 x",
    )  # fmt: skip


def test_missing_arguments_open_no_browser(system, screen):
    assert system.call("erp.book", {}, ANA, "k").code == "invalid_arguments"
    assert screen.done == []


def test_without_the_extra_a_clear_word(system, monkeypatch):
    monkeypatch.setattr(kind.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConnectorDown, match="the extra `browser`"), kind.open_chromium(system._way):
        pass


def test_check_signs_in(system, screen):
    assert system.check() == "signed in"
    assert screen.done[-1] == "click Sign in"
