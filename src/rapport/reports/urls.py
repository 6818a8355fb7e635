"""Addresses of reports, below ``/reports/``."""

from __future__ import annotations

from django.urls import path

from rapport.reports import views

app_name = "reports"

urlpatterns = [
    path("", views.home, name="home"),
    path("self-service", views.self_service_page, name="self_service"),
    path("self-service.csv", views.self_service_csv, name="self_service_csv"),
    path("self-service/cases", views.cases, name="cases"),
    path("self-service/target", views.target, name="target"),
    path("self-service/procedures/<slug:name>", views.procedure_page, name="procedure"),
]
