"""The customer widget in a real browser, on the demonstration shop's pages."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.chromium import NEEDS_CHROMIUM

WAIT_MS = 15_000
SHOP = "/shop/"

pytestmark = NEEDS_CHROMIUM

OpenPage = Callable[..., Any]


@pytest.fixture
def open_page(browser: Any, live_system: Any) -> Iterator[OpenPage]:
    """A page of the shop with the widget; any error of a script fails the test."""
    contexts: list[Any] = []
    problems: list[str] = []

    def open_it(path: str = SHOP, *, width: int = 1280, locale: str = "en-GB", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 780}, locale=locale, **options)
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if "sandbox" in line.text else None)
        page.goto(live_system.base_url + path)
        page.wait_for_selector("#rapport-widget .bubble:visible")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert problems == []


def open_chat(page: Any) -> Any:
    """Click the bubble; returns the page in the iframe."""
    page.click("#rapport-widget .bubble")
    frame = page.frame_locator("#rapport-widget iframe")
    frame.locator("home-view h1").wait_for()
    return frame


def say(frame: Any, text: str) -> None:
    box = frame.locator("message-composer textarea")
    box.fill(text)
    box.press("Enter")


def wait_for_replies(frame: Any, count: int) -> Any:
    frame.locator("chat-message:not(.mine)").nth(count - 1).wait_for()
    return frame.locator("chat-message:not(.mine)").nth(count - 1)


def sign_in(page: Any, live_system: Any) -> None:
    page.goto(live_system.base_url + "/shop/account")
    page.locator("form[action$='sign-in'] button").first.click()
    page.wait_for_selector("#rapport-widget .bubble:visible")


def test_bubble_opens_and_escape_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page()
    bubble = page.locator("#rapport-widget .bubble")
    assert bubble.get_attribute("aria-expanded") == "false"
    frame = open_chat(page)
    assert bubble.get_attribute("aria-expanded") == "true"
    frame.locator("message-composer textarea:focus").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !window.$chatwoot.isOpen")
    assert page.evaluate("document.querySelector('#rapport-widget').shadowRoot.activeElement.className") == (
        "bubble right"
    )


def test_first_view_is_the_menu_with_a_person_one_click_away(open_page: OpenPage) -> None:
    frame = open_chat(open_page())
    assert frame.locator(".topic").count() >= 5
    assert frame.locator("message-composer .person").is_visible()
    assert frame.locator("chat-header .ai-label").is_visible()


def test_topics_stand_under_headings_that_are_heard_and_a_person_stays_in_sight(open_page: OpenPage) -> None:
    frame = open_chat(open_page())
    sections = frame.locator(".home details.group")
    assert sections.locator("summary .group-title").all_inner_texts()[:2] == [
        "Orders and delivery",
        "Returns and faulty goods",
    ]
    returns = frame.get_by_role("list", name="Returns and faulty goods")
    assert not returns.is_visible()
    sections.nth(1).locator("summary").press("Enter")
    assert returns.get_by_role("button").count() == 4
    say(frame, "menu")
    shown = wait_for_replies(frame, 1)
    shown.locator("input[type=search]").fill("refund")
    buttons = shown.get_by_role("button").all_inner_texts()
    assert [text.split("\n")[0] for text in buttons[:2]] == ["Where is my refund?", "Talk to a person"]


def test_looking_alone_creates_nobody(open_page: OpenPage) -> None:
    page = open_page()
    frame = open_chat(page)
    assert frame.locator(".topic").count() > 0
    assert (
        page.frames[1].evaluate("Object.keys(localStorage).filter(k => k.endsWith(':session')).length") == 0
    )


def test_signed_in_customer_gets_there_by_clicking_only(open_page: OpenPage, live_system: Any) -> None:
    page = open_page()
    sign_in(page, live_system)
    frame = open_chat(page)
    frame.locator(".topic").first.click()
    frame.locator("chat-message .choice:enabled").first.wait_for()
    before = frame.locator("chat-message.mine").count()
    question = frame.locator("chat-message:has(.choice:enabled)").last
    chosen = question.locator(".choice-title").first.inner_text()
    question.locator(".choice").first.click()
    frame.locator("chat-message.mine").nth(before).wait_for()
    assert frame.locator("chat-message.mine .bubble").last.inner_text() == chosen
    assert frame.locator(".choice.chosen:disabled").last.locator(".choice-title").inner_text() == chosen
    assert frame.locator("chat-message.assistant").count() == frame.locator("chat-message .ai-label").count()


def test_what_a_customer_writes_stays_text(open_page: OpenPage) -> None:
    frame = open_chat(open_page())
    nasty = "<img src=x onerror=alert(1)> **bold** [x](javascript:alert)"
    say(frame, nasty)
    wait_for_replies(frame, 1)
    bubble = frame.locator("chat-message.mine .bubble").first
    assert bubble.inner_text() == "<img src=x onerror=alert(1)> bold x"
    assert bubble.locator("img, a, script").count() == 0
    assert bubble.locator("strong").inner_text() == "bold"


def test_message_written_offline_arrives_exactly_once(open_page: OpenPage) -> None:
    page = open_page()
    frame = open_chat(page)
    say(frame, "Hello")
    wait_for_replies(frame, 1)
    page.context.set_offline(True)
    frame.locator("status-banner .warn").wait_for()
    say(frame, "Where is my parcel?")
    frame.locator("pending-message").wait_for()
    page.context.set_offline(False)
    wait_for_replies(frame, 2)
    frame.locator("pending-message").wait_for(state="detached")
    page.reload()
    frame = page.frame_locator("#rapport-widget iframe")
    frame.locator("chat-message.mine").nth(1).wait_for()
    mine = [b.strip() for b in frame.locator("chat-message.mine .bubble").all_inner_texts()]
    assert mine == ["Hello", "Where is my parcel?"]


def test_reply_to_a_closed_chat_is_counted_on_the_bubble(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate(
        "() => { window.heard = []; addEventListener('chatwoot:on-message', (e) => heard.push(e.detail)); }"
    )
    open_chat(page)
    page.evaluate("window.$chatwoot.toggle('close')")
    inner = next(f for f in page.frames if "/widget?" in f.url)
    inner.evaluate("document.querySelector('.topic').click()")
    page.wait_for_selector("#rapport-widget .badge:visible")
    assert page.locator("#rapport-widget .badge").inner_text() == "1"
    assert page.evaluate("heard.length") == 1
    page.click("#rapport-widget .bubble")
    page.wait_for_selector("#rapport-widget .badge", state="hidden")


def test_customer_sees_why_and_may_object(open_page: OpenPage) -> None:
    frame = open_chat(open_page())
    say(frame, "How do I return something?")
    wait_for_replies(frame, 1).locator(".why").click()
    sheet = frame.locator("dialog.sheet")
    sheet.locator(".points li").first.wait_for()
    sheet.locator(".appeal button").click()
    sheet.locator("textarea").fill("This is not what I asked.")
    sheet.locator(".appeal button").click()
    sheet.locator(".notice.good").wait_for()


def test_person_on_request_with_place_in_the_queue(open_page: OpenPage) -> None:
    frame = open_chat(open_page())
    frame.locator("message-composer .person").click()
    frame.locator("status-banner .waiting strong").wait_for()
    assert frame.locator("chat-header .ai-label").count() == 0
    frame.locator("status-banner .link").click()
    frame.locator("status-banner input").fill("nobody")
    frame.locator("status-banner form button").click()
    assert frame.locator("status-banner .error").inner_text() != ""
    frame.locator("status-banner input").fill("vera@example.com")
    frame.locator("status-banner form button").click()
    frame.locator("status-banner .saved").wait_for()


def test_interface_speaks_the_language_of_the_host_page(open_page: OpenPage) -> None:
    page = open_page()
    frame = open_chat(page)
    page.evaluate("window.$chatwoot.setLocale('cs')")
    frame.get_by_text("Co chcete vyřídit?").wait_for()
    frame.locator("chat-header .icon-button").first.click()
    frame.locator("#language").select_option("de")
    frame.get_by_text("Was möchten Sie erledigen?").wait_for()


def test_on_a_phone_the_focus_stays_inside(open_page: OpenPage) -> None:
    page = open_page(width=390)
    open_chat(page)
    assert page.locator("#rapport-widget .panel").bounding_box()["width"] == 390
    for _ in range(40):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement.id")
        assert inside.startswith("rapport-widget")


def test_window_of_its_own_goes_on_with_the_conversation(open_page: OpenPage) -> None:
    page = open_page()
    frame = open_chat(page)
    say(frame, "Hello")
    wait_for_replies(frame, 1)
    with page.expect_popup() as opening:
        page.evaluate("window.$chatwoot.popoutChatWindow()")
    opening.value.locator("chat-message.mine", has_text="Hello").wait_for()
    assert "origin=" not in opening.value.url


def test_host_page_cannot_ask_for_the_session(open_page: OpenPage) -> None:
    page = open_page()
    frame = open_chat(page)
    say(frame, "Hello")
    wait_for_replies(frame, 1)
    page.evaluate(
        "() => { window.got = []; addEventListener('message', (e) => got.push(e.data.type));"
        " document.querySelector('#rapport-widget iframe').contentWindow"
        ".postMessage({ v: 1, type: 'askSession', id: 1, data: null }, '*') }"
    )
    page.wait_for_timeout(400)
    assert "session" not in page.evaluate("got")


def test_messages_from_elsewhere_are_ignored(open_page: OpenPage) -> None:
    page = open_page()
    open_chat(page)
    page.evaluate("window.postMessage({ v: 1, type: 'close', id: 1, data: null }, '*')")
    page.wait_for_timeout(300)
    assert page.evaluate("window.$chatwoot.isOpen") is True


def test_set_user_wants_a_name_an_address_or_a_picture(open_page: OpenPage) -> None:
    page = open_page()
    message = page.evaluate("() => { try { $chatwoot.setUser('1', {}) } catch (e) { return e.message } }")
    assert message == "User object should have one of the keys [avatar_url, email, name]"


def test_destroy_leaves_nothing_behind(open_page: OpenPage) -> None:
    page = open_page()
    page.evaluate("window.$chatwoot.destroy()")
    assert page.evaluate("[!!document.querySelector('#rapport-widget'), '$chatwoot' in window]") == [
        False,
        False,
    ]


@pytest.mark.skipif(
    "AXE" not in os.environ, reason="set AXE to the path of axe.min.js to check accessibility"
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility_checker_finds_nothing(open_page: OpenPage, live_system: Any, scheme: str) -> None:
    axe = Path(os.environ["AXE"]).read_text(encoding="utf-8")
    page = open_page(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    sign_in(page, live_system)
    frame = open_chat(page)
    inner = next(f for f in page.frames if "/widget?" in f.url)
    run = "async () => (await axe.run(document)).violations.map(v => [v.id, v.nodes.map(n => n.html)])"
    inner.evaluate(axe)
    assert inner.evaluate(run) == []
    frame.locator(".topic").nth(1).click()
    wait_for_replies(frame, 1)
    assert inner.evaluate(run) == []
    frame.locator("chat-message .why").last.click()
    frame.locator("dialog .points").wait_for()
    assert inner.evaluate(run) == []


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""The smallest picture there is."""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_photo_is_chosen_sent_and_shown(open_page: OpenPage, width: int) -> None:
    frame = open_chat(open_page(width=width))
    photo = {"name": "lamp.png", "mimeType": "image/png", "buffer": PIXEL}
    frame.locator("file-tray input").set_input_files([photo, {**photo, "name": "second.png"}])
    assert frame.locator(".tray li").count() == 2
    frame.get_by_label("Remove second.png").click()
    assert frame.locator(".tray li").count() == 1
    frame.locator("message-composer .send").click()
    shown = frame.locator("chat-message.mine .photo img")
    shown.wait_for()
    assert shown.get_attribute("alt") == "lamp.png"
    assert shown.evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") == 1
    assert "What is it about?" in wait_for_replies(frame, 1).locator(".bubble").inner_text()
    assert frame.locator(".tray li").count() == 0


def test_what_may_not_be_sent_is_said_at_once_or_by_the_server(open_page: OpenPage) -> None:
    frame = open_chat(open_page(locale="de-DE"))
    large = {"name": "gross.png", "mimeType": "image/png", "buffer": b"\0" * (10 * 2**20 + 1)}
    frame.locator("file-tray input").set_input_files([large])
    assert "10 MB" in frame.locator(".alert").inner_text()
    assert frame.locator(".tray li").count() == 0
    frame.locator("file-tray input").set_input_files(
        [{"name": "setup.exe", "mimeType": "image/png", "buffer": b"MZ\0"}]
    )
    frame.locator("message-composer .send").click()
    failed = frame.locator("pending-message.failed")
    failed.wait_for()
    assert "Bitte senden Sie ein Foto, ein PDF oder eine Textdatei." in failed.inner_text()
    failed.get_by_text("Entfernen").click()
    failed.wait_for(state="detached")
