"""Every check has its page, its tests, its thresholds in rules.yaml, and nothing else has."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from config.models.checks import Checks as Written
from rules.checks import CHECKS, GOAL_CHECKS
from rules.model import Checks

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "checks"
EVERY = (*CHECKS, *GOAL_CHECKS)


def test_each_has_a_page_and_a_line_in_the_index_and_no_page_is_about_nothing() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == {*EVERY, "README"}
    listed = re.findall(
        r"^\| \[`(\w+)`\]\((\w+)\.md\)", (PAGES / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert listed == [(check, check) for check in EVERY]


@pytest.mark.parametrize("check", EVERY)
def test_its_page_tells_every_threshold_with_its_default_and_when_it_is_silent_and_what_clears_it(check: str) -> None:
    page = (PAGES / f"{check}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# `{check}`\n")
    assert re.search(rf"^    {check}  (low|medium|high)  \d+  ", page, re.MULTILINE), (
        "an example as `syncd flags` prints it"
    )
    assert "**Silent**" in page
    assert "**Clears**" in page
    told = dict(re.findall(rf"^\| `checks\.{check}\.(\w+)` \| `([^`]*)` \| \S", page, re.MULTILINE))
    assert told == {name: shown(value) for name, value in written(check).items()}


def written(check: str) -> dict[str, object]:
    return dict(getattr(Written(), check))


def shown(value: object) -> str:
    """A default as people write it."""
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    if isinstance(value, float) and 0 < value < 1:
        return f"{value:.0%}"
    return f"{value:g}" if isinstance(value, float | int) else value if isinstance(value, str) else "{}"


def test_the_file_has_the_same_defaults_as_judgement() -> None:
    assert list(Written.model_fields) == list(EVERY)
    for check in fields(Checks):
        if check.name != "modes":
            defaults = getattr(Checks(), check.name)
            for threshold in fields(defaults):
                if threshold.name != "headings":
                    assert written(check.name)[threshold.name] == getattr(defaults, threshold.name)
    assert {check: written(check)["mode"] for check in EVERY} == {check: Checks().mode(check) for check in EVERY}


@pytest.mark.parametrize("check", EVERY)
def test_it_has_tests_of_its_own(check: str) -> None:
    name = "goals" if check in GOAL_CHECKS else check
    text = (Path(__file__).parent / f"test_{name}.py").read_text(encoding="utf-8")
    assert f'"{check}"' in text
