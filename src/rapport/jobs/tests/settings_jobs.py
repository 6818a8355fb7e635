"""Settings with this package alone; the real ones come from `rapport.web.settings_test`."""

from __future__ import annotations

import os
import tempfile

from rapport.web.config import database_settings

_FOLDER = tempfile.TemporaryDirectory(
    prefix="rapport-jobs-", ignore_cleanup_errors=True
)  # removed with the process
SECRET_KEY = "only-for-tests"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["rapport.jobs"]
DATABASES = {
    "default": database_settings(os.environ.get("DATABASE_URL") or f"sqlite:///{_FOLDER.name}/jobs.sqlite3")
}
