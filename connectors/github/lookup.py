"""What has become of items that a census did not see: asked one by one."""

from collections.abc import Sequence

from connectors.base import Fate, Known
from connectors.github.lists import Row
from connectors.github.repository import Repository

_FATES: dict[int, Fate] = {301: "moved", 410: "gone", 404: "forbidden"}


def look_up(repository: Repository, known: Sequence[Known]) -> tuple[list[Row], dict[str, Fate]]:
    """The rows of those still there, and the fate of the others.

    GitHub answers 404 for what is hidden and for what never was. At the first one the repository
    itself is tried; if that is hidden, so is everything in it, and nothing more is asked.
    """
    rows: list[Row] = []
    fates: dict[str, Fate] = {}
    tried, readable = False, True
    for one in known:
        found = _ask(repository, one) if readable else "forbidden"
        if found == "forbidden" and not tried:
            tried, readable = True, repository.readable()
            found = _ask(repository, one) if readable else found
        if isinstance(found, dict):
            rows.append(found)
        else:
            fates[one.native_id] = found
    return rows, fates


def _ask(repository: Repository, known: Known) -> Row | Fate:
    answer = repository.issue(known.key.rpartition("#")[2])
    if answer.status != 200:
        return _FATES[answer.status]
    row: Row = answer.json()
    return row if str(row.get("id")) == known.native_id else "gone"
