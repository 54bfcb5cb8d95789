"""The bare floor of a first sync: fetch the same pages, parse them with the fastest parser, insert them raw.

``python -m bench.floor KIND CONFIG_FOLDER DATABASE`` reads the connection from a sandbox's configuration. No
retries, no history, no hierarchy, no judgement: what no product can beat, to compare with.
"""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import urllib3

from config import files
from connectors.github.settings import Settings as GitHubSettings
from connectors.jira.settings import Settings as JiraSettings
from connectors.notion.settings import Settings as NotionSettings

HTTP = urllib3.PoolManager(maxsize=1)
FIELDS = "summary,status,issuetype,labels,assignee,reporter,parent,created,updated,resolutiondate,duedate,components,fixVersions,description,issuelinks,priority".split(",")

Row = tuple[str, str, bytes]


def main(kind: str, folder: str, database: str) -> None:
    settings = next(tracker for tracker in files.load(Path(folder)).service.trackers if tracker.kind == kind)
    store = sqlite3.connect(database)
    store.execute("PRAGMA journal_mode=WAL")
    store.execute("PRAGMA synchronous=NORMAL")
    store.execute("CREATE TABLE item (id TEXT PRIMARY KEY, updated TEXT, body BLOB)")
    count = 0
    for rows in PAGES[kind](settings):
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


def _jira(settings: JiraSettings) -> Iterator[list[Row]]:
    auth = urllib3.make_headers(basic_auth=f"{settings.auth.email}:{settings.auth.token.reveal()}")
    jql = f"project in ({', '.join(settings.scope.projects or ())}) ORDER BY created ASC"
    token = None
    while True:
        body = {"jql": jql, "fields": FIELDS, "maxResults": 100} | ({"nextPageToken": token} if token else {})
        page, _ = _ask("POST", f"{settings.root}/rest/api/3/search/jql", auth, body)
        yield [(issue["id"], issue["fields"]["updated"], orjson.dumps(issue)) for issue in page["issues"]]
        token = page.get("nextPageToken")
        if not token:
            return


def _github(settings: GitHubSettings) -> Iterator[list[Row]]:
    assert settings.auth.token
    auth = {"authorization": f"Bearer {settings.auth.token.reveal()}"}
    for repository in settings.scope.repositories:
        url = f"{settings.root}/repos/{repository}/issues?state=all&sort=created&direction=asc&per_page=100"
        while url:
            page, headers = _ask("GET", url, auth)
            yield [(str(row["id"]), row["updated_at"], orjson.dumps(row)) for row in page]
            links = [link.split(";") for link in headers.get("link", "").split(",") if 'rel="next"' in link]
            url = links[0][0].strip(" <>") if links else ""


def _notion(settings: NotionSettings) -> Iterator[list[Row]]:
    auth = {"authorization": f"Bearer {settings.auth.token.reveal()}", "notion-version": "2026-03-11"}
    for source in settings.scope.data_sources:
        cursor = None
        while True:
            body = {"page_size": 100, "sorts": [{"timestamp": "created_time", "direction": "ascending"}]}
            body |= {"start_cursor": cursor} if cursor else {}
            page, _ = _ask("POST", f"{settings.root}/v1/data_sources/{source}/query", auth, body)
            yield [(row["id"], row["last_edited_time"], orjson.dumps(row)) for row in page["results"]]
            cursor = page["next_cursor"]
            if not cursor:
                break


PAGES: dict[str, Any] = {"jira": _jira, "github": _github, "notion": _notion}

if __name__ == "__main__":
    main(*sys.argv[1:])
