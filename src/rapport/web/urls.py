"""Every address of Rapport: each package brings its own."""

from __future__ import annotations

from django.urls import include, path

from rapport.web.home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("rapport.accounts.urls")),
    path("", include("rapport.channels.urls")),
    path("", include("rapport.widget.urls")),
    path("desk/health", include("rapport.desk.health.urls")),
    path("desk/", include("rapport.desk.urls")),
    path("guides/", include("rapport.desk.guides.urls")),
    path("approvals/", include("rapport.desk.approvals.urls")),
    path("customers/", include("rapport.desk.customer_urls")),
    path("governance/", include("rapport.desk.oversight.urls")),
    path("understanding/", include("rapport.desk.workbench.urls")),
    path("help/", include("rapport.knowledge.help_urls")),
    path("knowledge/", include("rapport.knowledge.urls")),
    path("reports/", include("rapport.reports.urls")),
    path("api/v2/accounts/<int:account_id>/reports/", include("rapport.reports.rest_urls")),
    path("insights/", include("rapport.insights.urls")),
    path("settings/procedures/", include("rapport.studio.urls")),
    path("settings/", include("rapport.web.settings_pages.urls")),
]

handler400 = "rapport.web.errors.bad_request"
handler403 = "rapport.web.errors.permission_denied"
handler404 = "rapport.web.errors.not_found"
handler500 = "rapport.web.errors.server_error"
