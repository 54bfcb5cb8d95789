"""I8: what a partner sees depends on what is agreed and on nothing else; and this test would notice if not."""

import importlib
import importlib.abc
import importlib.util
import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model.partners import Withheld
from rules.sharing.projection import Sharing
from rules.sharing.redactor import Redactor
from tests.rules.sharing.pairs import differences, pair

PACKAGE = "rules.sharing"
ROOT = Path(__file__).parents[3]
OURS = SimpleNamespace(Sharing=Sharing, Redactor=Redactor, Withheld=Withheld)
PAIRS = 400
"""Of a fixed seed, for each leak: a test that is the same on every run."""


@settings(max_examples=500)
@given(st.integers(min_value=PAIRS))
def test_cases_that_differ_in_nothing_shared_give_the_same(seed):
    assert differences(OURS, pair(Random(seed))) == ""


def test_the_pairs_try_every_way_of_sharing():
    pairs = [pair(Random(seed)) for seed in range(PAIRS)]
    seen = [Sharing(each.agreement).share(each.one, each.one.item.updated_at) for each in pairs]
    shown = [name for one in seen if not isinstance(one, Withheld) for name in one.values]
    assert {
        name: shown.count(name) > 20 for name in ("title", "status", "due", "delivered", "notes", "owner")
    } == dict.fromkeys(("title", "status", "due", "delivered", "notes", "owner"), True)
    assert sum(isinstance(one, Withheld) for one in seen) > 40


LEAKS = {
    "the title falls back to the tracker's": (
        "public",
        "    return _of(item, agreement.public.title, _title_in(item.body) if agreement.public.body else NOTHING)",
        ("    own = _of(item, agreement.public.title, _title_in(item.body) if agreement.public.body else NOTHING)\n"
        "    return own if own.text else Written(item.title)"),
    ),
    "the notes fall back to the description": ("public", "        return NOTHING\n    if len(starts)", "        return Written(body)\n    if len(starts)"),
    "a block without end takes the rest": (
        "public",
        "    if len(starts) > 1 or len(ends) != 1 or ends[0] < starts[0]:",
        "    ends = ends or [len(lines)]\n    if len(starts) > 1 or len(ends) != 1 or ends[0] < starts[0]:",
    ),
    "a block runs on after its end": ("public", "lines[starts[0] + 1 : ends[0]]", "lines[starts[0] + 1 :]"),
    "of two blocks the first counts": (
        "public",
        "len(starts) > 1 or len(ends) != 1 or ends[0] < starts[0]",
        "not ends or ends[0] < starts[0]",
    ),
    "of two titles the first counts": ("public", "len(found) > 1", "len(found) > 2"),
    "a list of values is joined": (
        "public",
        "        if value is not None and not isinstance(value, str):",
        ("        value = ', '.join(value) if isinstance(value, list) else value\n"
        "        if value is not None and not isinstance(value, str):"),
    ),
    "the reason quotes a value that is no text": ("public", "a {type(value).__name__}", "{value}"),
    "a field with a similar name counts": (
        "public",
        "        value = fields.get(fold(name.strip()))",
        "        value = next((fields[key] for key in sorted(fields) if key.startswith(fold(name))), None)",
    ),
    "any field with public in its name counts": (
        "public",
        "    return marked\n",
        "    return marked if marked.text else Written(str(fields.get('public', '')))\n",
    ),
    "marked lines count though the agreement says no": (
        "public",
        "_notes_in(item.body) if agreement.public.body else NOTHING",
        "_notes_in(item.body) if item.closed_at and item.closed_at.minute % 2 or agreement.public.body else NOTHING",
    ),
    "a state without a word shows the tracker's": (
        "transforms",
        "agreement.statuses.get(item.status_category)",
        "agreement.statuses.get(item.status_category, item.status)",
    ),
    "the status is the tracker's": ("transforms", "return Written(word) if word", "return Written(item.status) if word"),
    "the reason names the state": (
        "transforms",
        '"statuses has no word for its state"',
        'f"statuses has no word for {item.status}"',
    ),
    "a month shows the day": ("transforms", 'return f"{day.year:04}-{day.month:02}"\n', "return _day(day)\n"),
    "a quarter shows the month": ("transforms", 'return f"{day.year:04}-Q{(day.month + 2) // 3}"', "return _month(day)"),
    "a month begins with the day's half": ("transforms", "(day.month + 2) // 3", "(day.month + day.day // 28 + 2) // 3"),
    "the reason for no date names the item": (
        "transforms",
        'return Written("", missing) if day is None',
        'return Written("", f"{item.key}: {missing}") if day is None',
    ),
    "the due date is that of the last change": ("transforms", "    return item.due\n", "    return item.updated_at.date()\n"),
    "no due date falls back to creation": ("transforms", "    return item.due\n", "    return item.due or item.created_at.date()\n"),
    "work that was given up counts as delivered": (
        "transforms",
        'if moment and item.status_category == "done" else None',
        "if moment else None",
    ),
    "delivered when it last changed": ("transforms", "item.merged_at or item.closed_at", "item.merged_at or item.updated_at"),
    "delivered on the day of the tracker's zone": ("transforms", "moment.astimezone(UTC).date()", "moment.date()"),
    "the owner is a name": ("transforms", "roles = [role.name for", "roles = [item.assignees[0].name for"),
    "who has no role is named": (
        "transforms",
        'Written(", ".join(dict.fromkeys(roles)),',
        'Written(", ".join(dict.fromkeys(roles)) or ", ".join(p.name for p in item.assignees),',
    ),
    "as many roles as people": (
        "transforms",
        '", ".join(dict.fromkeys(roles))',
        '", ".join(role.name for role in agreement.roles for p in item.assignees if p.native_id in role.people)',
    ),
    "roles in the order of the assignees": (
        "transforms",
        "for role in agreement.roles if",
        "for role in sorted(agreement.roles, key=lambda r: item.assignees[:1] and item.assignees[0].native_id in r.people) if",
    ),
    "what is not known to match is shared": ("projection", "    if answer is not True:", "    if answer is False:"),
    "the filter is not asked": ("projection", "answer = where(case, now)", "answer = True"),
    "the reason for withholding names the item": (
        "projection",
        "        return project(allowed(case, self.agreement, self.where, now), self.agreement, self.redactor)",
        ("        got = project(allowed(case, self.agreement, self.where, now), self.agreement, self.redactor)\n"
        "        return Withheld(case.item.title) if isinstance(got, Withheld) else got"),
    ),
    "the reason for sharing is the matched text": (
        "projection",
        "        return project(allowed(case, self.agreement, self.where, now), self.agreement, self.redactor)",
        ("        got = project(allowed(case, self.agreement, self.where, now), self.agreement, self.redactor)\n"
        "        why = f'{case.item.points} points'\n"
        "        return got if isinstance(got, Withheld) else Shared(got.cells, because=why)"),
    ),
    "the order of the cells is that of the keys": (
        "projection",
        "        return project(allowed(case, self.agreement, self.where, now), self.agreement, self.redactor)",
        ("        got = project(allowed(case, self.agreement, self.where, now), self.agreement, self.redactor)\n"
        "        odd = len(case.item.labels + case.ancestors) % 2\n"
        "        return got if isinstance(got, Withheld) else Shared(got.cells[:: -1 if odd else 1])"),
    ),
    "an unknown field is read from the item": (
        "projection",
        "how.read(case.item, agreement) for name, how in known.items() if how}",
        "how.read(case.item, agreement) if how else Written(str(getattr(case.item, name))) for name, how in known.items()}",
        "    if transform is None or written is None:",
        ("    if written is None:\n        return Cell(name, '', clause, '')\n    if transform is None:\n"
        "        return Cell(name, written.text, clause, '')\n    if transform is None:"),
    ),
    "text is not redacted": ("projection", "    text = clean.text if transform.lines", "    text = written.text if transform.lines"),
    "the age of an item is told": (
        "projection",
        "return Allowed(True, {name: how",
        'return Allowed(True, {"title": Written(str(now - case.item.created_at))} if "title" in known else {name: how',
    ),
}  # fmt: skip
"""Each a module, a piece of it, and what stands there instead; as if somebody had meant well."""


@pytest.mark.parametrize("leak", LEAKS)
def test_a_seeded_leak_is_noticed(leak):
    module, *edits = LEAKS[leak]
    sharing = seeded(module, edits)
    assert any(differences(sharing, pair(Random(seed))) for seed in range(PAIRS))


def test_without_a_leak_nothing_is_noticed():
    sharing = seeded("projection", [])
    assert [differences(sharing, pair(Random(seed))) for seed in range(PAIRS)] == [""] * PAIRS


def seeded(module, edits):
    """The package with one module changed, beside the real one."""
    source = (ROOT / "rules" / "sharing" / f"{module}.py").read_text(encoding="utf-8")
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        assert source.count(old) == 1, f"the leak has no place any more: {old}"
        source = source.replace(old, new)
    kept = {name: sys.modules.pop(name) for name in [*sys.modules] if name.startswith(PACKAGE)}
    finder = _Finder(f"{PACKAGE}.{module}", source)
    sys.meta_path.insert(0, finder)
    try:
        projection = importlib.import_module(f"{PACKAGE}.projection")
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(kept)
        sys.modules["rules"].sharing = kept[PACKAGE]
    return projection


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a source of its own."""

    def __init__(self, name, source):
        self.name, self.source = name, source

    def find_spec(self, fullname, path, target=None):
        return importlib.util.spec_from_loader(fullname, self) if fullname == self.name else None

    def exec_module(self, module):
        exec(compile(self.source, self.name, "exec"), module.__dict__)
