"""What ``syncd sync`` ends with, by what came of it."""

import pytest

from connectors.base import AuthFailed, BadResponse, ConnectorError, Problem, RateLimited, Unavailable
from syncd.cli.session import Exit
from syncd.cli.sync import exit_of
from syncd.worker.once import Pass
from syncd.worker.sync import Pulled


def problem(error: ConnectorError, *, partial: bool) -> tuple[str, Problem]:
    return "acme-jira", Problem("WEB", error, partial=partial)


ONE_ITEM = problem(BadResponse("cannot read WEB-1, which is left as it was"), partial=True)
HIDDEN = problem(AuthFailed("WEB is hidden"), partial=False)


@pytest.mark.parametrize(
    ("done", "code"),
    [
        (Pass(), Exit.OK),
        (Pass(problems=[ONE_ITEM]), Exit.FINDINGS),
        (Pass(problems=[ONE_ITEM], pulled={"acme-jira/WEB": Pulled(busy=True)}), Exit.TRY_LATER),
        (Pass(problems=[ONE_ITEM, HIDDEN]), Exit.AUTH),
        (Pass(problems=[problem(Unavailable("no answer to a property"), partial=True)]), Exit.UNAVAILABLE),
        (Pass(problems=[problem(BadResponse("no items at all"), partial=False)]), Exit.UNAVAILABLE),
        (Pass(problems=[ONE_ITEM], failed={"acme-jira": RateLimited("later", retry_after=60.0)}), Exit.TRY_LATER),
    ],
    ids=["all well", "an item", "busy", "hidden", "a property", "no items", "rate limited"],
)
def test_the_worst_decides(done: Pass, code: Exit) -> None:
    assert exit_of(done) is code
