"""Whatever lets a partner see more than before waits for approval, and says what and where."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.match import compile_condition
from rules.model.partners import Commitment, Place, Public, Role
from rules.sharing.version import digest
from rules.sharing.widening import grows, narrower, widens
from tests.rules.cast import NOW, labelled
from tests.rules.sharing.test_projection import AGREED

SSO = Commitment("sso", "ours", "Sign-on", date(2026, 12, 15), "95 %", ("acme-jira:PAY-88",))
BASE = replace(
    AGREED,
    public=Public(body=False),
    links=("docs.acme.example",),
    never=("Falcon",),
    places=(Place("page", expires=3600.0),),
    commitments=(SSO,),
    where={"label": ["a", "b"], "kind": "story", "any": [{"type": "X"}, {"type": "Y"}], "none": [{"label": "secret"}]},
)


def clauses(after, before=BASE):
    return [one.clause for one in widens(before, after)]


def fields(**changes):
    return {name: how for name, how in {**BASE.fields, **changes}.items() if how}


def test_the_first_publication_waits():
    assert clauses(BASE, None) == ["share"]


WIDER = {
    "a new field": (replace(BASE, fields=BASE.fields), replace(BASE, fields=fields(due=None)), "share.fields.due"),
    "a finer date": (replace(BASE, fields=fields(due="day")), BASE, "share.fields.due"),
    "a month for a quarter": (BASE, replace(BASE, fields=fields(due="quarter")), "share.fields.due"),
    "a word for a state": (
        replace(BASE, statuses={**BASE.statuses, "cancelled": "Dropped"}),
        BASE,
        "share.statuses.cancelled",
    ),
    "two words for one": (
        replace(BASE, statuses={"todo": "Planned", "in_progress": "Begun"}),
        replace(BASE, statuses={"todo": "Open", "in_progress": "Open"}),
        "share.statuses.todo",
    ),
    "another filter": (replace(BASE, where={"label": "a"}), BASE, "share.where"),
    "another word in a filter": (replace(BASE, where={**BASE.where, "label": ["a", "b", "c"]}), BASE, "share.where"),
    "one exclusion less": (replace(BASE, where={**BASE.where, "none": [{"label": "other"}]}), BASE, "share.where"),
    "one alternative more": (
        replace(BASE, where={**BASE.where, "any": [{"type": "X"}, {"type": "Y"}, {"type": "Z"}]}),
        BASE,
        "share.where",
    ),
    "a longer age": (
        replace(BASE, where={"age": {"older_than": "1d"}}),
        replace(BASE, where={"age": {"older_than": "9d"}}),
        "share.where",
    ),
    "another field for the title": (
        replace(BASE, public=Public(("Summary for all",), body=False)),
        BASE,
        "share.public.title",
    ),
    "marked lines": (replace(BASE, public=Public()), BASE, "share.public.body"),
    "one more in a role": (replace(BASE, roles=(*BASE.roles, Role("Design", ("u-3",)))), BASE, "share.roles.Design"),
    "an agreed host": (replace(BASE, links=("docs.acme.example", "x.example")), BASE, "share.links"),
    "a word allowed again": (replace(BASE, never=()), BASE, "share.never"),
    "another mirror": (replace(BASE, places=(*BASE.places, Place("github", "gh", "globex/x"))), BASE, "mirrors[1]"),
    "a longer link": (replace(BASE, places=(Place("page", expires=7200.0),)), BASE, "mirrors[0]"),
    "a new commitment": (BASE, replace(BASE, commitments=()), "commitments.sso"),
    "a commitment that reads otherwise": (
        replace(BASE, commitments=(replace(SSO, what="More"),)),
        BASE,
        "commitments.sso",
    ),
}


@pytest.mark.parametrize("name", WIDER)
def test_what_shows_more_waits(name):
    after, before, clause = WIDER[name]
    assert clause in clauses(after, before)
    assert all(one.says for one in widens(before, after))


NOT_WIDER = {
    "nothing": BASE,
    "a field less": replace(BASE, fields=fields(notes=None)),
    "a coarser date": replace(BASE, fields=fields(due="quarter", delivered="month")),
    "an unknown transform": replace(BASE, fields=fields(due="hour")),
    "a word less": replace(BASE, statuses={"todo": "Planned"}),
    "another word for the same": replace(BASE, statuses={**BASE.statuses, "todo": "To come"}),
    "one word for two": replace(BASE, statuses={**BASE.statuses, "todo": "Open", "in_progress": "Open"}),
    "a stricter filter": replace(BASE, where={**BASE.where, "label": "a", "component": "x"}),
    "one exclusion more": replace(BASE, where={**BASE.where, "none": [{"label": "secret"}, {"label": "x"}]}),
    "one alternative less": replace(BASE, where={**BASE.where, "any": [{"type": "Y"}]}),
    "a role less": replace(BASE, roles=BASE.roles[:1]),
    "no links": replace(BASE, links=()),
    "a word more never": replace(BASE, never=("Falcon", "Hawk")),
    "no mirrors": replace(BASE, places=()),
    "no commitments": replace(BASE, commitments=()),
    "other items behind a commitment": replace(BASE, commitments=(replace(SSO, items=()),)),
    "another owner": replace(BASE, owner="ana@acme.example"),
}


@pytest.mark.parametrize("name", NOT_WIDER)
def test_what_shows_as_much_or_less_does_not_wait(name):
    assert clauses(NOT_WIDER[name]) == []


LABELS = st.sampled_from(["a", "b", "c"])
CONDITIONS = st.recursive(
    st.fixed_dictionaries(
        {}, optional={"label": st.lists(LABELS, min_size=1, max_size=2), "kind": st.just("story")}
    ).filter(bool),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "label": LABELS,
            **{name: st.lists(inner, min_size=1, max_size=2) for name in ("any", "all", "none")},
        },
    ).filter(bool),
    max_leaves=5,
)


@given(CONDITIONS, CONDITIONS, st.lists(LABELS))
def test_a_narrower_filter_holds_for_nothing_that_the_other_does_not(one, further, labels):
    for before, after in ((one, further), (one, {**one, **further}), (further, {**one, **further})):
        if narrower(before, after) and compile_condition(after)(labelled(*labels), NOW):
            assert compile_condition(before)(labelled(*labels), NOW)


@pytest.mark.parametrize(
    ("before", "after", "much"), [(0, 3, False), (0, 4, True), (100, 110, False), (100, 111, True), (9, 5, False)]
)
def test_a_filter_that_matches_much_more_waits(before, after, much):
    assert bool(grows(before, after)) is much


def test_the_version_of_an_agreement_follows_its_meaning():
    reordered = replace(BASE, where=dict(reversed(BASE.where.items())), fields=dict(sorted(BASE.fields.items())))
    assert digest(reordered) == digest(BASE)
    others = [digest(after) for name, after in NOT_WIDER.items() if name != "nothing"] + [digest(BASE)]
    assert len(set(others)) == len(others)
    assert len(digest(BASE)) == 64
