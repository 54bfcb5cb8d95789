"""The review queue: which flags there are, what is decided about them, and second thoughts."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query

from syncd.accounts.access import Act
from syncd.api import conditions, telling
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, whole
from syncd.api.routing import Routes
from syncd.api.shapes import flags as told
from syncd.api.shapes.words import Id, Word
from syncd.review import access, as_json, history, many, queue, verdicts
from syncd.review.models import Flag, Verdict
from syncd.review.pages.deciding import suggested
from syncd.review.pages.lines import as_seen

routes = Routes("Flags")
Asked = Annotated[told.InAddress, Query()]


@routes.look("/flags", Listing[told.Flag])
def list_flags(request: HttpRequest, response: HttpResponse, filters: Asked, at: At) -> dict[str, Any]:
    """The queue, those first that it costs most to be wrong about. Where little of what is there fits, a page may be
    short, or empty, and ``next`` goes on."""
    page = queue.rows(person_of(request), filters.read(), at.after, at.limit)
    return whole(request, response, telling.flags(page.rows), page.older)


@routes.look("/flags/counts", told.Counts)
def count_flags(request: HttpRequest, filters: Asked) -> dict[str, int]:
    """How many there are on each tab."""
    return {tab: count.number for tab, count in queue.counts(person_of(request), filters.read(), every=True).items()}


@routes.look("/flags/{int:flag}", told.Flag)
def get_flag(request: HttpRequest, flag: Id) -> dict[str, Any]:
    """One of them, with how it stands."""
    return one(find(request, flag))


@routes.look("/flags/{int:flag}/history", Listing[told.Entry])
def list_flag_history(request: HttpRequest, response: HttpResponse, flag: Id) -> dict[str, Any]:
    """What happened to it, from its first finding on."""
    return whole(request, response, map(as_json.entry, history.log(find(request, flag))))


@routes.make("/flags/{int:flag}/decisions", told.Decided, Act.DECIDE)
def decide_flag(request: HttpRequest, flag: Id, decision: told.Decide) -> dict[str, Any]:
    """Decide about it. What stood is replaced, and stands again where this is taken back."""
    row = find(request, flag)
    conditions.demand(request, told.Flag, one(row))
    how = _how(decision)(as_seen(row, decision.seen))
    made = verdicts.decide(row, author=str(person_of(request)), now=timezone.now(), **how)
    return {"decision": made.pk, "says": made.says, "flag": one(find(request, flag))}


@routes.make("/flags/decisions", told.Done, Act.DECIDE, status=200)
def decide_flags(request: HttpRequest, decision: told.DecideMany) -> dict[str, Any]:
    """Decide about many, each by itself: what is refused for one holds the others up in nothing."""
    flags = _meant(request, decision)
    if decision.expected is not None and decision.expected != len(flags):
        raise verdicts.Overtaken(f"you expected {decision.expected:,} flags and they are {len(flags):,}: look again")
    done = many.decide(flags, str(person_of(request)), _how(decision), timezone.now())
    missing = sorted(set(decision.ids or ()) - {flag.pk for flag in flags})
    done.refused += [(id_, "there is no such flag") for id_ in missing]
    return outcome(done, len(flags))


@routes.take_back("/decisions/{int:decision}", told.Undone, Act.DECIDE)
def undo_decision(request: HttpRequest, decision: Id) -> dict[str, Any]:
    """Take a decision back: the flag and the evidence are as they were before."""
    made = get_object_or_404(Verdict.objects.filter(flag__in=access.flags(person_of(request)), of=None), pk=decision)
    verdicts.undo(made, str(person_of(request)), timezone.now())
    return {"flag": one(find(request, made.flag_id or 0))}


@routes.take_back("/batches/{batch}", told.Done, Act.DECIDE)
def undo_batch(request: HttpRequest, batch: Word) -> dict[str, Any]:
    """Take back what stands of all that was decided at once."""
    made = Verdict.objects.filter(flag__in=access.flags(person_of(request)), of=None, batch=batch)
    matched = made.exclude(batch="").count()
    if not matched:
        raise Http404
    return outcome(many.undo(batch, str(person_of(request)), timezone.now()), matched)


def find(request: HttpRequest, flag: int) -> Flag:
    found: Flag = get_object_or_404(access.flags(person_of(request)), pk=flag)
    return found


def one(flag: Flag) -> dict[str, Any]:
    [told_] = telling.flags(queue.shown([flag]))
    return told_


def outcome(done: many.Done, matched: int) -> dict[str, Any]:
    refused = [{"flag": flag, "because": because} for flag, because in done.refused]
    return {"batch": done.batch, "matched": matched, "changed": done.changed, "refused": refused}


def _meant(request: HttpRequest, decision: told.DecideMany) -> list[Flag]:
    """The flags that are decided about, in the order of the queue."""
    flags = access.flags(person_of(request))
    if (decision.ids is None) is (decision.filters is None):
        raise verdicts.Refused("give either ids or filters")
    if decision.ids is not None:
        return list(flags.filter(pk__in=decision.ids).order_by("id"))
    filters = (decision.filters or told.Filters()).read()
    as_of = decision.as_of or timezone.now()
    found = list(queue.matching(flags, filters).filter(opened_at__lte=as_of).order_by("id")[: many.MOST + 1])
    if len(found) > many.MOST:
        raise verdicts.Refused(f"more than {many.MOST:,} flags match: narrow the filters")
    return found


def _how(decision: told.Decision) -> many.How:
    """What is decided, as ``verdicts.decide`` takes it; a link without a goal goes to the one that is suggested."""
    told_ = {"kind": decision.kind, "target": decision.target, "reason": decision.reason}
    how = told_ | {"until": decision.until, "until_event": decision.until_event or ""}
    if decision.kind != Verdict.LINK or decision.target:
        return lambda _flag: how

    def to_suggestion(flag: Flag) -> Mapping[str, Any]:
        best = suggested(flag)
        return {**how, **best, "reason": decision.reason or best["reason"]}

    return to_suggestion
