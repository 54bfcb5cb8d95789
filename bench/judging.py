"""Judging everything anew from the store by thirty rules, beside their bare compiled closures.

``python -m bench.judging CONFIG_FOLDER`` is the part that runs in a process of its own, with the store
by ``SYNCD_DATABASE``; it prints seconds of CPU.
"""

import itertools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import yaml

from bench.measure import run, sandbox, sqlite
from bench.report import Line
from bench.scale import Scale

RULES = 30
AT_ONCE = 500
TOPICS = ("appointment", "invoice", "claims", "export", "search", "login", "tariff", "report", "reminder", "audit")


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    with sandbox(folder / "judging", scale.items) as world:
        database = sqlite(folder / "syncd.db")
        world.sync(database)
        rules = world.folder / "rules.yaml"
        rules.write_text(yaml.safe_dump({"rules": list(itertools.islice(_rules(), RULES))}), encoding="utf-8")
        command = [sys.executable, "-m", "bench.judging", str(world.folder)]
        took = orjson.loads(run(command, {"SYNCD_DATABASE": database}).output)
    items, bare = took["items"], took["bare"]
    micros = {name: seconds / items * 1e6 for name, seconds in took.items() if name != "items"}
    yield Line("bare closures", {"µs an item": micros["bare"], "items/s": items / bare})
    yield _beside(f"with links and explanations, {RULES} rules", micros["judged"], micros["bare"], 2)
    yield _beside("from the store and back, anew", micros["anew"], micros["bare"])
    yield _beside("from the store, nothing different", micros["again"], micros["bare"])


def _beside(what: str, micros: float, bare: float, goal: float | None = None) -> Line:
    return Line(what, {"µs an item": micros, "items/s": 1e6 / micros}, micros / bare, goal)


def _rules() -> Iterator[dict[str, object]]:
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


def main(folder: str) -> None:
    from config import files
    from syncd.cli.session import Session

    session = Session(Path(folder), verbosity=-1)
    session.store(session.config())

    from django.utils import timezone

    from rules.engine import Judge
    from rules.match import View
    from syncd.trackers import cases, due
    from syncd.trackers.models import Item
    from syncd.worker.judge import Bench

    config = files.load(Path(folder))
    bench = Bench(config)
    took = {"anew": _cpu(bench.judge)}
    due.mark_all()
    took["again"] = _cpu(bench.judge)

    ids = list(Item.objects.values_list("id", flat=True))
    batches = [list(cases.load(ids[start : start + AT_ONCE]).values()) for start in range(0, len(ids), AT_ONCE)]
    judge, now = Judge(config.policy()), timezone.now()
    tests = [rule.matcher.clause.test for rule in judge.book.rules]
    lexicon = judge.book.scope.lexicon

    def bare() -> None:
        for case in itertools.chain.from_iterable(batches):
            view = View.of(case, lexicon)
            for test in tests:
                test(view, now)

    def judged() -> None:
        for batch in batches:
            for _ in judge.judge(batch, now):
                pass

    took |= {"bare": min(_cpu(bare) for _ in range(3)), "judged": min(_cpu(judged) for _ in range(3))}
    print(orjson.dumps(took | {"items": len(ids)}).decode())


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main(*sys.argv[1:])
