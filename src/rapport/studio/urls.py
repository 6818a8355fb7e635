"""Addresses of the editor, below ``/settings/procedures/``."""

from __future__ import annotations

from django.urls import path

from rapport.studio import casing, checklists, creating, previewing, publishing, texts, views

app_name = "studio"

urlpatterns = [
    path("new-procedure", creating.create, name="new"),
    path("<slug:name>/edit", views.flow, name="flow"),
    path("<slug:name>/edit/bar", views.bar, name="bar"),
    path("<slug:name>/edit/form", views.form, name="form"),
    path("<slug:name>/edit/add", views.add, name="add"),
    path("<slug:name>/edit/change", views.change, name="change"),
    path("<slug:name>/edit/step", views.step, name="step"),
    path("<slug:name>/edit/discard", views.discard, name="discard"),
    path("<slug:name>/edit/source", texts.source, name="source"),
    path("<slug:name>/edit/versions", publishing.versions, name="versions"),
    path("<slug:name>/edit/versions/<int:version>", checklists.checklist, name="checklist"),
    path("<slug:name>/edit/publish", publishing.publish, name="publish"),
    path("<slug:name>/edit/preview", previewing.preview, name="preview"),
    path("<slug:name>/edit/keep", previewing.keep, name="keep"),
    path("<slug:name>/edit/cases", casing.cases, name="cases"),
    path("<slug:name>/edit/cases/change", casing.change, name="case_change"),
]
