"""Chromium as the screen of robotic steps: a fresh one for each call, which reaches the allowed hosts and nothing else.

The only module that needs the extra `browser`: it is imported when steps are walked. No text of an exception leaves
it, as the library's messages repeat what was filled in.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Dialog, Error, Locator, Page, Route, sync_playwright

from rapport.connectors.contracts import ConnectorDown
from rapport.connectors.kinds.browser.steps import Step
from rapport.connectors.kinds.browser.walking import Download, StepFailed
from rapport.connectors.outbound import check_address

MAX_DOWNLOAD_BYTES = 5_000_000
WIDTH, HEIGHT = 1280, 900
START_LIMIT_MS = 20_000
_ALWAYS_ALLOWED = ("about", "blob", "data")
_PASSED_ON = frozenset({"PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR"})
"""All that the browser gets of our environment: no key of ours."""
_MATCHING_OPTIONS = """(box, text) =>
    [...box.options].filter(o => o.label.trim() === text || o.value === text).map(o => o.value)"""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the robot may go, and what it is started with."""

    base_url: str
    hosts: frozenset[str]
    """Hosts with their ports, as in an address."""
    timeout_s: float
    program: str
    """Path of the browser; empty for the library's own."""

    def reaches(self, url: str) -> bool:
        """Whether this is an allowed host, and encrypted where the system's own address is."""
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or urlsplit(self.base_url).scheme != "https"
        return parts.netloc in self.hosts and is_safe

    def allows(self, url: str) -> bool:
        """Whether a page may ask for this, or be it."""
        return urlsplit(url).scheme in _ALWAYS_ALLOWED or self.reaches(url)


@contextmanager
def open_screen(site: Site) -> Iterator[ChromiumScreen]:
    """A fresh browser, ended with the block. Raises ConnectorDown."""
    for host in site.hosts:
        check_address(f"http://{host}/")
    deadline = time.monotonic() + site.timeout_s
    with ExitStack() as open_things:
        try:
            library = open_things.enter_context(sync_playwright())
            browser = library.chromium.launch(
                executable_path=site.program or None, args=_arguments(site), timeout=START_LIMIT_MS,
                chromium_sandbox=os.geteuid() != 0, env={k: v for k, v in os.environ.items() if k in _PASSED_ON},
            )  # fmt: skip
            open_things.callback(_close, browser)
            screen = ChromiumScreen(_page(browser, site), site, deadline)
        except Error as problem:
            raise ConnectorDown("the browser does not start") from problem
        yield screen


def _close(browser: Browser) -> None:
    """A farewell that fails changes nothing of what was done."""
    with suppress(Error):
        browser.close()


def _arguments(site: Site) -> list[str]:
    """No name but the allowed hosts' is resolved: this holds for redirects and for what scripts ask for, too."""
    hosts = sorted({urlsplit(f"//{host}").hostname or "" for host in site.hosts})
    rules = ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in hosts)])
    return [f"--host-resolver-rules={rules}", "--disable-gpu", "--disable-background-networking"]


def _page(browser: Browser, site: Site) -> Page:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, service_workers="block", accept_downloads=True
    )

    def guard(route: Route) -> None:
        if site.allows(route.request.url):
            route.continue_()
        else:
            route.abort()

    context.route("**/*", guard)
    page = context.new_page()
    context.on("page", lambda other: other.close())
    return page


class ChromiumScreen:
    """One page."""

    def __init__(self, page: Page, site: Site, deadline: float) -> None:
        self._page, self._site, self._deadline = page, site, deadline
        self._answer = False
        page.on("dialog", self._on_dialog)

    def open(self, address: str) -> None:
        """Go to an address. Raises ConnectorDown, StepFailed."""
        url = urljoin(self._site.base_url, address)
        if not self._site.reaches(url):
            raise StepFailed
        try:
            answer = self._page.goto(url, timeout=self._left_ms(), wait_until="domcontentloaded")
        except Error as problem:
            raise ConnectorDown("the system does not answer") from problem
        if answer is not None and answer.status >= 500:
            raise ConnectorDown(f"the system answers HTTP {answer.status}")
        self._check_place()

    def act(self, step: Step, target: str, value: str) -> None:
        """Fill, choose, tick, click, press or wait for."""
        self._answer = step.accepts_dialog
        try:
            self._act(step, target, value)
        except Error as problem:
            raise StepFailed from problem
        finally:
            self._answer = False
        self._check_place()

    def _act(self, step: Step, target: str, value: str) -> None:
        left = self._left_ms()
        if step.kind == "press" and not step.by:
            self._page.keyboard.press(value)
            return
        place = self._find(step, target)
        match step.kind:
            case "fill":
                place.fill(value, timeout=left)
            case "choose":
                place.select_option(self._option(place, value), timeout=left)
            case "tick":
                place.check(timeout=left)
            case "press":
                place.press(value, timeout=left)
            case "wait_for":
                place.first.wait_for(state="visible", timeout=left)
            case _:
                place.click(timeout=left)
                self._page.wait_for_load_state("domcontentloaded", timeout=left)

    def _option(self, place: Locator, value: str) -> str:
        """The value of the option that is called so, or has this value."""
        found = place.evaluate(_MATCHING_OPTIONS, value.strip(), timeout=self._left_ms())
        if len(found) != 1:
            raise StepFailed
        return str(found[0])

    def shows(self, step: Step, target: str) -> bool:
        """Whether the target is to be seen now."""
        try:
            return any(place.is_visible() for place in self._find(step, target).all())
        except Error as problem:
            raise StepFailed from problem

    def read(self, step: Step, target: str) -> str:
        """The text of the target, or what its field holds."""
        try:
            place = self._find(step, target)
            is_field = place.evaluate(
                "e => ['INPUT', 'TEXTAREA', 'SELECT'].includes(e.tagName)", timeout=self._left_ms()
            )
            return place.input_value() if is_field else place.inner_text()
        except Error as problem:
            raise StepFailed from problem

    def download(self, step: Step, target: str) -> Download:
        """Click, and take the file that comes."""
        try:
            with self._page.expect_download(timeout=self._left_ms()) as coming:
                self._find(step, target).click(timeout=self._left_ms())
            with coming.value.path().open("rb") as file:
                content = file.read(MAX_DOWNLOAD_BYTES + 1)
            if len(content) > MAX_DOWNLOAD_BYTES:
                raise StepFailed
            return Download(coming.value.suggested_filename, content)
        except (Error, OSError) as problem:
            raise StepFailed from problem

    def picture(self) -> bytes:
        """The page as JPEG, passwords covered."""
        covered = [self._page.locator("input[type=password]")]
        try:
            return self._page.screenshot(
                type="jpeg", quality=70, full_page=True, mask=covered, timeout=max(self._left_ms(), 2_000)
            )
        except Error as problem:
            raise StepFailed from problem

    def _find(self, step: Step, target: str) -> Locator:
        place: Any = self._page
        if step.frame:
            name = step.frame
            place = self._page.frame_locator(f'iframe[name="{name}"], frame[name="{name}"]')
        found: Locator
        match step.by:
            case "label":
                found = place.get_by_label(target, exact=True)
            case "button" | "link":
                found = place.get_by_role(step.by, name=target, exact=True)
            case "text":
                found = place.get_by_text(target)
            case "placeholder":
                found = place.get_by_placeholder(target, exact=True)
            case "field":
                found = place.locator(f'[name="{target}"]')
            case _:
                found = place.locator(target)
        return found

    def _left_ms(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise StepFailed
        return left * 1000

    def _check_place(self) -> None:
        """Wherever a step led to, it is an allowed host."""
        if not self._site.allows(self._page.url):
            raise StepFailed

    def _on_dialog(self, dialog: Dialog) -> None:
        if self._answer:
            dialog.accept()
        else:
            dialog.dismiss()
