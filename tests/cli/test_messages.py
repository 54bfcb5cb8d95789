"""``syncd messages``, as people run it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import Syncd, environment
from tests.cli.store import brought_up
from tests.notify.servers import Mailbox, mail_server

ASKED = """
import django
django.setup()
from datetime import UTC, datetime
from syncd.accounts.models import User
from syncd.notify.models import Subscription
from syncd.review.models import Flag
ana = User.objects.add("ana@acme.example", "pm", "Ana")
Subscription.objects.create(person=ana, days=[0, 1, 2, 3, 4], hour=9, since=datetime(2020, 1, 1, tzinfo=UTC))
Flag.objects.create(fingerprint="g", rule="starved_goal", severity="high", goal="claims", opened_at=datetime.now(UTC),
    message="Nobody works for Claims \\x1b[2J accepted", fix="Plan work", stake=8, clears=1)
"""


@pytest.fixture(scope="module")
def mailbox():
    with mail_server() as box:
        yield box


@pytest.fixture
def here(tmp_path: Path, mailbox: Mailbox) -> Syncd:
    """A store in which Ana has asked for a digest, and something is new."""
    mailbox.letters.clear()
    (tmp_path / "syncd.yaml").write_text(
        f"database: sqlite:///{tmp_path}/syncd.db\n"
        "web: {public_url: 'https://syncd.acme.example'}\n"
        "trackers:\n"
        "  - {name: acme-jira, kind: jira, url: 'https://acme.atlassian.net', auth: {email: b@acme.example,"
        " token: {env: JIRA_TOKEN}}, scope: {projects: [WEB]}}\n"
        f"mail: {{host: 127.0.0.1, port: {mailbox.port}, tls: none, from: syncd@acme.example}}\n",
        encoding="utf-8",
    )
    brought_up(tmp_path)
    found = Syncd(tmp_path)
    assert "Nobody asked" in found.done("messages", "list").out
    told = environment(DJANGO_SETTINGS_MODULE="config.settings", SYNCD_DATABASE=f"sqlite:///{tmp_path}/syncd.db")
    subprocess.run([sys.executable, "-c", ASKED], env=told, check=True, cwd=Path(__file__).parents[2])
    return found


def test_a_digest_is_listed_previewed_and_sent_and_then_there_is_no_news(here: Syncd, mailbox: Mailbox):
    (row,) = here.rows("messages", "list")
    assert (row["person"], row["when"], row["about"]) == ("ana@acme.example", "Monday to Friday at 09:00", "every flag")
    assert row["next_at"].endswith("T09:00:00Z")

    preview = here.done("messages", "preview", "1").out
    assert preview.startswith("1 flag to look at: 1 new\n")
    assert "\x1b" not in preview
    dry = here.done("messages", "send", "1", "--dry-run").out
    assert dry.startswith("to ana@acme.example, if it were sent:\n1 flag to look at")
    assert mailbox.letters == []

    assert here.done("messages", "send", "1").out == "sent to ana@acme.example: 1 flag to look at: 1 new\n"
    assert [letter["Subject"] for letter in mailbox.letters] == ["1 flag to look at: 1 new"]
    assert here.done("messages", "send", "1").out == "Nothing has changed: nothing was sent.\n"
    assert len(mailbox.letters) == 1


def test_what_could_not_be_sent_is_told_with_the_code_for_it(here: Syncd, mailbox: Mailbox):
    mailbox.refuses["RCPT"] = "550 nobody of this name"
    try:
        here("messages", "send", "1").says(5, "not sent to ana@acme.example", "nobody of this name")
    finally:
        mailbox.refuses.clear()


def test_a_digest_that_is_not_there_is_told_where_to_find_them(here: Syncd):
    here("messages", "preview", "9").says(2, "there is no digest 9: see syncd messages list")
