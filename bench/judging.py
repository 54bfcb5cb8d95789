"""Judging everything anew from the store by thirty rules, beside their bare compiled closures.

``python -m bench.judging DATABASE_FOLDER ITEMS`` is the part that runs in a process of its own; it prints what it
measured. Items are put into the store directly: no tracker has to tell a million of them.
"""

import itertools
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import orjson
import yaml

from bench.items import TOPICS, items
from bench.measure import run
from bench.report import Line
from bench.scale import Scale

RULES = 30
AT_ONCE = 500
MILLION = 1_000_000
TWICE, FIFTH = 2.0, 1.2
"""At most: judging, of the bare closures; judging with what it gives laid down as JSON, of judging alone. What
goes to the store and back has no goal here: it is shown beside the same closures."""
CONFIG = """
trackers: [{name: acme-jira, kind: jira, url: "https://acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}]
changes: {blast_radius: 100%}
"""
STRATEGY = """
goals:
  - {id: activation, kind: objective, title: Clinics are live in a day, accepts: {labels: ["goal:activation"]}}
  - {id: claims, kind: objective, title: Claims accepted, accepts: {labels: ["goal:claims"]}}
  - {id: reliability, kind: objective, title: Nothing is lost}
"""


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    yield from _measure(scale.items, folder)


def million(scale: Scale, folder: Path) -> Iterator[Line]:  # noqa: ARG001 - one size only
    """The same for a million items; takes some twenty minutes and 4 GB of disk."""
    yield from _measure(MILLION, folder)


def _measure(count: int, folder: Path) -> Iterator[Line]:
    command = [sys.executable, "-m", "bench.judging", str(folder / f"judging-{count}"), str(count)]
    took = orjson.loads(run(command).output.splitlines()[-1])
    micros = {name: seconds / count * 1e6 for name, seconds in took["seconds"].items()}
    bare, ratios = micros["bare"], took["ratios"]
    yield Line("bare closures, each text read once", _speed(bare))
    yield Line(f"with links, checks, reasons; {RULES} rules ÷ bare", _speed(micros["judged"]), ratios["judged"], TWICE)
    yield Line("explanations laid down too ÷ judging", _speed(micros["explained"]), ratios["explained"], FIFTH)
    yield Line("loaded from the store, judged, not kept ÷ bare", _speed(micros["streamed"]), micros["streamed"] / bare)
    yield Line("loaded, judged, stored the first time ÷ bare", _speed(micros["anew"]), micros["anew"] / bare)
    yield Line("loaded, judged again, nothing differs ÷ bare", _speed(micros["again"]), micros["again"] / bare)
    yield Line("peak MB so far, after each step", took["peaks"])
    yield Line("an edit of one label rule", took["edit"], took["edit"]["judged"] / max(1, took["edit"]["touched"]))


def _speed(micros: float) -> dict[str, float]:
    return {"µs an item": micros, "items/s": 1e6 / micros}


def rules() -> Iterator[dict[str, object]]:
    """Rules of the shapes that people write, over words and labels of a generated world."""
    for number in itertools.count():
        topic, other = TOPICS[number % len(TOPICS)], TOPICS[(number * 7 + 3) % len(TOPICS)]
        shapes: list[dict[str, object]] = [
            {"text": {"any": [topic, f"{other} table"], "in": ["title"]}},
            {"label": {"any": [f"area/{topic}", "ux*"]}, "kind": ["story", "task"]},
            {"any": [{"component": topic}, {"text": [f"{topic} {other}"]}], "none": [{"kind": "bug"}]},
            {"all": [{"kind": "bug"}, {"text": {"all": [topic, other]}}], "age": {"newer_than": "90d"}},
            {"points": {"min": 5}, "status_category": "in_progress", "label": [topic]},
        ]
        goal = ("activation", "claims", "reliability")[number % 3]
        yield {"id": f"rule-{number}", "link": goal, "mode": "enforce", "when": shapes[number % len(shapes)]}


def main(folder: str, count: int) -> None:
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    os.environ["SYNCD_DATABASE"] = f"sqlite:///{home}/syncd.db"
    _write(home, list(itertools.islice(rules(), RULES)))

    from syncd.cli.memory import settle
    from syncd.cli.session import Session

    settle()  # as every command does
    session = Session(home, verbosity=-1)
    session.store(session.config())

    from config import files
    from syncd.worker.judge import Bench

    _fill(count)
    peaks = {"filled": _peak()}
    bench = Bench(files.load(home))
    seconds = {"anew": _cpu(bench.judge)}
    peaks["anew"] = _peak()
    seconds["streamed"] = _cpu(lambda: _streamed(bench, count))
    peaks["streamed"] = _peak()
    took = _in_memory(home)
    seconds |= {name: sum(batches) for name, batches in took.items()}
    seconds["again"] = _cpu(lambda: _again(bench))
    peaks["again"] = _peak()
    edit = _edited(home)
    peaks["edited"] = _peak()
    print(orjson.dumps({"seconds": seconds, "ratios": _ratios(took), "peaks": peaks, "edit": edit}).decode())


def _write(home: Path, written: Sequence[dict[str, object]]) -> None:
    (home / "syncd.yaml").write_text(CONFIG, encoding="utf-8")
    (home / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    (home / "rules.yaml").write_text(yaml.safe_dump({"rules": list(written)}), encoding="utf-8")


def _fill(count: int) -> None:
    """Put the items into the store, page by page, as a sync would."""
    from django.utils import timezone

    from syncd.trackers import store
    from syncd.trackers.models import Stream, Tracker
    from syncd.trackers.writing import writing

    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
    stream = Stream.objects.create(tracker=tracker, native_id="site", name="WEB")
    made = items(count)
    while page := list(itertools.islice(made, AT_ONCE)):
        with writing():
            store.upsert(stream, page, timezone.now())


def _streamed(bench: object, count: int) -> None:
    """Load and judge everything, and keep nothing."""
    from django.utils import timezone

    from syncd.trackers import cases
    from syncd.worker.judge import Bench

    assert isinstance(bench, Bench)
    position, seen = 0, 0
    while ids := cases.after(position, AT_ONCE):
        seen += len(bench.judgements(ids, timezone.now()))
        position = ids[-1]
    assert seen == count


def _ratios(took: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Of both sides of one batch, in the median of the batches: a busy moment slows both, or spoils one batch."""
    pairs = {"judged": "bare", "explained": "judged"}
    return {
        name: statistics.median(mine / its for mine, its in zip(took[name], took[other], strict=True))
        for name, other in pairs.items()
    }


def _in_memory(home: Path) -> dict[str, list[float]]:
    """Bare closures, judging, and judging with its explanations laid down: seconds for each batch of cases.

    Loading is not counted. Each batch is judged once, so that no text is known from an earlier round; the closures
    read each text themselves. Now they go first and now judging: whoever does finds the items cold.
    """
    from django.utils import timezone

    from config import files
    from rules.engine import Judge
    from rules.explain import to_json
    from rules.match import View
    from rules.model import Case, Judgement
    from syncd.trackers import cases

    judge, now = Judge(files.load(home).policy()), timezone.now()
    tests, lexicon = [rule.clause.test for rule in judge.book.rules], judge.book.scope.lexicon

    def bare(some: Sequence[Case]) -> None:
        for case in some:
            view = View.of(case, lexicon)
            for test in tests:
                test(view, now)

    def laid_down(judgements: Sequence[Judgement]) -> None:
        for judgement in judgements:
            to_json(judgement)

    def judged(some: Sequence[Case], kept: list[Judgement]) -> None:
        kept.extend(judge.judge(some, now))

    took: dict[str, list[float]] = {"bare": [], "judged": [], "explained": []}
    position = 0
    while ids := cases.after(position, AT_ONCE):
        some, position = list(cases.load(ids).values()), ids[-1]
        judgements: list[Judgement] = []
        turns = [("bare", partial(bare, some)), ("judged", partial(judged, some, judgements))]
        for name, work in turns if len(took["bare"]) % 2 else reversed(turns):
            took[name].append(_cpu(work))
        took["explained"].append(took["judged"][-1] + _cpu(partial(laid_down, judgements)))
    return took


def _again(bench: object) -> None:
    from syncd.trackers import due
    from syncd.worker.judge import Bench

    assert isinstance(bench, Bench)
    due.mark_all()
    bench.judge()


def _edited(home: Path) -> dict[str, float]:
    """One more label in one rule: how many items it touches, how many are judged for it, and how long that takes."""
    from config import files
    from syncd.trackers.models import Round
    from syncd.worker.judge import Bench

    edited = list(itertools.islice(rules(), RULES))
    edited[1] = {**edited[1], "when": {"label": {"any": ["area/invoice", "area/login", "ux*"]}, "kind": "task"}}
    _write(home, edited)
    began = time.perf_counter()
    bench = Bench(files.load(home))  # measured first, as in the service: how much would change?
    measured = time.perf_counter() - began
    judged = bench.judge().items
    walk = Round.objects.get(purpose=Round.EDIT)
    wall = time.perf_counter() - began
    return {"walked": walk.seen, "touched": walk.found, "judged": judged, "measuring s": measured, "wall s": wall}


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _peak() -> float:
    """Megabytes so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
