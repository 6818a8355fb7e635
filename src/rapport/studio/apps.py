"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "rapport.studio"
    label = "studio"
