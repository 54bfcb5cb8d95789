"""``syncd plan`` tells what an edit lets each partner see: at once, and after approval."""

from datetime import date
from typing import Any

import pytest

from config import files
from syncd.cli.planning import rows, words
from syncd.partners.desk.models import Said
from syncd.partners.models import Commitment
from syncd.sharing import switch
from syncd.strategy import versions
from syncd.worker import policy
from syncd.worker.plan.exposure import Exposure
from syncd.worker.plan.plan import Side, plan
from tests.sharing.conftest import AGREEMENT, ANA, PIA, World, agreement, public, shared
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])

SSO = {"id": "sso", "who": "acme", "what": "Sign-on", "by": "2026-12-15", "success": "All sign in"}


def planned(world: World, capsys: Any = None) -> tuple[Exposure, ...]:
    newest = versions.newest()
    assert newest
    after = policy.written(files.load(world.folder))
    before = Side(versions.written_of(newest), versions.policy_of(newest))
    with plan(before, Side(after, policy.effective(after)), world.now) as found:
        if capsys:
            words.tell(found, rows.summary(found, newest, files.load(world.folder).service.changes))
        assert [
            row
            for row in rows.rows(found, newest, files.load(world.folder).service.changes)
            if row["what"] == "partner"
        ]
        return found.exposures


def test_a_new_partner_sees_nothing_before_an_approval(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.write()
    world.put(shared(1), made(2))
    world.cycle()
    world.write(AGREEMENT)
    [one] = planned(world, capsys)
    assert (one.at_once.items, one.waiting.items) == (0, 1)
    assert one.waiting.counts() == {"shown": 2, "changed": 0, "withdrawn": 0}
    out = capsys.readouterr().out
    assert "globex, after approval: 1 item; values: 2 shown" in out
    assert "shown: WEB-1 “Story 1” title: nothing → Work 1" in out
    assert "globex waits for approval: share: the first publication to this partner" in out
    assert not world.visible()


def test_what_an_edit_withdraws_goes_at_once_and_what_it_adds_waits(
    globex: World, capsys: pytest.CaptureFixture[str]
) -> None:
    globex.put(shared(1, body=public("Work 1", "Notes"), due=date(2026, 12, 15)))
    globex.cycle()
    globex.write(agreement(fields={"title": "public_title", "status": "status", "due": "day"}))
    [one] = planned(globex, capsys)
    assert dict(one.at_once.values) == {("notes", "withdrawn"): 1}
    assert dict(one.waiting.values) == {("due", "changed"): 1}
    [sample] = one.waiting.samples["changed"]
    assert (sample.key, sample.was, sample.becomes) == ("WEB-1", "2026-12", "2026-12-15")
    assert [why.clause for why in one.widens] == ["share.fields.due"]
    assert "due: 2026-12 → 2026-12-15" in capsys.readouterr().out
    globex.cycle()
    assert globex.visible()[0] == {"title": "Work 1", "status": "Planned", "due": "2026-12"}, "as planned"


def test_an_agreement_that_leaves_the_file_withdraws_all(globex: World, capsys: pytest.CaptureFixture[str]) -> None:
    globex.write()
    [one] = planned(globex, capsys)
    assert one.ends
    assert one.at_once.counts()["withdrawn"] == 5
    assert "there is no agreement any more" in capsys.readouterr().out


def test_what_is_as_approved_is_not_told(globex: World) -> None:
    globex.write(agreement(fields={"title": "public_title", "status": "status"}), {**AGREEMENT, "id": "initech"})
    assert {one.partner for one in planned(globex)} == {"globex", "initech"}
    globex.write(AGREEMENT, {**AGREEMENT, "id": "initech"})
    assert {one.partner for one in planned(globex)} == {"initech"}


def test_names_are_taken_out_of_what_is_told_as_they_will_be(globex: World) -> None:
    globex.put(made(3, assignees=(ANA,), updated_at=globex.now), shared(1, body=public("Ask Ana Lima")))
    globex.cycle()
    globex.write(AGREEMENT, {**AGREEMENT, "id": "initech"})
    [one] = planned(globex)
    assert {each.becomes for each in one.waiting.samples["shown"]} >= {"Ask [removed]"}


def test_commitments_are_told_with_what_becomes_of_them(globex: World) -> None:
    globex.write({**AGREEMENT, "commitments": [SSO, {**SSO, "id": "api"}]})
    assert planned(globex)[0].commitments == (
        ("api", "is told for the first time, once it is approved"),
        ("sso", "is told for the first time, once it is approved"),
    )
    globex.cycle()
    globex.approve()
    globex.cycle()
    sso = Commitment.objects.order_by("place")[0]
    Said.objects.create(partner="globex", who="w" * 22, kind=Said.ACCEPT, about=sso.id, at=globex.now)
    globex.cycle()
    globex.write({**AGREEMENT, "commitments": [{**SSO, "by": "2026-12-20"}]})
    assert planned(globex)[0].commitments == (
        ("api", "is taken back"),
        ("sso", "reads otherwise: once it is approved, the change is put to the partner"),
    )
    globex.write({**AGREEMENT, "cadence": "monthly"})
    assert dict(planned(globex)[0].commitments)["sso"] == "is agreed: dropping it is put to the partner"


def test_while_sharing_is_stopped_no_edit_shows_anything(globex: World) -> None:
    switch.stop(globex.deal(), PIA, "x", globex.now)
    globex.cycle()
    globex.write(agreement(fields={"title": "public_title", "due": "day"}))
    [one] = planned(globex)
    assert (one.at_once.items, one.waiting.items) == (0, 0)
    assert one.widens
