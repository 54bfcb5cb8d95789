"""Which connection sees what: the partner side reads the copy, writes its desk, and reaches nothing else."""

import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from syncd.partners.databases import OutOfBounds, looking, partner_side
from syncd.partners.desk.models import DESK, Asked, Said
from syncd.partners.models import COPY, Partner
from syncd.partners.policies import COPY as COPY_GRANTS
from syncd.partners.policies import DESK as DESK_GRANTS
from syncd.trackers.models import Item

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


@pytest.fixture(autouse=True)
def two_partners():
    for name in ("globex", "initech"):
        Partner.objects.create(id=name, name=name, company="Acme", cadence="weekly")


def test_the_partner_side_reads_the_copy_and_writes_its_desk():
    with partner_side(), looking("globex"):
        assert Partner.objects.get(id="globex").name == "globex"
        Said.objects.create(partner="globex", who="x", kind="comment", at=timezone.now())
    assert Said.objects.get().partner == "globex"


@pytest.mark.parametrize(
    "write",
    [
        lambda: Partner.objects.create(id="umbrella", name="", company="", cadence=""),
        lambda: Partner.objects.filter(id="globex").update(open=True),
        lambda: Partner.objects.filter(id="globex").delete(),
    ],
)
def test_the_partner_side_cannot_write_the_copy(write):
    with partner_side(), pytest.raises(DatabaseError, match=r"readonly|permission denied"), looking("globex"):
        write()
    assert list(Partner.objects.values_list("id", "open").order_by("id")) == [("globex", False), ("initech", False)]


@pytest.mark.parametrize(
    "reach",
    [
        Item.objects.count,
        lambda: connections["default"].cursor().execute("SELECT 1"),
        lambda: connections["partners"].cursor().execute("SELECT 1"),
        lambda: list(Partner.objects.using("partners").all()),
    ],
)
def test_the_partner_side_is_refused_every_other_connection(reach):
    with partner_side(), looking("globex"), pytest.raises(OutOfBounds):
        reach()


def test_the_inside_is_itself_again_afterwards():
    with partner_side():
        pass
    assert Item.objects.count() == 0
    assert Partner.objects.count() == 2


def test_every_table_has_a_grant():
    for models, grants in ((COPY, COPY_GRANTS), (DESK, DESK_GRANTS)):
        assert {model._meta.db_table for model in models} == set(grants)


class TestPostgreSQL:
    """What a role and row-level security add."""

    @pytest.fixture(autouse=True)
    def only_there(self):
        if connections["default"].vendor != "postgresql":
            pytest.skip("SQLite has files instead of roles")

    def test_one_partner_at_a_time_and_none_without_a_name(self):
        with partner_side():
            with looking("globex"):
                assert [partner.id for partner in Partner.objects.all()] == ["globex"]
            with looking():
                assert list(Partner.objects.all()) == []
            assert list(Partner.objects.all()) == []

    def test_nothing_is_said_in_another_ones_name(self):
        with partner_side(), pytest.raises(DatabaseError, match="row-level security"), looking("globex"):
            Said.objects.create(partner="initech", who="x", kind="comment", at=timezone.now())

    def test_who_asked_can_only_be_written(self):
        with partner_side():
            with looking():
                Asked.objects.create(email="ana@acme.example", at=timezone.now())
            with pytest.raises(DatabaseError, match="permission denied"), looking():
                Asked.objects.count()

    def test_every_table_inside_is_denied(self):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
            tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) > 40
        for table in tables:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic("outside"):
                connections["outside"].cursor().execute(f'SELECT * FROM public."{table}"')

    def test_the_schema_holds_tables_and_nothing_that_acts_for_its_owner(self):
        with connections["default"].cursor() as cursor:
            cursor.execute(
                """SELECT relname FROM pg_class WHERE relnamespace = 'partners'::regnamespace AND relkind IN ('v', 'm', 'f')
                UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'partners'::regnamespace"""
            )
            assert cursor.fetchall() == []

    def test_security_is_forced_on_every_table(self):
        with connections["default"].cursor() as cursor:
            cursor.execute(
                """SELECT relname FROM pg_class WHERE relnamespace = 'partners'::regnamespace AND relkind = 'r'
                AND NOT (relrowsecurity AND relforcerowsecurity)"""
            )
            assert cursor.fetchall() == [("django_migrations",)]
