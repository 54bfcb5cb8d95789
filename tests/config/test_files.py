"""Finding and loading the folder, and what the loaded configuration tells."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import config.files
from config.files import ConfigError, find, load
from rules.model import Accepts, Checks, Example
from rules.model.checks import Drifted, MissingWhy, Share

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "example"
SERVICE = """\
trackers:
  - name: web
    kind: github
    url: https://api.github.com
    auth: {token: {env: WEB_TOKEN}}
    scope: {repositories: [acme/web]}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder; nothing of the machine's own configuration is found."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SYNCD_CONFIG", raising=False)
    monkeypatch.setattr(config.files, "SYSTEM_FOLDER", tmp_path / "etc")
    return tmp_path


def write(place, text=SERVICE, name="syncd.yaml"):
    place.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(text, encoding="utf-8")


def problems(place):
    with pytest.raises(ConfigError) as refused:
        load(place)
    return [str(problem) for problem in refused.value.problems]


def test_the_folder_asked_for_comes_first_then_the_environment_then_the_usual_places(folder, monkeypatch):
    write(folder / "etc")
    assert find() == folder / "etc"
    write(folder / "config")
    assert find() == Path("config")
    write(folder / "named")
    monkeypatch.setenv("SYNCD_CONFIG", str(folder / "named"))
    assert find() == folder / "named"
    write(folder / "asked")
    assert find(folder / "asked") == folder / "asked"


def test_a_config_folder_that_is_not_ours_is_passed_over(folder):
    write(folder / "config", "x: 1\n", "settings.yaml")
    write(folder / "etc")
    assert find() == folder / "etc"


def test_a_folder_that_was_asked_for_and_is_not_there_is_an_error_even_if_another_is(folder):
    write(folder / "etc")
    remedy = "name its folder with --config or SYNCD_CONFIG"
    assert problems(folder / "typo") == [f"syncd.yaml: looked for in {folder / 'typo'}, and not there; {remedy}"]


def test_somebody_who_names_the_file_is_told_to_name_its_folder(folder):
    write(folder)
    (only,) = problems(folder / "syncd.yaml")
    assert only.endswith("that is a file: name its folder")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///var/syncd.db",
        "sqlite:////var/lib/Jo's syncd/syncd.db",
        "postgresql://syncd@db/syncd?sslmode=require",
        "postgres:///syncd",
        "postgresql://postgres:@/postgres?host=/run/postgresql",
    ],
)
def test_a_database_without_a_password_is_accepted(folder, url):
    write(folder, f"{SERVICE}database: {url}\n")
    assert load(folder).service.database == url


def test_without_any_folder_the_error_says_where_it_looked(folder):
    (only,) = problems(None)
    assert f"looked for in config and in {folder / 'etc'}" in only


def test_only_syncd_yaml_must_be_there(folder):
    write(folder)
    loaded = load(folder)
    assert loaded.strategy.goals == ()
    assert loaded.rules.baseline == "none"
    assert loaded.partners.partners == ()
    policy = loaded.policy()
    assert policy.rules == ()
    assert policy.grace_days == 0
    assert policy.needs_goal == {"kind": ["epic", "story", "task", "pull_request"]}


def test_an_empty_file_is_as_good_as_none(folder):
    write(folder)
    write(folder, "# nothing yet\n", "rules.yaml")
    assert load(folder).hash == load(folder).hash
    assert load(folder).rules.rules == ()


@pytest.mark.parametrize("name", ["strategy.yml", "rule.yaml", "stategy.yaml", "partner.yaml"])
def test_a_file_with_nearly_the_right_name_is_not_passed_over(folder, name):
    write(folder)
    write(folder, "", name)
    (only,) = problems(folder)
    assert only.startswith(f"{name}: not a file that syncd reads; did you mean ")


def test_a_file_of_somebody_else_is_left_alone(folder):
    write(folder)
    write(folder, "services: {}\n", "compose.yaml")
    assert load(folder).service.trackers[0].name == "web"


def test_a_folder_in_the_place_of_a_file_is_told(folder):
    write(folder)
    (folder / "rules.yaml").mkdir()
    assert problems(folder) == ["rules.yaml: cannot be read: Is a directory; check the owner and mode of the file"]


def test_the_examples_load_and_become_a_policy():
    policy = load(EXAMPLE).policy()
    goal = policy.strategy.by_id["activation"]
    assert goal.share == pytest.approx(0.4)
    assert goal.accepts == Accepts(
        labels=("goal:activation", "onboarding"),
        items=("acme-jira:WEB-12", "acme-github:acme/web#40"),
        fields=("activation", "Live in a day"),
    )
    assert (goal.starts.isoformat(), goal.ends.isoformat()) == ("2026-10-01", "2026-12-31")
    assert goal.outcome.current == 38
    assert policy.strategy.path("activation")[-1].id == "growth"
    rule = policy.rules[0]
    assert (rule.action, rule.target, rule.mode) == ("link", "activation", "enforce")
    assert Example({"title": "Fix checkout crash", "kind": "bug"}, matches=False) in rule.examples
    assert (policy.rules[1].action, policy.rules[2].action) == ("non_goal", "exempt")
    assert policy.grace_days == 3
    assert policy.baseline is True


def test_every_tracker_is_read_by_the_settings_of_its_kind():
    jira, github, notion = load(EXAMPLE).service.trackers
    assert (jira.scope.projects, jira.fields.goal) == (("WEB", "PAY"), "customfield_10042")
    assert github.scope.organizations == ("acme-labs",)
    assert (notion.properties.parent, notion.every) == ("Epic", 120)


def test_the_hash_is_that_of_the_meaning_not_of_the_text(folder):
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    before = load(folder).hash
    rules = folder / "rules.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text + "\n# a comment\n", encoding="utf-8")
    assert load(folder).hash == before
    rules.write_text(text.replace("3 working days", "4 working days"), encoding="utf-8")
    assert load(folder).hash != before


def test_goals_that_are_kept_in_a_tracker_are_not_held_against_the_rules(folder):
    shutil.copy(EXAMPLE / "syncd.yaml", folder)
    data_source = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b"
    write(folder, f"source: {{tracker: acme-notion, data_source: {data_source}}}\n", "strategy.yaml")
    write(folder, "rules: [{id: a, link: anything, when: {label: x}}]\n", "rules.yaml")
    assert load(folder).policy().rules[0].target == "anything"


def test_every_secret_that_cannot_be_read_is_told_with_its_line(folder, monkeypatch):
    write(folder, SERVICE + "notify:\n  - url: {file: no-such-file}\n")
    monkeypatch.delenv("WEB_TOKEN", raising=False)
    told = [str(problem) for problem in load(folder).check_secrets()]
    assert told == [
        "syncd.yaml:5:12: trackers[0].auth.token: the environment variable WEB_TOKEN is not set: export it, then try again",
        "syncd.yaml:8:5: notify[0].url: the secret file no-such-file is not there or is empty",
    ]
    monkeypatch.setenv("WEB_TOKEN", "x")
    (folder / "no-such-file").write_text("slack://x", encoding="utf-8")
    assert load(folder).check_secrets() == []


def test_a_rule_that_is_enforced_without_examples_is_advised_against_and_loads(folder):
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    write(folder, "rules:\n  - {id: a, mode: enforce, exempt: care, when: {label: x}}\n", "rules.yaml")
    (advice,) = load(folder).advice()
    assert str(advice).startswith("rules.yaml:2:10: rules[0].id: the rule a is enforced without examples")


def test_loading_is_quick():
    load(EXAMPLE)
    spent = []
    for _ in range(5):
        start = time.process_time()
        load(EXAMPLE)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1


def test_importing_it_brings_neither_django_nor_a_trackers_library():
    heavy = "django jira github notion_client httpx requests procrastinate"
    code = f"import sys, config.files; print(*sorted(set('{heavy}'.split()) & set(sys.modules)))"
    brought = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert brought.stdout.strip() == ""


def test_checks_that_are_not_named_have_the_defaults_of_judgement(folder):
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    (folder / "rules.yaml").write_text("checks: {}\n", encoding="utf-8")
    assert load(folder).policy().checks == Checks()


def test_what_is_written_about_checks_arrives_in_the_policy(folder):
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    (folder / "rules.yaml").write_text(
        "grace: 2.5 working days in progress\n"
        "baseline: first_sync\n"
        "checks:\n"
        "  conflict: {mode: off}\n"
        "  missing_why: {mode: enforce, parts: [user], kinds: [bug], headings: {user: [Nutzer]}}\n"
        "  drifted: {points: 150%, kept: 30%}\n"
        "  over_share: {mode: monitor, tolerance: 10%}\n",
        encoding="utf-8",
    )
    policy = load(folder).policy()
    assert (policy.grace_days, policy.baseline) == (2.5, True)
    assert policy.checks == Checks(
        modes={"conflict": "off", "missing_why": "enforce", "over_share": "monitor"},
        missing_why=MissingWhy(parts=("user",), kinds=("bug",), headings={"user": ("Nutzer",)}),
        drifted=Drifted(points=1.5, kept=0.3),
        over_share=Share(tolerance=0.1),
    )


def test_nothing_that_is_written_is_without_effect(folder):
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    assert load(folder).advice() == []


def test_a_link_that_leads_nowhere_is_no_file_that_was_never_written(folder):
    """Read as an empty strategy, it would give up every goal."""
    write(folder)
    (folder / "strategy.yaml").symlink_to("gone.yaml")
    assert problems(folder) == ["strategy.yaml: is a link to gone.yaml, which is not there; mend or remove the link"]


def test_a_service_file_with_the_other_ending_is_found_and_named(folder):
    write(folder / "asked", name="syncd.yml")
    (only,) = problems(folder / "asked")
    assert only.endswith(f"and not there; rename {folder / 'asked' / 'syncd.yml'} to syncd.yaml")


@pytest.mark.parametrize("value", ["two\nlines", "bell\x07", "next\x85line"])
def test_a_secret_that_no_header_can_carry_is_told_before_it_is_sent(folder, monkeypatch, value):
    write(folder)
    monkeypatch.setenv("WEB_TOKEN", value)
    (only,) = map(str, load(folder).check_secrets())
    assert "the secret in WEB_TOKEN holds a line break or another control character" in only
    assert value not in only
    monkeypatch.setenv("WEB_TOKEN", "ends with a line break\n")
    assert load(folder).check_secrets() == []


def test_a_number_that_is_too_long_to_be_one_is_not_said_to_have_quotes(folder):
    write(folder, f"{SERVICE}web: {{port: 99999999999999999999}}\n")
    (only,) = problems(folder)
    assert only.endswith("web.port: expected a whole number, found text")
