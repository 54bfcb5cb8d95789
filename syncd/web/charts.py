"""Charts drawn on the server: SVG with classes and presentation attributes, sized in percent.

Every chart says its finding as its title, has a legend in words, and the same numbers as a table. A segment
may lead to the items behind it. No script, no inline style, nothing told by colour alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from syncd.web.drawing import fill, joined
from syncd.web.templatetags.look import percent
from syncd.web.words import figure

HATCH = "unlinked"
"""The tone of work without a goal: striped, so that it is seen without colours as well."""
STRIPES = SafeString('fill="url(#hatch)"')
"""The pattern of ``web/base.html``."""
TONES = tuple(f"g{number}" for number in range(1, 9))


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a whole. ``tone``: one of ``TONES``, ``good``, ``warn``, ``bad``, ``exempt`` or ``unlinked``."""

    label: str
    value: float
    tone: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One week: its parts from the bottom up, in the same order in every column."""

    label: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Shown:
    """A part with its share of the whole, between 0 and 1."""

    part: Part
    share: float


def shares(parts: Sequence[Part]) -> list[Shown]:
    """Each part of the sum of all; all nought where there is nothing."""
    total = sum(part.value for part in parts)
    return [Shown(part, part.value / total if total else 0.0) for part in parts]


def tone_of(position: int) -> str:
    """The tone of the goal at this place of a list; they repeat after eight."""
    return TONES[position % len(TONES)]


def swatch(tone: str) -> SafeString:
    """The little square of a legend."""
    inside = format_html('<rect width="14" height="14" rx="3" {}/>', _fill(tone))
    return format_html('<svg class="swatch" viewBox="0 0 14 14" aria-hidden="true">{}</svg>', inside)


def stack(parts: Sequence[Part], title: str, height: int = 18) -> SafeString:
    """One bar of a hundred percent, left to right."""
    segments, start = [], 0.0
    for shown in shares(parts):
        if shown.share:
            segments.append((_box(start, 0, shown.share, 1, shown.part), shown))
            start += shown.share
    return _svg("stack", title, height, segments)


def columns(weeks: Sequence[Column], title: str, height: int = 180) -> SafeString:
    """One column of a hundred percent a week, oldest first; the first and the last week are named below."""
    segments = []
    width = 1 / max(1, len(weeks))
    for number, week in enumerate(weeks):
        top = 1.0
        for shown in shares(week.parts):
            top -= shown.share
            if shown.share:
                box = _box((number + 0.08) * width, top, 0.84 * width, shown.share, shown.part)
                segments.append(
                    (box, Shown(Part(f"{week.label}, {shown.part.label}", 0, "", shown.part.url), shown.share))
                )
    return _svg("columns", title, height, segments)


def row(week: Column) -> SafeString:
    """A week of the table below the columns."""
    return fill(_ROW, week=week.label, cells=joined(map(_cell, shares(week.parts))))


def _cell(shown: Shown) -> SafeString:
    value = figure(shown.part.value)
    told = fill(_LEADS, url=shown.part.url, value=value) if shown.part.url else value
    return fill(_CELL, value=told, share=percent(shown.share))


_ROW = '<tr><th scope="row">{week}</th>{cells}</tr>'
_CELL = '<td class="num">{value} <span class="soft">{share}</span></td>'
_LEADS = '<a href="{url}">{value}</a>'


def bullet(share: float, aim: float | None, title: str, tone: str = "g1", most: float = 1.0) -> SafeString:
    """How much it is, and a line where it ought to be; both of ``most``."""
    aimed = ""
    if aim is not None:
        x = _percent(min(aim / most, 1.0) if most else 0.0)
        aimed = format_html('<line class="aim" x1="{0}" x2="{0}" y1="0" y2="18"/>', x)
    filled = _percent(min(share / most, 1.0) if most else 0.0)
    return format_html(
        '<svg class="bullet" role="img" height="18" width="100%"><title>{}</title>'
        '<rect class="track" x="0" y="3" width="100%" height="12" rx="3"/>'
        '<rect x="0" y="5" width="{}" height="8" rx="2" {}/>{}</svg>',
        title, filled, _fill(tone), aimed,
    )  # fmt: skip


def spark(values: Sequence[float], title: str) -> SafeString:
    """A line of the last weeks in the height of a line of text, from its least to its most."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    steps = max(1, len(values) - 1)
    points = [
        (round(96 * number / steps, 1), round(22 - 20 * (value - low) / (high - low or 1), 1))
        for number, value in enumerate(values)
    ]
    line = " ".join(f"{x:g},{y:g}" for x, y in points)
    return format_html(
        '<svg class="spark" role="img" viewBox="0 0 96 24" preserveAspectRatio="none"><title>{}</title>'
        '<polygon class="spark-area" points="0,24 {} 96,24"/><polyline class="spark-line" points="{}"/></svg>',
        title, line, line,
    )  # fmt: skip


def _box(x: float, y: float, width: float, height: float, part: Part) -> SafeString:
    """A rectangle in shares of the drawing; a hair narrower than its part, so that neighbours are told apart."""
    return fill(
        '<rect x="{x}" y="{y}" width="{width}" height="{height}" {tone}/>',
        x=_percent(x), y=_percent(y), width=_percent(max(width - 0.0015, 0.001)),
        height=_percent(max(height - 0.004, 0.002)), tone=_fill(part.tone),
    )  # fmt: skip


def _fill(tone: str) -> SafeString:
    return STRIPES if tone == HATCH else format_html('class="tone-{}"', tone)


def _percent(share: float) -> SafeString:
    return SafeString(f"{100 * share:.2f}%")


def _svg(kind: str, title: str, height: int, segments: Iterable[tuple[SafeString, Shown]]) -> SafeString:
    """A picture with one name; a group of named links where segments lead somewhere."""
    drawn = list(segments)
    leads = any(shown.part.url for _, shown in drawn)
    body = joined(_segment(box, shown, leads=leads) for box, shown in drawn)
    return format_html(
        '<svg class="{}" {} width="100%" height="{}"><title>{}</title>{}</svg>',
        kind, _named(title, leads=leads), height, title, body,
    )  # fmt: skip


def _named(title: str, *, leads: bool) -> SafeString:
    return format_html('role="group" aria-label="{}"', title) if leads else SafeString('role="img"')


def _segment(box: SafeString, shown: Shown, *, leads: bool) -> SafeString:
    """Pointed at, it says what it is. By keyboard one goes through the legend and the table, which are shorter."""
    says = f"{shown.part.label}: {100 * shown.share:.0f} %"
    markup = _PLAIN if not leads else _LINK if shown.part.url else _NAMED
    return fill(markup, box=box, says=says, url=shown.part.url)


_PLAIN = "<g>{box}<title>{says}</title></g>"
_NAMED = '<g role="img" aria-label="{says}">{box}<title>{says}</title></g>'
_LINK = '<a href="{url}" tabindex="-1" aria-label="{says}">{box}<title>{says}</title></a>'
