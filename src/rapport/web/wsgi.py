"""The Django application the edge hands ordinary requests to."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rapport.web.settings")

application = get_wsgi_application()
