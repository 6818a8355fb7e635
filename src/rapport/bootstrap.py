"""The one place where capabilities are wired together: which jobs exist, who may hear what, what is mounted.

Everything here is a function: nothing happens at import.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rapport.edge.api import EdgeApplication, RequestRules, StreamGrant, StreamRequest
    from rapport.insights.api import Surveyor
    from rapport.jobs.api import JobKind, ScheduleSpec, Subscription, Tap, Worker
    from rapport.knowledge.contracts import ConditionLanguage, Searcher
    from rapport.procedures.api import ProcedureBook
    from rapport.studio.contracts import Rehearser
    from rapport.testing.rehearsal.past import PastReplay
    from rapport.understanding.api import Panel
    from rapport.understanding.contracts import Encoder, Engine
    from rapport.understanding.language_model.contracts import Offer
    from rapport.understanding.language_model.settings import Use
    from rapport.understanding.learning.facade import Workshop
    from rapport.web.config import Config


def set_up_django() -> Config:
    """Make Django ready in this process and return the configuration."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.web.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - needs the environment above

    config: Config = settings.CONFIG
    return config


# ── understanding ───────────────────────────────────────────────────────────────────────────────────


def model_dir(data_dir: Path) -> Path:
    """Where trained models live."""
    return data_dir / "models" / "intents"


def vector_cache(data_dir: Path) -> Path:
    """Folder where vectors of texts encoded before are kept, a file per encoder."""
    return data_dir / "models" / "encoded"


@functools.cache
def load_encoder() -> Encoder | None:
    """The embedded encoder, once per process; None without the extra."""
    from rapport.understanding import api as understanding  # noqa: PLC0415 - heavy

    return understanding.load_encoder()


@functools.cache
def load_panel() -> Panel:
    """The encoders for understanding, once per process: those installed of those the settings name."""
    from django.conf import settings  # noqa: PLC0415 - needs the environment above

    from rapport.understanding import api as understanding  # noqa: PLC0415 - heavy

    panel = understanding.load_panel(settings.CONFIG.encoders)
    encoder = load_encoder() if "e5" in panel.names else None
    return panel if encoder is None else panel.sharing("e5", encoder)


@functools.cache
def load_engine() -> Engine:
    """The configured engine, once per process: the embedded one, helped by a language model if one is named."""
    from django.conf import settings  # noqa: PLC0415 - needs the environment above

    configured = settings.CONFIG.language_model
    return make_engine(configured.use) if configured else load_embedded_engine()


@functools.cache
def load_embedded_engine() -> Engine:
    """The engine that follows the newest model, once per process; before the first training it abstains."""
    from django.conf import settings  # noqa: PLC0415 - needs the environment above

    from rapport.understanding import api as understanding  # noqa: PLC0415 - heavy
    from rapport.understanding.untrained import WaitingEngine  # noqa: PLC0415

    folder = model_dir(settings.CONFIG.data_dir)
    try:
        return understanding.load_engine(folder, load_panel())
    except understanding.NoModel:
        return WaitingEngine(folder, load_panel())


def workshop() -> Workshop:
    """Where models are trained: the encoder with its cache, and the directory of versions."""
    from django.conf import settings  # noqa: PLC0415 - needs the environment above

    from rapport.understanding.learning.facade import Workshop  # noqa: PLC0415 - heavy

    data_dir = settings.CONFIG.data_dir
    return Workshop(model_dir(data_dir), load_panel(), vector_cache(data_dir))


def make_engine(use: Use) -> Engine:
    """An engine that asks the configured language model, where the embedded one abstains or always."""
    from django.conf import settings  # noqa: PLC0415 - needs the environment above

    from rapport.understanding import api as understanding  # noqa: PLC0415 - heavy

    configured = settings.CONFIG.language_model
    assert configured is not None, "callers look first whether a server is named"
    embedded = load_embedded_engine()
    return understanding.language_model.make_engine(configured, embedded, use=use, offers=list_offers)


def list_offers() -> tuple[Offer, ...]:
    """What a language model may start: the published procedures with titles and slots."""
    from rapport.kernel.languages import pick  # noqa: PLC0415
    from rapport.procedures import api as procedures  # noqa: PLC0415
    from rapport.understanding.language_model.contracts import Offer  # noqa: PLC0415

    return tuple(
        Offer(
            d.name,
            pick(d.title, "en"),
            pick(d.description, "en") if d.description else "",
            tuple(slot.name for slot in d.slots),
        )
        for d in procedures.load_book().values()
    )


def condition_language() -> ConditionLanguage:
    """The language in which articles' variants say for whom they are."""
    from rapport.assistant import api as assistant  # noqa: PLC0415

    return assistant.CelConditions()


def surveyor() -> Surveyor:
    """Who looks for what customers keep asking for: the encoder, and the engine of this house."""
    from rapport.insights import api as insights  # noqa: PLC0415

    return insights.Surveyor(insights.Space(load_encoder()), insights.reader_of(load_embedded_engine()))


# ── worker ──────────────────────────────────────────────────────────────────────────────────────────


def job_kinds() -> tuple[JobKind, ...]:
    """Everything a worker can do."""
    from rapport.assistant import api as assistant  # noqa: PLC0415
    from rapport.channels.kinds.email import api as email  # noqa: PLC0415
    from rapport.channels.kinds.voice import jobs as voice_jobs  # noqa: PLC0415
    from rapport.channels.webhooks import api as webhooks  # noqa: PLC0415
    from rapport.connectors.jobs import KINDS as CONNECTOR_KINDS  # noqa: PLC0415
    from rapport.conversations.jobs import KINDS as CONVERSATION_KINDS  # noqa: PLC0415
    from rapport.desk import jobs as desk_jobs  # noqa: PLC0415
    from rapport.insights import api as insights  # noqa: PLC0415
    from rapport.knowledge import api as knowledge  # noqa: PLC0415
    from rapport.procedures import api as procedures  # noqa: PLC0415
    from rapport.reports import api as reports  # noqa: PLC0415
    from rapport.understanding import api as understanding  # noqa: PLC0415

    engine, searcher = load_engine(), knowledge.open_searcher(load_encoder())
    _warm_up(searcher)
    runner = assistant.TurnRunner(engine, searcher)
    return (
        *assistant.job_kinds(runner),
        *CONNECTOR_KINDS,
        *CONVERSATION_KINDS,
        *webhooks.job_kinds(webhooks.Courier()),
        *voice_jobs.KINDS,
        *email.job_kinds(email.Courier()),
        *desk_jobs.KINDS,
        *knowledge.job_kinds(load_encoder()),
        *understanding.learning.job_kinds(workshop()),
        *understanding.language_model.job_kinds(),
        *procedures.job_kinds(rehearse),
        *procedures.FOLLOW_KINDS,
        *insights.job_kinds(surveyor()),
        *reports.KINDS,
    )


def rehearse(
    source: str, cases: str, book: ProcedureBook, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Test cases and simulated customers for a procedure's text, before it is published."""
    from rapport.testing.rehearsal import past, rehearsing  # noqa: PLC0415 - heavy, and seldom wanted

    folder = Path(os.environ.get("DEMO_DIR") or Path(__file__).resolve().parents[2] / "demo")
    cast = rehearsing.load_cast(folder) if (folder / "personas.yaml").is_file() else None
    report = rehearsing.rehearse(source, cases, book, progress, cast=cast)
    return {**report, "past": past.summarise(source)}


def open_rehearser() -> Rehearser:
    """The sandbox in which the procedure editor shows what a draft does."""
    from rapport.testing.rehearsal.previewing import Previewer  # noqa: PLC0415 - heavy, and seldom wanted

    return Previewer()


def replay_past(source: str, limit: int, patience_s: float) -> PastReplay:
    """Past conversations with the version in force and with a text: for the page of the settings."""
    from rapport.testing.rehearsal import past  # noqa: PLC0415 - heavy, and seldom wanted

    return past.replay_past(source, limit, patience_s=patience_s)


def _warm_up(searcher: Searcher) -> None:
    """Do once what every turn does, so that the first customer does not wait for files to be read."""
    from rapport.procedures import api as procedures  # noqa: PLC0415
    from rapport.understanding.contracts import Context  # noqa: PLC0415

    procedures.load_book()
    engine = load_embedded_engine()  # nobody outside is asked when a worker starts
    for language, text in (("en", "where is my order"), ("zh", "我的订单在哪里")):
        engine.understand(text, Context(previous_language=language))
        searcher.search(text, language=language)


def schedules() -> tuple[ScheduleSpec, ...]:
    """Everything that happens again and again."""
    from rapport.assistant import api as assistant  # noqa: PLC0415
    from rapport.channels.kinds.email import api as email  # noqa: PLC0415
    from rapport.channels.webhooks import api as webhooks  # noqa: PLC0415
    from rapport.connectors.jobs import SCHEDULES as CONNECTOR_SCHEDULES  # noqa: PLC0415
    from rapport.conversations.jobs import SCHEDULES as CONVERSATION_SCHEDULES  # noqa: PLC0415
    from rapport.insights import api as insights  # noqa: PLC0415
    from rapport.procedures import api as procedures  # noqa: PLC0415
    from rapport.reports import api as reports  # noqa: PLC0415
    from rapport.understanding import api as understanding  # noqa: PLC0415

    return (
        *assistant.SCHEDULES,
        *CONNECTOR_SCHEDULES,
        *CONVERSATION_SCHEDULES,
        *webhooks.SCHEDULES,
        *email.SCHEDULES,
        *procedures.FOLLOW_SCHEDULES,
        *reports.SCHEDULES,
        *understanding.learning.SCHEDULES,
        *understanding.language_model.SCHEDULES,
        *insights.SCHEDULES,
    )


def subscriptions() -> tuple[Subscription, ...]:
    """Which news becomes which job."""
    from rapport.desk import jobs as desk_jobs  # noqa: PLC0415

    return desk_jobs.SUBSCRIPTIONS


def taps() -> tuple[Tap, ...]:
    """Who takes news by the batch."""
    from rapport.channels.kinds.email import api as email  # noqa: PLC0415
    from rapport.channels.webhooks import api as webhooks  # noqa: PLC0415

    return (webhooks.TAP, email.TAP)


def make_worker(threads: int = 2) -> Worker:
    """A worker that can do everything."""
    from rapport.jobs import api as jobs  # noqa: PLC0415

    return jobs.Worker(jobs.Registry(job_kinds()), schedules(), subscriptions(), taps=taps(), threads=threads)


# ── web ─────────────────────────────────────────────────────────────────────────────────────────────


def edge_application() -> EdgeApplication:
    """The ASGI application of the web process."""
    config = set_up_django()
    (config.data_dir / "static").mkdir(parents=True, exist_ok=True)
    from rapport.channels import api as channels  # noqa: PLC0415 - after Django
    from rapport.edge.api import create_application  # noqa: PLC0415
    from rapport.jobs import api as jobs  # noqa: PLC0415
    from rapport.web.errors import json_of, problem_of  # noqa: PLC0415
    from rapport.web.middleware import finish_api_answer  # noqa: PLC0415
    from rapport.web.wsgi import application as wsgi  # noqa: PLC0415

    application = create_application(
        wsgi=wsgi,
        authorize=authorize_stream,
        mounts=load_mounts(config.data_dir),
        feed=jobs.open_feed_source(),
        threads=config.bridge_threads,
        trusted_proxies=config.trusted_proxies,
    )
    application.use_rules(request_rules())
    application.use_ingest(channels.Ingest(finish_api_answer, lambda error: json_of(problem_of(error))))
    return application


def request_rules() -> RequestRules:
    """How long bodies may be and how an address refuses a request that never reaches Django."""
    from rapport.channels import api as channels  # noqa: PLC0415 - after Django
    from rapport.edge.api import MAX_BODY_BYTES  # noqa: PLC0415
    from rapport.web.errors import refusal  # noqa: PLC0415

    class Rules:
        """The APIs' rules as the front asks for them."""

        def limit_bytes(self, environ: Mapping[str, Any]) -> int:
            return channels.limit_bytes(environ) or MAX_BODY_BYTES

        def refusal(self, path: str, status: int, text: str, facts: Mapping[str, Any]) -> bytes | None:
            return refusal(path, status, text, facts)

    return Rules()


def load_mounts(data_dir: Path) -> dict[str, Any]:
    """Other ASGI applications served under a prefix, as ``DATA_DIR/mounts.json`` lists them.

    ``{"/shop": {"factory": "package.module:function", "arguments": {…}}}``; an installation without the file
    mounts nothing.
    """
    path = data_dir / "mounts.json"
    if not path.exists():
        return {}
    mounts = {}
    for prefix, entry in json.loads(path.read_text(encoding="utf-8")).items():
        module, _, name = entry["factory"].partition(":")
        mounts[prefix] = getattr(import_module(module), name)(**entry["arguments"])
    return mounts


def authorize_stream(request: StreamRequest) -> StreamGrant | None:
    """Who may hear which topics; the only gate in front of live updates."""
    from rapport.channels import api as channels  # noqa: PLC0415
    from rapport.desk import api as desk  # noqa: PLC0415
    from rapport.edge.api import StreamGrant  # noqa: PLC0415

    match request.route:
        case "desk":
            topics = desk.stream_topics_of_session(request.cookies)
        case "account":
            topics = channels.stream_topics_of_token(
                request.headers.get("api_access_token", ""), request.params
            )
        case "widget":
            topics = channels.stream_topics_of_widget(request.headers.get("authorization", ""), request.query)
        case "public":
            topics = channels.stream_topics_of_contact(request.params)
        case _:
            topics = frozenset()
    return StreamGrant(topics) if topics else None


def derive_secret(config: Config, purpose: str) -> str:
    """A secret for one purpose, from the installation's key."""
    return hmac.new(config.secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()
