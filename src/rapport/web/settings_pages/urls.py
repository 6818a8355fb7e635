"""Addresses of the settings, below ``/settings/``. Hyphens keep fixed words apart from procedures' names."""

from __future__ import annotations

from django.urls import path

from rapport.web.settings_pages import (
    actions,
    canned,
    declared_systems,
    form_systems,
    inboxes,
    procedures,
    releases,
    replays,
    staff,
    system_actions,
    system_trials,
    systems,
    tokens,
)

app_name = "settings"

urlpatterns = [
    path("", inboxes.inbox_list, name="home"),
    path("inboxes/new", inboxes.create, name="inbox_create"),
    path("inboxes/<int:inbox_id>", inboxes.inbox, name="inbox"),
    path("inboxes/<int:inbox_id>/rotate", inboxes.rotate, name="inbox_rotate"),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/new", staff.create, name="staff_create"),
    path("staff/<int:staff_id>", staff.account, name="account"),
    path("teams/new", staff.create_team, name="team_create"),
    path("tokens/", tokens.token_list, name="tokens"),
    path("tokens/<int:token_id>/revoke", tokens.revoke, name="token_revoke"),
    path("actions/", actions.action_list, name="actions"),
    path("actions/<str:name>", actions.action, name="action"),
    path("systems/", systems.system_list, name="systems"),
    path("systems/new-openapi", declared_systems.create_openapi, name="system_new_openapi"),
    path("systems/new-mcp", declared_systems.create_mcp, name="system_new_mcp"),
    path("systems/new/<slug:kind>", form_systems.create, name="system_new_form"),
    path("systems/<slug:key>/form", form_systems.setup, name="system_form"),
    path("systems/<slug:key>/setup", declared_systems.setup, name="system_setup"),
    path("systems/<slug:key>/document", declared_systems.replace_document, name="system_document"),
    path("systems/<slug:key>/tools", declared_systems.refresh, name="system_tools"),
    path("systems/<slug:key>/remove", declared_systems.remove, name="system_remove"),
    path("systems/<slug:key>/new-action", system_actions.create, name="system_action_new"),
    path("systems/<slug:key>/actions/<str:name>", system_actions.edit, name="system_action"),
    path("systems/<slug:key>/actions/<str:name>/remove", system_actions.remove, name="system_action_remove"),
    path("systems/<slug:key>/actions/<str:name>/try", system_trials.attempt, name="system_action_try"),
    path("systems/trial-files/<str:token>", system_trials.show_file, name="system_trial_file"),
    path("systems/<slug:key>", systems.change, name="system"),
    path("systems/<slug:key>/test", systems.test, name="system_test"),
    path("canned/", canned.canned_list, name="canned"),
    path("canned/new", canned.create, name="canned_new"),
    path("canned/import", canned.import_file, name="canned_import"),
    path("canned/export", canned.export_file, name="canned_export"),
    path("canned/<int:canned_id>", canned.edit, name="canned_edit"),
    path("canned/<int:canned_id>/delete", canned.delete, name="canned_delete"),
    path("procedures/", procedures.procedure_list, name="procedures"),
    path("procedures/check-text", procedures.check, name="procedure_check"),
    path("procedures/schema.json", procedures.schema, name="procedure_schema"),
    path("procedures/rehearsals/<int:number>", releases.release, name="release"),
    path("procedures/rehearsals/<int:number>/replay", replays.replay, name="replay"),
    path("procedures/rehearsals/<int:number>/publish", releases.publish, name="release_publish"),
    path("procedures/<slug:name>", procedures.procedure, name="procedure"),
    path("procedures/<slug:name>/change", procedures.change, name="procedure_change"),
]
