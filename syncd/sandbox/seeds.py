"""Worlds from a seed: any number of believable works, the same ones for the same seed and time."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.item import Kind, StatusCategory
from syncd.sandbox import words
from syncd.sandbox.base import Work

PLACES: dict[str, tuple[str, ...]] = {
    "jira": ("WEB", "PAY", "OPS"),
    "github": ("acme/web", "acme/api"),
    "notion": ("Roadmap", "Design briefs"),
}
YEAR = timedelta(days=365)
BATCH = 40
"""How many works an import creates at one and the same moment."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a work came, changed and ended."""

    created: datetime
    updated: datetime
    closed: datetime | None
    status: StatusCategory


def generate(tracker: str, n: int, seed: int, now: datetime) -> list[Work]:
    """``n`` works for a tracker, oldest first, created over the year before ``now``.

    About one in ten shares its creation stamp with others (imports), and one in fifty its update stamp
    (bulk edits). Names are ``<tracker>-<number from 1>``; references to other trackers presume that
    those were generated with at least as many works.

    :param tracker: ``jira``, ``github`` or ``notion``
    """
    rng = random.Random(f"{seed}/{tracker}")  # noqa: S311 - a seed, not a secret
    times = _times(n, rng, now)
    return _MAKERS[tracker](rng, times)


def _times(n: int, rng: random.Random, now: datetime) -> list[Times]:
    now = _to_millisecond(now)
    bulk_edit = now - timedelta(days=30)
    return [_life(created, rng, now, bulk_edit) for created in _creations(n, rng, now)]


def _creations(n: int, rng: random.Random, now: datetime) -> list[datetime]:
    moments = sorted(rng.random() for _ in range(n))
    for start in range(0, n, BATCH * 10):
        moments[start : start + BATCH] = [moments[start]] * len(moments[start : start + BATCH])
    return [_to_millisecond(now - YEAR + YEAR * moment) for moment in moments]


def _life(created: datetime, rng: random.Random, now: datetime, bulk_edit: datetime) -> Times:
    age = (now - created) / YEAR
    chance = rng.random()
    if created < bulk_edit and chance < 0.02:
        return Times(created, bulk_edit, None, "todo")
    updated = _to_millisecond(created + (now - created) * rng.random() ** 2)
    if chance < 0.15 + 0.7 * age:
        return Times(created, updated, updated, "cancelled" if chance < 0.06 else "done")
    return Times(created, updated, None, "in_progress" if rng.random() < 0.4 else "todo")


def _to_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _jira(rng: random.Random, times: Sequence[Times]) -> list[Work]:
    """Epics hold stories, tasks and bugs of their project; stories and tasks hold subtasks."""
    works: list[Work] = []
    epics: dict[str, list[str]] = {place: [] for place in PLACES["jira"]}
    stories: dict[str, list[str]] = {place: [] for place in PLACES["jira"]}
    for number, life in enumerate(times, 1):
        place = rng.choice(PLACES["jira"])
        kind = _jira_kind(number, rng, has_story=bool(stories[place]))
        above = {"epic": [], "subtask": stories[place]}.get(kind, epics[place])
        area, thing = _subject(rng)
        name = f"jira-{number}"
        works.append(
            Work(
                name=name,
                tracker="jira",
                place=place,
                kind=kind,
                title=_title(rng, _TITLES[kind], thing),
                status=life.status,
                created=life.created,
                updated=life.updated,
                closed=life.closed,
                body=_body(rng),
                labels=_labels(rng, goal_chance=0.4 if kind == "epic" else 0.03),
                people=_people(rng),
                reporter=rng.choice(words.PEOPLE),
                parent=rng.choice(above[-30:]) if above and rng.random() < 0.9 else "",
                goal=rng.choice(words.GOALS) if kind == "epic" and rng.random() < 0.3 else "",
                components=(area,),
                points=float(rng.choice((1, 2, 3, 5, 8))) if kind in ("story", "task") else None,
                priority=rng.choice(words.PRIORITIES),
                due=(life.created + timedelta(days=rng.randrange(14, 120))).date() if rng.random() < 0.2 else None,
                sprint=f"Sprint {1 + number * 24 // (len(times) + 1)}" if kind != "epic" else "",
                milestone=f"2.{number * 12 // (len(times) + 1)}" if rng.random() < 0.3 else "",
            )
        )
        if kind == "epic":
            epics[place].append(name)
        elif kind in ("story", "task"):
            stories[place].append(name)
    return works


def _jira_kind(number: int, rng: random.Random, *, has_story: bool) -> Kind:
    if number % 25 == 1:
        return "epic"
    kind: Kind = rng.choices(("story", "task", "bug", "subtask"), (35, 25, 20, 20))[0]
    return "task" if kind == "subtask" and not has_story else kind


def _github(rng: random.Random, times: Sequence[Times]) -> list[Work]:
    """Issues, and a little more pull requests, half of which close an issue or name a Jira issue."""
    works: list[Work] = []
    issues: dict[str, list[str]] = {place: [] for place in PLACES["github"]}
    for number, life in enumerate(times, 1):
        place, name = rng.choice(PLACES["github"]), f"github-{number}"
        if not issues[place] or rng.random() < 0.45:
            works.append(_issue(name, place, rng, life, issues[place]))
            issues[place].append(name)
        else:
            works.append(_pull_request(name, place, rng, life, issues[place], number))
    return works


def _issue(name: str, place: str, rng: random.Random, life: Times, before: Sequence[str]) -> Work:
    kind: Kind = rng.choice(("story", "task", "bug"))
    _, thing = _subject(rng)
    return Work(
        name=name,
        tracker="github",
        place=place,
        kind=kind,
        title=_title(rng, _TITLES[kind], thing),
        status=life.status,
        created=life.created,
        updated=life.updated,
        closed=life.closed,
        body=_body(rng),
        labels=_labels(rng, goal_chance=0.1),
        people=_people(rng),
        reporter=rng.choice(words.PEOPLE),
        parent=rng.choice(before[-20:]) if before and rng.random() < 0.15 else "",
        milestone=rng.choice(("", "", "Autumn release", "Winter release")),
    )


def _pull_request(name: str, place: str, rng: random.Random, life: Times, issues: Sequence[str], number: int) -> Work:
    _, thing = _subject(rng)
    title = _title(rng, words.CHANGES, thing)
    points_at = rng.random()
    return Work(
        name=name,
        tracker="github",
        place=place,
        kind="pull_request",
        title=title,
        status=life.status,
        created=life.created,
        updated=life.updated,
        closed=life.closed,
        body=_body(rng),
        labels=_labels(rng, goal_chance=0.02),
        people=_people(rng),
        reporter=rng.choice(words.PEOPLE),
        draft=life.closed is None and rng.random() < 0.2,
        merged=life.status == "done",
        branch=re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:48],
        closes=(rng.choice(issues[-50:]),) if points_at < 0.3 else (),
        mentions=(f"jira-{rng.randint(1, number)}",) if 0.3 <= points_at < 0.5 else (),
    )


def _notion(rng: random.Random, times: Sequence[Times]) -> list[Work]:
    """Roadmap entries and design briefs; a fifth of the pages stand below another of their kind."""
    works: list[Work] = []
    before: dict[str, list[str]] = {place: [] for place in PLACES["notion"]}
    for number, life in enumerate(times, 1):
        place, name = rng.choice(PLACES["notion"]), f"notion-{number}"
        area, thing = _subject(rng)
        works.append(
            Work(
                name=name,
                tracker="notion",
                place=place,
                kind="page",
                title=_title(rng, words.PAGES, thing),
                status=life.status,
                created=life.created,
                updated=life.updated,
                closed=life.closed,
                body=_body(rng),
                labels=(area, *_labels(rng, goal_chance=0.1)),
                people=_people(rng),
                reporter=rng.choice(words.PEOPLE),
                parent=rng.choice(before[place][-20:]) if before[place] and rng.random() < 0.2 else "",
                goal=rng.choice(words.GOALS) if rng.random() < 0.3 else "",
                due=(life.created + timedelta(days=60)).date() if rng.random() < 0.3 else None,
                mentions=(f"jira-{rng.randint(1, number)}",) if rng.random() < 0.3 else (),
            )
        )
        before[place].append(name)
    return works


def _subject(rng: random.Random) -> tuple[str, str]:
    area = rng.choice(_AREAS)
    return area, rng.choice(words.AREAS[area])


def _title(rng: random.Random, patterns: Sequence[str], thing: str) -> str:
    title = rng.choice(patterns).format(thing)
    return title[0].upper() + title[1:]


def _body(rng: random.Random) -> str:
    return "\n\n".join(rng.sample(words.SENTENCES, rng.randrange(1, 4)))


def _labels(rng: random.Random, goal_chance: float) -> tuple[str, ...]:
    labels = [label for label in words.LABELS if rng.random() < 0.08]
    if rng.random() < goal_chance:
        labels.append(f"goal:{rng.choice(words.GOALS)}")
    return tuple(labels)


def _people(rng: random.Random) -> tuple[str, ...]:
    return (rng.choice(words.PEOPLE),) if rng.random() < 0.7 else ()


_AREAS = tuple(words.AREAS)
_TITLES: dict[Kind, tuple[str, ...]] = {
    "epic": words.EPICS,
    "story": words.STORIES,
    "task": words.TASKS,
    "bug": words.BUGS,
    "subtask": words.TASKS,
}
_MAKERS: dict[str, Callable[[random.Random, Sequence[Times]], list[Work]]] = {
    "jira": _jira,
    "github": _github,
    "notion": _notion,
}
