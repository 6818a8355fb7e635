"""Django's registration of this package."""

from __future__ import annotations

from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "rapport.procedures"
    label = "procedures"
