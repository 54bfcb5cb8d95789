"""``syncd people``: the way in for whoever has a shell."""

import re

import pytest

from tests.cli.command import Syncd
from tests.cli.store import brought_up


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> Syncd:
    folder = tmp_path_factory.mktemp("people")
    (folder / "syncd.yaml").write_text(
        f"database: sqlite:///{folder}/syncd.db\n"
        "web: {public_url: 'https://syncd.acme.example'}\n"
        "trackers:\n"
        "  - {name: acme-jira, kind: jira, url: 'https://acme.atlassian.net', auth: {email: b@acme.example,"
        " token: {env: JIRA_TOKEN}}, scope: {projects: [WEB]}}\n",
        encoding="utf-8",
    )
    brought_up(folder)
    return Syncd(folder)


def test_somebody_is_let_in_given_a_role_a_token_and_shut_out(here):
    assert "Nobody yet" in here.done("people", "list").out
    added = here.done("people", "add", "Omar@acme.example", "--role", "operator", "--name", "Omar").out
    assert re.fullmatch(
        r"omar@acme\.example is operator; once, within an hour: https://syncd\.acme\.example/sign-in/link/[\w-]{43}/\n",
        added,
    )
    here.done("people", "add", "ana@acme.example", "--role", "pm")
    link = here.done("people", "link", "ana@acme.example", "--forget-second-factor").out
    assert link.startswith("https://syncd.acme.example/sign-in/link/")
    token = here.done("people", "token", "ana@acme.example", "--name", "CI", "--scope", "read").out
    assert re.fullmatch(r"sy_[0-9a-z]{8}_[\w-]{43}\n", token)
    assert here.done("people", "disable", "ana@acme.example").out == "ana@acme.example is shut out\n"
    here("people", "link", "ana@acme.example").says(2, "is shut out: syncd people enable ana@acme.example")
    assert here.done("people", "enable", "ana@acme.example").out == "ana@acme.example is pm\n"
    assert here.done("people", "role", "ana@acme.example", "viewer").out == "ana@acme.example is viewer\n"
    rows = {row["email"]: (row["role"], row["active"], row["name"]) for row in here.rows("people", "list")}
    assert rows == {"omar@acme.example": ("operator", True, "Omar"), "ana@acme.example": ("viewer", True, "")}

    here("people", "add", "ana@acme.example").says(2, "ana@acme.example: Somebody here has this address already.")
    here("people", "link", "an@acme.example").says(2, 'nobody here has the address an@acme.example; did you mean "ana@')
    here("people", "role", "omar@acme.example", "viewer").says(2, "there must be an operator")
    here("people", "disable", "omar@acme.example").says(2, "there must be an operator")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["add", "nobody", "--role", "pm"], "nobody: Enter a valid email address."),
        (["add", "x@acme.example", "--role", "operater"], 'role operater: did you mean "operator"?'),
        (
            ["token", "x@acme.example", "--name", "CI", "--scope", "write"],
            "--scope write: known here: decide, operate, read",
        ),
    ],
)
def test_a_wrong_word_is_told_with_the_right_ones(here, command, why):
    here("people", *command).says(2, why)
