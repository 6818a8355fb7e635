"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "rapport.channels.kinds.email"
    label = "email_channel"
