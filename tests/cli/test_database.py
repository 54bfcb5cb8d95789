"""The store: where it is, and what is said when it cannot be used."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command import Syncd, postgresql

Edit = Callable[..., None]


def test_the_environment_says_where_the_store_is_before_the_file_does(newcomer: Syncd, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where" / "store.db"
    there = Syncd(newcomer.folder, {"SYNCD_DATABASE": f"sqlite:///{elsewhere}"})
    there.done("sync", "acme-notion")
    assert elsewhere.exists()
    assert not (newcomer.folder / "syncd.db").exists()
    assert len(there.rows("items")) == 12


def test_a_postgresql_server_is_named_by_its_url_in_the_file(syncd: Syncd, edit: Edit) -> None:
    with postgresql("syncd_cli") as url:
        assert ":@" in url
        text = (syncd.folder / "syncd.yaml").read_text(encoding="utf-8")
        (line,) = [line for line in text.splitlines() if line.startswith("database:")]
        edit("syncd.yaml", (line, f"database: {url}"))
        assert f"database: {url}" in syncd.done("config", "show").out
        syncd.done("sync", "--sweep")
        assert len(syncd.rows("items")) == 36
        assert {row["error"] for row in syncd.rows("status")} == {None}
        syncd.done("flags")
        syncd.done("goals")


@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("postgresql://nobody@127.0.0.1:9/none", 5, "the database cannot be used: connection"),
        ("postgresql://nobody:hunter2@127.0.0.1:9/none", 5, "the database cannot be used: connection"),
        ("sqlite:////proc/none/syncd.db", 5, "cannot be used"),
        ("mysql://db/syncd", 3, "SYNCD_DATABASE: expected sqlite:///FILE or postgresql://USER@HOST/DATABASE"),
        ("nonsense", 3, "SYNCD_DATABASE: expected"),
    ],
)
@pytest.mark.parametrize("command", [["status"], ["sync"], ["run", "--port", "0"]])
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    url: str, code: int, says: str, command: list[str], syncd: Syncd
) -> None:
    ran = Syncd(syncd.folder, {"SYNCD_DATABASE": url, "SYNCD_DATA": str(syncd.folder)})(*command)
    ran.says(code, says)
    assert len(ran.err.splitlines()) == 1
    assert "hunter2" not in ran.err


def test_a_store_of_a_newer_version_is_left_alone(syncd: Syncd) -> None:
    """What that version keeps is not known here, so even reading could be wrong."""
    syncd.done("sync", "acme-notion")
    store = syncd.folder / "syncd.db"
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('trackers', '9999_later', '2031-01-01')"
        )
    for command in (["status"], ["sync"], ["mcp"], ["run", "--port", "0"]):
        syncd(*command).says(5, "the store is a newer syncd's (trackers 9999_later): this is ", "install that one")


def test_a_store_from_before_migrations_were_put_together_is_brought_up_once(syncd: Syncd) -> None:
    syncd.done("sync", "acme-notion")
    forget(syncd, "name LIKE '%squashed%'")
    syncd.done("status")
    with closing(sqlite3.connect(syncd.folder / "syncd.db")) as connection:
        [count] = connection.execute("SELECT COUNT(*) FROM django_migrations WHERE name LIKE '%squashed%'").fetchone()
    assert count, "they are known by their new names, so that no command has to load them"


def test_a_store_that_went_half_the_way_to_them_is_told_what_it_lacks(syncd: Syncd) -> None:
    syncd.done("sync", "acme-notion")
    forget(syncd, "name LIKE '%squashed%' OR (app = 'trackers' AND name >= '0005')")
    for command in (["status"], ["sync"]):
        syncd(*command).says(5, "lacks trackers 0005_keys_in_capitals: run the last version before ", "once, then this")


def forget(syncd: Syncd, which: str) -> None:
    """That these migrations were applied."""
    with closing(sqlite3.connect(syncd.folder / "syncd.db")) as connection, connection:
        connection.execute(f"DELETE FROM django_migrations WHERE {which}")


def test_a_store_that_another_process_writes_to_is_for_later(syncd: Syncd) -> None:
    syncd.done("sync", "acme-notion")
    with closing(sqlite3.connect(syncd.folder / "syncd.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        syncd("people", "add", "eve@acme.example").says(75, "another process is writing to the store: try again")


def test_a_file_that_is_no_database_is_told_and_left_as_it_is(syncd: Syncd) -> None:
    store = syncd.folder / "syncd.db"
    store.write_bytes(noise := b"this is no database at all\n" * 400)
    for command in (["status"], ["sync"], ["run", "--port", "0"]):
        syncd(*command).says(5, "the database cannot be used: file is not a database", f"look at {store}")
    assert store.read_bytes() == noise


def test_a_store_whose_pages_are_spoilt_is_told_in_a_sentence(syncd: Syncd) -> None:
    syncd.done("sync")
    store = syncd.folder / "syncd.db"
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with store.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(store.stat().st_size - 4096))
    for command in ("items", "sync"):
        syncd(command).says(5, "the database cannot be used: ")


def test_a_folder_that_is_a_file_is_told(syncd: Syncd) -> None:
    (syncd.folder / "file").touch()
    there = Syncd(syncd.folder, {"SYNCD_DATABASE": f"sqlite:///{syncd.folder}/file/syncd.db"})
    there("status").says(5, "cannot be used", "Not a directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_must_not_be_written_is_told(syncd: Syncd) -> None:
    closed = syncd.folder / "closed"
    closed.mkdir(mode=0o500)
    there = Syncd(syncd.folder, {"SYNCD_DATABASE": f"sqlite:///{closed}/syncd.db"})
    there("status").says(5, "cannot be used", "Permission denied")
