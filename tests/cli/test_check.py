"""``syncd check``, ``syncd config`` and ``syncd version``."""

import re
from collections.abc import Callable

import jsonschema
import orjson
import pytest
import yaml

from syncd import __version__
from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd

Edit = Callable[..., None]


def test_a_world_that_is_well_is_told_line_by_line_and_nothing_is_written(company: Syncd) -> None:
    lines = company.done("check").out.splitlines()
    assert lines[0] == f"ok   files: {company.folder}: 5 trackers, 7 goals, 6 rules: no mistakes"
    assert {line[:5] for line in lines} == {"ok   ", "?    "}
    for tracker in ("acme-jira", "acme-github", "acme-notion"):
        assert any(line.startswith(f"ok   {tracker}: sign-in: ") for line in lines)


def test_mistakes_in_files_are_findings_too_for_who_reads_json(syncd: Syncd) -> None:
    (syncd.folder / "strategy.yaml").write_text("goals: [{id: a, kind: objectiv, title: A}]\n", encoding="utf-8")
    ran = syncd("check", "--offline", "--json")
    assert ran.code == 3
    assert [(row["where"], row["check"], row["ok"]) for row in ran.rows] == [("files", "strategy.yaml:1:23", False)]
    assert "objective" in ran.rows[0]["says"]
    assert ran.err.startswith("strategy.yaml:1:23: ")


def test_a_refused_credential_fails_with_4_and_the_others_are_asked_all_the_same(syncd: Syncd) -> None:
    (syncd.folder / "notion.token").write_text("no such token", encoding="utf-8")
    ran = syncd("check", "--json")
    assert ran.code == 4
    failed = [(row["where"], row["check"]) for row in ran.rows if row["ok"] is False]
    assert [where for where, _ in failed] == ["acme-notion"]
    assert {"acme-jira", "acme-github"} <= {row["where"] for row in ran.rows if row["check"] == "sign-in"}
    assert "no such token" not in ran.out + ran.err


def test_a_tracker_that_does_not_answer_fails_with_5(syncd: Syncd, trackers: Sandbox) -> None:
    trackers.fault("github", 500, times=None)
    ran = syncd("check")
    assert ran.code == 5
    assert "FAIL acme-github: sign-in: " in ran.out


def test_a_project_that_is_hidden_is_named(syncd: Syncd, trackers: Sandbox) -> None:
    trackers.act("jira", "forbid", place="PAY")
    ran = syncd("check")
    assert ran.code == 4
    assert re.findall(r"^FAIL (.*?: .*?):", ran.out, re.MULTILINE)[0] == "acme-jira: project PAY"


def test_a_credential_that_may_only_read_is_no_failure(syncd: Syncd, trackers: Sandbox) -> None:
    trackers.act("jira", "deny", permissions=["EDIT_ISSUES", "ADD_COMMENTS"])
    told = syncd.done("check").out
    assert "?    acme-jira: writing in WEB: needs EDIT_ISSUES, ADD_COMMENTS" in told


def test_an_example_that_its_rule_judges_otherwise_is_a_finding(syncd: Syncd, trackers: Sandbox, edit: Edit) -> None:
    rules = yaml.safe_load((syncd.folder / "rules.yaml").read_text(encoding="utf-8"))
    tried = next(rule for rule in rules["rules"] if rule.get("examples", {}).get("match"))
    tried["examples"]["nomatch"] = tried["examples"]["match"]
    (syncd.folder / "rules.yaml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    ran = syncd("check", "--offline")
    assert ran.code == 1
    assert f"FAIL rules: {tried['id']}: " in ran.out
    assert trackers.journal.count() == 0


def test_offline_asks_nobody_and_needs_no_secret_and_no_store(newcomer: Syncd, trackers: Sandbox) -> None:
    for token in newcomer.folder.glob("*.token"):
        token.unlink()
    newcomer.done("check", "--offline")
    assert trackers.journal.count() == 0
    assert not (newcomer.folder / "syncd.db").exists()


def test_what_is_shown_is_a_configuration_again_and_holds_no_secret(
    company: Syncd, acme: tuple[Sandbox, Syncd]
) -> None:
    shown = company.done("config", "show").out
    for service in acme[0].services.values():
        assert service.token not in shown
    parts = shown.split("# ")
    assert [part.partition("\n")[0] for part in parts[1:]] == [
        "syncd.yaml",
        "strategy.yaml",
        "rules.yaml",
        "partners.yaml",
    ]
    service = yaml.safe_load(parts[1].partition("\n")[2])
    assert service["trackers"][0]["auth"]["token"] == {"file": str(company.folder / "jira.token")}
    assert service["trackers"][0]["sweep_every"] == 86400


@pytest.mark.parametrize("name", ["syncd", "strategy.yaml", "rules", "partners"])
def test_the_schema_of_a_file_accepts_the_file(name: str, company: Syncd) -> None:
    schema = orjson.loads(company.done("config", "schema", name).out)
    file = company.folder / f"{name.removesuffix('.yaml')}.yaml"
    if file.exists():
        jsonschema.validate(orjson.loads(orjson.dumps(yaml.safe_load(file.read_text(encoding="utf-8")))), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"no such key": 1}, schema)


def test_the_version_is_told(company: Syncd) -> None:
    assert company.done("version").out.startswith(f"syncd {__version__}, python 3.")
    assert Syncd(None).rows("version")[0]["syncd"] == __version__


@pytest.mark.parametrize("family", ["flags", "rules", "partners", "config", "people", "messages"])
def test_help_of_a_family_says_what_each_command_does_on_its_line(family: str) -> None:
    commands = Syncd(None).done(family, "--help").out.partition("Commands:")[2]
    assert commands
    assert "..." not in commands


def test_help_names_every_command() -> None:
    told = Syncd(None).done("--help").out
    for command in ("demo", "sandbox", "check", "sync", "run", "worker", "web", "status", "items", "goals", "flags"):
        assert f"\n  {command} " in told
    assert "..." not in told.partition("Commands:")[2], "a summary fits on its line"
