"""Standard input, output and error that are closed, full, or left by whoever read."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import SYNCD, Syncd, environment


def shell(company: Syncd, line: str) -> "subprocess.CompletedProcess[str]":
    """A line of a shell, in which ``syncd`` is the console script on the company's folder."""
    whole = f'syncd() {{ "{SYNCD}" --config "{company.folder}" "$@"; }}; {line}'
    env = environment(**company.environ)
    return subprocess.run(["bash", "-c", whole], env=env, text=True, capture_output=True, timeout=60, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("command", ["items", "items --json", "explain PAY-15", "version"])
def test_output_that_takes_nothing_more_is_told_in_a_sentence(command: str, company: Syncd) -> None:
    ran = shell(company, f"syncd {command} > /dev/full")
    assert (ran.returncode, ran.stderr) == (5, "what there is to say cannot be written: no space left there\n")


@pytest.mark.parametrize("command", ["items", "items --json", "version --json"])
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_one_that_leads_nowhere(command: str, closed: str, company: Syncd) -> None:
    ran = shell(company, f"syncd {command} {closed}")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert bool(ran.stdout) is (">&-" not in closed.replace("2>&-", ""))


def test_whoever_has_read_enough_is_left_alone(company: Syncd) -> None:
    ran = shell(company, "syncd items --json | head -1 | wc -l")
    assert (ran.stdout.strip(), ran.stderr) == ("1", "")


def test_an_assistant_that_is_gone_before_it_asks_ends_the_server(company: Syncd) -> None:
    ran = shell(company, "syncd mcp <&-")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
