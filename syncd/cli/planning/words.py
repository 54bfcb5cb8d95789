"""A plan in words, short enough to be read before a decision."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from syncd.cli.output import line
from syncd.web.words import counted

if TYPE_CHECKING:
    from syncd.worker.plan.agreement import Agreement
    from syncd.worker.plan.exposure import Exposure
    from syncd.worker.plan.plan import Plan
    from syncd.worker.plan.recall import Recall, Recalls
    from syncd.worker.plan.rules import EditedRule
    from syncd.worker.plan.trackers import Coming, Leaving

SAMPLES = 5
"""Items shown of each change; ``--json`` gives all."""
ROWS = 12
"""Teams, owners and words told at most."""


def tell(plan: "Plan", summary: dict[str, Any]) -> None:
    """The whole plan, section by section; what has nothing to say is left out."""
    print(headline(summary))
    _section("Trackers", _trackers(plan))
    _section(_links_title(summary), _links(plan, summary))
    _section(_flags_title(summary), _flags(plan, summary))
    _section("Rules that are new or edited", (text for rule in plan.edited_rules for text in _edited(rule)))
    _section("Rules without effect", (f"{rule.rule} is {rule.state}: {rule.because}" for rule in plan.idle_rules))
    _section("Named, and on no stored item", _strays(plan))
    _section("What people decided", _verdicts(plan.agreement))
    _section("Decisions to make", (text for recall in plan.recalls.found() for text in _recall(plan.recalls, recall)))
    _section(
        "Agreements",
        (
            f"{each.partner}: {each.path or 'all'}: {_value(each.was)} → {_value(each.will_be)}"
            for each in plan.partners
        ),
    )
    _section("Partners", (text for one in plan.exposures for text in _exposure(one)))


def headline(summary: dict[str, Any]) -> str:
    """How much changes, and whether that is more than may change without being asked for."""
    if not summary["changed"]:
        return f"No link and no flag changes ({counted(summary['items'], 'item')} looked at)"
    says = f"{summary['changed']:,} of {counted(summary['items'], 'item')} would change ({summary['share']:.0%})"
    allowed = f"{summary['blast_radius']:.0%}"
    if summary["needs_yes"]:
        return f"{says}: more than changes.blast_radius allows ({allowed})"
    return f"{says}; changes.blast_radius allows {allowed}"


def _section(title: str, lines: Iterator[str]) -> None:
    texts = list(lines)
    if texts:
        print(f"\n{title}")
        for text in texts:
            print(f"  {line(text)}")


def _links_title(summary: dict[str, Any]) -> str:
    links = summary["links"]
    return f"Links: {links['gained']:,} gained, {links['lost']:,} lost, {links['moved']:,} moved"


def _links(plan: "Plan", summary: dict[str, Any]) -> Iterator[str]:
    for row in summary["links_by_goal"]:
        yield f"{row['was'] or 'no goal'} → {row['will_be'] or 'no goal'}: {counted(row['items'], 'item')}"
        for one in plan.links.samples(row["was"], row["will_be"], SAMPLES):
            yield f"    {one['key']} “{one['title']}” {one['because']}"
        yield from _more(row["items"], SAMPLES)


def _flags_title(summary: dict[str, Any]) -> str:
    return f"Flags: {summary['flags']['opened']:,} opened, {summary['flags']['cleared']:,} cleared"


def _flags(plan: "Plan", summary: dict[str, Any]) -> Iterator[str]:
    for row in summary["flags_by_rule"]:
        yield f"{row['rule']}: {row['opened']:,} opened, {row['cleared']:,} cleared"
        for change, sign in (("opened", "+"), ("cleared", "-")):
            for one in plan.flags.samples(change, row["rule"], SAMPLES):
                yield f"    {sign} {one['message']}"
            yield from _more(row[change], SAMPLES)
    for by, name in (("team", "team"), ("owner", "owner")):
        rows = summary[f"flags_by_{by}"]
        some = [f"{row[name] or 'nobody'} +{row['opened']:,} -{row['cleared']:,}" for row in rows[:ROWS]]
        if some:
            yield f"by {by}: {', '.join(some)}{', …' if len(rows) > ROWS else ''}"


def _edited(rule: "EditedRule") -> Iterator[str]:
    matches = f"matches {counted(rule.matches, 'item')}" if rule.matches else "matches no item"
    unknown = f"; of {rule.unknown:,} it cannot be told" if rule.unknown else ""
    yield f"{rule.rule} ({rule.mode}) is {rule.edit} and {matches}{unknown}"
    for one in rule.samples:
        yield f"    {one.key} “{one.title}”: {one.because}"
    yield from _more(rule.matches, len(rule.samples))


def _strays(plan: "Plan") -> Iterator[str]:
    for stray in plan.strays[:ROWS]:
        hint = f"; did you mean {stray.nearest}?" if stray.nearest else ""
        yield f"{stray.where}: {stray.sort} {stray.word}{hint}"
    yield from _more(len(plan.strays), ROWS)


def _verdicts(found: "Agreement") -> Iterator[str]:
    if found.links:
        yield f"the draft finds {found.links_found:,} of {counted(found.links, 'link')} by itself"
    if found.mistakes:
        yield f"it would repeat {found.mistakes_repeated:,} of {counted(found.mistakes, 'false positive')}"
    for one in found.samples:
        yield f"    {one.key} “{one.title}” {one.decided} ({one.author}); the draft: {one.draft}"


def _recall(recalls: "Recalls", recall: "Recall") -> Iterator[str]:
    owner = f" ({recall.owner} decides)" if recall.owner else ""
    yield f"{recall.goal} “{recall.title}” {recall.says}: {counted(recall.losing, 'open item')} without cover{owner}"
    for remedy, items in recall.remedies.items():
        yield f"    {remedy} {items:,}"
        for one in recalls.items(recall.goal, remedy, SAMPLES):
            yield f"        {one.key} “{one.title}”{_owned(one.owner)}: {one.because}"
        yield from (f"    {text}" for text in _more(items, SAMPLES))
    if recall.follow:
        yield f"    {recall.follow:,} more below them, which follow"
    for one in recall.commitments:
        yield f"    commitment {one.id} “{one.title}”{_owned(one.owner)}: {one.because}"


def _exposure(one: "Exposure") -> Iterator[str]:
    """What goes at once, what waits for approval, and which commitments are touched."""
    if one.ends:
        yield f"{one.partner}: there is no agreement any more; all is withdrawn within a cycle"
    for title, moved in (("at once", one.at_once), ("after approval", one.waiting)):
        counts = moved.counts()
        if moved.items:
            told = ", ".join(f"{number:,} {change}" for change, number in counts.items() if number)
            yield f"{one.partner}, {title}: {counted(moved.items, 'item')}; values: {told}"
            for change, some in moved.samples.items():
                for each in some:
                    becomes = f" → {each.becomes}" if each.becomes else ""
                    yield f"    {change}: {each.key} “{each.title}” {each.field}: {each.was or 'nothing'}{becomes}"
                yield from _more(counts[change], len(some))
    for why in one.widens:
        yield f"{one.partner} waits for approval: {why.clause}: {why.says}"
    if one.widens:
        yield f"    once it is in the folder: syncd partners waiting {one.partner}, then approve"
    for name, says in one.commitments:
        yield f"{one.partner}: commitment {name} {says}"


def _trackers(plan: "Plan") -> Iterator[str]:
    """What goes with those that leave the file, and what comes with those that are written into it."""
    for leaving in plan.leaving:
        yield from _leaving(leaving, plan.served)
    for coming in plan.coming:
        yield _coming(coming)


def _leaving(one: "Leaving", served: Mapping[str, int]) -> Iterator[str]:
    items, flags = counted(one.items, "item leaves", "items leave"), counted(one.flags, "flag ends", "flags end")
    yield f"{one.tracker} is no longer in the file: {items}, {flags}"
    if one.renamed:
        yield f"    {one.renamed} reads the same account: to syncd its items are others, and what people decided stays behind"
    goals = [(goal, number) for goal, number in one.goals.most_common() if goal]
    for goal, number in goals[:ROWS]:
        yield f"    {goal}: {number:,} of {counted(served[goal], 'item')}"
    yield from _more(len(goals), ROWS)
    for partner, shown in one.shown.items():
        yield f"    withdrawn from {partner}: {counted(shown, 'item')}"


def _coming(one: "Coming") -> str:
    if one.known:
        return f"{one.tracker} is in the file again: {counted(one.known, 'item is', 'items are')} back once it is read"
    return f"{one.tracker} is new: what it holds is told once it is read, by syncd sync"


def _owned(owner: str) -> str:
    return f" ({owner})" if owner else ""


def _more(all_: int, shown: int) -> Iterator[str]:
    if all_ > shown:
        yield f"    … and {all_ - shown:,} more"


def _value(value: Any) -> str:
    return "nothing" if value is None else str(value)
