"""Slack, Teams, a webhook: what Apprise has a URL for."""

import orjson
import pytest

from syncd import logs
from syncd.notify import outbox
from syncd.notify.models import Message
from tests.notify.conftest import MONDAY, configure

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings(
        "ignore:'imghdr' is deprecated:DeprecationWarning"
    ),  # Apprise's mail, which we do not use
]


@pytest.fixture
def place(settings, receiver, monkeypatch):
    """A place that is a receiver on loopback, with a token in its URL."""

    def configured(url: str = "", **values):
        monkeypatch.setenv("PLACE_URL", url or f"json://127.0.0.1:{receiver.port}/s3cret-t0ken-in-path")
        usual = {"url": {"env": "PLACE_URL"}, "name": "product", "allow_private": True}
        configure(settings, notify=(usual | values,))

    configured()
    return configured


def test_a_place_is_told_subject_and_words(place, receiver, message):
    message(way=Message.PLACE, to="product", subject="3 flags", text="One\nTwo")
    outbox.deliver(5, MONDAY)
    (had,) = receiver.had
    body = orjson.loads(had.body)
    assert (had.path, body["title"], body["message"]) == ("/s3cret-t0ken-in-path", "3 flags", "One\nTwo")
    assert Message.objects.get().state == Message.SENT


def test_what_it_does_not_take_is_tried_again_and_its_url_is_in_no_log(place, receiver, message, capsys):
    logs.configure(1)
    receiver.answers = [500]
    message(way=Message.PLACE, to="product")
    outbox.deliver(5, MONDAY)
    row, said = Message.objects.get(), capsys.readouterr()
    assert (row.state, row.attempts) == (Message.WAITING, 1)
    assert row.error
    assert "s3cret" not in row.error + said.err + said.out


def test_a_private_address_is_refused_unless_it_is_allowed(place, receiver, message):
    place(allow_private=False)
    message(way=Message.PLACE, to="product")
    outbox.deliver(5, MONDAY)
    row = Message.objects.get()
    assert (row.state, receiver.had) == (Message.DEAD, [])
    assert "127.0.0.1, which is not public" in row.error


def test_a_redirect_is_not_followed(place, receiver, message):
    receiver.answers, receiver.location = [307], f"{receiver.url}/elsewhere"
    message(way=Message.PLACE, to="product")
    outbox.deliver(5, MONDAY)
    assert [had.path for had in receiver.had] == ["/s3cret-t0ken-in-path"]
    assert Message.objects.get().state == Message.WAITING


@pytest.mark.parametrize("url", ["nothing-that-apprise-knows", "slack://one-token-only"])
def test_a_url_that_apprise_does_not_know_is_told_by_its_place(place, message, url):
    place(url)
    message(way=Message.PLACE, to="product")
    outbox.deliver(5, MONDAY)
    assert Message.objects.get().error == "notify product: {env: PLACE_URL} holds no URL that Apprise knows"


def test_a_place_that_left_the_file_has_its_messages_wait(message, settings):
    configure(settings)
    message(way=Message.PLACE, to="product")
    outbox.deliver(5, MONDAY)
    assert Message.objects.get().error == "syncd.yaml has no notify entry product any more"


def test_a_place_without_a_name_goes_by_its_reference(settings):
    configure(settings, notify=({"url": {"env": "SLACK_URL"}},))
    assert settings.MESSAGES.notify[0].key == "env: SLACK_URL"
    assert settings.MESSAGES.target("env: SLACK_URL") is settings.MESSAGES.notify[0]
