"""A commitment that both accepted changes only by a proposal, and every move away from it makes one."""

from dataclasses import replace
from datetime import date

import pytest

from rules.model.partners import Commitment
from rules.sharing.commitments import agree, changes, state
from tests.rules.cast import item

BY = date(2026, 12, 15)
SSO = Commitment("sso", "ours", "Single sign-on", BY, "95 % of sign-ins", ("acme-jira:PAY-88", "acme-jira:PAY-89"))
LOGIN = item("PAY-88", due=date(2026, 12, 1))
AUDIT = item("PAY-89", due=None)
AGREED = agree(SSO, [AUDIT, LOGIN, item("PAY-90")])


def proposed(*items, mutual=("date", "scope"), written=SSO):
    return changes(AGREED, items, mutual=mutual, written=written)


def test_the_work_behind_it_is_frozen_with_it():
    assert [stake.key for stake in AGREED.stakes] == ["PAY-88", "PAY-89"]
    assert agree(SSO, [LOGIN, AUDIT]) == AGREED
    assert [stake.key for stake in agree(SSO, [LOGIN, replace(AUDIT, status_category="cancelled")]).stakes] == [
        "PAY-88"
    ]


def test_while_the_work_is_as_agreed_nothing_is_proposed():
    assert proposed(LOGIN, AUDIT) == ()
    assert proposed(replace(LOGIN, due=date(2026, 11, 1)), AUDIT, item("PAY-90", due=date(2027, 9, 1))) == ()
    assert proposed(replace(LOGIN, due=BY), replace(AUDIT, title="Renamed", labels=("x",))) == ()


def test_a_due_date_that_moves_beyond_the_day_proposes_the_latest():
    one, other = replace(LOGIN, due=date(2027, 1, 20)), replace(AUDIT, due=date(2027, 2, 1))
    (proposal,) = proposed(one, other)
    assert (proposal.subject, proposal.was, proposal.becomes, proposal.consent) == (
        "date",
        "2026-12-15",
        "2027-02-01",
        True,
    )
    assert proposal.options == ("move the date", "cut scope", "drop it", "keep it")
    assert proposal.says == "“Single sign-on” is to come by 1 February 2027 instead of 15 December 2026."
    assert "PAY-88" in proposal.because
    assert proposed(other, one) == (proposal,)


def test_finished_work_moves_no_date():
    assert proposed(replace(LOGIN, due=date(2027, 1, 20), status_category="done"), AUDIT) == ()


def test_a_date_that_was_late_when_both_accepted_is_no_change():
    late = replace(LOGIN, due=date(2027, 1, 20))
    assert changes(agree(SSO, [late, AUDIT]), [late, AUDIT], written=SSO) == ()


@pytest.mark.parametrize("rest", [[], [replace(AUDIT, status_category="cancelled")]])
def test_work_that_is_given_up_or_gone_proposes_less_scope(rest):
    (proposal,) = proposed(LOGIN, *rest)
    assert (proposal.subject, proposal.options, proposal.consent) == (
        "scope",
        ("cut scope", "drop it", "keep it"),
        True,
    )
    assert "PAY-89" in proposal.because


def test_when_all_work_is_gone_it_is_dropped_and_nothing_else():
    (proposal,) = proposed(replace(LOGIN, status_category="cancelled"))
    assert (proposal.subject, proposal.options) == ("dropped", ("drop it", "keep it"))


def test_a_commitment_without_work_behind_it_is_not_dropped_for_that():
    assert changes(agree(replace(SSO, items=()), []), [], written=replace(SSO, items=())) == ()


def test_an_edit_of_the_file_changes_nothing_but_proposes():
    edited = replace(SSO, by=date(2027, 1, 1), what="Sign-on for some", success="50 %")
    made = proposed(LOGIN, AUDIT, written=edited)
    assert [(one.subject, one.was, one.becomes) for one in made] == [
        ("date", "2026-12-15", "2027-01-01"),
        ("scope", "Single sign-on", "Sign-on for some"),
        ("success", "95 % of sign-ins", "50 %"),
    ]
    assert [one.consent for one in made] == [True, True, False]
    assert AGREED.commitment == SSO


def test_a_commitment_taken_out_of_the_file_is_to_be_dropped():
    (proposal,) = proposed(LOGIN, AUDIT, written=None)
    assert (proposal.subject, proposal.because) == ("dropped", "it is no longer in partners.yaml")


@pytest.mark.parametrize(("mutual", "consent"), [((), False), (("date",), True), (("scope",), False)])
def test_consent_is_needed_for_what_is_mutual(mutual, consent):
    (proposal,) = proposed(replace(LOGIN, due=date(2027, 1, 20)), AUDIT, mutual=mutual)
    assert proposal.consent is consent


def test_what_both_sides_read_names_no_item():
    moved = proposed(replace(LOGIN, due=date(2027, 1, 20)))
    dropped = proposed()
    for one in (*moved, *dropped):
        assert not any(word in f"{one.says}{one.was}{one.becomes}" for word in ("PAY", "acme-jira", LOGIN.title))


DONE = replace(LOGIN, status_category="done"), replace(AUDIT, status_category="done")


@pytest.mark.parametrize(
    ("items", "today", "stands"),
    [
        ((LOGIN, AUDIT), date(2026, 11, 1), "on track"),
        (DONE, date(2027, 1, 1), "done"),
        ((DONE[0], AUDIT), BY, "on track"),
        ((LOGIN, AUDIT), date(2026, 12, 2), "at risk"),
        ((replace(LOGIN, due=date(2027, 1, 1)), AUDIT), date(2026, 11, 1), "at risk"),
        ((LOGIN,), date(2026, 11, 1), "at risk"),
        ((LOGIN, AUDIT), date(2026, 12, 16), "late"),
        ((), date(2026, 11, 1), "not known"),
    ],
)
def test_how_a_commitment_stands_follows_from_the_work(items, today, stands):
    assert state(AGREED, items, today)[0] == stands
