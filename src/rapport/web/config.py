"""Settings as a user gives them: environment variables, read once, checked at start-up."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rapport.channels.webhooks.logic.addresses import Network, parse_networks
from rapport.connectors.contracts import Thresholds
from rapport.kernel.zones import find_zone
from rapport.understanding.language_model.settings import (
    OUTPUT_MODES,
    LanguageModelSettings,
    Limits,
    Prices,
    Server,
)


class BadSetting(SystemExit):
    """A setting is missing or wrong; start-up stops here."""


@dataclass(frozen=True, slots=True)
class Config:
    """What `docs/reference/settings.md` lists."""

    data_dir: Path
    """Where everything Rapport stores lives (``DATA_DIR``)."""
    port: int
    """The one port (``PORT``)."""
    host: str
    """The address to listen on (``HOST``); loopback unless told otherwise."""
    base_url: str
    """How customers' browsers reach us (``BASE_URL``), without a trailing slash."""
    database_url: str
    """``sqlite:///…`` or ``postgresql://…`` (``DATABASE_URL``)."""
    secret_key: str
    """Signing key (``SECRET_KEY``); made and kept in the data directory when not given."""
    allowed_hosts: tuple[str, ...]
    """Host names we answer to (``ALLOWED_HOSTS``, comma-separated)."""
    is_debug: bool
    """``DEBUG=1`` shows tracebacks to developers; never in production."""
    is_demo: bool
    """``DEMO=1`` mounts the demonstration shop and shows demo sign-ins."""
    smtp_url: str
    """``smtp://user:password@host:587``; without it mail is written to ``DATA_DIR/mail``."""
    mail_from: str
    """Sender of our mail (``MAIL_FROM``)."""
    time_zone: str
    """Where the organisation's days begin (``TIME_ZONE``), such as ``Europe/Prague``."""
    has_rate_limits: bool
    """``RATE_LIMITS=0`` lets programs ask as often as they like: for benchmarks and imports only."""
    browser: str
    """Path of the Chromium that robotic steps use (``CHROMIUM``)."""
    file_max_bytes: int
    """Largest photo or document of a message (``FILE_MAX_MB``)."""
    files_per_message: int
    """``FILES_PER_MESSAGE``."""
    mail_max_bytes: int
    """Largest mail that is read (``MAIL_MAX_MB``)."""
    knowledge_four_eyes: bool
    """``KNOWLEDGE_FOUR_EYES=1``: who wrote a variant of an article does not approve it."""
    call_files_days: int
    """How long documents and pictures that calls left are kept (``CALL_FILES_DAYS``)."""
    webhook_timeout_s: float
    """How long a webhook's receiver may take to answer [s] (``WEBHOOK_TIMEOUT_S``)."""
    webhook_networks: tuple[Network, ...]
    """Networks of one's own that webhooks may call (``WEBHOOK_PRIVATE_NETWORKS``, comma-separated)."""
    webhook_delivery_days: int
    """How long it is kept what was delivered to webhooks (``WEBHOOK_DELIVERY_DAYS``)."""
    system_thresholds: Thresholds
    """When a connected system counts as away (``SYSTEM_FAILURES``, ``SYSTEM_PAUSE_S``, ``SYSTEM_SLOW_S``,
    ``SYSTEM_ALARM_S``)."""
    bridge_threads: int
    """Threads that serve Django requests (``THREADS``)."""
    trusted_proxies: tuple[str, ...]
    """Addresses of reverse proxies whose forwarding headers are believed (``TRUSTED_PROXIES``, comma-separated)."""
    encoders: tuple[str, ...]
    """Sentence encoders that may be used where installed (``ENCODERS``, comma-separated)."""
    language_model: LanguageModelSettings | None
    """The language model outside (``LANGUAGE_MODEL_…``); None, and no word leaves, unless a server is named."""


def load_config(environ: dict[str, str] | None = None) -> Config:
    """Read and check the environment."""
    env = dict(os.environ) if environ is None else environ
    data_dir = Path(env.get("DATA_DIR") or ".data").resolve()
    port = _port(env.get("PORT", "8000"))
    base_url = env.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    if urlsplit(base_url).scheme not in {"http", "https"}:
        raise BadSetting(f"BASE_URL must start with http:// or https://, not {base_url!r}.")
    hosts = [h.strip() for h in env.get("ALLOWED_HOSTS", "").split(",") if h.strip()]
    hosts += [urlsplit(base_url).hostname or "", "127.0.0.1", "localhost", "[::1]"]
    return Config(
        data_dir=data_dir,
        port=port,
        host=env.get("HOST", "127.0.0.1"),
        base_url=base_url,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'rapport.sqlite3'}",
        secret_key=env.get("SECRET_KEY") or _kept_secret(data_dir),
        allowed_hosts=tuple(dict.fromkeys(hosts)),
        is_debug=env.get("DEBUG") == "1",
        is_demo=env.get("DEMO") == "1",
        smtp_url=env.get("SMTP_URL", ""),
        mail_from=env.get("MAIL_FROM", "support@localhost"),
        time_zone=_time_zone(env.get("TIME_ZONE", "").strip() or "UTC"),
        has_rate_limits=env.get("RATE_LIMITS", "1") != "0",
        browser=_browser(env.get("CHROMIUM", "")),
        file_max_bytes=_count("FILE_MAX_MB", env.get("FILE_MAX_MB", "10"), most=200) * 2**20,
        files_per_message=_count("FILES_PER_MESSAGE", env.get("FILES_PER_MESSAGE", "5"), most=50),
        mail_max_bytes=_count("MAIL_MAX_MB", env.get("MAIL_MAX_MB", "25"), most=200) * 2**20,
        knowledge_four_eyes=env.get("KNOWLEDGE_FOUR_EYES", "0") == "1",
        call_files_days=_count("CALL_FILES_DAYS", env.get("CALL_FILES_DAYS", "90"), most=3650),
        webhook_timeout_s=_seconds("WEBHOOK_TIMEOUT_S", env.get("WEBHOOK_TIMEOUT_S", "10")),
        webhook_networks=_networks(env.get("WEBHOOK_PRIVATE_NETWORKS", "")),
        webhook_delivery_days=_count(
            "WEBHOOK_DELIVERY_DAYS", env.get("WEBHOOK_DELIVERY_DAYS", "7"), most=365
        ),
        system_thresholds=_thresholds(env),
        bridge_threads=int(env.get("THREADS", "4")),
        trusted_proxies=tuple(
            a.strip() for a in env.get("TRUSTED_PROXIES", "127.0.0.1,::1").split(",") if a.strip()
        ),
        encoders=_encoders(env),
        language_model=_language_model(env),
    )


ENCODERS = ("use", "minilm", "e5")
USUAL_ENCODERS = "use,e5"
"""Without `minilm`, which is best in English and takes 185 MB more than the others."""


def _encoders(env: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(name.strip() for name in env.get("ENCODERS", USUAL_ENCODERS).split(",") if name.strip())
    if not set(named) <= set(ENCODERS):
        raise BadSetting(f"ENCODERS may name {', '.join(ENCODERS)}, not {', '.join(named)}.")
    return named


def _language_model(env: Mapping[str, str]) -> LanguageModelSettings | None:
    url = env.get("LANGUAGE_MODEL_URL", "").strip()
    use = env.get("LANGUAGE_MODEL_USE", "cascade")
    output = env.get("LANGUAGE_MODEL_OUTPUT", "auto")
    name = env.get("LANGUAGE_MODEL_NAME", "").strip()
    if use not in {"off", "cascade", "always"}:
        raise BadSetting(f"LANGUAGE_MODEL_USE must be off, cascade or always, not {use!r}.")
    if not url or use == "off":
        return None
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise BadSetting(f"LANGUAGE_MODEL_URL must start with http:// or https://, not {url!r}.")
    if not name:
        raise BadSetting("LANGUAGE_MODEL_NAME must say which model of the server to use.")
    if output != "auto" and output not in OUTPUT_MODES:
        raise BadSetting(f"LANGUAGE_MODEL_OUTPUT must be auto or one of {', '.join(OUTPUT_MODES)}.")
    price_in, _, price_out = env.get("LANGUAGE_MODEL_PRICES", "0/0").partition("/")
    return LanguageModelSettings(
        server=Server(
            url=url,
            model=name,
            key=env.get("LANGUAGE_MODEL_KEY", ""),
            deadline_s=_amount("LANGUAGE_MODEL_TIMEOUT_S", env.get("LANGUAGE_MODEL_TIMEOUT_S", "8"), most=15),
            output=next((mode for mode in OUTPUT_MODES if mode == output), None),
        ),
        use="always" if use == "always" else "cascade",
        min_confidence=_amount(
            "LANGUAGE_MODEL_CONFIDENCE", env.get("LANGUAGE_MODEL_CONFIDENCE", "0.7"), most=1
        ),
        prices=Prices(
            _amount("LANGUAGE_MODEL_PRICES", price_in),
            _amount("LANGUAGE_MODEL_PRICES", price_out or price_in),
            env.get("LANGUAGE_MODEL_CURRENCY", "EUR"),
        ),
        limits=Limits(
            int(_amount("LANGUAGE_MODEL_DAILY_CALLS", env.get("LANGUAGE_MODEL_DAILY_CALLS", "1000"))),
            _amount("LANGUAGE_MODEL_DAILY_COST", env.get("LANGUAGE_MODEL_DAILY_COST", "5")),
            int(
                _amount(
                    "LANGUAGE_MODEL_CONVERSATION_CALLS", env.get("LANGUAGE_MODEL_CONVERSATION_CALLS", "20")
                )
            ),
            _amount("LANGUAGE_MODEL_CONVERSATION_COST", env.get("LANGUAGE_MODEL_CONVERSATION_COST", "0.25")),
        ),
    )


def _thresholds(env: Mapping[str, str]) -> Thresholds:
    usual = Thresholds()

    def seconds(variable: str, default: float) -> float:
        return _amount(variable, env.get(variable, f"{default:g}"), most=86_400)

    return Thresholds(
        _count("SYSTEM_FAILURES", env.get("SYSTEM_FAILURES", str(usual.failures)), most=1000),
        seconds("SYSTEM_PAUSE_S", usual.pause_s),
        seconds("SYSTEM_SLOW_S", usual.slow_s),
        seconds("SYSTEM_ALARM_S", usual.alarm_s),
    )


def _seconds(variable: str, text: str) -> float:
    value = _amount(variable, text, most=60)
    if value < 0.1:
        raise BadSetting(f"{variable} must be at least 0.1, not {text!r}.")
    return value


def _time_zone(name: str) -> str:
    zone = find_zone(name)
    if zone is None:
        raise BadSetting(f"TIME_ZONE must name a time zone such as Europe/Prague, not {name!r}.")
    return zone.key


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return parse_networks(text)
    except ValueError as problem:
        raise BadSetting(
            f"WEBHOOK_PRIVATE_NETWORKS must name networks such as 10.0.0.0/8: {problem}."
        ) from None


def _amount(variable: str, text: str, *, most: float = 1e9) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise BadSetting(f"{variable} must be a number from 0 to {most:g}, not {text!r}.")
    return value


def _count(variable: str, text: str, *, most: int) -> int:
    if not text.isdecimal() or not 0 < int(text) <= most:
        raise BadSetting(f"{variable} must be a whole number from 1 to {most}, not {text!r}.")
    return int(text)


def database_settings(url: str) -> dict[str, object]:
    """Django's ``DATABASES['default']`` for one database URL."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;"
                "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;",
            },
            "CONN_MAX_AGE": None,
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": _postgres_host(parts.query) or parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise BadSetting(f"DATABASE_URL must be sqlite:///… or postgresql://…, not {parts.scheme}://…")


def smtp_settings(url: str) -> tuple[str, int, str, str, bool, bool]:
    """Host, port, user, password, STARTTLS, TLS from the start, of one SMTP address.

    ``smtp://user:password@host:587`` speaks STARTTLS, ``smtps://…`` TLS from the start; ``?tls=no`` neither.
    """
    parts = urlsplit(url or "smtp://localhost:25?tls=no")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting(f"SMTP_URL must be smtp://… or smtps://…, not {parts.scheme}://…")
    is_tls = parts.scheme == "smtps"
    is_starttls = not is_tls and "tls=no" not in parts.query
    port = parts.port or (465 if is_tls else 587)
    return (
        parts.hostname,
        port,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        is_starttls,
        is_tls,
    )


def _postgres_host(query: str) -> str:
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name == "host":
            return unquote(value)
    return ""


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise BadSetting(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _browser(given: str) -> str:
    """The named Chromium, else one of the usual places, else none: the library looks for its own."""
    if given and not Path(given).is_file():
        raise BadSetting(f"CHROMIUM names no file: {given!r}.")
    usual = (given, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
    return next((path for path in usual if path and Path(path).is_file()), "")


def _kept_secret(data_dir: Path) -> str:
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
