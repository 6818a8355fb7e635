"""Django settings, derived from `config.load_config`."""

from __future__ import annotations

from pathlib import Path

from rapport.web.config import database_settings, load_config, smtp_settings

CONFIG = load_config()
HERE = Path(__file__).parent

SECRET_KEY = CONFIG.secret_key
DEBUG = CONFIG.is_debug
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [CONFIG.base_url]
DATABASES = {"default": database_settings(CONFIG.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton",
    "ninja",
    "rapport.jobs",
    "rapport.accounts",
    "rapport.customers",
    "rapport.governance",
    "rapport.conversations",
    "rapport.connectors",
    "rapport.understanding",
    "rapport.knowledge",
    "rapport.procedures",
    "rapport.assistant",
    "rapport.channels",
    "rapport.channels.kinds.email",
    "rapport.channels.webhooks",
    "rapport.channels.kinds.voice",
    "rapport.desk",
    "rapport.studio",
    "rapport.insights",
    "rapport.reports",
    "rapport.widget",
    "rapport.web",
]

MIDDLEWARE = [
    "rapport.web.middleware.ApiLane",
    "rapport.web.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "rapport.web.middleware.ErrorPages",
]

ROOT_URLCONF = "rapport.web.urls"
WSGI_APPLICATION = "rapport.web.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "rapport.web.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
COTTON_DIR = "cotton"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("cs", "Čeština"),
    ("de", "Deutsch"),
    ("es", "Español"),
    ("ru", "Русский"),
    ("zh-hans", "中文"),
]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIG.time_zone

STATIC_URL = "/static/"
STATIC_ROOT = CONFIG.data_dir / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

RATE_LIMITS = CONFIG.has_rate_limits
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
SESSION_COOKIE_NAME = "rapport_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_NAME = "rapport_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.base_url.startswith("https://")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

VARIANT_CONDITIONS = "rapport.bootstrap.condition_language"
"""Who gives the conditions of articles' variants their language."""
HELP_ENCODER = "rapport.bootstrap.load_encoder"
"""Who gives the help centre's search its encoder."""
UNDERSTANDING_ENGINE = "rapport.bootstrap.load_embedded_engine"
"""Who gives the workbench the engine of this process."""
UNDERSTANDING_WORKSHOP = "rapport.bootstrap.workshop"
"""Who gives the workbench the place where models are kept."""
PROCEDURE_REPLAYER = "rapport.bootstrap.replay_past"
"""Function that gives past conversations to two versions of a procedure."""
PROCEDURE_REHEARSER = "rapport.bootstrap.open_rehearser"
"""Who gives the procedure editor the sandbox of its preview and test cases."""

DEFAULT_FROM_EMAIL = CONFIG.mail_from
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if CONFIG.smtp_url
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_TLS, EMAIL_USE_SSL = smtp_settings(
    CONFIG.smtp_url
)
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = str(CONFIG.data_dir / "mail")
CALL_FILES_DIR = CONFIG.data_dir / "calls"
CALL_FILES_DAYS = CONFIG.call_files_days
WEBHOOK_TIMEOUT_S = CONFIG.webhook_timeout_s
WEBHOOK_NETWORKS = CONFIG.webhook_networks
WEBHOOK_DELIVERY_DAYS = CONFIG.webhook_delivery_days
SYSTEM_THRESHOLDS = CONFIG.system_thresholds

LOGGING_CONFIG = "rapport.web.logs.configure"
LOGGING = {"level": "DEBUG" if CONFIG.is_debug else "INFO"}
