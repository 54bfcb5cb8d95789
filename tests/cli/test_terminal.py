"""What people see: tables on a terminal of any width, progress, colour, and titles from outside."""

import os
import pty
import re
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence

import pytest

from syncd.cli import output
from syncd.sandbox.server import Sandbox
from tests.cli.command import Syncd

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def seen(syncd: Syncd, *arguments: str, columns: int = 100, **env: str) -> tuple[int, str]:
    """What a terminal gets, standard output and error together, and the exit code."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, columns))
    env = {"TERM": "xterm-256color", **env}
    with syncd.start(*arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        parts = list(iter(lambda: _read(ours), b""))
    os.close(ours)
    return process.returncode, b"".join(parts).decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # nobody is at the other end any more
        return b""


def test_a_wide_terminal_gets_a_table(company: Syncd) -> None:
    code, text = seen(company, "flags", columns=140)
    lines = STYLE.sub("", text).splitlines()
    assert code == 0
    assert lines[0].split() == ["id", "rule", "severity", "clears", "owner", "opened", "message"]
    assert lines[1].rstrip().endswith("PAY-15 “Direct debit for group practices” serves no goal")
    assert "\x1b[1m" in text, "headings stand out"


def test_no_colour_where_none_is_wanted(company: Syncd) -> None:
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        _, text = seen(company, "status", columns=140, **env)
        assert "\x1b[3" not in text
        assert "\x1b[9" not in text


@pytest.mark.parametrize("columns", [40, 80])
def test_a_narrow_terminal_gets_entries_and_nothing_is_cut(columns: int, company: Syncd) -> None:
    _, text = seen(company, "flags", columns=columns)
    lines = STYLE.sub("", text).splitlines()
    assert max(map(len, lines)) <= columns
    assert "…" not in text
    words = " ".join(" ".join(lines).split())
    assert "PAY-15 “Direct debit for group practices” serves no goal" in words
    assert "rule unlinked · severity high · clears 10 · owner Tomasz Zieliński" in words


def test_a_pass_shows_its_progress_and_leaves_only_the_outcome(syncd: Syncd) -> None:
    code, text = seen(syncd, "sync")
    assert code == 0
    assert "acme-jira/OPS, PAY, WEB" in text
    assert "\x1b[?25h" in text, "the cursor is back"
    after = STYLE.sub("", text.split("\x1b[?25h")[-1])
    assert re.search(r"acme-jira/OPS, PAY, WEB +12 +0 +\d+  ok", after)
    assert "judging" not in after


def test_who_watches_is_told_in_words_and_not_by_the_log_as_well(syncd: Syncd) -> None:
    (syncd.folder / "jira.token").write_text("not the right token", encoding="utf-8")
    code, text = seen(syncd, "sync", "acme-jira")
    assert code == 4
    assert text.count("the credential is refused") == 1
    assert "tracker_broken" not in text
    assert "tracker_broken" not in seen(syncd, "sync", "acme-jira")[1]
    (syncd.folder / "jira.token").write_text("sandbox-jira-1", encoding="utf-8")
    assert "tracker_recovered" in seen(syncd, "-v", "sync", "acme-jira")[1]


def test_a_reader_that_leaves_early_is_no_error(company: Syncd) -> None:
    for command in (["items", "--json"], ["items", "--limit", "200"], ["check", "--offline"]):
        with company.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.close()
            assert process.stderr.read() == ""


TITLES = [
    "Größe – 日本語の題名 – العنوان – 👩‍👩‍👧‍👦 family",
    "[bold red]not markup[/] :smile: [link=https://x]y[/link]",
    "escape \x1b[2J\x1b[31mred and \x07 bell",
    "two\nlines\tand a tab",
    "e\u0301 combining, \u202eright to left\u202c, nul-like \u2400",
]


def test_titles_from_outside_are_shown_as_written_and_move_nothing(syncd: Syncd, trackers: Sandbox) -> None:
    for title in TITLES:
        trackers.act("notion", "create", place="Roadmap", title=title)
    syncd.done("sync", "acme-notion")
    stored = {row["title"] for row in syncd.rows("items")}
    assert {TITLES[0], TITLES[1], TITLES[4]} <= stored
    pipe = syncd.done("items", "--limit", "200")
    assert {len(row) for row in pipe.cells} == {5}
    assert "\x1b" not in pipe.out
    for columns in (200, 40):
        _, text = seen(syncd, "items", columns=columns)
        plain = STYLE.sub("", text)
        assert "\x1b" not in plain
        assert "\x07" not in plain
        assert "[bold red]not markup[/]" in " ".join(plain.split())
        assert ":smile:" in plain


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """Shows a table on a terminal of some width; gives its lines."""

    def show(width: int, headings: Sequence[str], *rows: Sequence[str]) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        output.table(headings, rows, empty="None.")
        return [line.rstrip() for line in STYLE.sub("", capsys.readouterr().out).splitlines()]

    return show


def test_figures_stand_right_and_the_last_column_wraps(terminal: Callable[..., list[str]]) -> None:
    told = terminal(34, ["key", "open", "title"], ["A", "1,024", "short"], ["B", "7", "words that need two lines"])
    assert told == [
        "key   open  title",
        "A    1,024  short",
        "B        7  words that need two",
        "            lines",
    ]


def test_wide_characters_take_two_cells_when_room_is_counted(terminal: Callable[..., list[str]]) -> None:
    assert terminal(24, ["key", "title"], ["日本語", "題名"]) == ["key     title", "日本語  題名"]
    assert terminal(12, ["key", "title"], ["日本語", "題名は長い"]) == ["題名は長い", "  key 日本語"]


def test_an_empty_table_is_a_sentence(terminal: Callable[..., list[str]]) -> None:
    assert terminal(80, ["key", "title"]) == ["None."]
