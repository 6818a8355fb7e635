"""Addresses of the widget."""

from __future__ import annotations

from django.urls import path

from rapport.widget import views

app_name = "widget"

urlpatterns = [
    path("packs/js/sdk.js", views.show_loader, name="loader"),
    path("widget", views.show_frame, name="frame"),
    path("widget/theme.css", views.show_theme, name="theme"),
    path("widget/assets/<str:version>/<path:name>", views.show_asset, name="asset"),
    path("widget/demo-host", views.show_demo_host, name="demo_host"),
]
