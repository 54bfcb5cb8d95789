"""The demo: what a newcomer sees first."""

from pathlib import Path

from tests.cli.command import Syncd
from tests.e2e.daemon import act, address, get, link_in, reader, started, state, visitor, wait_for

SUMMARY = [
    "267 items of Acme from Jira, GitHub and Notion, in 10 requests and",
    "111 serve a goal, 49 are exempt, 107 serve none",
    "18 flags; the first clears 10: PAY-15 “Direct debit for group practices” serves no goal",
    "why: syncd --config var/demo explain PAY-15",
    "all: syncd --config var/demo flags",
    "Globex Health sees 9 items: syncd --config var/demo partners show globex",
]


def test_once_tells_six_lines_again_and_again_and_touches_nothing_else(tmp_path: Path) -> None:
    store = tmp_path / "production.db"
    newcomer = Syncd(None, {"SYNCD_DATABASE": f"sqlite:///{store}"})
    for options in ([], [], ["--reset"]):
        ran = newcomer.done("demo", "--once", *options, cwd=tmp_path)
        lines = ran.out.splitlines()
        assert len(lines) == 6
        assert all(line.startswith(told) for line, told in zip(lines, SUMMARY, strict=True))
        assert ran.err == ""
    assert [path.name for path in tmp_path.iterdir()] == ["var"]


def test_the_commands_it_names_work(tmp_path: Path) -> None:
    newcomer = Syncd(None)
    told = newcomer.done("demo", "--once", cwd=tmp_path).out
    shows = ("Direct debit for group practices", "Direct debit for group practices", "Sign-in through your directory")
    for line, words in zip(told.splitlines()[-3:], shows, strict=True):
        assert words in newcomer.done(*line.split("syncd ")[1].split(), cwd=tmp_path).out


def test_a_change_in_a_tracker_arrives_while_the_pages_are_served(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    newcomer = Syncd(None)
    with started(newcomer, "demo", "--port", "0", folder=folder, cwd=tmp_path) as demo:
        wait_for(lambda: "pages:" in demo.said)
        pages, trackers = address(demo.said, "pages"), address(demo.said, "trackers")
        assert get(f"{pages}/healthz") == (200, '{"alive": true, "troubles": []}')
        assert get(f"{pages}/readyz") == (200, '{"ready": true, "reasons": {}}')
        assert "Sign in" in get(f"{pages}/")[1]
        ana = visitor(link_in(demo.said, "sign in as Ana, Product manager"))
        assert "OPS, PAY, WEB" in ana(f"{pages}/")
        omar = visitor(link_in(demo.said, "sign in as Omar, Operator"))
        assert "vera@acme.example" in omar(f"{pages}/people/")
        again = newcomer("demo", "--once", cwd=tmp_path)
        again.says(75, f"another syncd (process {demo.process.pid}) works on")

        act(trackers, "jira", "edit", id="PAY-15", title="Direct debit, renamed")
        wait_for(
            lambda: newcomer.rows("--config", str(tmp_path / "var/demo"), "items", "--search", "Direct debit, renamed"),
            seconds=20,
        )
        assert demo.stop() == 0
        assert demo.said.splitlines()[-1].startswith("pages: ")
        assert demo.err.read_text() == ""


def test_what_is_shared_arrives_at_the_partner_and_in_its_own_tools(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    with started(Syncd(None), "demo", "--port", "0", folder=folder, cwd=tmp_path) as demo:
        wait_for(lambda: "pages:" in demo.said)
        pages, trackers = address(demo.said, "pages"), address(demo.said, "trackers")
        partner = reader()
        assert "Open the shared tracker" in partner(address(demo.said, "come in as the partner Globex Health"))

        act(
            trackers,
            "jira",
            "edit",
            id="OPS-4",
            body="Not for them.\n\nPublic title: Locked out in five minutes",
        )
        wait_for(lambda: "Locked out in five minutes" in partner(f"{pages}/p/"), seconds=60)
        for tool in ("globex-notion", "globex-github"):
            wait_for(lambda tool=tool: "Locked out in five minutes" in str(state(trackers)[tool]), seconds=60)
            assert "Not for them" not in str(state(trackers)[tool])
        assert demo.stop() == 0
