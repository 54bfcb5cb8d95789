"""Whatever people, network and clocks do, in whatever order: after quiet the store is what the tracker is.

``HYPOTHESIS_PROFILE=soak`` tries far more, and others every time. On PostgreSQL it is a third as much: what people and networks
do meets the same code there.
"""

import os
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from tests.contract.worlds import WORLDS, World
from tests.machine.people import Deed, People
from tests.machine.syncd_at_work import Syncd, Trouble

ALWAYS = settings(deadline=None, suppress_health_check=list(HealthCheck))
PROFILES = {
    "default": settings(ALWAYS, max_examples=15, stateful_step_count=20, derandomize=True),
    "again": settings(ALWAYS, max_examples=5, stateful_step_count=20, derandomize=True),
    "soak": settings(ALWAYS, max_examples=1000, stateful_step_count=50, print_blob=True),
}
PROFILE = PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "default" if configured.SQLITE else "again")]

ANY = st.integers(0, 999)
DEEDS = st.builds(Deed, st.sampled_from(["edit", "create", "delete", "move", "trash", "restore", "comment"]), ANY, ANY)
MEANWHILE = st.lists(DEEDS, max_size=10)
PASSING = st.sampled_from(["500", "503", "reset", "cut", "drop_after_effect"])
LASTING = st.sampled_from(["503", "reset", "cut", "html", "wrong_type", "redirect", "403", "404"])
TROUBLES = st.one_of(
    st.none(),
    st.builds(Trouble, PASSING, times=st.integers(1, 2), after=st.integers(0, 4), everywhere=st.booleans()),
    st.builds(Trouble, LASTING, times=st.just(9), after=st.integers(0, 4), everywhere=st.booleans()),
    st.builds(Trouble, st.just("429"), times=st.just(1), after=st.integers(0, 4), wait=st.sampled_from([0, 3600])),
)


class Days(RuleBasedStateMachine):
    """What happens in a company, a rule at a time."""

    def __init__(self, kind: type[World], folder: Path) -> None:
        super().__init__()
        self.kind, self.folder = kind, folder
        self.back = 0
        self.people: People | None = None
        self.ending = ExitStack()
        self.ending.enter_context(transaction.atomic())
        self.ending.callback(transaction.set_rollback, True)

    def teardown(self) -> None:
        """At last, quiet."""
        with self.ending:
            if self.people:
                self.syncd.come_to_rest()

    @initialize(
        ages=st.lists(st.integers(0, 12), min_size=4, max_size=24),
        portion=st.sampled_from([2, 5, 100]),
        skew=st.integers(-1, 1),
        large=st.booleans(),
    )
    def begin(self, ages: list[int], portion: int, skew: int, large: bool) -> None:
        self.people = People(self.kind, self.folder, ages, portion, timedelta(days=skew))
        if large:
            self.people.world.become_large()
        self.ending.enter_context(self.people.world)
        self.syncd = Syncd(self.people)

    @rule(deeds=st.lists(DEEDS, min_size=1, max_size=4), seconds=st.sampled_from([0, 1, 30, 60, 300, 86400]))
    def people_work(self, deeds: list[Deed], seconds: int) -> None:
        for deed in deeds:
            self.people.do(deed)
            self.people.world.clock.advance(seconds)

    @precondition(lambda self: self.back < 60)
    @rule(seconds=st.integers(1, 20))
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.back += seconds
        self.people.world.clock.advance(-seconds)

    @precondition(lambda self: self.kind.lags)
    @rule(part=st.sampled_from([0.0, 0.2, 1.0]))
    def the_index_lags(self, part: float) -> None:
        self.people.act("lag", seconds=self.kind.lags * part)

    @precondition(lambda self: self.people and not self.people.renamed and self.syncd.knows_the_name())
    @rule()
    def something_is_renamed(self) -> None:
        self.people.rename()

    @rule(which=st.integers(0, 1))
    def a_place_is_lost(self, which: int) -> None:
        self.people.close(self.kind.places[which])

    @precondition(lambda self: self.people and self.people.closed)
    @rule()
    def a_place_is_given_back(self) -> None:
        self.people.open(min(self.people.closed))

    @rule(trouble=TROUBLES)
    def syncd_discovers(self, trouble: Trouble | None) -> None:
        self.syncd.discover(trouble)

    @rule(meanwhile=MEANWHILE, trouble=TROUBLES)
    def syncd_pulls(self, meanwhile: list[Deed], trouble: Trouble | None) -> None:
        for stream in self.syncd.found():
            self.syncd.pull(stream, meanwhile=meanwhile, trouble=trouble)

    @rule(pages=st.integers(1, 4), meanwhile=MEANWHILE)
    def syncd_is_stopped_while_it_pulls(self, pages: int, meanwhile: list[Deed]) -> None:
        for stream in self.syncd.found():
            self.syncd.pull(stream, pages, meanwhile)
        self.syncd.restart()

    @rule(pages=st.integers(0, 4), meanwhile=MEANWHILE)
    def syncd_reads_everything_anew(self, pages: int, meanwhile: list[Deed]) -> None:
        for stream in self.syncd.found():
            self.syncd.forget(stream)
            self.syncd.pull(stream, pages, meanwhile)

    @rule(trouble=TROUBLES)
    def syncd_sweeps(self, trouble: Trouble | None) -> None:
        for stream in self.syncd.streams:
            self.syncd.sweep(stream, trouble=trouble)

    @rule()
    def a_quiet_day(self) -> None:
        self.syncd.come_to_rest()


@pytest.mark.django_db
@pytest.mark.parametrize("name", WORLDS)
def test_after_quiet_the_store_holds_what_the_tracker_holds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.github.pages.STEPS", 2)  # or everything would come on one page
    with capture_logs():
        run_state_machine_as_test(partial(Days, WORLDS[name], tmp_path), settings=PROFILE)
