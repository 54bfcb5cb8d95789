"""Flags, what is decided about them, and what is asked."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from rules.explain import State, Suggested
from rules.model import Severity
from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Id, Moment, Said, Switch, Text, Word
from syncd.review import many, queue

Tab = Literal["review", "snoozed", "decided", "auto"]
Kind = Literal["link", "exempt", "false_positive", "accept", "snooze"]
UntilEvent = Literal["grows", "goal_changes"]
Sort = Literal["stake", "clears", "oldest", "newest", "recent", "waiting", "resolved"]
Words = Annotated[list[Word], Field(max_length=50)]


class Filters(Asked):
    """What of the queue is asked for; the same words as in the address of its page. ``state`` stands instead of
    ``tab``; ``age`` is in days; ``kind`` is that of the work; ``q`` is looked for in message and key."""

    tab: Tab = "review"
    q: Annotated[Text, Field(max_length=200)] = ""
    rule: Words = []
    severity: Annotated[list[Severity], Field(max_length=3)] = []
    goal: Words = []
    tracker: Words = []
    container: Words = []
    kind: Words = []
    owner: Words = []
    age: Annotated[int, Field(ge=0, le=queue.LONGEST_AGE, strict=True)] = 0
    state: Annotated[list[State], Field(max_length=4)] = []
    sort: Literal["", Sort] = ""

    def read(self) -> queue.Filters:
        """:raises queue.BadFilter: they do not fit together"""
        return queue.Filters.of({name: _texts(value) for name, value in self})


class InAddress(Filters):
    """The same as a query string has them."""

    age: Annotated[int, Field(ge=0, le=queue.LONGEST_AGE)] = 0


def _texts(value: str | int | list[str]) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


class Counts(Schema):
    """Flags on each tab by the same filters, counted up to 1,001, which means "more"."""

    review: int
    snoozed: int
    decided: int
    auto: int


class Standing(Schema):
    """The decision that stands about a flag."""

    decision: int
    decided: Kind
    target: str | None
    reason: str | None
    author: str
    made_at: datetime
    until: datetime | None
    until_event: UntilEvent | None


class Flag(Schema):
    """As ``syncd flags --json`` prints it, and ``seen``: how it stands, to be sent with what is decided about it."""

    id: int
    rule: str
    severity: Severity
    state: State
    item: str | None
    key: str | None
    goal: str | None
    message: str
    clears: int
    stake: float
    held: int
    fix: str
    owner: str | None
    opened_at: datetime
    resolved_at: datetime | None
    resolved_because: str | None
    regressed: int
    reopened_because: str | None
    verdict: Standing | None
    suggestion: str | None
    suggestions: list[Suggested]
    seen: str


class Entry(Schema):
    """One thing that happened; ``who`` is null for syncd itself."""

    at: datetime
    what: str
    who: str | None
    says: str
    decision: int | None


class Decision(Asked):
    """What is decided. A ``link`` without ``target`` takes the goal that is suggested; ``exempt`` names its category."""

    kind: Kind
    target: Annotated[Text, Field(max_length=64)] = ""
    reason: Said = ""
    until: Moment | None = None
    until_event: UntilEvent | None = None


class Decide(Decision):
    """``seen``: of the flag as it was looked at; where it is another one by now, nothing is decided (409)."""

    seen: Annotated[Text, Field(max_length=32)] = ""


class DecideMany(Decision):
    """About the flags named in ``ids``, or all that ``filters`` match and that were there ``as_of`` (now, where that is
    missing). ``expected``: how many they were when somebody looked; another number, and nothing is decided (409)."""

    ids: Annotated[list[Annotated[Id, Field(strict=True)]], Field(max_length=many.MOST)] | None = None
    filters: Filters | None = None
    as_of: Moment | None = None
    expected: Annotated[int, Field(ge=0, strict=True)] | None = None


class Refused(Schema):
    """A flag that was left as it is, and why."""

    flag: int
    because: str


class Done(Schema):
    """What came of a decision about many: the server's count of what was meant and changed. ``batch`` takes it back."""

    batch: str
    matched: int
    changed: list[int]
    refused: list[Refused]


class Decided(Schema):
    """A decision that was made, and the flag as it is now."""

    decision: int
    says: str
    flag: Flag


class Undone(Schema):
    """The flag as it is again; null where it is no more."""

    flag: Flag | None


class Ask(Asked):
    """``ask`` goes to who owns the work, ``challenge`` to who owns the goal."""

    kind: Literal["ask", "challenge"] = "ask"
    text: Said


class QuestionAnswer(Asked):
    text: Said


class Question(Schema):
    """``to``: who owes the answer; null where nobody owns it."""

    id: int
    kind: Literal["ask", "challenge"]
    flag: int | None
    item: str | None
    goal: str | None
    text: str
    asker: str
    to: str | None
    asked_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    withdrawn_at: datetime | None


class NewView(Asked):
    """The same name again: it is that list from now on."""

    name: Annotated[Text, Field(min_length=1, max_length=60)]
    filters: Filters = Filters()
    shared: Switch = False


class View(Schema):
    """A list that somebody saved. ``query`` is the query string of its address, for the page and for ``/flags``."""

    id: int
    name: str
    owner: str
    mine: bool
    shared: bool
    query: str
    made_at: datetime
