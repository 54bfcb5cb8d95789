"""What people of ours do about a partner: links, comments, questions why; what the security log keeps of it."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.conf import settings

from syncd.accounts.models import AuditEvent
from syncd.partners.models import Comment, Link
from syncd.partners.models import Item as Copied
from syncd.sharing import approvals, deals, links, reminders, switch, talk, why
from syncd.sharing.deals import Refused
from syncd.sharing.models import Version
from syncd.trackers import presence
from syncd.trackers.models import Item
from tests.sharing.conftest import AGREEMENT, PIA, World, agreement, public, shared
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


def row(number: int) -> int:
    return Item.objects.values_list("id", flat=True).get(key=f"WEB-{number}")


class TestLinks:
    def test_only_the_hash_of_the_secret_is_kept(self, globex: World) -> None:
        link, secret = links.make(globex.deal(), "Quinn", PIA, globex.now)
        assert link.digest == sha256(secret.encode()).hexdigest()
        assert len(secret) == 43
        assert link.expires_at == globex.now + timedelta(days=90)
        assert links.address(secret) == f"{settings.PARTNER_URL}/p/with/{secret}"
        assert secret not in " ".join(map(str, [*Link.objects.values(), *AuditEvent.objects.values()]))

    def test_none_is_made_where_nothing_is_shared_or_no_page_is_agreed(self, world: World) -> None:
        world.write({**AGREEMENT, "mirrors": []})
        world.put(shared(1))
        world.cycle()
        with pytest.raises(Refused, match="approve the agreement first"):
            links.make(world.deal(), "", PIA, world.now)
        world.approve()
        with pytest.raises(Refused, match="no page with a link"):
            links.make(world.deal(), "", PIA, world.now)

    def test_a_page_that_waits_for_approval_has_no_links_yet_and_one_that_is_gone_none_any_more(
        self, globex: World
    ) -> None:
        globex.write({**AGREEMENT, "mirrors": []})
        globex.cycle()
        with pytest.raises(Refused, match="no page"):
            links.make(globex.deal(), "", PIA, globex.now)
        globex.write(AGREEMENT)
        globex.cycle()
        with pytest.raises(Refused, match="no page"):
            links.make(globex.deal(), "", PIA, globex.now)

    def test_one_takes_the_place_of_another_within_a_day(self, globex: World) -> None:
        old, _ = links.make(globex.deal(), "Quinn", PIA, globex.now)
        new, _ = links.rotate(old, PIA, globex.now)
        old.refresh_from_db()
        assert old.expires_at == globex.now + timedelta(hours=24)
        assert (new.label, new.expires_at) == ("Quinn", globex.now + timedelta(days=90))
        links.revoke(new, PIA, globex.now)
        for verb in (links.revoke, links.rotate):
            with pytest.raises(Refused):
                verb(new, PIA, globex.now)
        assert links.of(globex.deal())[0].label == "Quinn"


class TestTalk:
    def test_what_we_say_is_cleaned_and_counts_as_word_given(self, globex: World) -> None:
        item = Copied.objects.get(title="Work 1")
        talk.say(globex.deal(), "See **WEB-12** and <script>x</script>", PIA, globex.now, item=item)
        comment = Comment.objects.get()
        assert (comment.side, comment.text, comment.item_id) == (
            "ours",
            "See **[removed]** and <script>x</script>",
            item.id,
        )
        assert "&lt;script&gt;" in comment.html
        assert globex.deal().told_at == globex.now

    def test_it_is_refused_where_nobody_would_read_it(self, globex: World) -> None:
        for text, match in ((" ", "nothing to say"), ("WEB-12", "taken out"), ("x" * 10_001, "longer")):
            with pytest.raises(Refused, match=match):
                talk.say(globex.deal(), text, PIA, globex.now)
        with pytest.raises(Refused, match="does not see"):
            talk.say(globex.deal(), "Hello", PIA, globex.now, item="z" * 22)
        switch.stop(globex.deal(), PIA, "x", globex.now)
        with pytest.raises(Refused, match="sees nothing"):
            talk.say(globex.deal(), "Hello", PIA, globex.now)


class TestReminders:
    def test_the_owner_is_reminded_when_the_cadence_is_missed(self, globex: World) -> None:
        assert reminders.reminders(globex.now + timedelta(days=6)) == []
        [one] = reminders.reminders(globex.now + timedelta(days=7))
        assert (one.owner, one.cadence, one.since) == (PIA, "weekly", globex.now)
        talk.told(globex.deal(), PIA, "We met", globex.now + timedelta(days=7))
        assert reminders.reminders(globex.now + timedelta(days=13)) == []
        assert reminders.reminders(globex.now + timedelta(days=14))

    def test_nothing_is_owed_to_whom_nothing_is_shown(self, globex: World) -> None:
        switch.stop(globex.deal(), PIA, "x", globex.now)
        assert reminders.reminders(globex.now + timedelta(days=99)) == []

    def test_before_the_first_approval_nothing_is_owed(self, world: World) -> None:
        world.write(AGREEMENT)
        world.cycle()
        assert reminders.reminders(world.now + timedelta(days=99)) == []


class TestWhy:
    def test_each_value_has_the_clause_that_shows_or_withholds_it(self, globex: World) -> None:
        told = why.cells(globex.deal(), row(2), globex.now)
        assert told.visible
        assert told.reason.matched is True
        cells = {cell.field: (cell.value, cell.clause) for cell in told.cells}
        assert cells["title"] == ("Work 2", "share.fields.title: public_title")
        assert cells["due"] == ("", "share.fields.due: month")
        assert told.public == Copied.objects.get(title="Work 2").id

    def test_every_way_not_to_be_seen_is_told(self, globex: World) -> None:
        deal = globex.deal()
        assert "the filter does not hold" in why.cells(deal, row(3), globex.now).says
        globex.put(*(shared(number) for number in range(10, 20)))
        globex.cycle()
        held = Item.objects.filter(key="WEB-19").get()
        assert "so many more" in why.cells(deal, held.id, globex.now).says
        presence.bury([row(2)], "trashed", globex.now)
        assert "no longer: trashed" in why.cells(deal, row(2), globex.now).says
        assert "no such item" in why.cells(deal, 10**9, globex.now).says
        switch.stop(deal, PIA, "They were sold", globex.now)
        assert f"{PIA} stopped it, They were sold" in why.cells(globex.deal(), row(1), globex.now).says

    def test_what_approval_would_show_stands_beside_it(self, globex: World) -> None:
        globex.put(made(30, labels=("other",), body=public("Other")))
        globex.write(agreement(where={"label": ["partner/globex", "other"]}))
        globex.cycle()
        told = why.cells(globex.deal(), row(30), globex.now)
        assert (told.visible, told.says) == (False, "it waits for approval")
        assert {cell.field: cell.value for cell in told.waiting}["title"] == "Other"


def test_the_security_log_keeps_what_was_decided(globex: World) -> None:
    switch.stop(globex.deal(), PIA, "They were sold", globex.now)
    switch.resume(globex.deal(), PIA, globex.now)
    globex.cycle()
    link, _ = links.make(globex.deal(), "Quinn", PIA, globex.now)
    links.revoke(link, PIA, globex.now)
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", "actor"))
    assert verbs == [
        ("agreement_written", "syncd"),
        ("agreement_approved", PIA),
        ("sharing_stopped", PIA),
        ("sharing_resumed", PIA),
        ("link_made", PIA),
        ("link_revoked", PIA),
    ]
    stopped = AuditEvent.objects.get(verb="sharing_stopped")
    assert (stopped.target, stopped.facts) == ("Globex Health", {"partner": "globex", "because": "They were sold"})


def test_every_agreement_that_was_in_force_is_kept(globex: World) -> None:
    globex.write(agreement(fields={"title": "public_title", "status": "status"}))
    globex.cycle()
    approvals_by = list(Version.objects.order_by("id").values_list("by", "widens"))
    assert approvals_by == [(PIA, [["share", "the first publication to this partner"]]), (deals.FILE, [])]
    assert approvals.counts(globex.deal()).waiting == 0
