"""``syncd mcp``, asked by the protocol's own client: a process of its own, over its standard input and output."""

import os
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from django.db import DatabaseError
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from rules.explain import Freshness, Tried
from syncd.accounts.access import Act, may
from syncd.mcp import tools
from syncd.review.models import Flag
from syncd.review.why import Told
from tests.cli.command import SYNCD, Syncd, environment
from tests.rules.cast import NOW, labelled
from tests.rules.test_explain import explained

Ask = Callable[[Client], Awaitable[Any]]
FRESH = Freshness(updated_at=NOW, known_at=NOW, decided_at=NOW, synced_at=NOW, strategy_version="")


@pytest.fixture
def asked(company: Syncd, tmp_path: Path) -> Callable[[Ask], Any]:
    """Asks the server on the demo's company; what it wrote to standard error is beside it."""

    def ask(question: Ask) -> Any:
        async def whole() -> Any:
            with (tmp_path / "err").open("w") as err:
                server = StdioServerParameters(
                    command=str(SYNCD), args=["--config", str(company.folder), "mcp"], env=environment()
                )
                async with Client(stdio_client(server, errlog=err)) as client:
                    return await question(client)

        return anyio.run(whole)

    return ask


@pytest.fixture
def store(company: Syncd) -> Iterator[Path]:
    """The file of the company's store; nothing in it changes."""
    (path,) = Path(company.folder).rglob("syncd.db")
    before = dump(path)
    yield path
    assert dump(path) == before


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_an_assistant_asks_all_four(asked: Any, company: Syncd, store: Path, tmp_path: Path) -> None:
    async def question(client: Client) -> list[Any]:
        listed = await client.list_tools()
        flags = await client.call_tool("list_flags", {"limit": 2})
        more = await client.call_tool("list_flags", {"limit": 2, "after": flags.structured_content["cursor"]})
        item = next(row["item"] for row in flags.structured_content["rows"] if row["item"])
        why = await client.call_tool("explain_item", {"item": item})
        goals = await client.call_tool("goals_status", {})
        found = await client.call_tool("search_items", {"q": "claims", "limit": 3})
        return [listed.tools, flags, more, why, goals, found]

    listed, flags, more, why, goals, found = asked(question)
    assert [tool.name for tool in listed] == ["list_flags", "explain_item", "goals_status", "search_items"]
    for tool in listed:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert tool.output_schema["type"] == "object"
    printed = company.rows("flags")
    assert [row["id"] for row in flags.structured_content["rows"]] != [
        row["id"] for row in more.structured_content["rows"]
    ]
    assert flags.structured_content["matching"] == len(printed)
    item = next(row["item"] for row in flags.structured_content["rows"] if row["item"])
    (told,) = company.rows("explain", item)
    assert why.structured_content["told"]["explanation"]["verdict"] == told["explanation"]["verdict"]
    assert {row["id"] for row in goals.structured_content["rows"]} == {row["id"] for row in company.rows("goals")}
    assert len(found.structured_content["rows"]) >= 1
    assert "Traceback" not in (tmp_path / "err").read_text()


def test_what_cannot_be_told_is_said_in_a_sentence(asked: Any, store: Path) -> None:
    async def question(client: Client) -> list[Any]:
        calls = [
            ("explain_item", {"item": "NONE-1"}),
            ("list_flags", {"after": "made up"}),
            ("list_flags", {"limit": 51}),
            ("list_flags", {"tab": "nowhere"}),
            ("list_flags", {"severities": ["high"]}),
        ]
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    answers = asked(question)
    assert [answer.is_error for answer in answers] == [True] * 5
    assert "there is no item NONE-1" in answers[0].content[0].text
    assert "open the list without" in answers[1].content[0].text
    assert answers[2].content[0].text == "limit: input should be less than or equal to 50"
    assert answers[4].content[0].text == 'severities: no argument has this name; did you mean "severity"?'


def test_without_a_store_it_says_what_to_do(company: Syncd, tmp_path: Path) -> None:
    for file in Path(company.folder).glob("*.yaml"):
        text = file.read_text(encoding="utf-8").replace("sqlite:///", f"sqlite:///{tmp_path}/none/")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    ran = Syncd(tmp_path, {**company.environ, **{k: v for k, v in os.environ.items() if k.endswith("_TOKEN")}})("mcp")
    ran.says(75, "run syncd sync")
    assert ran.out == ""


@pytest.mark.django_db(transaction=True)
def test_every_tool_reads_in_a_transaction_that_cannot_write() -> None:
    @tools.reads
    def writes() -> None:
        Flag.objects.create(
            fingerprint="x", rule="x", severity="low", message="x", fix="x", clears=1, opened_at="2026-11-23T09:00Z"
        )

    with pytest.raises(tools.ToolError) as told:
        writes()
    assert isinstance(told.value.__cause__, DatabaseError)
    assert not Flag.objects.exists()


def test_the_reader_may_look_and_nothing_else() -> None:
    assert [act for act in Act if may(tools.READER, act)] == [Act.READ]


def test_a_long_explanation_is_cut_after_what_matters() -> None:
    trials = tuple(Tried(rule=str(number), matched=number == 90, because="") for number in range(100))
    told = Told(replace(explained(labelled()), trials=trials), flags=(), suggestions=(), freshness=FRESH)
    short = tools._shortened(told)
    assert tools._listed(told) - tools._listed(short) == 60
    assert short.explanation.trials[0].rule == "90"
