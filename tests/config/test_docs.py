"""The pages tell every key, and their examples are true."""

import re
from pathlib import Path
from typing import get_args

import pytest

from config import yaml
from config.files import load
from config.models.conditions import CONDITION, ItemValues
from config.models.rules import RulesFile
from config.reference import OWN_TABLE, PAGE, tables, written
from config.schema import FILES
from connectors.registry import KINDS, settings_class
from connectors.settings import Secret, Strict

ROOT = Path(__file__).parents[2]
STRATEGY = ROOT / "docs" / "strategy.md"
SETTINGS = ROOT / "config" / "settings.py"
LOGGED = re.compile(r"\blog\.(?:info|warning|error|exception)\(\s*\"(\w+)\"")


def models_in(annotation):
    """The models that an annotation speaks of, through tuples, options and annotations."""
    if isinstance(annotation, type) and issubclass(annotation, Strict):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def paths(model, prefix=""):
    """Every key below a model; secrets, conditions and examples have tables of their own."""
    for name, field in model.model_fields.items():
        many = "[]" if "tuple[" in str(field.annotation) else ""
        path = f"{prefix}{field.alias or name}"
        yield path
        for below in models_in(field.annotation):
            if below.__name__ not in (*OWN_TABLE, "TrackerSettings"):
                yield from paths(below, f"{path}{many}.")


def test_the_tables_are_current():
    assert written(PAGE.read_text(encoding="utf-8")) == PAGE.read_text(encoding="utf-8"), (
        "run python -m config.reference"
    )


@pytest.mark.parametrize("name", [*FILES, *KINDS, "secrets", "examples"])
def test_every_key_of_every_model_is_told_with_a_sentence(name):
    shared = {"secrets": Secret, "examples": ItemValues}
    model = FILES.get(name) or shared.get(name) or settings_class(name)
    told = {row.key: row.text for row in tables()[name]}
    assert set(paths(model)) == set(told)
    assert all(told.values()), [key for key, text in told.items() if not text]


def test_every_word_of_a_condition_is_told():
    assert {row.key for row in tables()["conditions"]} == set(CONDITION["properties"])


def test_every_environment_variable_of_the_settings_is_told():
    read = set(re.findall(r'environ(?:\.get\(|\[)"(SYNCD_\w+)"', SETTINGS.read_text(encoding="utf-8")))
    assert len(read) >= 5
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in sorted(read) if f"| `{name}` |" not in page] == []


def test_every_event_of_the_log_is_told_to_operators():
    code = "".join(
        path.read_text(encoding="utf-8") for room in ("connectors", "syncd") for path in (ROOT / room).rglob("*.py")
    )
    page = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert {event for event in LOGGED.findall(code) if f"`{event}`" not in page} == set()


def test_the_goals_shown_in_the_pages_are_valid(tmp_path):
    text = STRATEGY.read_text(encoding="utf-8")
    shown = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    goals = [block for block in shown if block.startswith("- id:")]
    assert len(goals) == 2
    service = (ROOT / "config" / "example" / "syncd.yaml").read_text(encoding="utf-8")
    (tmp_path / "syncd.yaml").write_text(service, encoding="utf-8")
    body = "goals:\n- {id: growth, kind: theme, title: Growth}\n" + "".join(goals)
    (tmp_path / "strategy.yaml").write_text(body, encoding="utf-8")
    assert [goal.id for goal in load(tmp_path).strategy.goals] == ["growth", "activation", "no-desktop"]
    source = next(block for block in shown if "source:" in block)
    (tmp_path / "strategy.yaml").write_text(source, encoding="utf-8")
    assert load(tmp_path).strategy.source.tracker == "acme-notion"


def test_the_condition_shown_in_the_reference_is_valid():
    (block,) = re.findall(r"```yaml\n(when:.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    value = yaml.read(block.encode()).value
    rule = {"id": "shown", "exempt": "x", **value}
    assert RulesFile.model_validate({"rules": (rule,)}).rules[0].when == value["when"]
