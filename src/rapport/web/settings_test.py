"""Settings of the test suite: a throw-away data directory, quick password hashing, mail in memory."""

from __future__ import annotations

import os
import tempfile

os.environ["DATA_DIR"] = os.environ.get("RAPPORT_TEST_DATA_DIR") or tempfile.mkdtemp(prefix="rapport-test-")
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ["DEMO"] = "0"

from rapport.web.settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
RATE_LIMITS = False
