"""What programs are told: signed, with the same id at every try, and verified by the library's own verifier."""

import base64
from datetime import timedelta

import orjson
import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from syncd import logs
from syncd.notify import happenings, outbox
from syncd.notify.models import Bookmark, Message
from tests.notify.conftest import MONDAY, configure
from tests.review.desk import Desk, epic, orphans, the_flag

pytestmark = pytest.mark.django_db

OLD, NEW = (f"whsec_{base64.b64encode(letter * 32).decode()}" for letter in (b"o", b"n"))


@pytest.fixture
def hook(settings, receiver, monkeypatch):
    """A receiver that is told everything, from now on."""
    monkeypatch.setenv("HOOK", OLD)
    monkeypatch.setenv("HOOK_NEW", NEW)

    def configured(**values):
        usual = {
            "name": "ci",
            "url": f"{receiver.url}/in?from=syncd",
            "secrets": ({"env": "HOOK"},),
            "allow_private": True,
        }
        configure(settings, webhooks=(usual | values,))

    configured()
    return configured


def told(desk: Desk) -> None:
    happenings.gather(desk.now)
    outbox.deliver(5, desk.now)


def bodies(receiver) -> list[dict]:
    return [orjson.loads(had.body) for had in receiver.had]


def test_a_flag_is_told_when_it_opens_is_decided_and_is_resolved(desk: Desk, hook, receiver):
    told(desk)
    desk.put(*epic(20, 21)).judge()
    told(desk)
    desk.decide(the_flag(), "exempt", target="maintenance", reason="keeps the lights on")
    told(desk)
    desk.judge()
    told(desk)
    opened, decided, resolved = bodies(receiver)
    assert [body["type"] for body in (opened, decided, resolved)] == ["flag.opened", "flag.decided", "flag.resolved"]
    flag = opened["data"]["flag"]
    assert (flag["rule"], flag["clears"], flag["state"]) == ("unlinked", 2, "open")
    assert flag["item"] == {
        "tracker": "acme-jira", "key": "WEB-20", "title": "Epic 20", "url": "https://acme.example/browse/WEB-20",
    }  # fmt: skip
    assert flag["url"] == f"https://syncd.acme.example/review/{flag['id']}/"
    assert decided["data"]["verdict"]["target"] == "maintenance"
    assert decided["data"]["verdict"]["reason"] == "keeps the lights on"
    assert resolved["data"]["because"]


def test_what_was_before_a_receiver_is_no_news_to_it(desk: Desk, hook, receiver):
    desk.put(*orphans(2, label="")).judge()
    told(desk)
    told(desk)
    assert receiver.had == []
    assert Bookmark.objects.count() == 3


def test_a_version_in_force_is_told_and_a_rule_that_lost_its_word_is_none(desk: Desk, hook, receiver):
    from syncd.strategy.models import StrategyVersion

    told(desk)
    made = {"strategy": {}, "rules": {}, "applied_at": desk.now}
    StrategyVersion.objects.create(hash="b", author="omar@acme.example", message="Q4", effect={"links": 3}, **made)
    StrategyVersion.objects.create(hash="b", author="syncd", message="a rule rests", **made)
    told(desk)
    (body,) = bodies(receiver)
    assert body["type"] == "strategy.applied"
    assert (body["data"]["author"], body["data"]["effect"]) == ("omar@acme.example", {"links": 3})


def test_only_what_is_asked_for_is_told(desk: Desk, hook, receiver):
    hook(events=("flag.resolved",))
    told(desk)
    desk.put(*orphans(1, label="")).judge()
    told(desk)
    assert receiver.had == []
    assert Message.objects.count() == 0


def test_nothing_is_told_twice_and_nothing_is_passed_over(desk: Desk, hook, receiver, monkeypatch):
    monkeypatch.setattr(happenings, "AT_ONCE", 2)
    told(desk)
    desk.put(*orphans(5, label="")).judge()
    for _ in range(4):
        told(desk)
    keys = [had.headers["webhook-id"] for had in receiver.had]
    assert len(keys) == len(set(keys)) == 5


def test_the_librarys_verifier_believes_it(desk: Desk, hook, receiver, message):
    message(way=Message.WEBHOOK, to="ci", key="msg_1", text='{"type": "flag.opened"}')
    outbox.deliver(5, MONDAY)
    (had,) = receiver.had
    assert (had.path, had.headers["webhook-id"], had.headers["Content-Type"]) == (
        "/in?from=syncd", "msg_1", "application/json",
    )  # fmt: skip
    assert Verifier(OLD).verify(had.body, had.headers) == {"type": "flag.opened"}
    with pytest.raises(WebhookVerificationError):
        Verifier(NEW).verify(had.body, had.headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(OLD).verify(had.body + b" ", had.headers)


def test_while_a_secret_is_replaced_both_are_believed(hook, receiver, message):
    hook(secrets=({"env": "HOOK"}, {"env": "HOOK_NEW"}))
    message(way=Message.WEBHOOK, to="ci", text="{}")
    outbox.deliver(5, MONDAY)
    (had,) = receiver.had
    for secret in (OLD, NEW):
        assert Verifier(secret).verify(had.body, had.headers) == {}


def test_another_try_has_the_same_id_and_a_time_of_its_own(hook, receiver, message, monkeypatch):
    receiver.answers = [503]
    message(way=Message.WEBHOOK, to="ci", key="msg_1", text="{}")
    outbox.deliver(5, MONDAY)
    assert Message.objects.get().error == "the receiver answered 503"
    outbox.deliver(5, MONDAY + timedelta(minutes=1))
    first, second = receiver.had
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == "msg_1"
    assert Verifier(OLD).verify(second.body, second.headers) == {}
    assert Message.objects.get().state == Message.SENT


def test_a_receiver_that_is_gone_for_good_is_asked_no_more(hook, receiver, message):
    receiver.answers = [410]
    message(way=Message.WEBHOOK, to="ci", text="{}")
    outbox.deliver(5, MONDAY)
    assert Message.objects.get().state == Message.DEAD


def test_a_redirect_is_not_followed(hook, receiver, message):
    receiver.answers, receiver.location = [307], f"{receiver.url}/elsewhere"
    message(way=Message.WEBHOOK, to="ci", text="{}")
    outbox.deliver(5, MONDAY)
    assert [had.path for had in receiver.had] == ["/in?from=syncd"]
    assert Message.objects.get().error == "the receiver answered 307"


def test_a_private_address_is_refused_unless_it_is_allowed(hook, receiver, message, settings):
    hook(url=f"https://localhost:{receiver.port}/in", allow_private=False)
    message(way=Message.WEBHOOK, to="ci", text="{}")
    outbox.deliver(5, MONDAY)
    row = Message.objects.get()
    assert (row.state, receiver.had) == (Message.DEAD, [])
    assert "which is not public: allow_private: true permits it" in row.error


def test_a_webhook_that_left_the_file_has_its_messages_wait(message, settings):
    configure(settings)
    message(way=Message.WEBHOOK, to="ci", text="{}")
    outbox.deliver(5, MONDAY)
    assert Message.objects.get().error == "syncd.yaml has no webhook ci any more"


def test_a_secret_of_another_form_is_told_and_in_no_log(hook, receiver, message, monkeypatch, capsys):
    monkeypatch.setenv("HOOK", "whsec_this is no base64 at all!")
    logs.configure(1)
    message(way=Message.WEBHOOK, to="ci", text="{}")
    outbox.deliver(5, MONDAY)
    row, said = Message.objects.get(), capsys.readouterr()
    assert receiver.had == []
    assert "webhook ci" in row.error
    assert "no base64 at all" not in row.error + said.err


def test_no_secret_is_in_the_log_or_the_store(hook, receiver, message, capsys):
    logs.configure(1)
    receiver.answers = [500]
    message(way=Message.WEBHOOK, to="ci", text="{}")
    outbox.deliver(5, MONDAY)
    said = capsys.readouterr().err
    assert "message_not_sent" in said
    assert OLD not in said + str(Message.objects.values()[0])
