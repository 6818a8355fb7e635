"""Addresses of the staff's pages, below ``/knowledge/``."""

from __future__ import annotations

from django.urls import path

from rapport.knowledge import staff_views

app_name = "knowledge"

urlpatterns = [
    path("", staff_views.article_list, name="list"),
    path("new", staff_views.create, name="create"),
    path("preview", staff_views.preview, name="preview"),
    path("try", staff_views.try_question, name="try"),
    path("<slug:slug>/change", staff_views.change, name="change"),
    path("<slug:slug>/<slug:language>", staff_views.article, name="article"),
]
