"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class VoiceConfig(AppConfig):
    name = "rapport.channels.kinds.voice"
    label = "voice"
