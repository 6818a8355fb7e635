"""Addresses of approvals, below ``/approvals/``."""

from __future__ import annotations

from django.urls import path

from rapport.desk.approvals import pages

app_name = "approvals"

urlpatterns = [
    path("", pages.queue, name="home"),
    path("rows", pages.rows, name="rows"),
    path("count", pages.count, name="count"),
    path("decided", pages.decided, name="decided"),
    path("<int:approval_id>", pages.approval, name="approval"),
]
