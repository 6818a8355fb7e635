"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class WidgetConfig(AppConfig):
    name = "rapport.widget"
    label = "widget"
