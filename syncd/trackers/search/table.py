"""The index: one row an item, in SQLite's FTS5 and in PostgreSQL's ``tsvector``.

Matches come by falling row id, the items that were known last first, and no more than are asked for: how much is read
does not depend on how often a word occurs.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from syncd.trackers import bulk
from syncd.trackers.search.wording import STARTS, Asked, starts, words

NAME, PEOPLE, LABELS, BODY = PARTS = ("name", "people", "labels", "body")
_WEIGHTS = {NAME: "A", PEOPLE: "B", LABELS: "C", BODY: "D"}


@dataclass(frozen=True, slots=True)
class Text:
    """What is known of an item's words. ``hash``: of the version of the item that says so."""

    name: str
    people: str
    labels: str
    body: str
    hash: str

    def row(self) -> tuple[str, ...]:
        """The words of each part."""
        return tuple(" ".join(words(getattr(self, part))) for part in PARTS)


def hashes(ids: Collection[int]) -> Mapping[int, str]:
    """Row id of an item -> the version that was read, for those that were."""
    one_of, these = bulk.one_of(ids)
    return dict(bulk.fetch(f"SELECT {_ID}, hash FROM trackers_search WHERE {_ID} {one_of}", [these]))  # noqa: S608


def put(texts: Mapping[int, Text]) -> None:
    """Read these items, instead of what was read of them before."""
    forget(texts)
    if bulk.SQLITE:
        columns = f"rowid, {', '.join(PARTS)}, starts, hash"
        rows = [(id_, *text.row(), _starts(text), text.hash) for id_, text in texts.items()]
        bulk.run_many(f"INSERT INTO trackers_search ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s)", rows)  # noqa: S608
        return
    vectors = [(id_, _vector(text), text.hash) for id_, text in texts.items()]
    bulk.run_many("INSERT INTO trackers_search (id, words, hash) VALUES (%s, %s::tsvector, %s)", vectors)


def forget(ids: Iterable[int]) -> None:
    """These are not found any more."""
    one_of, these = bulk.one_of(ids)
    bulk.execute(f"DELETE FROM trackers_search WHERE {_ID} {one_of}", [these])  # noqa: S608


def matching(asked: Asked, most: int, below: int | None = None, part: str = "", *, whole: bool = False) -> list[int]:
    """Row ids of items that have all the phrases, falling.

    :param below: only ids below this one
    :param part: where alone to look, one of :data:`PARTS`; empty: everywhere
    :param whole: whether the last word must be there in full
    """
    if not asked.phrases or most < 1:
        return []
    start = "" if whole or part else asked.start
    rows = (
        _by_fts(_fts(asked, start, part), most, below)
        if bulk.SQLITE
        else _by_tsquery(_tsquery(asked, start, part), most, below)
    )
    return [id_ for (id_,) in rows]


_ID = "rowid" if bulk.SQLITE else "id"
GLANCE = 2_000
"""The items that were known last, in which PostgreSQL looks before it decides how."""
OFTEN = 50
"""Matches among those from which on it goes on along the items, instead of by its index."""


def _by_fts(query: str, most: int, below: int | None) -> list[bulk.Row]:
    """FTS5 has the items of a word in the order of their ids: it ends where there are enough."""
    further, values = ("", []) if below is None else (" AND rowid < %s", [below])
    sql = f"SELECT rowid FROM trackers_search WHERE trackers_search MATCH %s{further} ORDER BY rowid DESC LIMIT %s"  # noqa: S608
    return bulk.fetch(sql, [query, *values, most])


def _by_tsquery(query: str, most: int, below: int | None) -> list[bulk.Row]:
    """PostgreSQL's index gives all items of a word, in no order; so what is found often is looked for along the items. How
    often that is it guesses badly: for beginnings of words, it took the longer way through 100,000 items to find one."""
    further, values = ("", []) if below is None else (" AND id < %s", [below])
    last = f"SELECT id, words FROM trackers_search WHERE TRUE{further} ORDER BY id DESC LIMIT {GLANCE}"  # noqa: S608
    sql = f"SELECT id FROM ({last}) AS last WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s"  # noqa: S608
    found = bulk.fetch(sql, [*values, query, most])
    if len(found) == most:
        return found
    order = "id" if len(found) >= OFTEN else "id + 0"  # a sum leaves it no order to walk along
    sql = f"SELECT id FROM trackers_search WHERE words @@ %s::tsquery{further} ORDER BY {order} DESC LIMIT %s"  # noqa: S608
    return bulk.fetch(sql, [query, *values, most])


def _starts(text: Text) -> str:
    return " ".join(sorted(starts(f"{text.name} {text.people} {text.labels}")))


def _vector(text: Text) -> str:
    """In the form of ``tsvector``: its own parser would take our words apart by rules of its own."""
    at, found = 0, dict[str, list[str]]()
    for part in PARTS:
        for word in words(getattr(text, part)):
            at += 1
            found.setdefault(word, []).append(f"{min(at, _LAST)}{_WEIGHTS[part]}")
        at += 1  # words of two parts are not side by side
    return " ".join(f"'{word}':{','.join(places)}" for word, places in found.items())


_LAST = 16_383
"""The highest place that a ``tsvector`` knows."""


def _fts(asked: Asked, start: str, part: str) -> str:
    """In FTS5's language; words hold nothing that means something in it."""
    columns = f"{{{part}}}" if part else "- {starts}"
    terms = [f'{columns} : "{" ".join(phrase)}"' for phrase in asked.phrases]
    if start:
        terms[-1] = f'({terms[-1]} OR {{starts}} : "{start[: STARTS[-1]]}")'
    return " AND ".join(terms)


def _tsquery(asked: Asked, start: str, part: str) -> str:
    """In the language of ``tsquery``. Of the text that goes on long, beginnings of words are not looked for."""
    weight = f":{_WEIGHTS[part]}" if part else ""
    terms = [_side_by_side(phrase, weight) for phrase in asked.phrases]
    if start:
        terms[-1] = f"({terms[-1]} | '{start[: STARTS[-1]]}':*ABC)"
    return " & ".join(terms)


def _side_by_side(phrase: Sequence[str], weight: str) -> str:
    return "(" + " <-> ".join(f"'{word}'{weight}" for word in phrase) + ")"
