"""Each file in ``mistakes/`` holds one mistake, and the message it must give in its first line."""

import shutil
from pathlib import Path

import pytest

from config.files import ConfigError, load

EXAMPLE = Path(__file__).parents[2] / "config" / "example"
MISTAKES = sorted((Path(__file__).parent / "mistakes").glob("*.yaml"))
BESIDE = {
    "syncd.yaml": (),
    "strategy.yaml": ("syncd.yaml",),
    "rules.yaml": ("syncd.yaml", "strategy.yaml"),
    "partners.yaml": ("syncd.yaml",),
}
"""The examples that a file is read together with."""


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_told_with_its_file_line_and_remedy(mistake, tmp_path):
    expected = mistake.read_text(encoding="utf-8").splitlines()[0].removeprefix("# expect: ")
    file = expected.partition(":")[0]
    for other in BESIDE[file]:
        shutil.copy(EXAMPLE / other, tmp_path)
    shutil.copy(mistake, tmp_path / file)

    with pytest.raises(ConfigError) as refused:
        load(tmp_path)

    assert [str(problem) for problem in refused.value.problems] == [expected]


def test_every_file_has_its_share_of_mistakes():
    files = [path.read_text(encoding="utf-8").partition(".yaml")[0].split()[-1] for path in MISTAKES]
    assert len(MISTAKES) >= 45
    assert all(files.count(name) >= 10 for name in ("syncd", "strategy", "rules", "partners"))


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path):
    (tmp_path / "syncd.yaml").write_text("trackers: []\nweb: {prot: 1}\n", encoding="utf-8")
    (tmp_path / "strategy.yaml").write_text("goals: [{id: a, kind: theem, title: A}]\nvison: x\n", encoding="utf-8")
    (tmp_path / "rules.yaml").write_text("rules: [\n", encoding="utf-8")

    with pytest.raises(ConfigError) as refused:
        load(tmp_path)

    assert [(problem.file, problem.path) for problem in refused.value.problems] == [
        ("rules.yaml", ""),
        ("strategy.yaml", "goals[0].kind"),
        ("strategy.yaml", "vison"),
        ("syncd.yaml", "trackers"),
        ("syncd.yaml", "web.prot"),
    ]


def test_rules_without_a_strategy_say_that_it_is_missing(tmp_path):
    shutil.copy(EXAMPLE / "syncd.yaml", tmp_path)
    rule = "rules:\n  - {id: one, link: activation, when: {label: x}}\n"
    (tmp_path / "rules.yaml").write_text(rule, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"strategy\.yaml is not there, or names no goals$"):
        load(tmp_path)


def test_no_message_repeats_a_secret_that_was_written_into_the_file(tmp_path):
    secret = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"
    places = [
        f"auth: {{token: {secret}}}",
        f"auth: {secret}",
        f"auth: [{secret}]",
        f"auth: {{token: {{env: [{secret}]}}}}",
        f"auth: {{{secret}}}",
        f"auth: {{token: {{{secret}: 1}}}}",
        f"auth: {{app_id: {secret}}}",
    ]
    for place in places:
        (tmp_path / "syncd.yaml").write_text(
            "trackers:\n  - name: web\n    kind: github\n    url: https://api.github.com\n"
            f"    {place}\n    scope: {{repositories: [acme/web]}}\n",
            encoding="utf-8",
        )
        with pytest.raises(ConfigError) as refused:
            load(tmp_path)
        assert secret not in str(refused.value), place
        assert refused.value.problems
