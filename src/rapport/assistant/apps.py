"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "rapport.assistant"
    label = "assistant"
