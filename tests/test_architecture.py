"""The house is as CONTRIBUTING describes it: whoever adds a kind, a command or a file finds its place here."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from connectors.registry import KINDS
from syncd.cli import app
from tests.contract.worlds import WORLDS

ROOT = Path(__file__).parents[1]
PACKAGES = ("connectors", "rules", "config", "syncd")
PRODUCT = (*PACKAGES, "bench", "deploy", "docs")
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".html", ".css", ".js", ".json", ".sql", ".sh", ".service", ".tpl", ""}
LONGEST = 300
"""Lines of a file; then it becomes a folder."""
NOT_OURS = re.compile(r"(?<![\w.])/work(?![\w-])|shared/(?:recordings|specs|research)|/root/|/home/\w")
"""Places of the machines that the product was written on."""


def sources() -> Iterator[Path]:
    """The Python files of the product that people write."""
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def product() -> Iterator[Path]:
    """Every text of the product."""
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.suffix in TEXT)
    for folder in PRODUCT:
        files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        yield from (path for path in files if path.suffix in TEXT)


def commands(command: Any, name: str = "syncd") -> Iterator[str]:
    """What can be typed: every command without commands of its own, or that does something without them."""
    if not hasattr(command, "commands"):
        yield name
        return
    if command.invoke_without_command:
        yield name
    for word, below in command.commands.items():
        if not below.hidden:
            yield from commands(below, f"{name} {word}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["__init__.py", "settings.py", "client.py", "parse.py", "connector.py"])
def test_a_kind_has_its_fixed_files(kind: str, name: str) -> None:
    assert (ROOT / "connectors" / kind / name).is_file()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_tested_and_documented(kind: str) -> None:
    assert (ROOT / "tests" / "connectors" / kind / "test_parse.py").is_file()
    page = ROOT / "docs" / "connectors" / f"{kind}.md"
    assert len(page.read_text(encoding="utf-8").split()) > 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_a_world_for_the_contract_suite(kind: str) -> None:
    assert kind in {world.kind for world in WORLDS.values()}


def test_nothing_stands_beside_the_registered_kinds() -> None:
    folders = {path.parent.name for path in (ROOT / "connectors").glob("*/parse.py")}
    assert folders == set(KINDS)


@pytest.mark.parametrize("name", sorted(commands(typer.main.get_command(app))))
def test_every_command_has_a_section(name: str) -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    headings = " ".join(re.findall(r"^#+ (.*)$", page, re.MULTILINE))
    assert f"`{name}`" in headings


def test_every_documented_command_exists() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    told = {
        name
        for heading in re.findall(r"^#{2,} (.*)$", page, re.MULTILINE)
        for name in re.findall(r"`(syncd [\w -]+)`", heading)
    }
    assert told
    assert told <= set(commands(typer.main.get_command(app)))


def test_no_file_is_longer_than_one_reads_at_once() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()
    }
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_the_product_speaks_of_no_machine_that_it_was_written_on() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in product()
        for match in NOT_OURS.finditer(path.read_text(encoding="utf-8", errors="replace"))
    }
    assert found == set()
