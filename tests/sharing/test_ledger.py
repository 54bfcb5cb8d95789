"""What became visible to whom, when, and by whose approval; and whether somebody tampered with it."""

from datetime import timedelta

import pytest
from django.db import connection

from syncd.partners.desk.models import Visit
from syncd.partners.models import Contact
from syncd.partners.models import Item as Copied
from syncd.sharing import ledger, talk
from syncd.sharing.models import AppendOnly, Disclosure
from syncd.trackers.writing import writing
from tests.sharing.conftest import PIA, World, public, shared

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


def told(partner: str = "globex") -> list[tuple[str, str, str]]:
    return [(line.kind, line.field, line.value) for line in ledger.lines(partner)]


def test_each_value_is_on_record_with_item_place_and_approval(globex: World) -> None:
    assert sorted(told()) == [
        ("shown", "due", "2026-12"),
        ("shown", "status", "Planned"),
        ("shown", "status", "Planned"),
        ("shown", "title", "Work 1"),
        ("shown", "title", "Work 2"),
    ]
    line = Disclosure.objects.get(value="Work 1")
    assert (line.item, line.channel, line.approver) == ("acme-jira:10001", "page", PIA)
    assert line.version == globex.deal().approved_digest
    assert line.public == Copied.objects.get(title="Work 1").id


def test_what_they_knew_then_includes_what_has_gone_since(globex: World) -> None:
    then = globex.now
    globex.later(days=3)
    globex.put(shared(1, body=public("Renamed")), shared(2, labels=()))
    globex.cycle()

    def titles(at: object) -> list[tuple[str, object]]:
        return [(known.value, known.until) for known in ledger.known("globex", at) if known.field == "title"]  # type: ignore[arg-type]

    assert list(ledger.known("globex", then - timedelta(seconds=1))) == []
    assert titles(then) == [("Work 1", None), ("Work 2", None)]
    assert titles(globex.now) == [("Work 1", globex.now), ("Work 2", globex.now), ("Renamed", None)]


def test_who_opened_it_is_told_by_address(globex: World) -> None:
    item, contact = Copied.objects.get(title="Work 1"), Contact.objects.get()
    for who in (contact.id, "x" * 22):
        Visit.objects.create(partner="globex", who=who, what=item.id, first_at=globex.now, last_at=globex.now)
    assert [one.who for one in ledger.seen("globex")[item.id]] == ["quinn@globex.example", "somebody"]


def test_a_comment_of_ours_is_a_disclosure(globex: World) -> None:
    talk.say(globex.deal(), "It comes on Monday, ask ana@acme.example", PIA, globex.now)
    assert told()[-1] == ("shown", "text", "It comes on Monday, ask [removed]")


class TestTampering:
    def test_nothing_is_changed_or_deleted_by_the_model(self, globex: World) -> None:
        line = Disclosure.objects.first()
        assert line
        for tamper in (
            line.save,
            line.delete,
            Disclosure.objects.all().delete,
            lambda: Disclosure.objects.update(value="x"),
        ):
            with pytest.raises(AppendOnly):
                tamper()
        assert (ledger.verify().lines, ledger.verify().sound) == (5, True)

    @pytest.mark.parametrize(
        ("tamper", "line", "says"),
        [
            ("DELETE FROM sharing_disclosure WHERE id = {second}", 2, "lines are missing"),
            ("DELETE FROM sharing_disclosure WHERE id = {last}", None, "missing at the end"),
        ],
    )
    def test_a_line_that_is_gone_is_found(self, globex: World, tamper: str, line: int | None, says: str) -> None:
        ids = list(Disclosure.objects.order_by("id").values_list("id", flat=True))
        with connection.cursor() as cursor:
            _unguarded(cursor, tamper.format(second=ids[1], last=ids[-1]))
        found = ledger.verify()
        assert not found.sound
        assert says in found.says
        assert found.broken == (ids[line] if line else None)

    def test_stretch_by_stretch_it_finds_what_the_whole_finds(self, globex: World) -> None:
        ids, marks = zip(*Disclosure.objects.order_by("id").values_list("id", "hash"), strict=True)
        first = ledger.stretch(most=2)
        assert first == ledger.Verified(2, first=ids[0], last=ids[1], hash=marks[1], more=True)
        assert ledger.stretch(first.last, 3) == ledger.Verified(3, first=ids[2], last=ids[4], hash=marks[4])
        assert ledger.stretch(ids[4]) == ledger.Verified(0, last=ids[4], hash=marks[4])
        with connection.cursor() as cursor:
            _unguarded(cursor, f"DELETE FROM sharing_disclosure WHERE id = {ids[2]}")
        assert ledger.stretch(most=2).sound
        assert ledger.stretch(first.last, 2).broken == ledger.verify().broken == ids[3]

    @pytest.mark.parametrize(
        "column", ["value", "partner", "item", "approver", "digest", "version", "channel", "kind", "field"]
    )
    def test_a_line_that_reads_otherwise_is_found(self, globex: World, column: str) -> None:
        id_ = Disclosure.objects.order_by("id").values_list("id", flat=True)[2]
        with connection.cursor() as cursor:
            _unguarded(cursor, f"UPDATE sharing_disclosure SET {column} = 'other' WHERE id = {id_}")
        found = ledger.verify()
        assert (found.broken, found.sound) == (id_, False)

    def test_a_line_that_was_put_in_is_found(self, globex: World) -> None:
        entry = ledger.Entry("globex", "shown", "p", "i", "title", "v", "page", "", PIA)
        with writing():
            ledger.record([entry], globex.now)
        assert ledger.verify().sound
        last = Disclosure.objects.order_by("-id")[0]
        with connection.cursor() as cursor:
            _unguarded(cursor, f"UPDATE sharing_disclosure SET before = 'x' WHERE id = {last.id}")
        assert "does not follow" in ledger.verify().says

    def test_the_database_itself_refuses_to_change_a_line(self, globex: World) -> None:
        with connection.cursor() as cursor, pytest.raises(Exception, match="not changed"):
            cursor.execute("UPDATE sharing_disclosure SET value = 'x'")


def _unguarded(cursor: object, statement: str) -> None:
    """As somebody would who may do anything to the database."""
    guard = "DROP TRIGGER sharing_disclosure_stays" + (
        " ON sharing_disclosure" if connection.vendor == "postgresql" else ""
    )
    cursor.execute(guard)  # type: ignore[attr-defined]
    cursor.execute(statement)  # type: ignore[attr-defined]
    from syncd.sharing.guard import put_up

    put_up(connection)
