"""Where the text for outsiders is written. Other text is never looked at for what to show.

A field of the tracker (a Notion property, an issue field) with one of the agreed names; where none holds
text, marked lines in the description::

    Public title: Single sign-on for your staff
    Public notes:
    Any number of lines.
    End of public notes

A block that is not closed, or is there twice, is not shown: where it ends would be a guess.
"""

import re
from collections.abc import Iterable

from connectors.item import Item
from rules.match.folding import fold
from rules.model.partners import PUBLIC_NOTES, PUBLIC_TITLE, Agreement
from rules.sharing.written import Written

_MARKUP = re.compile(r"^[ \t]*(?:#{1,6}[ \t]|h[1-6]\.[ \t]|[*_]{1,3})?[ \t]*")
"""What may stand before a mark: a heading, or the beginning of bold text."""
_AFTER = re.compile(r"^[*_]{0,3}[ \t]*:[ \t]*[*_]{0,3}[ \t]*")
_TRAILING = " \t\r#*_:."
END = f"End of {PUBLIC_NOTES.lower()}"


def public_title(item: Item, agreement: Agreement) -> Written:
    """The title for outsiders."""
    return _of(item, agreement.public.title, _title_in(item.body) if agreement.public.body else NOTHING)


def public_notes(item: Item, agreement: Agreement) -> Written:
    """The notes for outsiders, as markdown."""
    return _of(item, agreement.public.notes, _notes_in(item.body) if agreement.public.body else NOTHING)


NOTHING = Written("", "no public text is written")


def _of(item: Item, names: Iterable[str], marked: Written) -> Written:
    """The first field that holds text, else what is marked. A field that holds something else ends the search."""
    fields = {fold(name.strip()): value for name, value in item.fields.items()}
    for name in names:
        value = fields.get(fold(name.strip()))
        if value is not None and not isinstance(value, str):
            return Written("", f"the field “{name}” holds no text but a {type(value).__name__}")
        if value and value.strip():
            return Written(value.strip())
    return marked


def _title_in(body: str) -> Written:
    found = [rest for line in body.splitlines() if (rest := _marked(line, PUBLIC_TITLE)) is not None]
    if len(found) > 1:
        return Written("", f"“{PUBLIC_TITLE}:” is written {len(found)} times")
    return Written(found[0].strip(" \t*_")) if found and found[0].strip(" \t*_") else NOTHING


def _notes_in(body: str) -> Written:
    lines = body.splitlines()
    starts = [index for index, line in enumerate(lines) if _marked(line, PUBLIC_NOTES) is not None]
    ends = [index for index, line in enumerate(lines) if _bare(line) == fold(END)]
    if not starts:
        return NOTHING
    if len(starts) > 1 or len(ends) != 1 or ends[0] < starts[0]:
        return Written("", f"the block “{PUBLIC_NOTES}:” needs one end, a line “{END}”")
    text = "\n".join([_marked(lines[starts[0]], PUBLIC_NOTES) or "", *lines[starts[0] + 1 : ends[0]]]).strip()
    return Written(text) if text else NOTHING


def _marked(line: str, mark: str) -> str | None:
    """What stands after a mark and its colon; None where the line does not begin with it."""
    rest = line[_MARKUP.match(line).end() :]  # type: ignore[union-attr]  # it matches the empty text as well
    if fold(rest[: len(mark)]) != fold(mark):
        return None
    after = _AFTER.match(rest[len(mark) :])
    if after:
        return rest[len(mark) + after.end() :]
    return "" if not rest[len(mark) :].strip(_TRAILING) and rest != line else None


def _bare(line: str) -> str:
    return fold(line[_MARKUP.match(line).end() :].strip(_TRAILING))  # type: ignore[union-attr]  # as above
