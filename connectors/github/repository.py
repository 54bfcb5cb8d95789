"""One repository's lists. Addressed by number, so that a rename changes nothing."""

from datetime import UTC, datetime, timedelta

from connectors.base import AuthFailed, Stream
from connectors.calls import Answer, fingerprint
from connectors.github.client import PER_PAGE, Client
from connectors.github.lists import Sheet, sheet_of

_ALL = {"state": "all", "per_page": str(PER_PAGE)}
CREATED = _ALL | {"sort": "created", "direction": "asc"}
UPDATED = _ALL | {"sort": "updated", "direction": "asc"}
LATEST = _ALL | {"sort": "updated", "direction": "desc"}

_SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 2, tzinfo=UTC)


class Repository:
    """The endpoints of one stream.

    ``/repositories/{id}/…`` is what GitHub's own links and redirects lead to. A server that does not
    know it is asked by name from then on, if the name means the same repository.
    """

    def __init__(self, client: Client, stream: Stream) -> None:
        self.client, self.stream = client, stream
        self.path = self._by_name if client.by_name_only else f"/repositories/{stream.native_id}"

    def issues(self, parameters: dict[str, str], *, etag: str = "", page: int = 1) -> Sheet:
        """One sheet of issues and pull requests.

        :raises AuthFailed: the repository, or its issues, are not readable
        """
        if page > 1:
            parameters = parameters | {"page": str(page)}
        try:
            return self._sheet("issues", parameters, etag, page)
        except AuthFailed as error:
            if error.status != 404 or not self._known_by_name():
                raise
        by_number, self.path = self.path, self._by_name
        try:
            sheet = self._sheet("issues", parameters, "", page)
        except AuthFailed:
            self.path = by_number
            raise
        self.client.by_name_only = True
        return sheet

    def pulls(self, page: int) -> Sheet:
        """One sheet of pull requests alone, the latest first; they name their branch."""
        return self._sheet("pulls", LATEST | {"page": str(page)}, "", page)

    def follow(self, sheet: Sheet) -> Sheet:
        """The sheet that comes after this one."""
        return sheet_of(self.client.get(sheet.next, op="issues"), sheet.number + 1)

    def issue(self, number: str) -> Answer:
        """One issue: 200, 301 after a transfer, 404, or 410 after a deletion."""
        return self.client.get(f"{self.path}/issues/{number}", op="issue", accept=(301, 404, 410))

    def readable(self) -> bool:
        """Whether the repository's issues can be listed at all."""
        try:
            self.issues(LATEST | {"per_page": "1"})
        except AuthFailed as error:
            if error.status == 401:
                raise
            return False
        return True

    def validator_of(self) -> str:
        """What an ETag of the idle poll belongs to: the token, the root and the list."""
        return fingerprint(self.client.identity(), self.path)

    def _sheet(self, name: str, parameters: dict[str, str], etag: str, page: int) -> Sheet:
        return sheet_of(self.client.get(f"{self.path}/{name}", parameters, op=name, etag=etag), page)

    @property
    def _by_name(self) -> str:
        return f"/repos/{self.stream.name}"

    def _known_by_name(self) -> bool:
        if self.path == self._by_name:
            return False
        answer = self.client.get(self._by_name, op="repository", accept=(301, 403, 404, 451))
        return answer.status == 200 and str(answer.json().get("id")) == self.stream.native_id


def since(at: datetime) -> dict[str, str]:
    """The parameter that leaves out what was last updated before ``at``.

    GitHub counts in whole seconds and does not promise that the second itself is included, so it is
    given one more. It answers the beginning of the epoch with an empty list, so that is never sent.
    """
    if at < _EPOCH:
        return {}
    return {"since": (at.astimezone(UTC) - _SECOND).strftime("%Y-%m-%dT%H:%M:%SZ")}
