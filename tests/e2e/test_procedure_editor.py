"""The procedure editor in a real browser, as somebody who never saw YAML uses it: from a card to a published version."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.chromium import NEEDS_CHROMIUM

WAIT_MS = 30_000
GATE_MS = 240_000  # simulated customers take some seconds, more on a busy machine
PROCEDURES = "/settings/procedures/"

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def open_page(browser: Any, live_system: Any) -> Iterator[Any]:
    """A page of the settings, signed in; any error of a script fails the test."""
    contexts: list[Any] = []
    problems: list[str] = []

    def open_it(path: str, *, who: str = "admin", width: int = 1280, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 860}, locale="en-GB", **options)
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "htmx:error" in line.text else None)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(live_system.base_url + "/sign-in")
        page.fill("#email", f"{who}@demo.example")
        page.fill("#password", "rapport-demo")
        page.click("form button.btn-primary")
        page.wait_for_load_state()
        page.goto(live_system.base_url + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert problems == []


def begin(page: Any, title: str) -> str:
    """An empty procedure of that title; returns its name."""
    page.fill("#title", title)
    page.click(".new-empty button")
    page.wait_for_selector("#preview .bubble", state="attached")
    found = re.search(r"/procedures/(\w+)/edit", page.url)
    assert found is not None
    return found[1]


def open_card(page: Any, card: str) -> None:
    page.click(f'[data-card="{card}"] .card-main')
    page.wait_for_selector(f'#selected-card[value="{card}"]', state="attached")


def fill(page: Any, field: str, text: str) -> None:
    """Write into the open form, and wait until the draft says so."""
    with page.expect_response(lambda r: r.url.endswith("/edit/change")):
        page.fill(f'#card-form [name="{field}"]', text)
        page.locator(f'#card-form [name="{field}"]').blur()


def answer_checklist(page: Any) -> None:
    """Say of each open item why it is all right."""
    while page.locator(".checklist .badge-bad").count():
        line = page.locator(".checklist > li", has=page.locator(".badge-bad")).first
        line.locator("summary").click()
        line.locator("[name=note]").fill("A first try, only in English")
        with page.expect_navigation():
            line.locator("[value=yes]").click()


def test_from_an_empty_procedure_to_a_published_version(open_page: Any) -> None:
    page = open_page(PROCEDURES + "new-procedure")
    name = begin(page, f"Gift note {os.getpid()}")

    # a question with another wording, seen in the preview at once
    page.click("text=Add a question")
    page.wait_for_selector('#selected-card[value="slots/question"]', state="attached")
    fill(page, "ask/en", "What shall the note say?")
    page.locator("#preview .bubble", has_text="What shall the note say?").wait_for()
    assert "is-active" in page.locator('[data-card="slots/question"]').get_attribute("class")

    # a rule made of rows, without an expression
    page.click("text=Add a rule")
    page.wait_for_selector('#selected-card[value="rules/0"]', state="attached")
    fill(page, "say/en", "Please write something kind.")
    page.select_option('[name="check#mode"]', "all")
    page.select_option('[name="check#0#field"]', "question")
    page.select_option('[name="check#0#comparison"]', "is_not")
    fill(page, "check#0#value", "boo")
    page.locator('[data-card="rules/0"] .card-title', has_text="question is not “boo”").wait_for()

    # the customer's side: refused by the rule, then done
    page.fill("#write", "boo")
    page.press("#write", "Enter")
    page.locator("#preview .bubble", has_text="Please write something kind.").wait_for()
    page.click("#preview [value=reset]")
    page.locator("#preview .bubble.mine").wait_for(state="detached")
    page.fill("#write", "Happy birthday")
    page.press("#write", "Enter")
    page.locator("#preview .chat-note", has_text="Done").wait_for()

    # kept as a test case
    page.click("#preview .keep summary")
    page.fill("#preview [name=name]", "a kind note")
    page.click("#preview [data-keep]")
    page.click("#tab-cases")
    page.locator(".case-good", has_text="The one case passes").wait_for()

    # undo and redo, and the draft survives a reload
    page.click('[data-key="undo"]')
    page.locator(".case-good, .cases [role=status]", has_text="There are none yet").wait_for()
    page.click('[data-key="redo"]')
    page.reload()
    page.locator("#preview .bubble", has_text="What shall the note say?").wait_for()

    # through the gate
    page.click('[data-opens="publish"]')
    page.fill("#note", "first")
    page.click("#publish .btn-primary")
    page.wait_for_url("**/rehearsals/*")
    page.locator("button", has_text="Publish").wait_for(timeout=GATE_MS)
    answer_checklist(page)
    assert "Nothing stands against publishing it." in page.locator("#release").inner_text()
    page.click('#release form[action$="/publish"] button')
    page.wait_for_url(f"**/{name}/edit")
    page.locator(".badge", has_text="Version 1 in force").wait_for()

    # out of force again, and gone from the menu
    page.goto(page.url + "/versions")
    page.click("text=Take out of force")
    page.locator(".badge", has_text="Not in force").wait_for()


def test_cards_by_keyboard(open_page: Any) -> None:
    page = open_page(PROCEDURES + "new-procedure")
    begin(page, f"By keyboard {os.getpid()}")
    for _ in range(2):
        with page.expect_response(lambda r: r.url.endswith("/edit/change")):
            page.click("text=Add a question")
    first, second = '[data-card="slots/question"]', '[data-card="slots/question_2"]'
    page.locator(second).wait_for()
    page.focus(f"{second} .card-main")
    page.keyboard.press("Alt+ArrowUp")
    page.locator(f"{second} + {first}").wait_for()
    page.keyboard.press("Control+z")
    page.locator(f"{first} + {second}").wait_for()
    page.focus(f"{first} .card-main")
    page.keyboard.press("Enter")
    page.wait_for_selector('#selected-card[value="slots/question"]', state="attached")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('.flow-card').dataset.card") == "slots/question"
    page.focus(f"{first} .card-main")
    page.keyboard.press("Delete")
    page.locator(first).wait_for(state="detached")


def test_a_form_shows_its_own_card_and_no_move_is_lost(open_page: Any) -> None:
    page = open_page(PROCEDURES + "new-procedure")
    begin(page, f"Own card {os.getpid()}")
    for name in ("question", "question_2"):
        page.click("text=Add a question")
        page.wait_for_selector(f'#selected-card[value="slots/{name}"]', state="attached")
    fill(page, "ask/en", "Second, please?")
    open_card(page, "slots/question")
    assert page.input_value('#card-form [name="ask/en"]') == "What should I know?"
    assert page.locator('#card-form textarea[name="when"]').is_hidden(), "nothing but rows, unless asked for"

    # what is written in the preview while the draft is being saved arrives
    page.click('#card-form [name="ask/en"]')
    page.keyboard.type("First. ")
    page.fill("#write", "blue")
    page.press("#write", "Enter")
    page.locator("#preview .bubble.mine", has_text="blue").wait_for()
    page.locator("#preview .bubble", has_text="Second, please?").wait_for()


def test_who_only_drafts_sees_why_publishing_is_off(open_page: Any) -> None:
    page = open_page(PROCEDURES + "cancel_order/edit", who="supervisor")
    button = page.locator('[data-opens="publish"]')
    assert button.is_disabled()
    assert "an administrator publishes" in page.locator("#why-not").inner_text()


@pytest.mark.skipif(
    "AXE" not in os.environ, reason="set AXE to the path of axe.min.js to check accessibility"
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_accessibility_checker_finds_nothing(open_page: Any, scheme: str, width: int) -> None:
    axe = Path(os.environ["AXE"]).read_text(encoding="utf-8")
    run = "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    page = open_page(
        PROCEDURES + "return_items/edit",
        width=width,
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page.wait_for_selector("#preview .bubble", state="attached")
    page.evaluate(axe)
    assert page.evaluate(run) == []
    for card in ("slots/order", "confirm", "do/0"):
        open_card(page, card)
        assert page.evaluate(run) == []
        page.click("[data-closes-panel]")
    if width < 900:
        page.click(".pane-switch [data-pane=side]")
    page.locator("#preview .answers button").first.click()
    page.locator("#preview .bubble.mine").wait_for()
    assert page.evaluate(run) == []
    page.click("#tab-cases")
    page.locator(".case-name").first.click()
    page.wait_for_selector("#case-ends")
    assert page.evaluate(run) == []
