"""The bare floor of a first sync: fetch the same pages, parse them with the fastest parser, insert them raw.

``python -m bench.floor KIND CONNECTION DATABASE``, where CONNECTION is the JSON of a :class:`Connection`. No
retries, no history, no hierarchy, no judgement and no import that is not needed for it: what no product
can beat, to compare with.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from typing import Any, TypedDict

import orjson
import urllib3

HTTP = urllib3.PoolManager(maxsize=1)

Row = tuple[str, str, bytes]


class Connection(TypedDict):
    """Where a tracker is, the headers that sign in, and what to read: projects with the fields of an
    issue, repositories, or data sources."""

    root: str
    headers: dict[str, str]
    scope: list[str]
    fields: list[str]


def main(kind: str, connection: str, database: str) -> None:
    store = sqlite3.connect(database)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=NORMAL")
    store.execute("CREATE TABLE item (id TEXT PRIMARY KEY, updated TEXT, body BLOB)")
    count = 0
    for rows in PAGES[kind](orjson.loads(connection)):
        with store:
            store.executemany("INSERT OR REPLACE INTO item VALUES (?, ?, ?)", rows)
        count += len(rows)
    print(count)


def _ask(method: str, url: str, headers: dict[str, str], body: Any = None) -> tuple[Any, urllib3.HTTPHeaderDict]:
    asking = {"accept-encoding": "gzip", "content-type": "application/json", **headers}
    response = HTTP.request(method, url, headers=asking, body=orjson.dumps(body) if body is not None else None)
    if response.status != 200:
        raise SystemExit(f"{method} {url}: {response.status}")
    return orjson.loads(response.data), response.headers


def _jira(to: Connection) -> Iterator[list[Row]]:
    """A hundred issues a page, as many as Jira is sure to give."""
    asked: dict[str, Any] = {"fields": to["fields"], "maxResults": 100}
    asked["jql"] = f"project in ({', '.join(to['scope'])}) ORDER BY created ASC"
    while True:
        page, _ = _ask("POST", f"{to['root']}/rest/api/3/search/jql", to["headers"], asked)
        yield [(issue["id"], issue["fields"]["updated"], orjson.dumps(issue)) for issue in page["issues"]]
        asked["nextPageToken"] = page.get("nextPageToken")
        if not asked["nextPageToken"]:
            return


def _github(to: Connection) -> Iterator[list[Row]]:
    for repository in to["scope"]:
        url = f"{to['root']}/repos/{repository}/issues?state=all&sort=created&direction=asc&per_page=100"
        while url:
            page, headers = _ask("GET", url, to["headers"])
            yield [(str(row["id"]), row["updated_at"], orjson.dumps(row)) for row in page]
            links = [link.split(";") for link in headers.get("link", "").split(",") if 'rel="next"' in link]
            url = links[0][0].strip(" <>") if links else ""


def _notion(to: Connection) -> Iterator[list[Row]]:
    for source in to["scope"]:
        asked = {"page_size": 100, "sorts": [{"timestamp": "created_time", "direction": "ascending"}]}
        while True:
            page, _ = _ask("POST", f"{to['root']}/v1/data_sources/{source}/query", to["headers"], asked)
            yield [(row["id"], row["last_edited_time"], orjson.dumps(row)) for row in page["results"]]
            if not page["next_cursor"]:
                break
            asked["start_cursor"] = page["next_cursor"]


PAGES: dict[str, Callable[[Connection], Iterator[list[Row]]]] = {"jira": _jira, "github": _github, "notion": _notion}

if __name__ == "__main__":
    main(*sys.argv[1:])
