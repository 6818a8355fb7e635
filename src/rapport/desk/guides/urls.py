"""Addresses of guides, below ``/guides/``."""

from __future__ import annotations

from django.urls import path

from rapport.desk.guides import pages

app_name = "guides"

urlpatterns = [
    path("", pages.home, name="home"),
    path("start", pages.start, name="start"),
]
