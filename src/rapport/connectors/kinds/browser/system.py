"""A website as a connected system: each routine of robotic steps is an action, which a person approves."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings as house
from django.utils.translation import gettext as _

from rapport.connectors.call_files import has_file, keep_file
from rapport.connectors.contracts import (
    ActionEffect,
    CallOutcome,
    ConnectorDown,
    JsonDict,
    Principal,
    Trial,
    UnknownOutcome,
)
from rapport.connectors.declared import DeclaredAction, OutputMap, declared_actions
from rapport.connectors.forms import FormField, KindForm, body_fields, lines_of, read_form, with_actions
from rapport.connectors.kinds.browser.steps import Routine, read_routines, read_sign_in
from rapport.connectors.kinds.browser.walking import Download, Screen, StepFailed, Walk, walk
from rapport.connectors.pointing import look_up
from rapport.kernel.errors import InvalidInput

BEFORE, AFTER, TRIED = "before.jpg", "after.jpg", "tried.jpg"
JPEG = "image/jpeg"
MAX_TIMEOUT_S = 60
WAIT_FOR_TURN_S = 20.0
_one_browser = threading.Semaphore(1)
"""A browser takes some 200 MB: one at a time in a process."""

FIELDS = (
    FormField("base_url", "Address", is_required=True, help="Where paths in the steps begin, as https://erp.example."),
    FormField("hosts", "Hosts it may reach", "lines", help="One a line, with its port; the address's own always."),
    FormField("user", "User's name"),
    FormField("secret", "Password", "secret"),
    FormField("sign_in", "Steps of signing in", "lines", help="YAML: a list of steps; they know {user} and {secret}."),
    FormField("approval", "Approval", "choice", default="always",
              choices=(("always", "A person approves each change"), ("never", "Changes are made without approval"))),
    FormField("timeout_s", "Seconds at most", default="30", help="For all steps of one action together."),
    FormField("actions", "Actions", "lines", is_required=True,
              help="YAML: a name, then title, effect, steps; one step of a change has `commits: true`."),
)  # fmt: skip


def compose(key: str, given: Mapping[str, str]) -> JsonDict:
    """Settings from what a person entered. Raises InvalidInput."""
    form = read_form(FIELDS, given)
    parts = urlsplit(form["base_url"])
    if parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
        raise InvalidInput(_("An address that begins with http:// or https://."), field="base_url")
    if any(
        "/" in host or "@" in host or not urlsplit(f"//{host}").hostname for host in lines_of(form["hosts"])
    ):
        raise InvalidInput(_("A host's name a line, without http://."), field="hosts")
    timeout = form["timeout_s"]
    if not (timeout.isascii() and timeout.isdigit() and 1 <= int(timeout) <= MAX_TIMEOUT_S):
        raise InvalidInput(
            _("Between %(least)d and %(most)d.") % {"least": 1, "most": MAX_TIMEOUT_S}, field="timeout_s"
        )
    signing = read_sign_in(form["sign_in"])
    routines = read_routines(form["actions"], can_sign_in=bool(signing))
    actions = [_action(key, routine, form["approval"]) for routine in routines.values()]
    return {**with_actions(form, key, actions), "timeout_s": int(timeout)}


def _action(key: str, routine: Routine, approval: str) -> DeclaredAction:
    customer_in = "body" if "customer" in routine.names else ""
    return DeclaredAction(
        f"{key}.{routine.name}", routine.title, routine.effect, {"routine": routine.name},
        is_personal=routine.is_personal, **body_fields(routine.arguments, customer_in=customer_in),
        outputs=tuple(OutputMap(name, name) for name in routine.results),
        find=f"{key}.{routine.find}" if routine.find else "", found=routine.found, owner=routine.owner,
        guard=f"{key}.{routine.guard}" if routine.guard else "",
        needs_approval=routine.effect is not ActionEffect.READ and approval == "always",
    )  # fmt: skip


FORM = KindForm(
    "browser", "Robotic steps", "A website without an API, operated in a browser.", FIELDS, compose
)


@dataclass(frozen=True, slots=True)
class Way:
    """How the site is reached."""

    base_url: str
    hosts: frozenset[str]
    timeout_s: float


OpenScreen = Callable[[Way], AbstractContextManager[Screen]]


@contextmanager
def open_chromium(way: Way) -> Iterator[Screen]:
    """A screen in the machine's own Chromium, one at a time. Raises ConnectorDown."""
    if importlib.util.find_spec("playwright") is None:
        raise ConnectorDown("robotic steps need the extra `browser`: requirements/browser.txt")
    from rapport.connectors.kinds.browser.chromium import Site, open_screen  # noqa: PLC0415 - needs the extra

    if not _one_browser.acquire(timeout=WAIT_FOR_TURN_S):
        raise ConnectorDown("the browser is busy")
    try:
        with open_screen(Site(way.base_url, way.hosts, way.timeout_s, str(house.CONFIG.browser))) as screen:
            yield screen
    finally:
        _one_browser.release()


class BrowserSystem:
    """One website and its routines."""

    def __init__(
        self, base_url: str, secret: str, settings: JsonDict, open_screen: OpenScreen = open_chromium
    ) -> None:
        form = settings["form"]
        hosts = frozenset(lines_of(form["hosts"])) | {urlsplit(base_url).netloc}
        self._way = Way(base_url, hosts, float(settings["timeout_s"]))
        self._secrets = {"user": str(form["user"]), "secret": secret}
        self._sign_in = read_sign_in(form["sign_in"])
        self._routines = read_routines(form["actions"], can_sign_in=bool(self._sign_in))
        self._actions = declared_actions(settings)
        self._open_screen = open_screen

    def call(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> CallOutcome:
        """Walk through an action's steps. Raises ConnectorDown, UnknownOutcome."""
        declared, routine = self._find(action)
        if routine.effect is not ActionEffect.READ and not key:
            raise ConnectorDown("a change needs a key")
        refusal = self._refusal(declared, arguments, principal)
        return refusal or self._walk(routine, arguments, principal, key)

    def find_outcome(
        self, action: str, arguments: JsonDict, principal: Principal | None, key: str
    ) -> CallOutcome | None:
        """Whether it happened: certainly not without the picture that is kept before; else the finding action knows."""
        declared, _ = self._find(action)
        if not has_file(key, BEFORE):
            return None
        if not declared.find:
            raise UnknownOutcome("no action tells whether it happened")
        found = self.call(declared.find, arguments, principal, "")
        if found.code == "page_changed":
            raise ConnectorDown("the page that tells is another one now")
        is_there = found.ok and look_up(found.data, declared.found) not in (None, "", False)
        return found if is_there else None

    def may_repeat(self, action: str) -> bool:  # noqa: ARG002  # as the port has it
        """A click is never repeated in doubt."""
        return False

    def trial(self, action: str, arguments: JsonDict, principal: Principal | None, key: str) -> Trial:  # noqa: ARG002  # as the port has it
        """Walk up to the step that commits, not further; the page as it stood is kept as a picture."""
        declared, routine = self._find(action)
        request = "\n".join(
            f"{n}. {s.words}{' (commits)' * s.commits}" for n, s in enumerate(routine.steps, 1)
        )
        outcome = self._refusal(declared, arguments, principal)
        outcome = outcome or self._walk(routine, arguments, principal, f"trial:{action}", is_trial=True)
        return Trial(
            request, str(outcome.data.get("stopped_before") or outcome.data or outcome.code), outcome
        )

    def check(self) -> str:
        """Sign in. Raises ConnectorDown."""
        with self._open_screen(self._way) as screen:
            if not self._sign_in:
                screen.open("/")
                return "the page answers"
            self._enter(screen)
        return "signed in"

    def close(self) -> None:
        """Nothing stays open."""

    def _find(self, action: str) -> tuple[DeclaredAction, Routine]:
        declared = self._actions.get(action)
        routine = self._routines.get(str(declared.target["routine"])) if declared else None
        if declared is None or routine is None:
            raise ConnectorDown("there is no such routine any more")
        return declared, routine

    def _refusal(
        self, declared: DeclaredAction, arguments: JsonDict, principal: Principal | None
    ) -> CallOutcome | None:
        missing = [name for name in declared.arguments if arguments.get(name) in (None, "")]
        if missing:
            message = f"no value for {', '.join(missing)}"
            return CallOutcome(ok=False, code="invalid_arguments", message=message)
        guarded = self.call(declared.guard, arguments, principal, "") if declared.guard else None
        if guarded is not None and not guarded.ok:
            return CallOutcome(ok=False, code=guarded.code, message=guarded.message)
        return None

    def _walk(
        self,
        routine: Routine,
        arguments: JsonDict,
        principal: Principal | None,
        key: str,
        *,
        is_trial: bool = False,
    ) -> CallOutcome:
        pictures: list[JsonDict] = []
        values = {
            **arguments,
            "key": key,
            "customer": principal.customer_ref if principal else "",
            "language": principal.language if principal else "en",
        }
        with self._open_screen(self._way) as screen:
            if routine.signs_in:
                self._enter(screen)

            def keep(name: str) -> None:
                pictures.append(keep_file(key, name, JPEG, screen.picture()))

            def before_commit() -> None:
                try:
                    keep(TRIED if is_trial else BEFORE)
                except StepFailed as problem:  # without the picture, nothing is done
                    raise ConnectorDown("the page cannot be pictured") from problem

            done = walk(screen, routine.steps, values, before_commit=before_commit, is_trial=is_trial)
            if key and not done.stopped_before:
                with suppress(StepFailed):
                    keep(AFTER)
        return self._outcome(routine, done, principal, pictures, key)

    def _enter(self, screen: Screen) -> None:
        """Sign in. Raises ConnectorDown: nothing can be done without."""
        signed: Walk = walk(screen, self._sign_in, self._secrets, before_commit=_nothing)
        if signed.code:
            raise ConnectorDown(f"signing in failed at {signed.message or signed.code}")

    def _outcome(
        self, routine: Routine, done: Walk, principal: Principal | None, pictures: list[JsonDict], key: str
    ) -> CallOutcome:
        data: JsonDict = {name: self._without_secret(text) for name, text in done.results.items()}
        owner = data.get(routine.owner) if routine.owner else None
        if routine.owner and not done.code and (principal is None or owner != principal.customer_ref):
            return CallOutcome(ok=False, code="not_owner")
        if pictures:
            data["screens"] = pictures
        if done.stopped_before:
            data["stopped_before"] = done.stopped_before
        for file in done.downloads[:1]:
            data["file"] = _kept(key or _digest(file), file)
        return CallOutcome(ok=not done.code, data=data, code=done.code, message=done.message)

    def _without_secret(self, text: str) -> str:
        secret = self._secrets["secret"]
        return text.replace(secret, "●●●") if secret else text


def _nothing() -> None:
    """Signing in commits nothing."""


def _digest(file: Download) -> str:
    return f"download:{hashlib.sha256(file.content).hexdigest()}"


def _kept(key: str, file: Download) -> JsonDict:
    media_type = "application/pdf" if file.content.startswith(b"%PDF-") else "application/octet-stream"
    return keep_file(key, file.name, media_type, file.content)
