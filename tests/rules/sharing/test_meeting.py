"""While an edit waits, the partner sees what both agreements allow: never more than either."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.match import BadCondition, compile_condition
from rules.match.site import DEEPEST
from rules.model import Case
from rules.model.partners import Agreement, Commitment, Place, Public, Role, Shared, SignIn
from rules.sharing import as_json
from rules.sharing.meeting import meet
from rules.sharing.projection import Sharing, share
from rules.sharing.rewording import cleaned_more, coarsened, reworded
from rules.sharing.version import digest
from rules.sharing.widening import widens
from tests.rules.cast import ANA, NOW, OMAR, item
from tests.rules.sharing.test_widening import BASE, CONDITIONS, SSO

STATES = ("todo", "in_progress", "done", "cancelled")
GRAINS = ("day", "month", "quarter")


def some(values, **size):
    return st.lists(st.sampled_from(values), unique=True, **size).map(tuple)


AGREEMENTS = st.builds(
    Agreement,
    partner=st.just("globex"),
    name=st.sampled_from(["Globex", "Globex Health"]),
    owner=st.just("pia@acme.example"),
    theirs=some(["q@globex.example", "r@globex.example"]),
    sign_in=st.none()
    | st.builds(SignIn, st.sampled_from(["https://a.example", "https://b.example"]), some(["x", "y"])),
    where=CONDITIONS,
    fields=st.fixed_dictionaries(
        {},
        optional={
            "title": st.just("public_title"),
            "status": st.just("status"),
            "due": st.sampled_from([*GRAINS, "hour"]),
            "delivered": st.sampled_from(GRAINS),
            "notes": st.just("public_notes"),
            "owner": st.just("role"),
            "points": st.just("text"),
        },
    ),
    statuses=st.dictionaries(st.sampled_from(STATES), st.sampled_from(["Open", "Done", "Later"])),
    public=st.builds(Public, some(["Public title", "Title"]), some(["Public notes", "Notes"]), st.booleans()),
    roles=st.lists(
        st.builds(Role, st.sampled_from(["Engineering", "Design"]), some(["u-1", "u-2", "omar"], min_size=1)),
        max_size=2,
    ).map(tuple),
    links=some(["docs.acme.example", "x.example"]),
    never=some(["Falcon", "Hawk"]),
    places=st.lists(
        st.sampled_from(
            [
                Place("page", expires=60.0),
                Place("page", expires=90.0),
                Place("github", "gh", "globex/x"),
                Place("jira", "j", "X"),
            ]
        ),
        unique_by=lambda place: place.kind,
        max_size=3,
    ).map(tuple),
    commitments=st.lists(
        st.builds(
            Commitment,
            st.sampled_from(["sso", "api"]),
            st.sampled_from(["ours", "theirs"]),
            st.sampled_from(["Sign-on", "More"]),
            st.sampled_from([date(2026, 12, 15), date(2027, 1, 15)]),
            st.just("95 %"),
            some(["j:PAY-1", "j:PAY-2"]),
        ),
        unique_by=lambda one: one.id,
        max_size=2,
    ).map(tuple),
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(["Falcon lands", "See docs.acme.example", "", "Plain words"])
        for name in ("Public title", "Title", "Public notes", "Notes")
    },
)
CASES = st.builds(
    lambda fields, labels, state, due, who, body: Case(
        item(
            labels=tuple(labels), status_category=state, due=due, assignees=who, body=body, fields=fields, closed_at=NOW
        )
    ),
    FIELDS,
    st.lists(st.sampled_from(["a", "b", "c"])),
    st.sampled_from(STATES),
    st.none() | st.just(date(2026, 11, 3)),
    st.sampled_from([(), (ANA,), (OMAR, ANA)]),
    st.sampled_from(
        ["", "Public title: Marked Hawk", "Public title: Marked\nPublic notes:\nMore\nEnd of public notes"]
    ),
)


@given(AGREEMENTS, AGREEMENTS)
def test_it_widens_neither(approved, draft):
    both = meet(approved, draft)
    assert widens(approved, both) == ()
    # a commitment stands in the words that were approved, until others are
    assert [one for one in widens(draft, both) if not one.clause.startswith("commitments")] == []


@given(AGREEMENTS, AGREEMENTS)
def test_what_does_not_widen_is_in_force_as_it_is_written(approved, draft):
    if not widens(approved, draft):
        both = meet(approved, draft)
        assert {name: how for name, how in draft.fields.items() if how != "hour" and name != "points"} == both.fields
        assert (both.places, both.links) == (draft.places, draft.links)
        assert (both.where, both.theirs) == (draft.where, draft.theirs)


@given(AGREEMENTS)
def test_an_agreement_meets_itself_in_itself(one):
    both = meet(one, one)
    assert replace(both, fields=one.fields, roles=one.roles) == one
    assert share(case := Case(item(labels=("a",), assignees=(ANA,))), both, NOW) == share(case, both, NOW)


@given(AGREEMENTS, AGREEMENTS, CASES)
def test_a_value_is_shown_only_where_both_show_it_as_finely_or_finer(approved, draft, case):
    made = share(case, meet(approved, draft), NOW)
    if not isinstance(made, Shared):
        return
    for side in (approved, draft):
        seen = share(case, side, NOW)
        assert isinstance(seen, Shared)
        for name, value in made.values.items():
            assert seen.values.get(name), f"{name} is shown as {value}"
            if name in ("due", "delivered"):
                assert as_coarse(value) >= as_coarse(seen.values[name])
            if name == "owner":
                assert set(value.split(", ")) <= set(seen.values[name].split(", "))


def as_coarse(value: str) -> int:
    return GRAINS.index("quarter" if "Q" in value else "month" if len(value) == 7 else "day")


@pytest.mark.parametrize(
    ("approved", "draft", "told"),
    [
        ({"todo": "Planned"}, {"todo": "To come"}, {"todo": "To come"}),
        ({"todo": "A", "done": "B"}, {"todo": "X", "done": "X"}, {"todo": "X", "done": "X"}),
        ({"todo": "X", "done": "X"}, {"todo": "A", "done": "B"}, {"todo": "X", "done": "X"}),
        ({"todo": "X"}, {"todo": "X", "done": "Y"}, {"todo": "X"}),
        # told as one here and there: no word is right for all three
        (
            {"todo": "X", "in_progress": "X", "done": "Y"},
            {"todo": "A", "in_progress": "B", "done": "B"},
            {},
        ),
    ],
)
def test_states_that_either_tells_as_one_are_told_as_one(approved, draft, told):
    assert meet(replace(BASE, statuses=approved), replace(BASE, statuses=draft)).statuses == told


def deepest(label: str) -> dict[str, object]:
    """A filter as deep as one may be."""
    when: dict[str, object] = {"label": label}
    for _ in range(DEEPEST):
        when = {"any": [when]}
    return when


def longest(label: str) -> dict[str, object]:
    """A filter with more than half as many clauses as one may have."""
    return {"all": [{"any": [{"label": label}, *({"label": f"other {n}"} for n in range(998))]}] * 4}


@pytest.mark.parametrize("most", [deepest, longest], ids=["deep", "long"])
def test_filters_at_their_limits_meet(most):
    compile_condition(most("a"))
    with pytest.raises(BadCondition):
        compile_condition({"all": [most("a"), most("b")]})
    met = Sharing(meet(replace(BASE, where=most("a")), replace(BASE, where=most("b"))))
    answers = [met.share(Case(item(labels=labels)), NOW) for labels in (("a", "b"), ("a",), ("b",))]
    assert [isinstance(answer, Shared) for answer in answers] == [True, False, False]
    assert met.why(Case(item(labels=("a", "b"))), NOW).matched is True


def test_a_commitment_reads_as_approved_with_the_work_that_is_written_now():
    written = replace(SSO, what="More", items=("acme-jira:PAY-9",))
    other = replace(SSO, id="api")
    both = meet(BASE, replace(BASE, commitments=(other, written)))
    assert both.commitments == (replace(SSO, items=("acme-jira:PAY-9",)),)


def test_whoever_may_newly_sign_in_waits():
    more = replace(BASE, theirs=("quinn@globex.example",))
    assert [one.clause for one in widens(BASE, more)] == ["contacts.theirs"]
    assert meet(BASE, more).theirs == ()
    assert widens(more, BASE) == ()
    by = replace(BASE, sign_in=SignIn("https://id.globex.example", ("globex.example",)))
    assert [one.clause for one in widens(BASE, by)] == ["sign_in"]
    further = replace(by, sign_in=replace(by.sign_in, domains=("globex.example", "other.example")))
    assert [one.clause for one in widens(by, further)] == ["sign_in.domains"]
    assert meet(by, further).sign_in == by.sign_in
    assert meet(BASE, by).sign_in is None


@given(AGREEMENTS)
def test_json_keeps_all_of_it(one):
    again = as_json.agreement(as_json.to_json(one))
    assert again == one
    assert list(again.fields) == list(one.fields)
    assert digest(again) == digest(one)


@given(AGREEMENTS, AGREEMENTS, CASES)
def test_values_read_otherwise_only_in_fields_that_were_reworded(before, after, case):
    one, other = share(case, before, NOW), share(case, after, NOW)
    if isinstance(one, Shared) and isinstance(other, Shared):
        values = {name for name in {**one.values, **other.values} if one.values.get(name) != other.values.get(name)}
        assert values <= reworded(before, after)


def test_what_is_told_less_exactly_is_known():
    less = replace(BASE, fields={**BASE.fields, "due": "quarter"}, statuses={"todo": "Planned"}, roles=())
    assert coarsened(BASE, less) == {"due", "status", "owner"}
    assert coarsened(less, BASE) == set()
    assert coarsened(replace(BASE, public=Public()), BASE) == {"title", "notes"}
    assert cleaned_more(BASE, replace(BASE, never=("Falcon", "Hawk")))
    assert cleaned_more(BASE, replace(BASE, links=()))
    assert not cleaned_more(replace(BASE, never=("Falcon", "Hawk")), BASE)
