"""How good suggestions are: ``python -m bench.suggest``, about a minute.

Measured on ``goal-linking`` of the recordings (``SYNCD_RECORDINGS``): a real goal tree of 24 areas and 610
epics with the changes whose authors named them, over ten releases, and issues with areas of a second
project. Constants were chosen on releases up to 1.27 (*early*); 1.28 and 1.29 (*late*) chose nothing.
What names a goal by its identifier is cut out of the texts.
"""

import csv
import os
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from connectors.item import Item
from rules.examples import example_item
from rules.match import compile_condition
from rules.mine import NEVER, mine
from rules.model import Case
from rules.suggest import Suggester, Suggestion

FOLDER = Path(os.environ.get("SYNCD_RECORDINGS", ".")) / "goal-linking"
EARLY = {
    "1.20": "2020-12-08",
    "1.21": "2021-04-08",
    "1.22": "2021-08-04",
    "1.23": "2021-12-07",
    "1.24": "2022-05-03",
    "1.25": "2022-08-23",
    "1.26": "2022-12-09",
    "1.27": "2023-04-11",
}
LATE = {"1.28": "2023-08-15", "1.29": "2023-12-13"}
"""Releases with their days."""
NAMED = re.compile(r"https?://\S+|\bKEP[- #]?\d+|#\d{3,}|\bsig[-/ ][a-z-]+", re.IGNORECASE)

DRAWS = 400
Row = Mapping[str, Any]
Example = tuple[Row, str]
Rankings = list[tuple[list[Suggestion], str]]
"""Suggestions for items, each with the right goal."""


@dataclass(frozen=True)
class Recorded:
    """Goals and items, as mappings that the suggester reads."""

    folder: Path = FOLDER

    @cached_property
    def epics(self) -> list[Row]:
        return [row for row in self._goals if row["level"] == "kep"]

    @cached_property
    def areas(self) -> list[Row]:
        return [row for row in self._goals if row["level"] == "sig"]

    @cached_property
    def _goals(self) -> list[Row]:
        return list(map(_goal, _lines(self.folder / "goals.jsonl")))

    @cached_property
    def changes(self) -> list[Row]:
        return list(map(_change, _lines(self.folder / "items.jsonl")))

    @cached_property
    def issues(self) -> list[Example]:
        """Issues of the second project, the oldest first, each with its one area."""
        with (self.folder / "areas.tsv").open(encoding="utf-8", newline="") as file:
            rows = sorted(csv.reader(file, delimiter="\t"), key=lambda row: row[0].zfill(9))
        return [({"title": row[2], "body": row[3]}, row[1]) for row in rows if row[1].startswith("area-")]

    def of_epics(self, release: str) -> list[Example]:
        """Changes of a release that name an epic."""
        return [(row, row["keps"][0]) for row in self.changes if row["release"] == release and row["keps"]]

    def of_areas(self, releases: Collection[str]) -> list[Example]:
        """Changes that belong to a single area."""
        return [(row, row["sigs"][0]) for row in self.changes if row["release"] in releases and len(row["sigs"]) == 1]

    def active(self, release: str, after: int = 0) -> list[Row]:
        """Epics begun before a release whose last milestone is this or a later one, or ``after`` releases ago."""
        day, earliest = (EARLY | LATE)[release], int(release.partition(".")[2]) - after
        return [row for row in self.epics if row["created"] <= day and row["last"] >= earliest]


def _lines(path: Path) -> Iterator[Any]:
    return map(orjson.loads, path.read_bytes().splitlines())


def _goal(row: Row) -> Row:
    scope, _, _ = (row.get("scope") or "").partition("### Out of scope")
    milestones = [*(row.get("milestones") or {}).values(), row.get("latest") or ""]
    minors = [int(found[1]) for text in milestones if (found := re.match(r"v?1\.(\d+)", text))]
    return {
        **{name: row[name] for name in ("id", "level", "title", "parent")},
        "text": [row.get("slug"), row["summary"], scope, row.get("goals"), row.get("subprojects")],
        "created": (row.get("created") or "")[:10],
        "last": max(minors, default=99),
    }


def _change(row: Row) -> Row:
    labels = [*(f"area/{area}" for area in row["areas"]), *(f"kind/{kind}" for kind in row["kinds"])]
    return {**row, "title": NAMED.sub(" ", row["text"]), "text": "", "labels": labels}


@dataclass(frozen=True)
class Result:
    """Rankings of three beside the right goals."""

    rankings: Rankings

    def top(self, places: int) -> float:
        right = [goal in [each.goal for each in ranked[:places]] for ranked, goal in self.rankings]
        return sum(right) / len(right)

    @cached_property
    def firsts(self) -> list[tuple[float, bool]]:
        """The confidence of each first goal, and whether it is right; the surest first."""
        firsts = [(ranked[0].confidence, ranked[0].goal == goal) for ranked, goal in self.rankings]
        return sorted(firsts, reverse=True)

    def coverage(self, precision: float) -> float:
        """The largest share of items, the surest first, of which so many are right."""
        right, most = 0, 0
        for count, (_, correct) in enumerate(self.firsts, 1):
            right += correct
            most = count if right >= precision * count else most
        return most / len(self.firsts)

    @cached_property
    def strong(self) -> tuple[float, float]:
        """Which share of first goals is called strong, and how many of those are right."""
        called = [ranked[0].goal == goal for ranked, goal in self.rankings if ranked[0].strength == "strong"]
        return len(called) / len(self.rankings), sum(called) / len(called) if called else 1.0

    @cached_property
    def calibration_error(self) -> float:
        """Expected calibration error in ten bins of equal width."""
        return _calibration_error(self.firsts)

    @cached_property
    def by_chance(self) -> float:
        """What the calibration error is, in the median of many draws, where every confidence is exactly right."""
        chance = random.Random(1)
        said = [confidence for confidence, _ in self.firsts]
        draws = ([(confidence, chance.random() < confidence) for confidence in said] for _ in range(DRAWS))
        return statistics.median(map(_calibration_error, draws))

    def __str__(self) -> str:
        share, precision = self.strong
        return (
            f"n {len(self.rankings):4}  top-1 {self.top(1):.3f}  top-3 {self.top(3):.3f}  "
            f"coverage at 93 % {self.coverage(0.93):.2f}, at 95 % {self.coverage(0.95):.2f}  "
            f"strong {share:.2f} of which right {precision:.3f}  calibration error {self.calibration_error:.3f}, "
            f"by chance alone {self.by_chance:.3f}"
        )


def _calibration_error(firsts: Sequence[tuple[float, bool]]) -> float:
    gaps: defaultdict[int, float] = defaultdict(float)
    for confidence, correct in firsts:
        gaps[min(9, int(confidence * 10))] += confidence - correct
    return sum(map(abs, gaps.values())) / len(firsts)


def ranked(suggester: Suggester, items: Iterable[Example]) -> Rankings:
    return [(suggester.rank(item), goal) for item, goal in items]


def on_epics(recorded: Recorded, releases: Iterable[str], after: int | None = 0) -> Result:
    """Without examples, against the epics active at the change's release (``after`` None: against all)."""
    rankings: Rankings = []
    for release in releases:
        goals = recorded.epics if after is None else recorded.active(release, after)
        rankings += ranked(Suggester().fit(goals), recorded.of_epics(release))
    return Result(rankings)


def on_areas(recorded: Recorded, each: int | None = None, *, labels: bool = True) -> Result:
    """Late changes, learned from at most ``each`` early ones an area (None: from all)."""
    early, late = recorded.of_areas(EARLY), recorded.of_areas(LATE)
    if not labels:
        early, late = _bare(early), _bare(late)
    return Result(ranked(Suggester().fit(recorded.areas, early if each is None else _some(early, each)), late))


def _bare(examples: Iterable[Example]) -> list[Example]:
    return [({**item, "labels": ()}, goal) for item, goal in examples]


def _some(examples: Sequence[Example], each: int) -> list[Example]:
    by_goal: defaultdict[str, list[Example]] = defaultdict(list)
    for example in random.Random(1).sample(examples, len(examples)):
        by_goal[example[1]].append(example)
    return [example for some in by_goal.values() for example in some[:each]]


def on_issues(recorded: Recorded, *, learned: bool = True) -> Result:
    """The later three tenths of the second project's issues, against areas that are names alone."""
    issues = recorded.issues
    cut = len(issues) * 7 // 10
    goals = [{"id": area, "title": area.removeprefix("area-")} for area in sorted({area for _, area in issues})]
    return Result(ranked(Suggester().fit(goals, issues[:cut] if learned else ()), issues[cut:]))


def mined_rules(recorded: Recorded, sure: float) -> str:
    """Rules from the early areas, tried on the late ones; where several match, the first counts."""
    early = [(_item(row), goal) for row, goal in recorded.of_areas(EARLY)]
    rules = [
        each.rule for each in mine([(item.id, goal) for item, goal in early], [item for item, _ in early], sure=sure)
    ]
    matchers = [(rule.target, compile_condition(rule.when)) for rule in rules]
    late = recorded.of_areas(LATE)
    hits = []
    for row, goal in late:
        case = Case(_item(row))
        hits += [target == goal for target, matches in matchers if matches(case, NEVER)][:1]
    return f"{len(rules):3} rules  coverage {len(hits) / len(late):.2f}  right {sum(hits) / max(1, len(hits)):.3f}"


def _item(row: Row) -> Item:
    return example_item(
        {"tracker": "k8s", "native_id": row["id"], "title": row["title"], "labels": row["labels"]}, NEVER
    )


def speed(recorded: Recorded) -> Iterator[str]:
    """Processor time."""
    examples = recorded.of_areas(EARLY | LATE)
    start = time.process_time()
    Suggester().fit(recorded.areas, examples)
    yield f"fit {len(examples)} examples, {len(recorded.areas)} goals: {time.process_time() - start:.2f} s"
    start = time.process_time()
    suggester = Suggester().fit(recorded.epics)
    yield f"fit {len(recorded.epics)} goals: {time.process_time() - start:.2f} s"
    for what, items in (
        ("changes", recorded.changes[:300]),
        ("issues with text", [item for item, _ in recorded.issues[:300]]),
    ):
        start = time.process_time()
        for item in items:
            suggester.suggest(item)
        yield f"suggest for {what}, {len(recorded.epics)} goals: {(time.process_time() - start) / len(items) * 1e3:.1f} ms each"


def main() -> None:
    recorded = Recorded()
    if not recorded.folder.exists():
        raise SystemExit(f"there is no folder {recorded.folder}: set SYNCD_RECORDINGS to where the recordings are")
    for when, releases in (("early", EARLY), ("late", LATE), ("both", EARLY | LATE)):
        for which, after in (("all", None), ("active", 0), ("active in a year", 3)):
            print(f"epics, {when}, {which}".ljust(35), on_epics(recorded, releases, after))
    print("areas without examples             ", on_areas(recorded, 0))
    for each in (1, 5, 20):
        print(f"areas, {each:2} examples each            ", on_areas(recorded, each))
    print("areas, all examples                ", on_areas(recorded))
    print("areas, all examples, without labels", on_areas(recorded, labels=False))
    print("issues without examples            ", on_issues(recorded, learned=False))
    print("issues, the earlier seven tenths   ", on_issues(recorded))
    for sure in (0.8, 0.7, 0.6):
        print(f"rules mined at {sure}                ", mined_rules(recorded, sure))
    for line in speed(recorded):
        print(line)


if __name__ == "__main__":
    main()
