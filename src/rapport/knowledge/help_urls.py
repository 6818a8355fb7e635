"""Addresses of the public help centre, below ``/help/``."""

from __future__ import annotations

from django.urls import path

from rapport.knowledge import help_views

app_name = "help"

urlpatterns = [
    path("", help_views.home, name="home"),
    path("sitemap.xml", help_views.sitemap, name="sitemap"),
    path("<slug:language>/", help_views.start, name="start"),
    path("<slug:language>/search", help_views.search, name="search"),
    path("<slug:language>/articles/<slug:slug>", help_views.article, name="article"),
    path("<slug:language>/articles/<slug:slug>/feedback", help_views.feedback, name="feedback"),
]
