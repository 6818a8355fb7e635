"""Against a real system nobody here wrote: django-oscar with its API, started by this test.

`make test-services` installs it into `.venv-oscar` from `requirements/real_shop.txt` and names its interpreter as
``OSCAR_PYTHON``. Run otherwise, the test installs the same into a folder of its own; without a package index it is
skipped there, and says so.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rapport.connectors import api as connectors
from rapport.connectors import opening
from rapport.connectors.contracts import ActionEffect, ConnectorInfo, Principal
from rapport.connectors.models import ActionCall

pytestmark = [pytest.mark.services, pytest.mark.django_db]

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "real_shop.txt"
SCRIPT = Path(__file__).parent / "support" / "oscar_shop.py"
INSTALL_LIMIT_S, START_LIMIT_S = 300, 300


@pytest.fixture(scope="module")
def oscar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The shop's directory, with its document; ``OSCAR_PYTHON`` names an interpreter that has it installed."""
    directory = tmp_path_factory.mktemp("oscar")
    python = os.environ.get("OSCAR_PYTHON") or _install(directory / "env")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    with (directory / "log").open("wb") as log:
        command = [python, str(SCRIPT), str(directory), str(port)]
        process = subprocess.Popen(command, env=kept, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/products/", process, directory / "log")
        yield directory
    finally:
        process.kill()
        process.wait()


def _install(environment: Path) -> str:
    """An environment of its own with the shop; skips when it cannot be had."""
    python = str(environment / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, capture_output=True)
    try:
        command = [python, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(REQUIREMENTS)]
        done = subprocess.run(command, capture_output=True, timeout=INSTALL_LIMIT_S, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("django-oscar could not be installed in time")
    if done.returncode != 0:
        pytest.skip("django-oscar cannot be installed here: no package index")
    return python


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the shop ended: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.5)
    pytest.fail("the shop did not start in time")


@pytest.fixture
def connected(oscar: Path) -> Iterator[connectors.CatalogueInfo]:
    """The shop, connected by its own document."""
    found = connectors.describe_document((oscar / "openapi.yaml").read_bytes())
    login = {"scheme": "basic", "name": "robin"}
    settings = {"timeout_s": 20, "login": login, "actions": []}
    info = ConnectorInfo("oscar", "openapi", found.base_url, False, True, settings)
    connectors.change_connector(info, "open-sesame-1")
    connectors.keep_document("oscar", found)
    catalogue = connectors.find_catalogue("oscar")
    assert catalogue is not None
    yield catalogue
    opening.close_systems()


def _declare(
    catalogue: connectors.CatalogueInfo, key: str, name: str, inputs: dict[str, Any], **more: Any
) -> None:
    offer = catalogue.find(key)
    assert offer is not None, key
    maps = tuple(connectors.InputMap(field, *source) for field, source in inputs.items())
    action = connectors.DeclaredAction(
        name, name, offer.likely_effect, offer.target, False, offer.fields, maps, **more
    )
    connectors.save_declared("oscar", action)


def _call(action: str, /, key: str = "k", **arguments: Any) -> Any:
    return connectors.call_action(
        action, arguments, key=key, principal=None, conversation_id=None, actor="assistant"
    )


def test_reads_writes_and_refusals_of_a_real_shop(connected: connectors.CatalogueInfo) -> None:
    assert len(connected.offers) > 100
    out = connectors.OutputMap
    _declare(
        connected, "GET /api/products/", "oscar.list_products", {}, outputs=(out("products", "", many=True),)
    )
    product = {"path:id": ("argument", "product")}
    outputs = (out("title", "title"), out("upc", "upc"))
    _declare(connected, "GET /api/products/{id}/", "oscar.get_product", product, outputs=outputs)
    name = {"body:name": ("argument", "name")}
    _declare(
        connected, "POST /api/admin/partners/", "oscar.create_partner", name, outputs=(out("name", "name"),)
    )

    listed = _call("oscar.list_products").data["products"]
    assert {p["title"] for p in listed} == {"Desk lamp", "Floor lamp"}
    records = connectors.list_records("oscar.products", Principal("", "none"), {})
    assert {r.title for r in records} == {"Desk lamp", "Floor lamp"}
    assert _call("oscar.get_product", product=float(listed[0]["id"])).data["title"] == listed[0]["title"]
    assert _call("oscar.get_product", product="999").code == "not_found"

    action = connectors.list_declared("oscar")["oscar.create_partner"]
    assert action.effect is ActionEffect.WRITE
    made = _call("oscar.create_partner", key="p1", name="Northern Lamps")
    assert (made.ok, made.data) == (True, {"name": "Northern Lamps"})
    assert _call("oscar.create_partner", key="p1", name="Northern Lamps") == made
    refused = _call("oscar.create_partner", key="p2", name="x" * 500)
    assert (refused.ok, refused.code) == (False, "http_400")
    assert list(ActionCall.objects.order_by("id").values_list("state", flat=True)) == ["done", "refused"]


def test_a_wrong_password_is_no_permission(connected: connectors.CatalogueInfo) -> None:
    _declare(connected, "GET /api/admin/partners/", "oscar.list_partners", {})
    assert _call("oscar.list_partners").ok
    info = connectors.find_connector("oscar")
    assert info is not None
    connectors.change_connector(info, "wrong")
    assert _call("oscar.list_partners").code == "not_allowed"
