"""Two workers at the same thing, and one that is killed: no letter is written twice, none is lost, and word that was
given stays given. Each worker has connections of its own to the real database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.db import connection, connections

from syncd.accounts.models import AuditEvent
from syncd.notify.models import Message
from syncd.partners.desk.models import Said
from syncd.partners.models import Change, Comment
from syncd.sharing import taking, talk
from syncd.sharing.letters import contacts, owners
from syncd.sharing.models import Deal, Taken
from syncd.trackers.writing import writing
from tests.sharing.letters.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])
LONG = 60.0
"""Seconds after which a test has failed."""
ANA = "ana@acme.example"


class Worker:
    """Does something on its own, up to where it asks for the turn to write, or writes without: there it waits."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._act = act
        self._reached, self._may = Event(), Event()
        pool = ThreadPoolExecutor(1)
        self._done = pool.submit(self._run)
        pool.shutdown(wait=False)
        assert self._reached.wait(LONG)

    def go_on(self) -> None:
        self._may.set()

    def finish(self) -> None:
        self.go_on()
        self._done.result(LONG)

    @property
    def is_done(self) -> bool:
        return self._done.done()

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            with connection.execute_wrapper(self._gate):
                self._act()
        finally:
            self._reached.set()
            connections.close_all()

    def _gate(self, execute, sql, params, many, context):
        if not self._reached.is_set() and (not sql.startswith("SELECT") or "advisory" in sql):
            self._reached.set()
            assert self._may.wait(LONG)
        return execute(sql, params, many, context)


@contextmanager
def killed_at(table: str) -> Iterator[None]:
    """The process ends when it is about to add a row to a table."""

    def gate(execute, sql, params, many, context):
        if sql.startswith(f'INSERT INTO "{table}"'):
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(gate):
        yield


def said(deal: Deal, says: str, minutes: int) -> None:
    Taken.objects.create(said=uuid4(), deal=deal, at=NOW + timedelta(minutes=minutes), says=says)


def letters(to: str) -> list[Message]:
    return list(Message.objects.filter(to=to).order_by("pk"))


@pytest.fixture(autouse=True)
def _mail(mailbox):
    """A mail server is there."""


def test_the_same_news_is_one_letter(globex):
    contacts.tell(NOW)
    at = NOW + timedelta(days=2)
    values = {"kind": "changed", "field": "due", "was": "2026-12-15", "now": "2027-01-20", "on": at.date()}
    Change.objects.create(partner=globex.partner, item=globex.item, at=at, **values)
    moments = [at + timedelta(hours=1, seconds=second) for second in range(2)]
    both = [Worker(lambda now=now: contacts.tell(now)) for now in moments]
    for worker in both:
        worker.finish()
    [_, letter] = letters("pia@globex.example")
    assert "Single sign-on for globex" in letter.text


def test_the_first_letter_is_one_as_well(globex):
    both = [Worker(lambda now=now: contacts.tell(now)) for now in (NOW, NOW + timedelta(seconds=1))]
    for worker in both:
        worker.finish()
    assert len(letters("pia@globex.example")) == 1


def test_what_was_said_while_another_worker_wrote_is_told_too(deal):
    said(deal, "Globex Health accepts", 0)
    first = Worker(lambda: owners.tell(NOW))
    said(deal, "Globex Health writes: when?", 1)
    second = Worker(lambda: owners.tell(NOW))
    first.finish()
    second.finish()
    text = "".join(letter.text for letter in letters(ANA))
    assert text.count("Globex Health accepts") == 1
    assert text.count("Globex Health writes: when?") == 1


def test_what_the_partner_said_is_taken_in_once(globex, deal):
    Said.objects.create(partner="globex", who="w", kind=Said.COMMENT, text="When?", at=NOW)
    both = [Worker(lambda: taking.take_in(NOW)) for _ in range(2)]
    for worker in both:
        worker.finish()
    assert Taken.objects.count() == Comment.objects.filter(text="When?").count() == 1


def test_word_that_is_given_while_the_agreement_is_edited_counts(deal):
    word = NOW + timedelta(days=3)
    with writing():
        row = Deal.objects.get(pk=deal.pk)
        worker = Worker(lambda: talk.told(deal, ANA, "Met in Lyon", word))
        worker.go_on()
        while not (worker.is_done or is_waited_for()):
            pass
        row.name = "Globex Health Group"
        row.save()
    worker.finish()
    row.refresh_from_db()
    assert (row.name, row.told_at) == ("Globex Health Group", word)


def is_waited_for() -> bool:
    """Whether another connection waits for ours; on SQLite whoever writes does."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return bool(cursor.fetchone()[0])


def test_word_is_given_and_on_record_or_neither(deal):
    with killed_at(AuditEvent._meta.db_table):
        talk.told(deal, ANA, "Met in Lyon", NOW + timedelta(days=3))
    deal.refresh_from_db()
    assert deal.told_at == NOW


def test_a_comment_is_said_and_on_record_or_neither(globex, deal):
    with killed_at(AuditEvent._meta.db_table):
        talk.say(deal, "Next week", ANA, NOW + timedelta(days=3))
    deal.refresh_from_db()
    assert deal.told_at == NOW
    assert not Comment.objects.filter(text="Next week").exists()
