"""A mail as a mail server gets it, and as people see it."""

import re

import pytest

from config.models.messages import Mail
from syncd import logs
from syncd.notify import digests, outbox
from syncd.notify.models import Digest, Message
from tests.notify.conftest import MONDAY, configure, mail_at
from tests.review.desk import DAY, Desk, epic, orphans

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailed(desk: Desk, subscribe, mailbox):
    """The digest of a day, as it arrived."""
    subscribe()
    desk.put(*orphans(2, label="", title="Say <b>why</b> & when"), *epic(20, 21, 22)).judge()
    digests.plan(MONDAY + DAY)
    outbox.deliver(5, MONDAY + DAY)
    (letter,) = mailbox.letters
    return letter


def part(letter, kind: str) -> str:
    return letter.get_body((kind,)).get_content()


def test_it_is_addressed_and_can_be_ended_by_one_click(mailed, mailbox):
    assert mailbox.receivers == ["ana@acme.example"]
    assert (mailed["To"], mailed["From"]) == ("ana@acme.example", "syncd <syncd@acme.example>")
    assert mailed["Subject"] == "3 flags to look at: 3 new"
    assert mailed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://syncd\.acme\.example/unsubscribe/\w+~[\w-]+/>", mailed["List-Unsubscribe"].strip())
    assert mailed["Auto-Submitted"] == "auto-generated"


def test_the_same_message_has_the_same_id(mailed):
    message = Message.objects.get()
    assert mailed["Message-ID"].strip() == f"<{message.key.replace(':', '.')}@acme.example>"


def test_the_plain_part_holds_the_summary_first_and_all_that_the_other_holds(mailed):
    plain, html = part(mailed, "plain"), part(mailed, "html")
    assert plain.startswith("3 flags to look at.")
    titles = re.findall(r"^\* (.+)$", plain, re.MULTILINE)
    assert len(titles) == html.count("<li") == 3
    links = set(re.findall(r"https://syncd\.acme\.example/[^\s\"<>]*", plain))
    assert links == set(re.findall(r"https://syncd\.acme\.example/[^\s\"<>]*", html))
    page = f"https://syncd.acme.example/messages/digests/{Digest.objects.get().pk}/"
    assert page in links


def test_words_from_a_tracker_are_words_in_both_parts(mailed):
    assert "Say <b>why</b> & when" in part(mailed, "plain")
    assert "Say &lt;b&gt;why&lt;/b&gt; &amp; when" in part(mailed, "html")
    assert "<b>why" not in part(mailed, "html")


def test_styles_are_in_attributes_and_only_what_depends_on_the_screen_is_in_the_head(mailed):
    html = part(mailed, "html")
    assert "style=" in html
    (head,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert head.strip().startswith("@media (prefers-color-scheme: dark)")
    assert "src=" not in html  # nothing is fetched when it is read


def test_a_user_signs_in_with_a_password_that_is_in_no_log(mailbox, message, settings, monkeypatch, capsys):
    monkeypatch.setenv("SMTP_PASSWORD", "correct horse battery")
    configure(settings, mail=mail_at(mailbox.port, user="syncd", password={"env": "SMTP_PASSWORD"}))
    logs.configure(1)
    mailbox.refuses["MAIL"] = "451 correct horse battery is not for me"
    message()
    outbox.deliver(5, MONDAY)
    said = capsys.readouterr()
    assert len(mailbox.signed_in) == 1
    assert "message_not_sent" in said.err
    assert "horse" not in said.err + said.out + Message.objects.get().error


def test_a_password_that_is_not_there_is_told_by_its_place(mailbox, message, settings):
    configure(settings, mail=mail_at(mailbox.port, user="syncd", password={"env": "NOT_THERE"}))
    message()
    outbox.deliver(5, MONDAY)
    assert "NOT_THERE is not set" in Message.objects.get().error


def test_a_server_without_the_encryption_that_was_asked_for_gets_nothing(mailbox, message, settings):
    configure(settings, mail=mail_at(mailbox.port, tls="starttls"))
    message()
    outbox.deliver(5, MONDAY)
    assert Message.objects.get().state == Message.WAITING
    assert mailbox.letters == []


def test_a_server_that_is_away_is_told_in_words(message, settings):
    configure(settings, mail=mail_at(1))
    message()
    outbox.deliver(5, MONDAY)
    assert "refused" in Message.objects.get().error


def test_the_settings_are_those_of_the_file_by_another_name():
    told = Mail.model_validate(mail_at(25))
    assert Mail.model_validate_json(told.model_dump_json(by_alias=True)) == told
