"""What Globex keeps for itself: a Notion workspace and a GitHub account of another company, with tokens of their own.

Nothing is planted there. They are where the demo's partner wants to have its copy of the shared work.
"""

from collections.abc import Callable
from datetime import datetime

from syncd.sandbox.base import Service
from syncd.sandbox.github import GitHubService
from syncd.sandbox.notion import NotionService
from syncd.sandbox.notion.model import PropertyType

NOTION, GITHUB = "globex-notion", "globex-github"
"""Their prefixes; the trackers are called the same in the demo's configuration."""
TABLE = "Shared by Acme"
COLUMNS: tuple[tuple[str, PropertyType], ...] = (
    ("Name", "title"),
    ("Status", "select"),
    ("Due", "date"),
    ("Delivered", "date"),
    ("Notes", "rich_text"),
    ("Owner", "rich_text"),
    ("syncd", "rich_text"),
)
REPOSITORY = "globex/acme-tracker"
_ELSEWHERE = 500
"""Added to the seed, so that ids and tokens are not those of the company that shares."""


def services(clock: Callable[[], datetime], seed: int) -> list[Service]:
    notion = NotionService(clock, seed, NOTION, "Globex Health")
    notion.workspace.table(TABLE, COLUMNS)
    github = GitHubService(clock, seed + _ELSEWHERE, GITHUB)
    github.hub.repository(REPOSITORY)
    return [notion, github]


def data_source(service: NotionService) -> str:
    """Id of the table."""
    return next(source.id for source in service.workspace.sources.values() if source.title == TABLE)
