"""Addresses of the staff's pages, below ``/knowledge/``."""

from __future__ import annotations

from django.urls import path

from rapport.knowledge import staff_views, variant_views

app_name = "knowledge"

urlpatterns = [
    path("", staff_views.article_list, name="list"),
    path("new", staff_views.create, name="create"),
    path("preview", staff_views.preview, name="preview"),
    path("try", staff_views.try_question, name="try"),
    path("variants", variant_views.variant_list, name="variant_list"),
    path("variants/<int:variant_id>", variant_views.change, name="variant"),
    path("pictures/<int:picture_id>", variant_views.picture, name="picture"),
    path("<slug:slug>/change", staff_views.change, name="change"),
    path("<slug:slug>/<slug:language>", staff_views.article, name="article"),
    path("<slug:slug>/<slug:language>/variants", variant_views.variants, name="variants"),
    path("<slug:slug>/<slug:language>/variants/new", variant_views.add, name="variant_add"),
]
