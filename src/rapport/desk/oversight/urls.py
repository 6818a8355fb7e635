"""Addresses of the data-protection screens, below ``/governance/``."""

from __future__ import annotations

from django.urls import path

from rapport.desk.oversight import appeals, audit, consents, decisions, erasing, model_cards

app_name = "governance"

urlpatterns = [
    path("", appeals.open_appeals, name="home"),
    path("appeals/decided", appeals.decided_appeals, name="decided"),
    path("appeals/<int:appeal_id>", appeals.appeal, name="appeal"),
    path("decisions/", decisions.decision_list, name="decisions"),
    path("decisions/<int:decision_id>", decisions.decision, name="decision"),
    path("models/", model_cards.model_list, name="models"),
    path("consents/", consents.customer_search, name="consents"),
    path("consents/<int:customer_id>", consents.consents_of, name="consents_of"),
    path("consents/<int:customer_id>/erase", erasing.erase, name="erase"),
    path("audit/", audit.audit_log, name="audit"),
]
