"""The connector against a GitHub that nobody here wrote: the npm package ``emulate``, kept in ``.tools``.

It knows repositories by name only, has no GraphQL, no ETags and no organisation lists, keeps
milliseconds, and leaves pull requests out of the issue lists.
"""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.base import Cursor, Known, Stream
from connectors.github.connector import GitHub
from tests.connectors.github.conftest import Connect
from tests.connectors.github.fake import TOKEN, ids, pull

PACKAGE = Path(__file__).parents[3] / ".tools/node_modules/emulate/dist/api.js"

pytestmark = pytest.mark.skipif(
    not PACKAGE.exists() or shutil.which("node") is None, reason="npm install --prefix .tools emulate@0.11.2"
)

# Listens on loopback at a free port, which it prints; the package itself would listen everywhere.
SCRIPT = """
import net from "node:net"
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function () {
  this.once("listening", () => console.log(this.address().port))
  return listen.call(this, 0, "127.0.0.1")
}
const { createEmulator } = await import(process.env.PACKAGE)
await createEmulator({ service: "github", port: 0, seed: JSON.parse(process.env.SEED) })
"""

Call = Callable[..., dict]


def seed(private_key: str) -> dict:
    app = {
        "app_id": 4711,
        "slug": "syncd",
        "name": "syncd",
        "private_key": private_key,
        "permissions": {"issues": "read", "metadata": "read"},
        "installations": [{"installation_id": 815, "account": "ana", "repository_selection": "all"}],
    }
    return {
        "tokens": {TOKEN: {"login": "ana", "scopes": ["repo"]}},
        "github": {"users": [{"login": "ana"}], "repos": [{"owner": "ana", "name": "web"}], "apps": [app]},
    }


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@pytest.fixture
def root(private_key: str) -> Iterator[str]:
    environment = os.environ | {"PACKAGE": PACKAGE.as_uri(), "SEED": json.dumps(seed(private_key))}
    command = ["node", "--input-type=module", "--eval", SCRIPT]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


@pytest.fixture
def call(root: str) -> Call:
    def send(method: str, path: str, **body: object) -> dict:
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{root}/repos/ana/web{path}", json.dumps(body).encode(), headers, method=method
        )
        with urllib.request.urlopen(request) as answer:
            return dict(json.load(answer))

    return send


def stream_of(connector: GitHub) -> Stream:
    found = connector.discover(())
    assert found.problems == ()
    return found.streams[0]


def test_everything_is_read_and_then_what_changes(connect: Connect, root: str, call: Call) -> None:
    made = [call("POST", "/issues", title=f"Issue {number}", labels=["bug"]) for number in range(230)]
    connector = connect(root, scope={"repositories": ["ana/web"]})
    stream = stream_of(connector)
    first = pull(connector, Cursor(), stream)
    assert set(ids(first)) == {str(row["id"]) for row in made}
    assert {item.kind for page in first for item in page.items} == {"bug"}
    call("PATCH", "/issues/7", title="Renamed", state="closed", state_reason="not_planned")
    second = pull(connector, first[-1].cursor, stream)
    changed = {item.key: item for page in second for item in page.items}["ana/web#7"]
    assert (changed.title, changed.status_category) == ("Renamed", "cancelled")
    assert {seen.native_id for page in connector.census(stream) for seen in page.seen} == set(ids(first))
    found = connector.look_up(stream, [Known(str(made[0]["id"]), "ana/web#1", ""), Known("99999", "ana/web#999", "")])
    assert [item.key for item in found.items] == ["ana/web#1"]
    assert found.fates == {"99999": "forbidden"}


def test_an_app_signs_in(connect: Connect, root: str, call: Call, private_key: str, tmp_path: Path) -> None:
    call("POST", "/issues", title="Seen by the App")
    (tmp_path / "key.pem").write_text(private_key)
    auth = {"app_id": 4711, "installation_id": 815, "private_key": {"file": str(tmp_path / "key.pem")}}
    connector = connect(root, scope={"repositories": ["ana/web"]}, auth=auth)
    pages = pull(connector, Cursor(), stream_of(connector))
    assert [item.title for page in pages for item in page.items] == ["Seen by the App"]


def test_the_check_speaks_to_it(connect: Connect, root: str, call: Call) -> None:
    call("POST", "/issues", title="A sample")
    found = {finding.name: finding for finding in connect(root, scope={"repositories": ["ana/web"]}).check()}
    assert found["sign-in"].says == "as ana"
    assert found["rate limit"].ok
    assert "A sample" in found["read ana/web"].says
