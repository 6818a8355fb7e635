"""Addresses of the workbench, below ``/understanding/``."""

from __future__ import annotations

from django.urls import path

from rapport.desk.workbench import labelling, teaching, trying, versions, watching

app_name = "understanding"

urlpatterns = [
    path("", trying.home, name="home"),
    path("status", labelling.status, name="status"),
    path("queue", labelling.queue, name="queue"),
    path("queue/undo", labelling.undo, name="undo"),
    path("queue/<int:example_id>", labelling.decide, name="decide"),
    path("corrections/<int:decision_id>", labelling.correct, name="correct"),
    path("examples", teaching.examples, name="examples"),
    path("examples/add", teaching.add, name="add"),
    path("intents", teaching.intents, name="intents"),
    path("intents/describe", teaching.describe, name="describe"),
    path("confusions", versions.confusions, name="confusions"),
    path("versions", versions.version_list, name="versions"),
    path("versions/<str:name>", versions.version, name="version"),
    path("versions/<str:name>/change", versions.change, name="change"),
    path("versions/<str:name>/card.<str:suffix>", versions.card_file, name="card"),
    path("drift", watching.drift, name="drift"),
    path("drift/<int:alarm_id>", watching.close_alarm, name="close_alarm"),
    path("log", watching.log, name="log"),
]
