"""Conditions, as rules write them, compiled to closures.

A condition is a mapping. Its keys are matchers and the groups ``any``, ``all`` and ``none``, each a list
of conditions; all keys of one mapping must hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from rules.match import kin, prose, times
from rules.match.clause import Answer, Clause, all_of, any_of, none_of
from rules.match.errors import written
from rules.match.lexicon import Lexicon
from rules.match.site import Build, Scope, Site
from rules.match.values import field, of_item
from rules.match.view import View
from rules.model import Case


class Reason(NamedTuple):
    """How a condition fared on an item: the matched text, or the first clause that failed."""

    matched: Answer
    because: str


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled condition. Calling it judges; ``explain`` also says why and takes longer."""

    clause: Clause
    scope: Scope

    def __call__(self, case: Case, now: datetime) -> Answer:
        """True, False, or None when what is known does not tell. ``now`` is aware."""
        return self.clause.test(View.of(case, self.scope.lexicon), now)

    def explain(self, case: Case, now: datetime) -> Reason:
        view = View.of(case, self.scope.lexicon)
        answer = self.clause.test(view, now)
        return Reason(answer, self.clause.say(view, now, answer))

    @property
    def prose(self) -> bool:
        """Whether a match may rest on words in the text, which say less than labels and fields."""
        return self.clause.prose


def compile_condition(when: Mapping[str, Any], scope: Scope | None = None) -> Matcher:
    """Compiles a condition. Those that are compiled into one scope share one pass over each text; whoever
    gives a scope calls ``scope.lexicon.build()`` after the last.

    :raises BadCondition: an unknown key, a value of the wrong shape, a pattern that RE2 does not take,
        or more of something than is allowed; it names the place and the remedy
    """
    shared = scope or Scope()
    matcher = Matcher(_condition(Site(when, (), shared, _condition)), shared)
    if scope is None:
        shared.lexicon.build()
    return matcher


def compile_joined(when: Mapping[str, Any]) -> Matcher:
    """The same for a condition that may be two under one ``all``, each within the limits by itself."""
    scope = Scope(Lexicon(joined=2), joined=2)
    matcher = compile_condition(when, scope)
    scope.lexicon.build()
    return matcher


def _condition(site: Site) -> Clause:
    if not isinstance(site.value, Mapping):
        raise site.refuse(f"expected a condition such as label: checkout; got {written(site.value)}")
    if not site.value:
        raise site.refuse("an empty condition would match every item: name at least one matcher")
    return all_of([_clause(inner) for inner in site.mapping(*BUILDS).values()])


def _clause(site: Site) -> Clause:
    site.counted()
    return BUILDS[site.name](site)


def _members(site: Site) -> list[Clause]:
    """The members of a group, compiled."""
    if not isinstance(site.value, list | tuple):
        raise site.refuse("expected a list of conditions: put '- ' before each")
    return [inner.nested() for inner in site.list()]


def _in_state(site: Site) -> Clause:
    site.scope.about_state = True
    return times.keyed(times.spans("in its state since", lambda view: view.state_since, missing=None))(site)


BUILDS: Mapping[str, Build] = {
    "any": lambda site: any_of(_members(site)),
    "all": lambda site: all_of(_members(site)),
    "none": lambda site: none_of(_members(replace(site, negated=True))),
    "label": of_item("label", View.label),
    "kind": of_item("kind", View.kind),
    "type": of_item("type", View.type),
    "status": of_item("status", View.status),
    "status_category": of_item("status category", View.status_category),
    "field": field,
    "component": of_item("component", View.component),
    "text": prose.text,
    "regex": prose.regex,
    "parent": kin.parent,
    "ancestor": kin.ancestor,
    "assignee": of_item("assignee", View.assignee),
    "reporter": of_item("reporter", View.reporter),
    "tracker": of_item("tracker", View.tracker),
    "container": of_item("container", View.container),
    "project": of_item("project", View.container),
    "repository": of_item("repository", View.container),
    "data_source": of_item("data source", View.container),
    "milestone": of_item("milestone", View.milestone),
    "version": of_item("version", View.version),
    "sprint": of_item("sprint", View.sprint),
    "age": times.keyed(times.ages("created", lambda view: view.item.created_at)),
    "created": times.keyed(times.spans("created", lambda view: view.item.created_at)),
    "updated": times.keyed(times.spans("updated", lambda view: view.item.updated_at)),
    "in_state": _in_state,
    "due": times.due,
    "points": times.points,
    "draft": times.draft,
    "merged": times.merged,
}
"""The rule language: every key that a condition may have."""
