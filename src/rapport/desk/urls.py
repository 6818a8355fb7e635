"""Addresses of the desk, below ``/desk/``."""

from __future__ import annotations

from django.urls import path

from rapport.desk import actions, procedure_views, views
from rapport.desk.canned import pages as canned
from rapport.desk.dispositions import pages as dispositions
from rapport.desk.dispositions import table as dispositions_table

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("next", actions.take_next, name="next"),
    path("list", views.conversation_list, name="list"),
    path("filters", dispositions.filters, name="filters"),
    path("dispositions.csv", dispositions_table.export, name="dispositions_csv"),
    path("conversations/<int:number>", views.conversation, name="conversation"),
    path("conversations/<int:number>/thread", views.thread, name="thread"),
    path("conversations/<int:number>/files/<int:attachment_id>", views.show_file, name="file"),
    path("conversations/<int:number>/calls/<str:folder>/<str:name>", views.show_call_file, name="call_file"),
    path("conversations/<int:number>/panel", views.panel, name="panel"),
    path("conversations/<int:number>/orders", views.orders, name="orders"),
    path("conversations/<int:number>/decisions/<int:decision_id>", views.decision, name="decision"),
    path("conversations/<int:number>/disposition", dispositions.disposition, name="disposition"),
    path("conversations/<int:number>/resolving", dispositions.resolving, name="resolving"),
    path("conversations/<int:number>/procedures", procedure_views.procedure, name="procedures"),
    path("conversations/<int:number>/messages", actions.reply, name="reply"),
    path("conversations/<int:number>/canned", canned.options, name="canned"),
    path("conversations/<int:number>/canned/<int:canned_id>/used", canned.used, name="canned_used"),
    path("conversations/<int:number>/typing", actions.typing, name="typing"),
    path("conversations/<int:number>/take", actions.take, name="take"),
    path("conversations/<int:number>/assign", actions.assign, name="assign"),
    path("conversations/<int:number>/release", actions.release, name="release"),
    path("conversations/<int:number>/give-back", actions.give_back, name="give_back"),
    path("conversations/<int:number>/resolve", actions.resolve, name="resolve"),
    path("conversations/<int:number>/reopen", actions.reopen, name="reopen"),
    path("conversations/<int:number>/snooze", actions.snooze, name="snooze"),
    path("conversations/<int:number>/priority", actions.set_priority, name="priority"),
    path("conversations/<int:number>/labels", actions.set_label, name="labels"),
]
