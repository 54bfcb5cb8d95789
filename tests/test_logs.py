"""Invariant I9: a secret appears in no log, whatever way it takes there."""

import io
import json
import logging
import sys
import threading
from base64 import b64encode

import pytest
import structlog

from connectors import redaction
from syncd import logs

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEAplanted\nplantedkeymaterial==\n-----END RSA PRIVATE KEY-----"
BASIC = b64encode(b"bot@acme.example:ATATT3planted").decode()

PLANTED = {
    "github classic": "ghp_planted0123456789abcdefghijklmnopqrst",
    "github oauth": "gho_planted0123456789abcdefghijklmnopqrst",
    "github app": "ghs_planted0123456789abcdefghijklmnopqrst",
    "github fine-grained": "github_pat_11PLANTED0planted_0123456789abcdef",
    "notion": "ntn_planted0123456789abcdefghijklmnop",
    "notion old": "secret_planted0123456789abcdefghijklmnop",
    "atlassian": "ATATT3xFfGF0planted_0123-456789=ABCDEF12",
    "gitlab": "glpat-planted-0123456789ab",
    "slack bot": "xoxb-000000000000-planted0123456789",
    "slack app": "xapp-1-A0planted-0123456789",
    "aws id": "AKIAPLANTED012345678",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoxfQ.cGxhbnRlZA-_x",
    "bearer": "Bearer planted-opaque-value",
    "basic": f"Basic {BASIC}",
    "pem": PEM,
    "url": "postgresql://syncd:planted@db.acme.example/syncd",
    "query": "https://acme.example/hook?access_token=planted0&x=1",
    "slack hook": "https://hooks.slack.com/services/T0/B0/planted",
    "header": "x-api-key: planted-value-0123",
    "aws key": "aws_secret_access_key=wJalrXUtnFEMI/planted/EXAMPLEKEY",
    "password": "password = 'planted pass'",
    "ours by value": "correct horse planted staple",
}
"""Twenty and two, each with the word that must not come out; the last is known only by being registered."""


@pytest.fixture
def written(monkeypatch):
    """A buffer to log into, and a secret that is known only by being registered."""
    monkeypatch.setattr(redaction, "_secrets", {})
    redaction.register_secret(PLANTED["ours by value"])
    return io.StringIO()


@pytest.fixture(params=["json", "terminal"])
def buffer(request, written):
    logs.configure(1, json=request.param == "json", stream=written)
    return written


def said(buffer: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in buffer.getvalue().splitlines()]


class Holder:
    """An object that shows a secret when it is printed."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return f"<Holder {self.secret}>"


def chained(secret: str) -> None:
    local = secret  # noqa: F841 - must not be shown
    try:
        raise ValueError(f"inner {secret}")  # noqa: TRY301
    except ValueError as error:
        raise RuntimeError("outer", {"key": secret}) from error


def in_message(secret):
    structlog.get_logger("syncd").info(f"request failed with {secret} at the end")


def in_values(secret):
    structlog.get_logger("syncd").warning("failed", reason=secret, request=Holder(secret), raw=secret.encode())


def in_keys(secret):
    structlog.get_logger("syncd").info("failed", **{secret: 1}, headers={secret: 2})


def in_nested(secret):
    structlog.get_logger("syncd").info("failed", a={"b": [{"c": ("d", secret, {Holder(secret)})}]})


def in_depth(secret):
    deep: object = secret
    for _ in range(20):
        deep = {"x": [deep]}
    structlog.get_logger("syncd").info("failed", deep=deep)


def in_context(secret):
    with structlog.contextvars.bound_contextvars(stream=secret):
        structlog.get_logger("syncd").info("failed")


def in_exception(secret):
    try:
        chained(secret)
    except RuntimeError:
        structlog.get_logger("syncd").exception("failed")


def in_exception_of_a_library(secret):
    try:
        chained(secret)
    except RuntimeError as error:
        logging.getLogger("jira").error("failed", exc_info=error)  # noqa: TRY400


def in_record_of_a_library(secret):
    logging.getLogger("github.Requester").warning("GET %s => %r", secret, {"h": secret})


def in_debug_of_urllib3(secret):
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    logging.getLogger("urllib3.connectionpool").debug('"GET %s HTTP/1.1" 200', secret)


def in_uncaught(secret):
    try:
        chained(secret)
    except RuntimeError:
        sys.excepthook(*sys.exc_info())


def in_long_text(secret):
    structlog.get_logger("syncd").info("failed", body="x" * (logs.LONGEST - 12) + " " + secret)


WAYS = [way for name, way in dict(globals()).items() if name.startswith("in_")]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_secret_never_comes_out(buffer, way, name):
    way(PLANTED[name])
    out = buffer.getvalue()
    assert out, "nothing was logged, so nothing was tested"
    assert "planted" not in out.lower()
    assert BASIC not in out
    assert BASIC.rstrip("=")[:12] not in out


@pytest.mark.parametrize(
    "key", ["token", "api_key", "X-Api-Key", "Authorization", "password", "client_secret", "Set-Cookie", "privateKey"]
)
def test_a_value_under_a_telling_key_is_masked_whatever_it_looks_like(buffer, key):
    structlog.get_logger("syncd").info("sent", request={key: "planted", "deep": {key: ["planted"]}})
    assert "planted" not in buffer.getvalue()
    assert logs.MASK in buffer.getvalue()


def test_a_registered_secret_is_masked_in_the_spellings_it_travels_in(buffer):
    secret = "pä/ss wörd=planted+1"
    redaction.register_secret(secret)
    from urllib.parse import quote

    for spelling in (secret, quote(secret, safe=""), b64encode(secret.encode()).decode()):
        assert spelling not in redaction.redact_text(f"<{spelling}>")


@pytest.mark.parametrize("name", [name for name in PLANTED if name != "ours by value"])
def test_a_line_break_that_is_written_as_in_json_hides_no_secret(name):
    assert "planted" not in redaction.redact_text(f"first\\n{PLANTED[name]}").lower()


def test_a_short_registered_value_does_not_mask_every_word(written):
    logs.configure(stream=written, json=True)
    redaction.register_secret("a")
    redaction.register_secret("")
    structlog.get_logger("syncd").info("a sad day")
    assert said(written)[0]["event"] == "a sad day"


@pytest.mark.parametrize(
    "text",
    [
        "Basic authentication with passwords is deprecated",
        "the credential is refused (401): renew the token",
        "acme/web#12 moved from To do to In progress at 2026-11-23T03:00:00Z",
        "https://api.github.com/repos/acme/web/issues?since=2026-11-23&per_page=100",
        "https://acme.example/page?mail=ana@acme.example",
        "the environment variable JIRA_TOKEN is not set: export it, then try again",
    ],
)
def test_harmless_text_is_left_alone(text):
    assert redaction.redact_text(text) == text


def test_harmless_values_keep_their_types(written):
    logs.configure(stream=written, json=True)
    structlog.get_logger("syncd").info("pulled", items=3, more=True, lag=1.5, parent=None, tokens=7)
    assert {"items": 3, "more": True, "lag": 1.5, "parent": None, "tokens": 7}.items() <= said(written)[0].items()


def test_a_line_of_json_says_when_how_grave_and_who(written):
    logs.configure(stream=written)
    with structlog.contextvars.bound_contextvars(run="r1"):
        structlog.get_logger("syncd.worker").info("pulled", stream="acme/web")
    logging.getLogger("jira").warning("slow: %d ms", 9)
    ours, theirs = said(written)
    assert ours["timestamp"].endswith("Z")
    assert {
        "event": "pulled",
        "level": "info",
        "logger": "syncd.worker",
        "run": "r1",
        "stream": "acme/web",
    }.items() <= (ours.items())
    assert {"event": "slow: 9 ms", "level": "warning", "logger": "jira"}.items() <= theirs.items()


def test_an_exception_comes_with_its_cause_and_without_local_variables(written):
    logs.configure(stream=written)
    try:
        chained("harmless")
    except RuntimeError:
        structlog.get_logger("syncd").exception("failed")
    outer, inner = said(written)[0]["exception"]
    assert (outer["exc_type"], inner["exc_type"]) == ("RuntimeError", "ValueError")
    assert all("locals" not in frame for part in (outer, inner) for frame in part["frames"])


@pytest.mark.parametrize(("verbosity", "expected"), [(-1, ["w"]), (0, ["i", "w"]), (1, ["d", "i", "w"])])
def test_verbosity_is_about_our_own_events_only(written, verbosity, expected):
    logs.configure(verbosity, stream=written)
    for level in "diw":
        getattr(structlog.get_logger("connectors.calls"), {"d": "debug", "i": "info", "w": "warning"}[level])(level)
    logging.getLogger("urllib3.connectionpool").info("never")
    assert [record["event"] for record in said(written)] == expected


def test_a_title_cannot_forge_a_line_or_move_the_cursor_of_a_terminal(written):
    logs.configure(stream=written, json=False)
    structlog.get_logger("syncd").info("kept", title="x\n2026 [info] forged \x1b[2J\x9b1m")
    assert len(written.getvalue().splitlines()) == 1
    assert "\x1b" not in written.getvalue()
    assert "\x9b" not in written.getvalue()


def test_long_values_are_cut_and_say_so(written):
    logs.configure(stream=written)
    structlog.get_logger("syncd").info("kept", body="x" * (logs.LONGEST + 50), many=list(range(logs.MOST + 1)))
    assert said(written)[0]["body"].endswith("x… (50 more)")
    assert len(said(written)[0]["many"]) == logs.MOST


def test_colour_is_for_terminals_only(written):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    logs.configure(stream=terminal)
    structlog.get_logger("syncd").info("pulled")
    assert "\x1b[" in terminal.getvalue()
    logs.configure(stream=written, json=False)
    structlog.get_logger("syncd").info("pulled")
    assert "pulled" in written.getvalue()
    assert "\x1b" not in written.getvalue()


def test_an_error_that_nobody_caught_in_a_thread_is_a_record_like_any_other(written):
    logs.configure(stream=written)
    thread = threading.Thread(target=chained, args=(PLANTED["notion"],))
    thread.start()
    thread.join()
    [record] = said(written)
    assert record["event"] == "uncaught_error"
    assert "planted" not in written.getvalue()


def test_configuring_twice_writes_every_record_once(written):
    logs.configure(stream=io.StringIO())
    logs.configure(stream=written)
    structlog.get_logger("syncd").info("once")
    assert len(said(written)) == 1
