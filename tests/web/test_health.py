"""Liveness asks whether a restart would help, readiness whether requests are welcome."""

import time
from types import SimpleNamespace

import pytest
from django.db import DatabaseError

from syncd.web import health
from syncd.web.life import KEY, LOOP, WORKER, Life


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def life(clock) -> Life:
    return Life(clock)


@pytest.fixture
def answers(monkeypatch):
    """What the database says when it is asked."""
    monkeypatch.setattr(health, "_ask", lambda: "")


class TestLiveness:
    def test_a_process_whose_loop_beats_is_alive(self, client, life, clock):
        clock.now += LOOP
        answer = client.get("/healthz", **{KEY: life})
        assert (answer.status_code, answer.json()) == (200, {"alive": True, "troubles": []})

    def test_a_loop_that_is_silent_is_not(self, client, life, clock):
        clock.now += LOOP + 1
        answer = client.get("/healthz", **{KEY: life})
        assert answer.status_code == 503
        assert answer.json()["troubles"] == ["the main loop has been silent for 16 s"]

    def test_a_worker_that_hangs_while_the_loop_beats_is_not(self, client, life, clock):
        life.ticked()
        clock.now += WORKER + 1
        life.beat()
        assert client.get("/healthz", **{KEY: life}).json()["troubles"] == ["the worker has been silent for 121 s"]

    def test_a_worker_that_waits_for_its_database_is_no_reason_to_restart(self, client, life, clock):
        life.ticked()
        life.resting()
        clock.now += WORKER + 1
        life.beat()
        assert client.get("/healthz", **{KEY: life}).status_code == 200

    def test_it_asks_no_database(self, client, life, django_assert_num_queries, db):
        with django_assert_num_queries(0):
            client.get("/healthz", **{KEY: life})

    def test_under_another_server_it_is_alive_as_long_as_it_answers(self, client):
        assert client.get("/healthz").status_code == 200

    def test_nobody_keeps_an_old_answer(self, client):
        assert "no-store" in client.get("/healthz").headers["Cache-Control"]


class TestReadiness:
    def test_all_well(self, client, answers):
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"ready": True, "reasons": {}})

    def test_who_drains_is_not_ready(self, client, life, answers):
        life.draining = True
        answer = client.get("/readyz", **{KEY: life})
        assert (answer.status_code, answer.json()["reasons"]) == (503, {"draining": "asked to stop"})

    def test_a_full_disk_is_a_reason(self, client, answers, monkeypatch):
        monkeypatch.setattr(health.shutil, "disk_usage", lambda _: SimpleNamespace(total=1000, free=31))
        assert client.get("/readyz").json()["reasons"] == {"disk": "only 3.1% of the disk is free"}

    def test_a_database_that_refuses_is_a_reason_without_its_address(self, client, monkeypatch):
        def refused(_connection):
            raise DatabaseError("postgresql://syncd:secret@db refused")

        monkeypatch.setattr(health, "MigrationExecutor", refused)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["reasons"]) == (503, {"database": "no connection"})

    def test_a_database_that_hangs_is_a_reason_within_a_second_or_so(self, client, monkeypatch):
        monkeypatch.setattr(health, "PATIENCE", 0.1)
        monkeypatch.setattr(health, "_ask", lambda: time.sleep(0.4) or "")
        began = time.monotonic()
        assert client.get("/readyz").json()["reasons"] == {"database": "no answer within 0 s"}
        assert time.monotonic() - began < 0.3

    def test_migrations_that_are_missing_are_a_reason(self, monkeypatch):
        executor = SimpleNamespace(
            loader=SimpleNamespace(graph=SimpleNamespace(leaf_nodes=list)), migration_plan=lambda _targets: [1, 2]
        )
        monkeypatch.setattr(health, "MigrationExecutor", lambda _connection: executor)
        monkeypatch.setattr(health, "close_old_connections", lambda: None)
        assert health._ask() == "2 migrations are not applied"

    def test_a_store_that_is_up_to_date_has_no_missing_migrations(self, db, monkeypatch):
        monkeypatch.setattr(health, "close_old_connections", lambda: None)
        assert health._ask() == ""
