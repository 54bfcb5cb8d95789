"""The published schemas are those of the models, and agree with what is accepted."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from config import yaml
from config.models.conditions import CONDITION
from config.schema import FILES, as_text, schema, schema_path
from rules.match import BUILDS

EXAMPLE = Path(__file__).parents[2] / "config" / "example"
MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))
SHAPE = ("unknown key", "is missing", "unknown value", "expected a list", "expected text", "in the form expected")


def expectation(mistake):
    return mistake.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ")


@pytest.mark.parametrize("file", FILES)
def test_the_schema_that_is_checked_in_is_current(file):
    assert schema_path(file).read_text(encoding="utf-8") == as_text(file), "run python -m config.schema"


@pytest.mark.parametrize("file", FILES)
def test_the_schema_is_one(file):
    Draft202012Validator.check_schema(schema(file))


@pytest.mark.parametrize("file", FILES)
def test_the_example_passes_its_schema(file):
    value = yaml.read((EXAMPLE / file).read_bytes()).value
    assert [error.message for error in Draft202012Validator(schema(file)).iter_errors(value)] == []


@pytest.mark.parametrize("file", FILES)
def test_the_example_names_its_schema_for_editors(file):
    first = (EXAMPLE / file).read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (EXAMPLE / first.partition("=")[2]).resolve() == schema_path(file)


OF_SHAPE = [mistake for mistake in MISTAKES if any(words in expectation(mistake) for words in SHAPE)]


@pytest.mark.parametrize("mistake", OF_SHAPE, ids=lambda path: path.stem)
def test_a_mistake_of_shape_fails_the_schema_too(mistake):
    file = expectation(mistake).partition(":")[0]
    assert not Draft202012Validator(schema(file)).is_valid(yaml.read(mistake.read_bytes()).value)


def test_the_schema_of_conditions_knows_the_words_of_the_rule_language():
    assert set(CONDITION["properties"]) == set(BUILDS)
