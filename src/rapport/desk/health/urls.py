"""Addresses of the record of connected systems, below ``/desk/health``."""

from __future__ import annotations

from django.urls import path

from rapport.desk.health import pages

app_name = "health"

urlpatterns = [
    path("", pages.home, name="home"),
    path("/banner", pages.banner, name="banner"),
]
