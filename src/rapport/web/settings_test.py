"""Settings of the test suite: a throw-away data directory, quick password hashing, mail in memory."""

from __future__ import annotations

import os
import tempfile

_FOLDER = tempfile.TemporaryDirectory(
    prefix="rapport-test-", ignore_cleanup_errors=True
)  # removed with the process
os.environ["DATA_DIR"] = os.environ.get("RAPPORT_TEST_DATA_DIR") or _FOLDER.name
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ["DEMO"] = "0"

from rapport.web.settings import *  # noqa: E402, F403 - they read the environment

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
RATE_LIMITS = False
