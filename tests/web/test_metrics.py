"""The metrics are what an alert rule can be written on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from prometheus_client.parser import text_string_to_metric_families

from syncd.web import metrics, snapshot
from tests.web.conftest import NOW


@pytest.fixture
def scraped(client):
    def scrape() -> dict[str, dict[tuple[str, ...], float]]:
        answer = client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        families = text_string_to_metric_families(answer.content.decode())
        return {
            family.name: {tuple(sorted(sample.labels.values())): sample.value for sample in family.samples}
            for family in families
            if family.name.startswith("syncd_")
        }

    return scrape


def test_every_stream_tells_its_lag_and_last_success(company, scraped):
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    company.stream(company.github, "acme/web", last_success_at=an_hour_ago)
    company.stream(company.jira, "WEB", last_success_at=None)
    seen = scraped()
    assert seen["syncd_source_lag_seconds"] == {("acme-github", "acme/web"): pytest.approx(3600, abs=60)}
    assert seen["syncd_source_last_success_timestamp_seconds"] == {
        ("acme-github", "acme/web"): pytest.approx(an_hour_ago.timestamp(), abs=1)
    }


def test_trouble_and_size_are_figures(company, scraped):
    stream = company.stream(company.github, "acme/web", broken_since=NOW, held={"missing": 1, "of": 2}, requests=4)
    company.flag(company.item(stream, goal=""))
    company.item(stream, goal="activation")
    company.item(stream)
    seen = scraped()
    for name, value in {"broken": 1, "sweep_held": 1, "items": 3, "requests": 4}.items():
        assert seen[f"syncd_source_{name}"] == {("acme-github", "acme/web"): value}
    assert seen["syncd_items"] == {("goal",): 1, ("exempt",): 0, ("unlinked",): 1}
    assert seen["syncd_items_waiting"] == {(): 1}
    assert seen["syncd_flags_open"] == {("unlinked",): 1}
    assert seen["syncd_store_up"] == {(): 1}


def test_a_store_that_is_down_leaves_the_figures_of_the_process(db, scraped, monkeypatch):
    def down(_now):
        raise DatabaseError

    monkeypatch.setattr(snapshot, "take", down)
    seen = scraped()
    assert seen["syncd_store_up"] == {(): 0}
    assert list(seen["syncd_build_info"].values()) == [1]
    assert "syncd_source_lag_seconds" not in seen


def test_the_streams_that_lag_most_are_kept_when_there_are_too_many(company, scraped, monkeypatch):
    monkeypatch.setattr(metrics, "MOST_STREAMS", 2)
    for number, lag in enumerate((10, 99999, None, 20)):
        success = None if lag is None else NOW - timedelta(seconds=lag)
        company.stream(company.github, f"s{number}", last_success_at=success)
    assert set(scraped()["syncd_source_items"]) == {("acme-github", "s1"), ("acme-github", "s2")}


def test_no_figure_names_an_item_or_a_person(company, scraped, client):
    stream = company.stream(company.github, "acme/web")
    company.flag(company.item(stream, title="Secret plan"), owner="ana@acme.example", message="Secret plan")
    body = client.get("/metrics").content
    assert b"Secret" not in body
    assert b"ana@" not in body
