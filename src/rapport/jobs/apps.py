"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs, schedules and the change feed."""

    name = "rapport.jobs"
    label = "jobs"
