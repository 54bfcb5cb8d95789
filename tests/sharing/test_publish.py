"""From the store to the partners' copies: what is shown, what waits, what is withdrawn, and when."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from syncd.partners.models import Change, Contact, Partner
from syncd.partners.models import Item as Copied
from syncd.sharing import approvals, ledger, pending, switch
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal, Disclosure, Shown
from syncd.trackers import presence
from syncd.trackers.models import Item, Stream
from syncd.worker.publish import publish
from tests.sharing.conftest import AGREEMENT, ANA, PIA, World, agreement, public, shared
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


def history(partner: str = "globex") -> list[tuple[str, str, str, str]]:
    rows = Change.objects.filter(partner=partner).order_by("id")
    return [(row.kind, row.field, row.was, row.now) for row in rows]


class TestWhatIsShown:
    def test_the_copy_says_what_the_agreement_names_in_its_words(self, globex: World) -> None:
        assert globex.visible() == [
            {"title": "Work 1", "status": "Planned", "due": "2026-12"},
            {"title": "Work 2", "status": "Planned"},
        ]
        row = Copied.objects.get(title="Work 1")
        assert (row.status, row.when, row.shown_on) == ("Planned", "2026-12", globex.now.date())
        assert len(row.id) == 22

    def test_the_head_says_who_shares_with_whom_and_how(self, globex: World) -> None:
        head = Partner.objects.get(id="globex")
        assert (head.name, head.company, head.cadence, head.mutual) == (
            "Globex Health",
            "Acme",
            "weekly",
            ["date", "scope"],
        )
        assert head.fields == ["title", "status", "due", "notes"]
        assert head.statuses == ["Planned", "In progress", "Delivered"]
        assert head.share_expires == timedelta(days=90).total_seconds()
        assert list(Contact.objects.values_list("email", flat=True)) == ["quinn@globex.example"]

    def test_a_change_at_the_source_is_a_change_in_the_copy_and_its_history(self, globex: World) -> None:
        globex.put(shared(1, status_category="in_progress", due=date(2027, 1, 9), body=public("Work 1")))
        globex.cycle()
        assert globex.visible()[0] == {"title": "Work 1", "status": "In progress", "due": "2027-01"}
        assert history()[2:] == [
            ("changed", "status", "Planned", "In progress"),
            ("changed", "due", "2026-12", "2027-01"),
        ]

    def test_what_the_partner_cannot_see_changes_nothing(self, globex: World) -> None:
        before = list(Copied.objects.order_by("id").values()), history(), Disclosure.objects.count()
        globex.later(days=1)
        globex.put(shared(1, due=date(2026, 12, 1), title="Another", assignees=(ANA,), points=5.0))
        globex.cycle()
        assert (list(Copied.objects.order_by("id").values()), history(), Disclosure.objects.count()) == before

    def test_notes_are_safe_html(self, globex: World) -> None:
        globex.put(shared(1, body=public("Work 1", "# First\n\n<b>x</b> *yes* and WEB-12")))
        globex.cycle()
        row = Copied.objects.get(title="Work 1")
        assert "<h3>First</h3>" in row.notes_html
        assert "<em>yes</em>" in row.notes_html
        assert "&lt;b&gt;" in row.notes_html
        assert "WEB-12" not in row.notes_html

    def test_an_item_of_which_nothing_would_be_shown_is_not_there(self, globex: World) -> None:
        globex.write(agreement(fields={"title": "public_title"}, statuses=None))
        globex.put(shared(4, body="Nothing for outsiders"))
        globex.cycle()
        assert globex.titles() == ["Work 1", "Work 2"]

    def test_two_partners_see_the_same_work_under_ids_of_their_own(self, globex: World) -> None:
        other = {**AGREEMENT, "id": "initech", "name": "Initech", "contacts": {}}
        globex.write(AGREEMENT, other)
        globex.cycle()
        globex.approve("initech")
        globex.cycle()
        assert globex.titles("initech") == globex.titles("globex")
        ids = [set(Copied.objects.filter(partner=name).values_list("id", flat=True)) for name in ("globex", "initech")]
        assert not ids[0] & ids[1]

    def test_the_copy_is_as_fresh_as_the_stalest_stream_it_shows_in_whole_minutes(self, globex: World) -> None:
        head = Partner.objects.get(id="globex")
        assert head.fresh_at == (globex.now - timedelta(seconds=30)).replace(second=0, microsecond=0)
        Stream.objects.create(
            tracker=globex.stream.tracker, native_id="other", name="PAY", last_success_at=globex.now - timedelta(days=9)
        )
        globex.later(minutes=5)
        Stream.objects.filter(name="PAY").update(last_success_at=globex.now - timedelta(days=9))
        globex.cycle()
        assert Partner.objects.get(id="globex").fresh_at == globex.now


class TestWhatGoes:
    @pytest.fixture
    def gone(self, globex: World) -> None:
        """Afterwards: one item less, everything told of it gone, one line without its name."""
        yield
        globex.cycle()
        assert globex.titles() == ["Work 2"]
        assert history() == [("added", "", "", ""), ("withdrawn", "", "", "")]
        assert Shown.objects.count() == 1
        withdrawn = Disclosure.objects.filter(kind="withdrawn")
        assert sorted(withdrawn.values_list("field", flat=True)) == ["due", "status", "title"]
        assert ledger.verify().sound

    @pytest.mark.usefixtures("gone")
    def test_unshared(self, globex: World) -> None:
        globex.put(shared(1, labels=()))

    @pytest.mark.usefixtures("gone")
    def test_deleted(self, globex: World) -> None:
        row = Item.objects.get(key="WEB-1")
        presence.bury([row.id], "gone", globex.now)

    @pytest.mark.usefixtures("gone")
    def test_no_longer_known_to_match(self, globex: World) -> None:
        globex.write(agreement(where={"label": "partner/globex", "points": {"min": 1}}))
        globex.put(shared(2, points=3.0))

    @pytest.mark.usefixtures("gone")
    def test_far_below_an_epic_that_is_no_longer_shared(self, globex: World) -> None:
        """No rule looks at the epic, so that nothing else would have the work below it looked at again."""
        globex.write(agreement(where={"label": "partner/globex", "ancestor": {"label": "big"}}))
        globex.put(
            made(10, kind="epic", labels=("big",)),
            made(11, parent="jira:WEB-10"),
            shared(1, parent="jira:WEB-11", due=date(2026, 12, 15)),
            made(20, kind="epic", labels=("big",)),
            shared(2, parent="jira:WEB-20"),
        )
        globex.cycle()
        assert globex.titles() == ["Work 1", "Work 2"]
        Change.objects.exclude(kind="added").delete()
        globex.put(made(10, kind="epic", updated_at=globex.now))

    def test_an_item_that_comes_back_is_another_one_to_the_partner(self, globex: World) -> None:
        before = Copied.objects.get(title="Work 1").id
        globex.put(shared(1, labels=()))
        globex.cycle()
        globex.put(shared(1))
        globex.cycle()
        assert globex.titles() == ["Work 1", "Work 2"]
        assert Copied.objects.get(title="Work 1").id != before

    def test_an_agreement_that_ended_leaves_nothing_and_begins_with_an_approval(self, globex: World) -> None:
        globex.write()
        globex.cycle()
        assert globex.visible() == []
        head = Partner.objects.get(id="globex")
        assert (head.open, list(head.contacts.all())) == (False, [])
        assert globex.deal().ended_at == globex.now
        assert Shown.objects.count() == 0
        globex.write(AGREEMENT)
        globex.cycle()
        assert globex.visible() == []
        globex.approve()
        globex.cycle()
        assert globex.titles() == ["Work 1", "Work 2"]


class TestEdits:
    def test_what_was_told_more_exactly_leaves_the_history_too(self, globex: World) -> None:
        globex.write(agreement(fields={**AGREEMENT["share"]["fields"], "due": "day"}))
        globex.cycle()
        globex.approve()
        globex.cycle()
        globex.put(shared(1, due=date(2027, 1, 9)))
        globex.cycle()
        assert ("changed", "due", "2026-12-15", "2027-01-09") in history()
        globex.write(AGREEMENT)
        globex.cycle()
        assert globex.visible()[0]["due"] == "2027-01"
        assert not [row for row in history() if row[1] == "due"]

    def test_a_word_that_is_taken_out_leaves_the_history_too(self, globex: World) -> None:
        globex.put(shared(1, body=public("Falcon lands")))
        globex.cycle()
        assert ("changed", "title", "Work 1", "Falcon lands") in history()
        globex.write(agreement(never=["Falcon"]))
        globex.cycle()
        assert globex.titles() == ["Work 2", "[removed] lands"]
        assert not [row for row in history() if "Falcon" in "".join(row)]

    def test_a_new_person_s_name_is_taken_out_of_what_is_shown_already(self, globex: World) -> None:
        globex.put(shared(1, body=public("Ask Zelda Quux")), shared(2, body=public("Plain")))
        globex.cycle()
        assert globex.titles() == ["Ask Zelda Quux", "Plain"]
        globex.put(made(3, assignees=(replace(ANA, name="Zelda Quux", native_id="u-9"),), updated_at=globex.now))
        globex.cycle()
        assert globex.titles() == ["Ask [removed]", "Plain"]
        assert not [row for row in history() if "Zelda" in "".join(row)]

    def test_a_name_is_taken_out_for_ever_though_its_owner_took_another(self, globex: World) -> None:
        zelda = replace(ANA, name="Zelda Quux", native_id="u-9")
        globex.put(made(3, assignees=(zelda,), updated_at=globex.now))
        globex.cycle()
        globex.put(made(3, assignees=(replace(zelda, name="Zelda Zoo"),), updated_at=globex.now + timedelta(1)))
        globex.put(shared(1, body=public("Ask Zelda Quux")))
        globex.cycle()
        assert globex.titles()[0] == "Ask [removed]"

    def test_an_edit_that_is_taken_back_waits_for_nothing(self, globex: World) -> None:
        globex.write(agreement(fields={**AGREEMENT["share"]["fields"], "due": "day"}))
        globex.cycle()
        assert approvals.counts(globex.deal()).changed == 1
        globex.write(AGREEMENT)
        globex.cycle()
        assert approvals.counts(globex.deal()).waiting == 0
        assert not approvals.waits(globex.deal())

    def test_a_filter_that_is_narrower_is_followed_without_a_look_at_all_items(self, globex: World) -> None:
        globex.write(agreement(where={"label": "partner/globex", "status_category": "done"}))
        publish(globex.write(agreement(where={"label": "partner/globex", "kind": "epic"})), now=globex.now)
        assert not globex.deal().walking
        assert globex.visible() == []

    def test_contacts_that_are_gone_lose_their_way_in_at_once_and_new_ones_wait(self, globex: World) -> None:
        globex.write({**AGREEMENT, "contacts": {"theirs": ["new@globex.example"]}})
        globex.cycle()
        assert not Contact.objects.exists()
        globex.approve()
        globex.cycle()
        assert list(Contact.objects.values_list("email", flat=True)) == ["new@globex.example"]

    def test_who_may_sign_in_by_a_provider_waits_and_goes_at_once(self, globex: World) -> None:
        provider = {"issuer": "https://id.globex.example", "client_id": "x", "client_secret": {"env": "S"}}
        globex.write({**AGREEMENT, "sign_in": {**provider, "domains": ["globex.example"]}})
        globex.cycle()
        assert list(Partner.objects.values_list("issuer", "domains")) == [("", [])]
        globex.approve()
        globex.cycle()
        assert list(Partner.objects.values_list("issuer", "domains")) == [(provider["issuer"], ["globex.example"])]
        globex.write({**AGREEMENT, "sign_in": {**provider, "domains": ["other.example"]}})
        globex.cycle()
        assert list(Partner.objects.values_list("issuer", "domains")) == [(provider["issuer"], [])]


class TestGrowth:
    def test_many_more_through_the_same_filter_wait(self, globex: World) -> None:
        globex.put(*(shared(number) for number in range(10, 20)))
        globex.cycle()
        assert len(globex.visible()) == 5, "the two that were approved, and three more"
        assert approvals.counts(globex.deal()).held == 7
        globex.cycle()
        assert len(globex.visible()) == 5
        globex.approve()
        globex.cycle()
        assert len(globex.visible()) == 12
        assert globex.deal().admitted == 12

    def test_a_held_item_that_is_unshared_waits_no_more(self, globex: World) -> None:
        globex.put(*(shared(number) for number in range(10, 20)))
        globex.cycle()
        globex.put(*(shared(number, labels=()) for number in range(10, 20)))
        globex.cycle()
        assert approvals.counts(globex.deal()).held == 0
        assert not approvals.waits(globex.deal())

    def test_what_waits_while_items_are_still_looked_at_cannot_be_approved(self, globex: World) -> None:
        globex.write(agreement(where={"label": ["partner/globex", "other"]}))
        globex.put(made(30, labels=("other",), body=public("Other")))
        publish(globex.write(agreement(where={"label": ["partner/globex", "other"]})), seconds=1e-9, now=globex.now)
        assert globex.deal().walking
        with pytest.raises(Refused, match="still looking"):
            globex.approve()
        globex.cycle()
        globex.approve()
        globex.cycle()
        assert globex.titles() == ["Other", "Work 1", "Work 2"]

    def test_more_than_was_seen_is_not_approved(self, globex: World) -> None:
        globex.write(agreement(where={"label": ["partner/globex", "other"]}))
        globex.cycle()
        seen = approvals.token(globex.deal())
        globex.put(*(made(number, labels=("other",), body=public("Other")) for number in range(30, 40)))
        globex.cycle()
        with pytest.raises(Refused, match="more waits"):
            approvals.approve(globex.deal(), PIA, "", globex.now, seen=seen)
        approvals.approve(globex.deal(), PIA, "", globex.now, seen=approvals.token(globex.deal()))


class TestTime:
    def test_time_alone_shares_and_withholds(self, world: World) -> None:
        world.write(agreement(where={"label": "partner/globex", "due": {"within": "7d"}}))
        world.put(shared(1, due=date(2026, 12, 10)))
        world.cycle()
        world.approve()
        world.cycle()
        assert world.visible() == []
        world.later(days=8)
        publish(world.write(agreement(where={"label": "partner/globex", "due": {"within": "7d"}})), now=world.now)
        assert world.titles() == ["Work 1"]
        world.later(days=30)
        world.cycle()
        assert world.visible() == []


class TestStale:
    def test_items_of_a_stale_stream_stay_as_they_are(self, globex: World) -> None:
        globex.put(shared(1, labels=()))
        Stream.objects.update(broken_since=globex.now)
        pending.mark(list(Item.objects.values_list("id", flat=True)))
        globex.cycle()
        assert globex.titles() == ["Work 1", "Work 2"]
        Stream.objects.update(broken_since=None)
        globex.cycle()
        assert globex.titles() == ["Work 2"]

    def test_an_edit_narrows_them_all_the_same(self, globex: World) -> None:
        Stream.objects.update(broken_since=globex.now)
        globex.write(agreement(fields={"title": "public_title"}))
        globex.cycle()
        assert globex.visible() == [{"title": "Work 1"}, {"title": "Work 2"}]

    def test_a_part_that_cannot_be_read_stays_as_it_is(self, globex: World) -> None:
        globex.put(shared(1, labels=()))
        Stream.objects.update(problems=[{"where": "WEB", "what": "x"}], name="site")
        pending.mark(list(Item.objects.values_list("id", flat=True)))
        globex.cycle()
        assert globex.titles() == ["Work 1", "Work 2"]


class TestSwitch:
    def test_all_is_closed_in_the_same_call_and_gone_in_the_same_cycle(self, globex: World) -> None:
        before = set(Copied.objects.values_list("id", flat=True))
        switch.stop(globex.deal(), PIA, "They were sold", globex.now)
        assert not Partner.objects.get(id="globex").open
        globex.cycle()
        assert globex.visible() == []
        assert not Partner.objects.get(id="globex").open
        globex.put(shared(5))
        globex.cycle()
        switch.resume(globex.deal(), PIA, globex.now)
        globex.cycle()
        assert globex.titles() == ["Work 1", "Work 2", "Work 5"]
        assert before < set(Copied.objects.values_list("id", flat=True))
        assert Partner.objects.get(id="globex").open
        assert "withdrawn" not in [row[0] for row in history()]

    def test_it_is_not_opened_by_who_read_the_agreement_before(self, globex: World) -> None:
        from syncd.sharing.copying import head

        stale = globex.deal()
        switch.stop(globex.deal(), PIA, "They were sold", globex.now)
        head.put(stale)
        assert not Partner.objects.get(id="globex").open

    def test_a_reason_is_asked_for_and_nobody_stops_twice(self, globex: World) -> None:
        with pytest.raises(Refused, match="say why"):
            switch.stop(globex.deal(), PIA, " ", globex.now)
        with pytest.raises(Refused, match="not stopped"):
            switch.resume(globex.deal(), PIA, globex.now)
        switch.stop(globex.deal(), PIA, "x", globex.now)
        with pytest.raises(Refused, match="already"):
            switch.stop(globex.deal(), PIA, "x", globex.now)


def test_an_agreement_that_cannot_be_read_keeps_no_other_partner_waiting(globex: World) -> None:
    """Such as one that a newer syncd has left in the store."""
    globex.write(AGREEMENT, {**AGREEMENT, "id": "initech"})
    globex.cycle()
    deal = globex.deal()
    Deal.objects.filter(pk=deal.pk).update(approved={**(deal.approved or {}), "where": {"moon": "full"}})
    globex.cycle()
    assert globex.visible() == []
    globex.approve("initech")
    globex.cycle()
    assert globex.titles("initech") == ["Work 1", "Work 2"]


def test_no_partner_costs_nothing(world: World) -> None:
    world.write()
    world.put(shared(1))
    world.cycle()
    assert not Deal.objects.exists()
    assert pending.first(10, (), ()) == {}
    assert not publish(world.write(), now=timezone.now())
