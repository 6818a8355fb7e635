"""The OpenAPI document and its viewer."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from rapport.channels.tests.conftest import Api


@pytest.mark.django_db
def test_document_names_all_three_apis(api: Api) -> None:
    answer = api("GET", "/api/openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    paths = answer.data["paths"]
    assert "/public/api/v1/inboxes/{identifier}/contacts" in paths
    assert "/widget/sessions" in paths
    assert "/api/v1/accounts/{account_id}/conversations/{number}/messages" in paths
    assert set(answer.data["components"]["securitySchemes"]) == {"SessionAuth", "TokenAuth"}
    operations = [o for path in paths.values() for o in path.values()]
    assert len({o["operationId"] for o in operations}) == len(operations)
    assert all(o.get("description") for o in operations)


@pytest.mark.django_db
def test_document_says_where_files_go_in_and_come_out(api: Api) -> None:
    paths = api("GET", "/api/openapi.json").data["paths"]
    forms = {
        path
        for path, operations in paths.items()
        if "multipart/form-data" in operations.get("post", {}).get("requestBody", {}).get("content", {})
    }
    client = "/public/api/v1/inboxes/{identifier}/contacts/{source_id}/conversations"
    account = "/api/v1/accounts/{account_id}/conversations/{number}"
    assert forms == {
        client,
        f"{client}/{{number}}/messages",
        "/widget/conversations",
        "/widget/conversations/{number}/messages",
        f"{account}/messages",
    }
    for base in (f"{client}/{{number}}", "/widget/conversations/{number}", account):
        answers = paths[f"{base}/attachments/{{attachment_id}}"]["get"]["responses"]
        assert "application/octet-stream" in answers["200"]["content"]


@pytest.mark.django_db
def test_viewer_needs_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/api/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "http://" not in page
    assert "https://" not in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    for name in (
        "ninja/swagger-ui-bundle.js",
        "ninja/swagger-ui.css",
        "channels/api-docs.js",
        "channels/api-docs.css",
    ):
        assert name in page
        assert finders.find(name)
