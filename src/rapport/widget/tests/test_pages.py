"""The loader, the page in the iframe and its files."""

from __future__ import annotations

import gzip
import html
import json
import re

import pytest
from django.test import Client

from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.procedures import api as procedures
from rapport.widget.assets import load_bundle, load_loader

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    entry = procedures.MenuEntry("return_items", "Vrátit zboží", 'Zpět "domů" <b>', "undo-2")
    monkeypatch.setattr(procedures, "list_menu", lambda language: [entry])
    return Client()


@pytest.fixture
def inbox(db: None) -> InboxInfo:
    settings = {
        "brand": "Lamp & <Shade>",
        "colour": "#ffd400",
        "allowed_origins": ["https://shop.example"],
        "languages": ["cs", "en"],
        "custom_css": ".brand { font-family: serif; background: url(https://elsewhere.example/x) }",
    }
    return conversations.create_inbox("Web", "web", settings=settings)


def frame_of(client: Client, inbox: InboxInfo, **headers: str) -> str:
    answer = client.get(f"/widget?website_token={inbox.identifier}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_loader_is_served_to_any_site(client: Client) -> None:
    answer = client.get("/packs/js/sdk.js", headers=GZIP)
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert gzip.decompress(answer.content) == load_loader().body
    assert client.get("/packs/js/sdk.js").content == load_loader().body


def test_frame_carries_settings_and_menu_and_no_secret(client: Client, inbox: InboxInfo) -> None:
    page = frame_of(client, inbox)
    found = re.search(r'data-config="([^"]*)"', page)
    assert found is not None
    config = json.loads(html.unescape(found.group(1)))
    assert config["brand"] == "Lamp & <Shade>"
    assert (config["colour"], config["on_colour"]) == ("#ffd400", "#141412")
    assert config["menu"][0]["description"] == 'Zpět "domů" <b>'
    assert inbox.hmac_token not in page
    assert "<b>" not in page


def test_frame_has_no_inline_script_or_style(client: Client, inbox: InboxInfo) -> None:
    page = frame_of(client, inbox)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    sources = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(s.startswith(("/", "data:,")) for s in sources), sources


def test_frame_may_be_embedded_only_where_the_inbox_says(client: Client, inbox: InboxInfo) -> None:
    answer = client.get(f"/widget?website_token={inbox.identifier}")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://shop.example" in policy
    assert "'unsafe-inline'" not in policy
    assert "X-Frame-Options" not in answer
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [("", "cs-CZ,cs;q=0.9", "cs"), ("&locale=en", "cs", "en"), ("&locale=fr", "de,fr", "cs"), ("", "", "cs")],
)
def test_language_is_one_the_inbox_speaks(
    client: Client, inbox: InboxInfo, query: str, accepted: str, language: str
) -> None:
    address = f"/widget?website_token={inbox.identifier}{query}"
    page = client.get(address, headers={"Accept-Language": accepted}).content.decode()
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("token", ["", "nobody", "%00", "x" * 500])
def test_unknown_token_gives_no_frame(client: Client, inbox: InboxInfo, token: str) -> None:
    assert client.get(f"/widget?website_token={token}").status_code in {400, 404}
    assert client.get(f"/widget/theme.css?website_token={token}").status_code in {400, 404}


def test_only_web_inboxes_have_a_frame(client: Client, db: None) -> None:
    other = conversations.create_inbox("Mail", "email")
    assert client.get(f"/widget?website_token={other.identifier}").status_code == 404


def test_assets_are_kept_for_good_under_the_address_of_their_content(client: Client) -> None:
    bundle = load_bundle()
    for name, asset in bundle.assets.items():
        answer = client.get(f"/widget/assets/{bundle.version}/{name}", headers=GZIP)
        assert gzip.decompress(answer.content) == asset.body
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/widget/assets/older/app.js")["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["../views.py", "..%2Fviews.py", "nothing.js", "words/fr.js"])
def test_nothing_else_is_served(client: Client, name: str) -> None:
    assert client.get(f"/widget/assets/{load_bundle().version}/{name}").status_code == 404


def test_theme_holds_the_inbox_own_css_without_reaching_out(client: Client, inbox: InboxInfo) -> None:
    css = client.get(f"/widget/theme.css?website_token={inbox.identifier}").content.decode()
    assert "font-family: serif" in css
    assert "elsewhere" not in css
    assert "--accent: light-dark(#ffd400" in css


def test_demo_host_page_exists_only_in_a_demonstration(client: Client, inbox: InboxInfo) -> None:
    assert client.get("/widget/demo-host").status_code == 404
