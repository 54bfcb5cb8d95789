"""``syncd web --partners``: a process that has the copy and the desk, and nothing of the inside."""

import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest
from django.conf import settings
from django.db import connections

from tests.browser.site import ROOT, running, said
from tests.partners import world

pytestmark = world.SIDE

SYNCD = [sys.executable, "-c", "from syncd.cli import main; main()"]
CONFIG = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://jira.acme.example", auth: {token: {env: NO_SUCH_TOKEN}}, scope: {projects: [WEB]}}
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "syncd.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def told(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SYNCD_", "DJANGO_"))}
    store = {"SYNCD_DATABASE": f"sqlite:///{folder / 'store.db'}", "PYTHONPATH": str(ROOT)}
    return kept | store | {"SYNCD_SECRET_KEY": "only for tests"} | more


def fetched(url: str, **headers: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def test_it_serves_partners_without_the_inside_being_there(globex, folder):
    if not settings.SQLITE:
        pytest.skip("the files of SQLite can be copied without the store's")
    for alias, name in (("partners", "partners"), ("outside", "desk")):
        with sqlite3.connect(folder / f"store-{name}.db") as copy:
            connections[alias].ensure_connection()
            connections[alias].connection.backup(copy)
        copy.close()
    with running([*SYNCD, "--config", "config", "web", "--partners", "--port", "0"], folder, told(folder)) as output:
        url = said(output, r'"url": "(http[^"]+)", "event": "serving"')
        assert fetched(f"{url}/p/alive") == (200, b'{"alive": true}')
        status, page = fetched(f"{url}{globex.share}")
        assert status == 200
        assert b"Open the shared tracker" in page
        status, page = fetched(f"{url}/p/")
        assert b"Send me a link" in page
        sheet = page.partition(b'stylesheet" href="')[2].partition(b'"')[0].decode()
        assert fetched(url + sheet)[0] == 200
        for path in (
            "/status/",
            "/review/",
            "/api/v1/items",
            "/metrics",
            "/healthz",
            "/sign-in/",
            "/static/web/app.js",
        ):
            assert fetched(url + path)[0] == 404, path
    assert not (folder / "store.db").exists()
    assert globex.secret not in output.read_text(encoding="utf-8")


def test_where_there_is_nothing_to_serve_it_says_so(folder):
    ran = subprocess.run(
        [*SYNCD, "--config", "config", "web", "--partners", "--port", "0"],
        cwd=folder, env=told(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 75
    assert "partners have nothing to see yet" in ran.stderr
    assert not list(folder.glob("store*.db"))


ASK = """
import json
from config import settings
print(json.dumps({
    "databases": {name: [one["ENGINE"], one.get("OPTIONS", {}).get("options", "")] for name, one in settings.DATABASES.items()},
    "apps": settings.INSTALLED_APPS,
    "key": settings.PARTNER_KEY == settings.SECRET_KEY,
}))
"""


@pytest.mark.parametrize("key", ["", "a key of their own"])
def test_on_postgresql_it_has_the_role_and_no_other_way_to_the_store(folder, key):
    environment = told(
        folder, SYNCD_SIDE="partners", SYNCD_DATABASE="postgresql://syncd@db/syncd", SYNCD_PARTNER_KEY=key
    )
    ran = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout)
    assert found["databases"] == {
        "default": ["django.db.backends.dummy", ""],
        "partners": ["django.db.backends.dummy", ""],
        "outside": ["django.db.backends.postgresql", "-c search_path=partners -c role=syncd_partner"],
    }
    assert found["apps"] == ["django.contrib.staticfiles", "syncd.partners", "syncd.partners.desk"]
    assert found["key"] is bool(key), "whoever gives it a key of its own keeps the inside's from it"
