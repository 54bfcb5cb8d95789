"""``/goals/`` and ``/goals/<id>/``: how each goal is doing, and what is said of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from connectors.item import OPEN
from rules.model import Strength
from syncd.accounts.access import Act, may, needs
from syncd.accounts.person import person_of
from syncd.review import queue
from syncd.review.queue import Filters
from syncd.strategy import alignment
from syncd.strategy import goals as facts
from syncd.strategy.direction import changes_of
from syncd.strategy.goals import Standing
from syncd.strategy.health import FRESH_FOR, way
from syncd.strategy.models import GoalUpdate, Tally
from syncd.strategy.pages import findings, leads, sheet, words
from syncd.strategy.pages.parts import Shown
from syncd.strategy.saying import say
from syncd.strategy.tally import reading
from syncd.strategy.tally.reading import SPENT
from syncd.strategy.work import Work, by_epic
from syncd.web import keyset
from syncd.web.charts import Part
from syncd.web.checks import shown as shown_rule
from syncd.web.drawing import fill, joined
from syncd.web.templatetags.look import percent

FLAGS = 5
UPDATES = 10


class UpdateForm(forms.Form):
    """What the owner or a PM says of a goal."""

    health = forms.ChoiceField(
        label="Health",
        choices=[(value, words.HEALTH[value][0]) for value in GoalUpdate.HEALTH],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Why", max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What changed, what stands in the way, what you need. It stays with its date and your name.",
    )  # fmt: skip


@cache
def _empty() -> SafeString:
    """The form before anybody fills it in, drawn once: it is the same for every goal."""
    return UpdateForm().render()


@require_safe
def goals(request: HttpRequest) -> HttpResponse:
    """The strategy tree."""
    now = timezone.now()
    strategy, checks = facts.in_force()
    standings = facts.standings(strategy, checks, now)
    found = alignment.on()
    page: dict[str, Any] = {
        "now": now,
        "vision": strategy.vision,
        "rows": [row(each, now) for each in standings if each.goal.kind != "non_goal"],
        "non_goals": [row(each, now) for each in standings if each.goal.kind == "non_goal"],
        "found": found,
    }
    if found:
        page["parts"] = Shown.by(found, strategy, "items").parts(
            found.spent(), "items", leads.to_goals_of(strategy), SPENT
        )
        page["says"] = findings.effort(found, strategy, "items")
    return render(request, "strategy/goals.html", page)


@require_safe
def goals_csv(_: HttpRequest) -> HttpResponse:
    """The table as a file."""
    heading = ("id", "title", "kind", "status", "owner", "health", "said_at", "computed", "intended_share", "actual_share",
               "open", "in_progress", "done_lately", "flags")  # fmt: skip
    return sheet.answer("goals", heading, _table(facts.standings(*facts.in_force(), timezone.now())))


@needs(Act.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, pk: str) -> HttpResponse:
    """One goal; what is sent is an update of its health."""
    now = timezone.now()
    strategy, checks = facts.in_force()
    if pk not in strategy.by_id:
        raise Http404
    form = UpdateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _say(request, pk, form, now)
        return HttpResponseRedirect(reverse("goal", args=[pk]))
    standing = next(each for each in facts.standings(strategy, checks, now) if each.goal.id == pk)
    page = _page(request, standing, now) | {
        "fields": form.render() if form.is_bound else _empty(),
        "errors": form.errors,
    }
    page["path"] = strategy.path(pk)[:0:-1]
    page["below"] = [strategy.by_id[each] for each in standing.branch[1:]]
    return render(request, "strategy/goal.html", page, status=422 if request.method == "POST" else 200)


def _say(request: HttpRequest, goal: str, form: UpdateForm, now: datetime) -> None:
    say(request, person_of(request), goal, now=now, **form.cleaned_data)
    messages.success(request, f"Your update is posted: {words.HEALTH[form.cleaned_data['health']][0].lower()}")


def _page(request: HttpRequest, standing: Standing, now: datetime) -> dict[str, Any]:
    person, goal = person_of(request), standing.goal
    epics, more = by_epic(goal.id) if goal.kind != "non_goal" else ([], False)
    updates = GoalUpdate.objects.filter(goal=goal.id)
    page = keyset.page(updates, ("-made_at", "-id"), request.GET.get("after", ""), UPDATES)
    flags = queue.rows(person, Filters(goal=standing.branch), size=FLAGS).rows if standing.flags else ()
    evidence = _evidence(standing)
    return {
        "now": now,
        "row": row(standing, now),
        "may_say": may(person, Act.DECIDE) and goal.kind != "non_goal",
        "epics": [{"epic": epic, "url": leads.item(epic.item.id) if epic.item else "",
                   "lines": joined(map(_line, epic.rows))} for epic in epics],
        "more": more,
        "evidence": evidence,
        "evidence_says": _evidence_says(evidence),
        "flags": [{"row": flag, "rule": shown_rule(flag.flag.rule), "url": reverse("review_flag", args=[flag.flag.id])}
                  for flag in flags],
        "changes": changes_of(goal.id),
        "updates": [{"update": each, "tag": words.HEALTH[each.health]} for each in page.rows],
        "newer": f"after={page.newer}" if page.newer else "",
        "older": f"after={page.older}" if page.older else "",
    }  # fmt: skip


def _line(item: Work) -> SafeString:
    """One item below its epic."""
    return fill(_LINE, status=item.status, url=leads.item(item.id), title=item.title, key=item.key)


_LINE = '<li class="small"><a href="{url}">{title}</a> <span class="soft">{key} · {status}</span></li>'


def row(standing: Standing, now: datetime) -> dict[str, Any]:
    """A goal as the tree and the head of its page show it."""
    goal, facts_ = standing.goal, standing.facts
    come = way(goal)
    of_period = _period(standing, now)
    return {
        "goal": goal,
        "depth": standing.depth,
        "url": reverse("goal", args=[goal.id]),
        "status": words.STATUS.get(goal.status, ""),
        **_health(standing, now),
        "way": None if come is None else min(1.0, max(0.0, come)),
        "period": of_period,
        "way_says": _way_says(come, of_period),
        "share": standing.share,
        "share_says": _share_says(standing),
        "weeks": standing.weeks,
        "trend": words.trend(standing.weeks),
        "open": facts_.open,
        "moving": facts_.moving,
        "done": facts_.done_recently,
        "flags": standing.flags,
        "open_url": leads.items(goal=standing.branch, status=OPEN),
        "done_url": leads.items(goal=standing.branch, status="done"),
        "all_url": leads.items(goal=standing.branch),
        "flags_url": leads.flags(standing.branch),
    }


def _health(standing: Standing, now: datetime) -> dict[str, Any]:
    """What was said in its own tone; in gray where it is too long ago. What is computed, where there is something."""
    said, computed = standing.said, standing.computed
    if said is None and standing.goal.status != "active":
        tag = None
    elif said is None:
        tag = ("No update yet", "calm", "circle-dashed")
    elif said.stale:
        tag = (f"No update for {(now - said.made_at).days} days", "calm", "circle-dashed")
    else:
        tag = words.HEALTH[said.health]
    return {
        "said": said,
        "said_tag": tag,
        "then": words.HEALTH[said.health][0].lower() if said and said.stale else "",
        "computed_tag": words.HEALTH.get(computed.health),
        "reasons": computed.reasons,
        "differs": standing.differs,
        "fresh_for": FRESH_FOR.days,
    }


def _period(standing: Standing, now: datetime) -> float | None:
    """How much of the period is over."""
    starts, ends = standing.goal.starts, standing.goal.ends
    if starts is None or ends is None or ends <= starts:
        return None
    return min(1.0, max(0.0, (now.date() - starts) / (ends - starts)))


def _way_says(come: float | None, of_period: float | None) -> str:
    if come is None:
        return ""
    past = "" if of_period is None else f", and {percent(of_period)} of its time is over"
    return f"It has come {percent(max(0.0, come))} of the way{past}"


def _share_says(standing: Standing) -> str:
    got = "too little work to tell" if standing.share is None else f"{percent(standing.share)} of the effort"
    return got if standing.goal.share is None else f"{got}; {percent(standing.goal.share)} was meant"


def _evidence(standing: Standing) -> list[Part]:
    """How firmly its work is tied to it, strongest first."""
    side = Tally.AGAINST if standing.goal.kind == "non_goal" else Tally.GOAL
    tallied = reading.day_on()
    days = [tallied.day] if tallied else []
    sums = {key[0]: amount for key, amount in reading.sums(days, ("strength",), (side,), name=standing.branch)}
    tones = ("g1", "g1", "g6", "g2", "g5", "g7", "g4")
    return [
        Part(words.EVIDENCE[strength].capitalize(), sums[strength].items, tone)
        for strength, tone in zip(sorted(Strength, reverse=True), tones, strict=True)
        if strength in sums
    ]


def _evidence_says(parts: Sequence[Part]) -> str:
    if not parts:
        return "No work is tied to it"
    weak = {words.EVIDENCE[strength].capitalize() for strength in (Strength.TEXT_RULE, Strength.CATCH_ALL)}
    share = sum(part.value for part in parts if part.label in weak) / sum(part.value for part in parts)
    return (
        f"{percent(share)} of its work hangs on words or a catch-all only"
        if share
        else "All of its work is tied firmly"
    )


def _table(standings: Sequence[Standing]) -> Iterator[Sequence[Any]]:
    for each in standings:
        goal, said, facts_ = each.goal, each.said, each.facts
        yield (
            *(goal.id, goal.title, goal.kind, goal.status, goal.owner),
            *(said.health if said else "", said.made_at.isoformat() if said else "", each.computed.health),
            *(goal.share, each.share),
            *(facts_.open, facts_.moving, facts_.done_recently, each.flags),
        )
