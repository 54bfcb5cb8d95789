"""Commands that were called wrongly, and configurations with mistakes: told in words, before anything is asked."""

from collections.abc import Callable

import pytest

from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd

Edit = Callable[..., None]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["items", "--kind", "epik"], '--kind epik: did you mean "epic"?'),
        (["items", "--status", "doing"], '--status doing: did you mean "done"?'),
        (["items", "--tracker", "acme-jria"], '--tracker acme-jria: did you mean "acme-jira"?'),
        (["items", "--goal", "activaton"], '--goal activaton: did you mean "activation"?'),
        (["items", "--limit", "0"], "Invalid value for '--limit': 0: expected a number such as 12"),
        (["flags", "--state", "opn"], '--state opn: did you mean "open"?'),
        (["flags", "--rule", "unlnked"], '--rule unlnked: did you mean "unlinked"?'),
        (["flags", "--rule", "😀"], "--rule 😀: known here: "),
        (["flags", "--funnel", "--held"], "one of --funnel and --held, not both"),
        (["sandbox", "--as-of", "2026-11-01"], "--as-of needs --archive"),
        (["explain", "WEB-999"], "there is no item WEB-999: give its key, its id"),
        (["explain", "\udcff"], "not text in UTF-8"),
        (["sync", "acme-jria"], 'there is no tracker acme-jria; did you mean "acme-jira"?'),
        (["config", "schema", "strateg"], 'there is no file strateg.yaml; did you mean "strategy.yaml"?'),
        (["sandbox", "--deployment", "clout"], '--deployment clout: did you mean "cloud"?'),
        (["sandbox", "--archive", "x", "--as-of", "yesterday"], "yesterday: expected a day such as 2027-01-31"),
        (["run", "--port", "99999"], "Invalid value for '--port': 99999: expected a number from 0 to 65535"),
        (["web", "--port", "abc"], "Invalid value for '--port': abc: expected a number from 0 to 65535"),
        (["sandbox", "--items", "-1"], "Invalid value for '--items': -1: expected a number such as 12"),
        (["rules", "suggest", "--sure", "nan"], "Invalid value for '--sure': nan: expected a number from 0.05 to 0.99"),
        (["snyc"], "No such command 'snyc'"),
        (["sync", "--ful"], "No such option: --ful"),
        (["explain"], "Missing argument"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest_right_one(arguments: list[str], says: str, company: Syncd) -> None:
    ran = company(*arguments)
    ran.says(2, says)
    assert ran.out == ""


def test_a_decision_that_is_not_there_is_looked_for_where_decisions_are_listed(company: Syncd) -> None:
    ran = company("flags", "undo", "99999", "--decision")
    assert (ran.code, ran.out) == (1, "#99999 there is no such id: see `syncd flags log ID`\n")


def test_a_key_that_two_trackers_use_asks_which(syncd: Syncd, edit: Edit) -> None:
    text = (syncd.folder / "syncd.yaml").read_text(encoding="utf-8")
    jira = text[text.index("  - name: acme-jira") : text.index("  - name: acme-github")]
    edit("syncd.yaml", (jira, jira + jira.replace("acme-jira", "twin-jira")))
    syncd.done("sync", "acme-jira", "twin-jira")
    key = syncd.rows("items")[0]["key"]
    syncd("explain", key).says(2, f"{key} is in several trackers", "acme-jira:", "twin-jira:")
    assert syncd.done("explain", f"twin-jira:{key}").out.startswith(f"{key} “")


MISTAKES = {
    "a misspelt key": (("every: 10s", "evry: 10s"), "syncd.yaml:14:5: trackers[0].evry", 'did you mean "every"?'),
    "a tab": (("  - name: acme-jira", "\t- name: acme-jira"), "syncd.yaml:5:", "tab"),
    "a secret in the file": (("writeback:", "notify: [{url: slack://hunter2hunter2}]\nwriteback:"), "syncd.yaml:47:16: notify[0].url", "{env: NAME}"),
    "an unknown database": (("sqlite:///", "mysql:///"), "syncd.yaml:2:11: database: expected sqlite:///FILE", ""),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("command", ["check", "sync", "run"])
def test_nothing_is_asked_of_any_tracker_while_the_files_have_mistakes(
    mistake: str, command: str, syncd: Syncd, trackers: Sandbox, edit: Edit
) -> None:
    change, place, remedy = MISTAKES[mistake]
    edit("syncd.yaml", change)
    ran = syncd(command)
    ran.says(3, place, remedy)
    assert "hunter2" not in ran.err
    assert trackers.journal.count() == 0


def test_a_mistake_in_each_file_is_told_at_once(syncd: Syncd, edit: Edit) -> None:
    edit("syncd.yaml", ("writeback:", "writebak:"))
    edit("strategy.yaml", ("kind: objective", "kind: objectiv"))
    edit("rules.yaml", ("mode: enforce", "mode: enforced"))
    ran = syncd("sync")
    ran.says(3, "syncd.yaml:", "strategy.yaml:", "rules.yaml:")
    assert len(ran.err.splitlines()) == 3


def test_a_secret_that_is_not_there_is_named_with_its_line(syncd: Syncd, trackers: Sandbox, edit: Edit) -> None:
    (syncd.folder / "github.token").unlink()
    edit("syncd.yaml", (f'{{"file": "{syncd.folder / "notion.token"}"}}', "{env: ABSENT_TOKEN}"))
    for command in ("sync", "check", "run"):
        ran = syncd(command)
        ran.says(
            3,
            "trackers[1].auth.token: the secret file",
            "trackers[2].auth.token: the environment variable ABSENT_TOKEN",
        )
        assert all(line.startswith("syncd.yaml:") for line in ran.err.splitlines())
    assert trackers.journal.count() == 0
    syncd.done("items")
    syncd.done("check", "--offline")


def test_a_folder_that_is_not_there_or_is_a_file_is_told(syncd: Syncd) -> None:
    syncd("--config", "nowhere", "status").says(3, "looked for in nowhere, and not there", "--config or SYNCD_CONFIG")
    syncd("--config", str(syncd.folder / "syncd.yaml"), "status").says(3, "that is a file: name its folder")


def test_the_folder_comes_from_the_option_then_the_environment_then_the_working_folder(
    syncd: Syncd, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    other = elsewhere / "config"
    other.mkdir()
    text = (syncd.folder / "syncd.yaml").read_text(encoding="utf-8")
    (other / "syncd.yaml").write_text(text.replace("acme-jira", "other-jira"), encoding="utf-8")
    bare = Syncd(None)
    assert "other-jira" in bare.done("config", "show", cwd=elsewhere).out
    assert "acme-jira" in bare.done("config", "show", cwd=elsewhere, env={"SYNCD_CONFIG": str(syncd.folder)}).out
    told = Syncd(other, {"SYNCD_CONFIG": str(syncd.folder)})
    assert "other-jira" in told.done("config", "show", cwd=elsewhere).out
