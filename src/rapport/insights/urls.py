"""Addresses of insights, below ``/insights/``."""

from __future__ import annotations

from django.urls import path

from rapport.insights import views

app_name = "insights"

urlpatterns = [
    path("", views.home, name="home"),
    path("look", views.look, name="look"),
    path("issues/<int:issue_id>", views.issue, name="issue"),
    path("issues/<int:issue_id>/draft", views.draft, name="draft"),
    path("issues/<int:issue_id>/wordings", views.wordings, name="wordings"),
    path("issues/<int:issue_id>/dismiss", views.dismiss, name="dismiss"),
    path("issues/<int:issue_id>/restore", views.restore, name="restore"),
]
