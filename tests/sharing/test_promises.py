"""Commitments: accepted by both, frozen, moved by proposals alone, removed with a reason."""

from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from syncd.partners.desk.models import Said
from syncd.partners.models import Comment, Commitment, Proposal, Receipt, Step
from syncd.partners.models import Item as Copied
from syncd.sharing import approvals, ledger, promises, reminders, switch, taking
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal, Offer, Promise, Taken
from syncd.sharing.promises import telling
from syncd.trackers import presence
from syncd.trackers.models import Item
from tests.sharing.conftest import AGREEMENT, PIA, World, shared
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])

BY = "2026-12-15"
SSO = {
    "id": "sso", "who": "acme", "what": "Single sign-on", "by": BY, "success": "All sign in",
    "items": ["acme-jira:WEB-7", "acme-jira:WEB-8"],
}  # fmt: skip


def with_commitments(*commitments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**AGREEMENT, "commitments": list(commitments), **more}


def work(number: int, **values: Any) -> Any:
    work.hours = getattr(work, "hours", 0) + 1  # type: ignore[attr-defined]
    from tests.trackers.conftest import NOW

    return made(number, **{"updated_at": NOW + timedelta(hours=work.hours), "due": date(2026, 12, 1)} | values)  # type: ignore[attr-defined]


@pytest.fixture
def offered(world: World) -> World:
    """One commitment that our side has put forward."""
    world.write(with_commitments(SSO))
    world.put(work(7), work(8), shared(1))
    world.cycle()
    world.approve()
    world.cycle()
    return world


@pytest.fixture
def agreed(offered: World) -> World:
    """The same, accepted by both."""
    say(offered, Said.ACCEPT, commitment().id)
    offered.cycle()
    return offered


def say(world: World, kind: str, about: str = "", **more: str) -> Said:
    said = Said.objects.create(partner="globex", who="w" * 22, kind=kind, about=about, at=world.now, **more)
    world.cycle()
    return said


def commitment() -> Commitment:
    return Commitment.objects.get()


def promise() -> Promise:
    return Promise.objects.get()


def steps() -> list[tuple[str, str]]:
    return list(Step.objects.order_by("id").values_list("side", "says"))


def proposals() -> list[tuple[str, str, str, str]]:
    rows = Proposal.objects.all()
    order = {offer.public: offer.pk for offer in Offer.objects.all()}
    return [(row.by_side, row.subject, row.becomes, row.state) for row in sorted(rows, key=lambda row: order[row.id])]


class TestAcceptance:
    def test_who_approves_the_agreement_accepts_for_our_side(self, offered: World) -> None:
        row = commitment()
        assert (row.what, str(row.by), row.success, row.who, row.stage) == (
            "Single sign-on",
            BY,
            "All sign in",
            "ours",
            "offered",
        )
        assert (row.ours_on, row.theirs_on, row.state) == (offered.now.date(), None, "")
        assert steps() == [("ours", "Put forward and accepted.")]

    def test_once_both_have_accepted_it_is_agreed_with_the_work_behind_it(self, agreed: World) -> None:
        row = commitment()
        assert (row.stage, row.theirs_on, row.state) == ("agreed", agreed.now.date(), "on track")
        assert [stake["key"] for stake in promise().agreed["stakes"]] == ["WEB-7", "WEB-8"]
        assert [says for _, says in steps()][1:] == [
            "Accepted.",
            "Both sides have accepted: from here on it changes only by a proposal.",
        ]

    def test_nothing_of_the_work_behind_it_is_in_the_copy(self, agreed: World) -> None:
        texts = " ".join(
            [
                *map(str, Commitment.objects.values()),
                *map(str, Step.objects.values()),
                *map(str, Proposal.objects.values()),
            ]
        )
        assert "WEB" not in texts
        assert PIA not in texts

    def test_before_that_other_words_are_to_be_accepted_anew(self, offered: World) -> None:
        Promise.objects.update(theirs_at=offered.now)
        offered.write(with_commitments({**SSO, "by": "2026-12-20"}))
        offered.cycle()
        assert str(commitment().by) == BY, "other words wait for approval"
        offered.approve()
        offered.cycle()
        assert (str(commitment().by), commitment().theirs_on) == ("2026-12-20", None)

    def test_one_that_leaves_the_file_before_is_taken_back(self, offered: World) -> None:
        offered.write(with_commitments())
        offered.cycle()
        assert commitment().stage == "removed"
        assert "taken back" in commitment().reason

    def test_the_partner_may_say_no(self, offered: World) -> None:
        say(offered, Said.DECLINE, commitment().id, text="Too late")
        assert commitment().stage == "offered"
        assert steps()[-1] == ("theirs", "Not accepted: Too late")

    def test_the_partner_may_want_it_otherwise_and_with_our_yes_it_is_agreed_so(self, offered: World) -> None:
        say(offered, Said.COUNTER, commitment().id, subject="date", becomes="2026-12-10", text="Audit")
        promises.answer(Offer.objects.get(), "accept", PIA, offered.now)
        assert (str(commitment().by), commitment().stage) == ("2026-12-10", "agreed")
        offered.cycle()
        assert proposals() == [("theirs", "date", "2026-12-10", "accepted")]


class TestProposals:
    def test_work_that_is_due_later_proposes_another_day_once(self, agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        agreed.cycle()
        assert proposals() == [("ours", "date", "2027-01-10", "open")]
        row = commitment()
        assert (str(row.by), row.current, row.state) == (BY, {"by": "2027-01-10"}, "at risk")
        says = Proposal.objects.get().says
        assert says == "“Single sign-on” is to come by 10 January 2027 instead of 15 December 2026."
        assert "WEB-7" in Offer.objects.get().because

    def test_it_is_withdrawn_when_its_cause_is_gone(self, agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        agreed.put(work(7))
        agreed.cycle()
        assert proposals() == [("ours", "date", "2027-01-10", "withdrawn")]
        assert (commitment().current, commitment().state) == ({}, "on track")
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        assert proposals()[1] == ("ours", "date", "2027-01-10", "open"), "a cause that comes back is asked about anew"

    def test_a_day_that_moves_on_takes_the_place_of_the_one_before(self, agreed: World) -> None:
        for day in (10, 20):
            agreed.put(work(7, due=date(2027, 1, day)))
            agreed.cycle()
        assert proposals() == [("ours", "date", "2027-01-10", "withdrawn"), ("ours", "date", "2027-01-20", "open")]

    def test_what_the_partner_accepts_is_agreed_though_the_file_says_what_it_said(self, agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        say(agreed, Said.ACCEPT, Proposal.objects.get().id)
        agreed.cycle()
        assert str(commitment().by) == "2027-01-10"
        assert (commitment().current, commitment().state) == ({}, "on track")
        assert proposals() == [("ours", "date", "2027-01-10", "accepted")]
        agreed.write(with_commitments({**SSO, "by": "2027-01-10"}))
        agreed.cycle()
        agreed.approve()
        agreed.cycle()
        assert proposals() == [("ours", "date", "2027-01-10", "accepted")], "the file has caught up"

    def test_what_the_partner_declines_stands_as_agreed_and_is_not_asked_again(self, agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        say(agreed, Said.DECLINE, Proposal.objects.get().id, text="We need it in December")
        agreed.cycle()
        assert (str(commitment().by), commitment().current) == (BY, {"by": "2027-01-10"})
        assert proposals() == [("ours", "date", "2027-01-10", "declined")]
        assert "We need it in December" in steps()[-1][1]

    def test_a_counter_is_answered_by_our_side(self, agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        say(agreed, Said.COUNTER, Proposal.objects.get().id, becomes="2027-01-05", text="At the latest")
        assert proposals() == [("ours", "date", "2027-01-10", "countered"), ("theirs", "date", "2027-01-05", "open")]
        theirs = Offer.objects.get(by_side="theirs")
        assert Proposal.objects.get(by_side="theirs").answers_id == theirs.counters.public  # type: ignore[union-attr]
        promises.answer(theirs, "accept", PIA, agreed.now, text="Fine")
        agreed.cycle()
        assert str(commitment().by) == "2027-01-05"
        assert proposals()[1][3] == "accepted"
        with pytest.raises(Refused, match="decided already"):
            promises.answer(theirs, "decline", PIA, agreed.now)

    def test_an_edit_of_the_file_is_proposed_once_it_is_approved(self, agreed: World) -> None:
        agreed.write(with_commitments({**SSO, "what": "Single sign-on for clinics", "success": "Most sign in"}))
        agreed.cycle()
        assert proposals() == []
        agreed.approve()
        agreed.cycle()
        assert proposals() == [
            ("ours", "scope", "Single sign-on for clinics", "open"),
            # the partner has no say in what counts as a success
            ("ours", "success", "Most sign in", "told"),
        ]
        assert (commitment().what, commitment().success) == ("Single sign-on", "Most sign in")

    def test_work_that_is_given_up_cuts_the_scope(self, agreed: World) -> None:
        agreed.put(work(8, status_category="cancelled"))
        agreed.cycle()
        assert proposals() == [("ours", "scope", "", "open")]
        say(agreed, Said.ACCEPT, Proposal.objects.get().id)
        agreed.cycle()
        assert [stake["key"] for stake in promise().agreed["stakes"]] == ["WEB-7"]
        assert commitment().state == "on track"

    def test_work_that_is_gone_altogether_drops_it_if_the_partner_agrees(self, agreed: World) -> None:
        presence.bury(
            list(Item.objects.filter(key__in=["WEB-7", "WEB-8"]).values_list("id", flat=True)), "gone", agreed.now
        )
        agreed.cycle()
        assert proposals() == [("ours", "dropped", "", "open")]
        assert commitment().stage == "agreed"
        say(agreed, Said.ACCEPT, Proposal.objects.get().id)
        assert commitment().stage == "removed"
        assert commitment().reason == "“Single sign-on” is to be dropped."

    def test_leaving_the_file_is_a_proposal_too(self, agreed: World) -> None:
        agreed.write(with_commitments())
        agreed.cycle()
        assert proposals() == [("ours", "dropped", "", "open")]
        agreed.write(with_commitments(SSO))
        agreed.cycle()
        agreed.approve()
        agreed.cycle()
        assert proposals() == [("ours", "dropped", "", "withdrawn")]

    def test_where_the_partner_has_no_say_work_that_slips_is_told_and_moves_nothing(self, agreed: World) -> None:
        agreed.write(with_commitments(SSO, mutual=[]))
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        assert proposals() == [("ours", "date", "2027-01-10", "told")]
        assert (str(commitment().by), commitment().current) == (BY, {"by": "2027-01-10"})

    def test_our_people_propose_and_remove_with_reasons_that_both_read(self, agreed: World) -> None:
        promises.propose(promise(), "date", "2026-12-20", "A holiday lies between.", PIA, agreed.now)
        assert proposals() == [("ours", "date", "2026-12-20", "open")]
        assert "A holiday lies between." in Proposal.objects.get().says
        agreed.cycle()
        assert proposals()[0][3] == "open", "what a person proposes does not go with the work"
        for wrong, why in (("2026-12-32", "no day"), (BY, "already"), ("", "say what")):
            with pytest.raises(Refused, match=why):
                promises.propose(promise(), "date", wrong, "", PIA, agreed.now)
        with pytest.raises(Refused, match="say why"):
            promises.remove(promise(), "", PIA, agreed.now)
        promises.remove(promise(), "You no longer need it.", PIA, agreed.now)
        assert proposals()[1] == ("ours", "dropped", "", "open")
        say(agreed, Said.ACCEPT, Proposal.objects.get(subject="dropped").id)
        assert commitment().stage == "removed"
        assert "You no longer need it." in commitment().reason
        assert proposals()[0][3] == "withdrawn"


class TestState:
    def test_it_stands_as_the_work_behind_it_does(self, agreed: World) -> None:
        agreed.put(work(7, status_category="done"), work(8, status_category="done"))
        agreed.cycle()
        assert commitment().state == "done"
        assert steps()[-1] == ("", "It is done.")
        agreed.put(work(8, status_category="in_progress", due=None))
        agreed.later(days=30)
        agreed.cycle()
        assert commitment().state == "late"
        assert "WEB-8" in promise().because


class TestTakingIn:
    def test_a_comment_is_in_the_copy_as_plain_text_under_the_id_it_was_said_under(self, globex: World) -> None:
        item = Copied.objects.get(title="Work 1")
        said = say(globex, Said.COMMENT, item.id, text="<b>When?</b> Mail me: quinn@globex.example")
        comment = Comment.objects.get()
        assert (comment.id, comment.item_id, comment.side) == (str(said.id), item.id, "theirs")
        assert "&lt;b&gt;" in comment.html
        assert "quinn@globex.example" in comment.html
        assert Taken.objects.get().says.startswith("Globex Health writes on “Work 1”")
        assert Receipt.objects.get().said == said.id

    def test_each_act_counts_once(self, agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        say(agreed, Said.COUNTER, Proposal.objects.get().id, becomes="2027-01-05")
        for _ in range(3):
            taking.take_in(agreed.now)
        assert Offer.objects.count() == 2
        assert Taken.objects.count() == 2

    @pytest.mark.parametrize(
        "kind", [Said.ACCEPT, Said.DECLINE, Said.COUNTER, Said.PROPOSE, Said.COMMENT, Said.ACKNOWLEDGE]
    )
    def test_what_is_about_nothing_here_is_answered_and_changes_nothing(self, globex: World, kind: str) -> None:
        say(globex, kind, "z" * 22, text="x", becomes="2027-01-01", subject="date")
        assert (Comment.objects.count(), Offer.objects.count()) == (0, 0)
        if kind != Said.ACKNOWLEDGE:
            assert Receipt.objects.get().outcome == "What it was about is no longer shared."

    def test_another_partner_s_commitment_is_nothing_to_this_one(self, agreed: World) -> None:
        other = with_commitments({**SSO, "id": "api"}, id="initech", name="Initech", contacts={})
        agreed.write(with_commitments(SSO), other)
        agreed.cycle()
        agreed.approve("initech")
        agreed.cycle()
        theirs = Commitment.objects.get(partner="initech")
        say(agreed, Said.ACCEPT, theirs.id)
        theirs.refresh_from_db()
        assert theirs.theirs_on is None

    def test_what_is_decided_already_is_told_so(self, agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 10)))
        agreed.cycle()
        public = Proposal.objects.get().id
        say(agreed, Said.DECLINE, public)
        said = say(agreed, Said.ACCEPT, public)
        assert "decided already" in Receipt.objects.get(said=said.id).outcome
        assert str(commitment().by) == BY

    def test_nothing_is_taken_in_while_sharing_is_stopped(self, agreed: World) -> None:
        switch.stop(agreed.deal(), PIA, "x", agreed.now)
        said = say(agreed, Said.COMMENT, text="Hello?")
        assert Receipt.objects.get(said=said.id).outcome == "Sharing had been stopped."
        assert not Comment.objects.exists()

    def test_an_acknowledgement_is_a_line_of_its_history(self, agreed: World) -> None:
        say(agreed, Said.ACKNOWLEDGE, commitment().id)
        assert steps()[-1] == ("theirs", "Taken note of.")


def test_what_our_side_does_about_a_commitment_is_word_and_what_the_partner_does_is_none(agreed: World) -> None:
    put_forward = agreed.now
    assert agreed.deal().told_at == put_forward
    agreed.later(days=5)
    say(agreed, Said.PROPOSE, commitment().id, subject="date", becomes="2027-01-31", text="We are late")
    assert agreed.deal().told_at == put_forward
    promises.answer(Offer.objects.get(), "decline", PIA, agreed.now, text="It stands.")
    assert agreed.deal().told_at == agreed.now
    assert reminders.reminders(put_forward + timedelta(days=7)) == []
    agreed.later(days=2)
    promises.propose(promise(), "date", "2027-02-28", "Later", PIA, agreed.now)
    assert agreed.deal().told_at == agreed.now


class TestCopy:
    def test_where_nothing_has_changed_many_commitments_take_as_many_queries_as_one(self, offered: World) -> None:
        def queries() -> int:
            deal, ours = Deal.objects.get(), list(Promise.objects.select_related("deal"))
            with ExitStack() as seen:
                asked = [
                    seen.enter_context(CaptureQueriesContext(connections[name])) for name in ("default", "partners")
                ]
                assert not telling.tell_of(deal, ours, offered.now)
            return sum(map(len, asked))

        before = queries()
        offered.write(with_commitments(SSO, *(SSO | {"id": f"sso-{number}"} for number in range(4))))
        offered.cycle()
        offered.approve()
        offered.cycle()
        assert Commitment.objects.count() == 5
        assert queries() == before

    @pytest.mark.parametrize("lost", [Commitment, Proposal, Step])
    def test_whatever_the_copy_has_lost_comes_back(self, lost: type[Model], agreed: World) -> None:
        agreed.put(work(7, due=date(2027, 1, 20)))
        agreed.cycle()
        before = [[*model.objects.order_by("id").values()] for model in (Commitment, Proposal)], steps()
        assert proposals()
        lost.objects.all().delete()
        agreed.cycle()
        assert ([[*model.objects.order_by("id").values()] for model in (Commitment, Proposal)], steps()) == before


def test_the_ledger_knows_what_was_told_of_a_commitment(agreed: World) -> None:
    agreed.put(work(7, due=date(2027, 1, 10)))
    agreed.cycle()
    told = {(line.field, line.value) for line in ledger.lines("globex") if line.item == "commitment:sso"}
    assert {("what", "Single sign-on"), ("by", BY), ("current by", "2027-01-10")} <= told
    switch.stop(agreed.deal(), PIA, "x", agreed.now)
    agreed.cycle()
    gone = [line.field for line in ledger.lines("globex") if line.item == "commitment:sso" and line.kind == "withdrawn"]
    assert {"what", "by", "success"} <= set(gone)
    assert not approvals.waits(Deal.objects.get())
