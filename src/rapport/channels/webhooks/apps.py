"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "rapport.channels.webhooks"
    label = "webhooks"
