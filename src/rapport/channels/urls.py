"""Addresses of channels."""

from __future__ import annotations

from django.urls import path

from rapport.channels import downloads, openapi

app_name = "channels"

urlpatterns = [
    path("api/openapi.json", openapi.show_document, name="openapi"),
    path("api/docs", openapi.show_viewer, name="api_docs"),
    path("files/<str:token>", downloads.show_signed_file, name="file"),
    path("", openapi.ninja_api.urls),
]
