"""Addresses of the settings, below ``/settings/``. Hyphens keep fixed words apart from procedures' names."""

from __future__ import annotations

from django.urls import path

from rapport.web.settings_pages import inboxes, procedures, releases, staff, systems, tokens

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
    path("systems/", systems.system_list, name="systems"),
    path("systems/<slug:key>", systems.change, name="system"),
    path("systems/<slug:key>/test", systems.test, name="system_test"),
    path("procedures/", procedures.procedure_list, name="procedures"),
    path("procedures/new-procedure", procedures.create, name="procedure_create"),
    path("procedures/check-text", procedures.check, name="procedure_check"),
    path("procedures/rehearsals/<int:number>", releases.release, name="release"),
    path("procedures/rehearsals/<int:number>/publish", releases.publish, name="release_publish"),
    path("procedures/<slug:name>", procedures.procedure, name="procedure"),
    path("procedures/<slug:name>/change", procedures.change, name="procedure_change"),
]
