"""Takes the steps of a turn: from units of what the customer said or clicked to what will be said and recorded."""

from __future__ import annotations

import time
from dataclasses import replace

from rapport.assistant.driver import (
    Driver,
    Run,
    active_procedure,
    expected,
    has_question,
    open_slot_type,
)
from rapport.assistant.gathering import Gathered, Unit, reading_context, tone_of
from rapport.assistant.identifying import customer_of_mailbox, known_customer
from rapport.assistant.identity_steps import IdentitySteps, Proven
from rapport.assistant.logic.choosing import REPLIES, Candidate, choose
from rapport.assistant.logic.filing import KEPT, file_step, holds_any
from rapport.assistant.logic.identification import fill_order, is_enough, known_methods
from rapport.assistant.logic.inputs import KEEP, MENU, TALK_TO_PERSON, to_input
from rapport.assistant.logic.speaker import methods_for, says_more, speaker_of, with_stated, without_noise
from rapport.assistant.menus import likely_items
from rapport.assistant.offering import Offers
from rapport.assistant.outcome import Outcome
from rapport.assistant.quoting import quote_article
from rapport.assistant.reading import EngineReader
from rapport.assistant.searching import search, search_asides
from rapport.assistant.weighing import Heard, situation_of
from rapport.assistant.wording import say
from rapport.connectors.contracts import ConnectorDown
from rapport.kernel.languages import base_language
from rapport.knowledge.contracts import Searcher
from rapport.procedures import api as procedures
from rapport.procedures.contracts import (
    Affirm,
    Cancel,
    Deny,
    DialogueState,
    HandOver,
    Identified,
    Identify,
    Input,
    Resume,
    Say,
    StartProcedure,
    Undo,
)
from rapport.understanding.contracts import Engine, Understanding


class Stepper:
    """One turn in progress."""

    def __init__(self, engine: Engine, searcher: Searcher, gathered: Gathered) -> None:
        self._engine, self._searcher, self._gathered = engine, searcher, gathered
        conversation = gathered.conversation
        language = base_language(conversation.language)
        self.encode_ms = self.understand_ms = 0.0
        started = time.thread_time()
        self._speaker = speaker_of(conversation.additional_attributes)
        listed = known_methods(conversation.inbox.settings.get("identity_methods"))
        self._methods = methods_for(listed, self._speaker)
        if conversation.verification is None:
            known = customer_of_mailbox(self._speaker, listed, language)
        else:
            known = known_customer(conversation.verification, language)
        principal, customer, self._is_shop_down = known
        lookup_ms = (time.thread_time() - started) * 1000
        state = replace(procedures.state_from_json(gathered.dialogue["state"] or {}), seed=conversation.uuid)
        self._context = reading_context(gathered, customer)
        self._read_ahead = {
            id(u): self._understand(u.text, language, state) for u in gathered.units if u.text
        }
        for read in self._read_ahead.values():
            language = read.language
        country = str((customer or {}).get("country") or "") or None
        self.driver = Driver(
            book=procedures.load_book().seen_by("customer"),
            reader=EngineReader(engine, language, country),
            language=language,
            principal=principal,
            customer=customer,
            conversation_id=int(conversation.id),
            tone=tone_of(conversation),
            is_shop_silent=self._is_shop_down,
            lookup_ms=lookup_ms,
        )
        self._out = Outcome(
            language=language,
            run=Run(state, ()),
            misses=int(gathered.dialogue["misses"] or 0),
            identification=dict(gathered.dialogue["identification"] or {}),
        )
        self._offers = Offers(self._out, self.driver.book)
        is_new = conversation.verification is None or not conversation.customer_name
        if principal is not None and customer is not None and is_new:
            self._out.proven = Proven(principal, customer)  # a host page may prove who it is, unnamed

    def outcome(self) -> Outcome:
        """What the turn came to."""
        return self._out

    # ── reading ────────────────────────────────────────────────────────────────────────────────────

    def _understand(self, text: str, language: str, state: DialogueState) -> Understanding:
        context = replace(self._context, previous_language=language, expects=expected(state))
        read = self._engine.understand(text, context)
        self.encode_ms += read.encode_ms
        self.understand_ms += read.total_ms
        return read

    # ── steps ──────────────────────────────────────────────────────────────────────────────────────

    def take(self, unit: Unit) -> None:
        """Take the steps one unit asks for."""
        if self._out.handover is not None:
            return
        if self._go_on_proven(unit):
            return
        if unit.click is not None:
            self._take_click(unit)
        elif not self._take_files(unit) and unit.text:
            self._take_text(unit, self._read_ahead[id(unit)])
            if unit.files and not holds_any(self._out.run.state, unit.files):
                self._out.texts.insert(0, say(KEPT, self._out.language))

    def _take_files(self, unit: Unit) -> bool:
        """Take files for the open question, or that nothing asked for; False when the words beside them decide."""
        wants = self._wants_files()
        active = self._active() if self._has_question() or self._is_identifying() else ""
        act = self._read_ahead[id(unit)].act if unit.text else None
        step = file_step(act, has_words=bool(unit.text), wants_files=wants, active=active)
        if not unit.files or step is None:
            return False
        self._record(step)
        self._out.misses = 0
        if step.step == "reply":
            self._out.texts.append(say(step.target, self._out.language))
        if self._has_question():
            self._run([Say(unit.text) if wants else Resume()])
        elif self._is_identifying():
            self._identify({})
        else:
            self._offers.menu(with_title=False)
        return True

    def wake(self, woken: procedures.Woken) -> None:
        """Go on with a procedure whose waiting is over."""
        if self._out.handover is None:
            self._record(Candidate("wake", woken.procedure, 1.0, is_allowed=True, reason=woken.reason))
            self._run([woken.wake])
            self._out.woken.append(woken)

    def _take_click(self, unit: Unit) -> None:
        click = unit.click
        assert click is not None
        self._out.clicked = unit.title if click.value else ""
        if click.value == TALK_TO_PERSON:
            self._record(Candidate("hand_over", "customer_asked", 1.0, is_allowed=True, reason="clicked"))
            self._hand_over("customer_asked")
        elif click.value == MENU:
            self._record(Candidate("menu", "", 1.0, is_allowed=True, reason="clicked"))
            self._offers.menu()
        elif click.value == KEEP:
            self._record(Candidate("reply", "kept_under_way", 1.0, is_allowed=True, reason="clicked"))
            self._reply("kept_under_way")
        elif IdentitySteps.takes(click):
            self._record(Candidate("identify", "", 1.0, is_allowed=True, reason="clicked"))
            self._identify(IdentitySteps.said_in(click))
        else:
            given = to_input(click, self._out.run.state)
            if given is None:
                self._out.texts.append(say("outdated_click", self._out.language))
                given = Resume()
            if isinstance(given, StartProcedure):
                self._record(Candidate("start", given.name, 1.0, is_allowed=True, reason="clicked"))
                self._out.identification = {**self._out.identification, "phase": "idle"}
                given = replace(given, text=self._gathered.last_said if self._out.misses else "")
            else:
                self._record(Candidate("continue", self._active(), 1.0, is_allowed=True, reason="clicked"))
            self._run([given])
        self._out.misses = 0

    def _take_text(self, unit: Unit, read: Understanding) -> None:
        out = self._out
        out.reads.append(read)
        hits = search(self._searcher, unit.text, read)
        asides = search_asides(self._searcher, read)
        out.hits.extend([*(hit for _, hit in asides), *hits[:3]])
        identifies = bool(self._said_of_identity(read, unit.text))
        heard = Heard(unit.text, read, hits, self._is_identifying(), identifies, asides)
        steps, considered = choose(read, situation_of(heard, self._gathered, out, self.driver))
        out.considered.extend(considered)
        out.steps.extend(steps)
        before = out.misses
        starts = 0
        for step in steps:
            if out.handover is None:
                starts += self._take_step(step, unit, read, after=starts > 0)
        self._offers.name_unknown_orders(read, self.driver.known_values("shop.order"))
        if any(
            s.step in {"start", "answer", "affirm"} or (s.step == "continue" and s.score > 0) for s in steps
        ):
            out.misses = 0
        elif out.misses == before and any(
            s.step in {"clarify", "person_offer"} or s.target == "not_understood" for s in steps
        ):
            out.misses += 1

    def _take_step(self, step: Candidate, unit: Unit, read: Understanding, *, after: bool) -> int:
        """Take one chosen step; returns 1 when it started a procedure."""
        if step.step == "start":
            self._run([StartProcedure(step.target, step.text or unit.text, after=after)])
            self._try_identity(read, unit.text)
            return 1
        moves: dict[str, Input] = {
            "continue": Say(unit.text, is_correction=read.act == "correct"),
            "affirm": Affirm(),
            "deny": Deny(unit.text),
            "cancel": Cancel(),
            "resume": Resume(),
            "undo": Undo(),
        }
        if step.step == "cancel":
            self._out.identification = IdentitySteps.started_over(self._out.identification)
        if step.step in moves:
            self._run([moves[step.step]])
        else:
            self._speak(step, unit, read)
        return 0

    def _speak(self, step: Candidate, unit: Unit, read: Understanding) -> None:
        """The steps that lie outside the interpreter."""
        match step.step:
            case "hand_over":
                self._hand_over(step.target)
            case "identify":
                self._identify(self._said_of_identity(read, unit.text))
            case "menu":
                self._offers.menu()
            case "withdraw":
                self._offers.withdraw()
            case "answer":
                self._answer(step, read, is_aside=bool(step.text))
            case "clarify":
                self._offers.clarify(read)
            case "person_offer":
                self._offers.person(step.target, read)
            case _:
                self._reply(step.target)

    def _reply(self, target: str) -> None:
        self._out.texts.append(say(REPLIES.get(target, target), self._out.language))
        if target in {"out_of_scope", "not_understood"}:
            self._offers.menu(with_title=False)
        if self._has_question():
            self._run([Resume()])

    def _run(self, inputs: list[Input]) -> None:
        """Feed the interpreter, and follow what it demands outside itself."""
        run = self.driver.run(self._out.run.state, inputs)
        self._out.run = self._out.run.then(run)
        handover = next((e for e in run.effects if isinstance(e, HandOver)), None)
        if handover is not None:
            self._out.handover = handover
        elif self._is_shop_down and any(isinstance(e, Identify) for e in run.effects):
            self._hand_over("system_unavailable")
        elif any(isinstance(e, Identify) for e in run.effects):
            is_asked, self._out.asks_identity = self._out.asks_identity, True
            if not is_asked:
                self._identify({})

    # ── what the assistant says by itself ─────────────────────────────────────────────────────────

    def _answer(self, step: Candidate, read: Understanding, *, is_aside: bool) -> None:
        """Quote the passage with its source, and go on with what is open; a request beside it has done so."""
        hit = next(h for h in self._out.hits if h.slug == step.target)
        asked = step.text or read.core or read.text
        conversation, state = self._gathered.conversation, self._out.run.state
        is_beside = is_aside or self._has_question()
        quoted = quote_article(hit, asked, conversation, self.driver, state, is_aside=is_beside)
        self._out.quoted.append(quoted)
        self._out.texts.append(quoted.quotation.text)
        self._out.texts.append(say("knowledge_source", self._out.language, title=hit.title))
        source = [{"title": hit.title, "link": hit.url, "description": hit.summary}]
        if is_aside:
            self._out.attributes["sources"] = [*self._out.attributes.get("sources", []), *source]
            return
        self._out.attributes["sources"] = source
        if self._has_question():
            self._run([Resume()])
            return
        if self._is_identifying():
            self._identify({})
            self._out.attributes["sources"] = source
            return
        self._out.attributes["items"], self._out.content_type = source, "article"
        if likely := likely_items(read, self.driver.book, self._out.language):
            self._out.attributes["quick_replies"] = likely

    def _hand_over(self, reason: str) -> None:
        self._out.handover = HandOver(reason, "", None)

    # ── identity ───────────────────────────────────────────────────────────────────────────────────

    def _is_identifying(self) -> bool:
        stack = self._out.run.state.stack
        return bool(stack) and stack[-1].status == "identifying" and self.driver.customer is None

    def _go_on_proven(self, unit: Unit) -> bool:
        """Let a procedure go on that waited for who is speaking, where the mail itself proved it.

        True where that was all the mail was for: "yes" to the question whether the mailbox is theirs.
        """
        stack, proven = self._out.run.state.stack, self._out.proven
        if proven is None or not stack or stack[-1].status != "identifying":
            return False
        procedure, stated = stack[-1].procedure, self._out.identification
        self._record(Candidate("identify", procedure, 1.0, is_allowed=True, reason="proven_mailbox"))
        self._proceed_identified(str(stated.get("order_id") or ""))
        self._out.identification, self._out.misses = {}, 0
        read = self._read_ahead.get(id(unit))
        if unit.click is not None or (read is not None and says_more(read, procedure)):
            return False
        self._out.reads += [read] if read is not None else []
        if unit.files and self._wants_files():
            self._take_files(replace(unit, text=""))  # its words were for the question before
        elif unit.files:
            self._out.texts.append(say(KEPT, self._out.language))
        return True

    def _proceed_identified(self, order_id: str) -> None:
        """Thank the customer by name and go on; the order that proved them is the one they mean."""
        proven = self._out.proven
        assert proven is not None, "the caller looked"
        first_name = proven.customer["first_name"]
        self._out.texts = [say("identified", self._out.language, first_name=first_name)]
        self._run([Identified()])
        if (meant := fill_order(self._out.run.effects, order_id)) is not None:
            self._run([meant])

    def _said_of_identity(self, read: Understanding, text: str) -> dict[str, str]:
        """What words tell the check of identity: facts, or which way of proving is wanted."""
        said = without_noise(IdentitySteps.said_in_text(read, text, self._methods), self._speaker)
        if said or read.act is not None or not self._is_identifying() or self._speaker.stated_email:
            return said
        return IdentitySteps.way_meant(self._engine, text, self._out.language, self._methods)

    def _try_identity(self, read: Understanding, text: str) -> None:
        """A first message may already hold order number and e-mail; an order number alone is not asked for again."""
        said = without_noise(IdentitySteps.said_in_text(read, text, self._methods), self._speaker)
        if not self._is_identifying():
            return
        if "order_id" in said or is_enough(with_stated(said, self._speaker), self._methods):
            self._identify(said)

    def _identify(self, said: dict[str, str]) -> None:
        stated = self._out.identification
        number = int(self._gathered.conversation.id)
        steps = IdentitySteps(self._out.language, number, stated, self._methods, self._speaker)
        self._out.attributes = {}
        started = time.thread_time()
        try:
            steps.go_on(said)
        except ConnectorDown:
            self._hand_over("system_unavailable")
            return
        finally:
            self.driver.lookup_ms += (time.thread_time() - started) * 1000
        self._out.identification = steps.as_json()
        self._out.code = steps.code or self._out.code
        if steps.proven is not None:
            self._out.proven = steps.proven
            self.driver.identify(steps.proven.principal, steps.proven.customer)
            self._proceed_identified(said.get("order_id") or str(stated.get("order_id") or ""))
            return
        if steps.is_locked:
            self._out.texts.append(say("identify_locked", self._out.language))
            self._hand_over("not_identified")
            return
        kept = [t for t in self._out.texts if t not in steps.texts]
        self._out.texts = kept + steps.texts
        self._out.attributes, self._out.content_type = steps.attributes, steps.content_type

    # ── small words ────────────────────────────────────────────────────────────────────────────────

    def _has_question(self) -> bool:
        return has_question(self._out.run.state)

    def _wants_files(self) -> bool:
        return self._has_question() and open_slot_type(self.driver.book, self._out.run.state) == "file"

    def _active(self) -> str:
        return active_procedure(self._out.run.state)

    def _record(self, step: Candidate) -> None:
        self._out.steps.append(step)
        self._out.considered.append(step)
