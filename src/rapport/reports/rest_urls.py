"""Addresses of reports for programs, below ``/api/v2/accounts/{account_id}/reports/``."""

from __future__ import annotations

from django.urls import path

from rapport.reports import rest

urlpatterns = [path("self-service", rest.self_service_json, name="self_service_json")]
