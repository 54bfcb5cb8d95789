"""What a partner changes in a row of its mirror is its comment, and a proposal where a commitment rests on that work."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from syncd.partners.desk.models import Said
from syncd.partners.models import COPY, Comment, Commitment, Proposal, Receipt, Step
from syncd.partners.models import Item as Copied
from syncd.sharing import ledger, promises, switch, taking
from syncd.sharing.deals import Refused
from syncd.sharing.models import Offer, Taken
from syncd.trackers import presence
from syncd.trackers.models import Item
from tests.sharing.conftest import AGREEMENT, PIA, World, shared

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"]),
    pytest.mark.any_store,
]

STATUSES = AGREEMENT["share"]["statuses"] | {"cancelled": "Given up"}


def promised(*items: str) -> dict[str, Any]:
    sso = {"id": "sso", "who": "acme", "what": "Single sign-on", "by": "2026-12-15", "success": "All sign in"}
    commitments = [{**sso, "items": [f"acme-jira:{key}" for key in items]}]
    return {**AGREEMENT, "share": AGREEMENT["share"] | {"statuses": STATUSES}, "commitments": commitments}


def agreed(world: World, *items: str) -> World:
    """A commitment that rests on these items, accepted by both; Globex sees WEB-7, WEB-8 and WEB-9."""
    world.write(promised(*items))
    world.put(*(shared(number, due=date(2026, 12, 1)) for number in (7, 8, 9)))
    world.cycle()
    world.approve()
    world.cycle()
    said = Said.objects.create(
        partner="globex", who="w", kind=Said.ACCEPT, about=Commitment.objects.get().id, at=world.now
    )
    world.cycle()
    assert Taken.objects.get(said=said.id).outcome == ""
    return world


def change(world: World, number: int, field: str, becomes: str) -> str:
    """Somebody at Globex changes a row of its mirror, and syncd hears of it. :returns: what our side is told"""
    about = Copied.objects.get(title=f"Work {number}").id
    values = {"kind": Said.COMMENT, "text": f"Changed in Tracker: {field}.", "subject": field, "becomes": becomes}
    said = Said.objects.create(partner="globex", who="mirror", about=about, at=world.now, **values)
    for _ in range(2):
        world.cycle()
    return Taken.objects.get(said=said.id).says


def offers() -> list[tuple[str, str, str]]:
    return list(Offer.objects.order_by("id").values_list("subject", "becomes", "state"))


def copy(_world: World) -> str:
    """All that Globex can read, save its own words and that they were taken in."""
    return "\n".join(str([*model.objects.order_by("pk").values()]) for model in COPY if model not in (Comment, Receipt))


@pytest.mark.parametrize(
    ("text", "day", "spelled"),
    [
        ("2027-01-20", "2027-01-20", "20 January 2027"),
        ("2027-01", "2027-01-31", "31 January 2027"),
        ("2027-Q1", "2027-03-31", "31 March 2027"),
        ("2026-12-05", "2026-12-05", "5 December 2026"),
    ],
)
def test_a_day_becomes_a_proposal_on_the_commitment_once(world: World, text: str, day: str, spelled: str) -> None:
    says = change(agreed(world, "WEB-7"), 7, "due", text)
    assert offers() == [("date", day, "open")]
    [offer] = Offer.objects.all()
    assert offer.by_side == "theirs"
    assert offer.says == f"“Single sign-on” is to come by {spelled} instead of 15 December 2026."
    assert offer.because.startswith("Changed in Tracker: due.")
    assert says.endswith("It is put to you as a proposal for “Single sign-on”.")


@pytest.mark.parametrize("text", ["2026-12", "2026-12-15", "2026-Q4", "soon", "", "2027-13", "20270120", "2027-W03"])
def test_what_names_no_other_day_is_a_comment_alone(world: World, text: str) -> None:
    change(agreed(world, "WEB-7"), 7, "due", text)
    assert offers() == []
    assert Comment.objects.count() == 1


def test_the_partner_cannot_tell_on_which_rows_a_commitment_rests(world: World) -> None:
    before = copy(agreed(world, "WEB-7"))
    change(world, 7, "due", "2027-01-20")
    change(world, 9, "due", "2027-01-20")
    assert offers() == [("date", "2027-01-20", "open")]
    assert copy(world) == before, "beside comments and that they were taken in"
    for said in (Comment.objects.values("text", "html", "side", "at"), Receipt.objects.values("outcome", "at")):
        tied, untied = [*said.order_by("pk")][-2:]
        assert tied == untied


def test_our_yes_moves_the_day_and_tells(world: World) -> None:
    change(agreed(world, "WEB-7"), 7, "due", "2027-01-20")
    promises.answer(Offer.objects.get(), "accept", PIA, world.now)
    world.cycle()
    assert str(Commitment.objects.get().by) == "2027-01-20"
    assert Proposal.objects.values_list("by_side", "becomes", "state").get() == ("theirs", "2027-01-20", "accepted")


def test_our_no_tells_nothing_and_is_not_word_given(world: World) -> None:
    change(agreed(world, "WEB-7"), 7, "due", "2027-01-20")
    before, told_at = copy(world), world.deal().told_at
    world.later(hours=1)
    promises.answer(Offer.objects.get(), "decline", PIA, world.now, text="Not because of one row")
    promises.tell(Offer.objects.get().promise, world.now)
    assert (copy(world), world.deal().told_at) == (before, told_at)
    assert offers() == [("date", "2027-01-20", "declined")]


def test_our_counter_is_put_to_them_with_what_it_answers(world: World) -> None:
    change(agreed(world, "WEB-7"), 7, "due", "2027-01-20")
    promises.answer(Offer.objects.get(), "counter", PIA, world.now, becomes="2027-01-10")
    world.cycle()
    ours = Proposal.objects.get(by_side="ours")
    assert (ours.becomes, ours.state) == ("2027-01-10", "open")
    assert ours.answers
    assert (ours.answers.becomes, ours.answers.state) == ("2027-01-20", "countered")
    assert ledger.verify().says == ""


def test_a_later_change_takes_the_place_of_an_earlier_and_what_is_put_back_withdraws_it(world: World) -> None:
    agreed(world, "WEB-7")
    change(world, 7, "due", "2027-01-20")
    change(world, 7, "due", "2027-02-20")
    assert offers() == [("date", "2027-01-20", "withdrawn"), ("date", "2027-02-20", "open")]
    change(world, 7, "due", "")
    assert list(Offer.objects.order_by("id").values_list("state", "note")) == [
        ("withdrawn", "They changed the row again."),
        ("withdrawn", "They put the row back as it was."),
    ]


def test_what_they_proposed_themselves_goes_before(world: World) -> None:
    agreed(world, "WEB-7")
    about = Commitment.objects.get().id
    values = {"kind": Said.PROPOSE, "about": about, "subject": "date", "becomes": "2027-03-01"}
    Said.objects.create(partner="globex", who="w", at=world.now, **values)
    world.cycle()
    change(world, 7, "due", "2027-01-20")
    assert offers() == [("date", "2027-03-01", "open")]


def test_one_part_of_several_that_comes_sooner_brings_the_whole_no_sooner(world: World) -> None:
    agreed(world, "WEB-7", "WEB-8")
    change(world, 7, "due", "2026-12-05")
    assert offers() == []
    change(world, 8, "due", "2027-01-20")
    assert offers() == [("date", "2027-01-20", "open")]


def test_of_several_parts_the_latest_day_counts(world: World) -> None:
    agreed(world, "WEB-7", "WEB-8")
    change(world, 7, "due", "2027-02-10")
    change(world, 8, "due", "2027-01-20")
    assert offers() == [("date", "2027-02-10", "open")]
    change(world, 8, "due", "2027-03-01")
    assert offers() == [("date", "2027-02-10", "withdrawn"), ("date", "2027-03-01", "open")]
    assert Offer.objects.earliest("id").note == "Another change of theirs took its place."


@pytest.mark.parametrize(
    ("items", "word", "expected"),
    [
        (("WEB-7",), "Given-up", [("dropped", "", "open")]),
        (("WEB-7",), "Delivered", []),
        (("WEB-7", "WEB-8"), "Given up", []),
    ],
    ids=["given up, as a label", "delivered", "one part of two"],
)
def test_of_states_a_commitment_knows_that_its_work_is_given_up(
    world: World, items: tuple[str, ...], word: str, expected: list[tuple[str, str, str]]
) -> None:
    change(agreed(world, *items), 7, "status", word)
    assert offers() == expected


def test_before_both_have_accepted_it_is_a_comment_alone(world: World) -> None:
    world.write(promised("WEB-7"))
    world.put(shared(7))
    world.cycle()
    world.approve()
    world.cycle()
    change(world, 7, "due", "2027-01-20")
    assert offers() == []


def test_nothing_is_asked_of_what_was_said_before(world: World) -> None:
    agreed(world, "WEB-7")
    change(world, 7, "due", "2027-01-20")
    promises.answer(Offer.objects.get(), "decline", PIA, world.now)
    taking.take_in(world.now)
    assert offers() == [("date", "2027-01-20", "declined")]


def unlabelled(world: World) -> None:
    world.put(shared(7, labels=()))


def deleted(world: World) -> None:
    presence.bury([Item.objects.get(key="WEB-7").pk], "gone", world.now)


def stopped(world: World) -> None:
    switch.stop(world.deal(), PIA, "They were bought", world.now)


def ended(world: World) -> None:
    world.write()


def with_partner() -> list[list[dict[str, Any]]]:
    """What the partner's pages tell of commitments."""
    found = (Commitment.objects.values(), Proposal.objects.values(), Step.objects.values())
    return [list(rows.order_by("pk")) for rows in found]


@pytest.mark.parametrize(
    ("leaves", "because"),
    [
        (unlabelled, "WEB-7 is no longer shared with them."),
        (deleted, "WEB-7 is not found in its tracker any more."),
        (stopped, "Sharing was stopped."),
        (ended, "The agreement has ended."),
    ],
)
def test_a_proposal_is_closed_when_its_row_leaves_with_its_item(
    world: World, leaves: Callable[[World], None], because: str
) -> None:
    change(agreed(world, "WEB-7"), 7, "due", "2027-01-20")
    row = Offer.objects.get().row
    world.later(minutes=5)
    leaves(world)
    world.cycle()
    assert not Copied.objects.filter(pk=row).exists()
    [offer] = Offer.objects.filter(by_side="theirs")
    assert (offer.state, offer.note, offer.decided_at, offer.decided_by) == ("withdrawn", because, world.now, "")
    with pytest.raises(Refused, match="decided already"):
        promises.answer(offer, "accept", PIA, world.now)


@pytest.mark.parametrize("leaves", [unlabelled, stopped, ended])
def test_the_partner_does_not_learn_that_it_was_closed(world: World, leaves: Callable[[World], None]) -> None:
    agreed(world, "WEB-7")
    before, known = with_partner(), Offer.objects.count()
    change(world, 7, "due", "2027-01-20")
    leaves(world)
    world.cycle()
    assert (Offer.objects.count(), with_partner()) == (known + 1, before)


def test_of_a_deleted_item_the_partner_learns_what_it_learns_without_a_change_in_its_row(world: World) -> None:
    change(agreed(world, "WEB-7"), 7, "due", "2027-01-20")
    deleted(world)
    world.cycle()
    assert not Proposal.objects.filter(by_side="theirs").exists()
    assert "WEB-7" not in copy(world)


def test_a_proposal_stays_open_while_its_row_is_there(world: World) -> None:
    change(agreed(world, "WEB-7"), 7, "due", "2027-01-20")
    world.put(shared(7, due=date(2026, 12, 1), title="Inside, otherwise"), shared(9, labels=()))
    world.later(days=3)
    world.cycle()
    assert offers() == [("date", "2027-01-20", "open")]
