"""Pairs of cases that are equal in what is shared and different in everything else."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from typing import Any

from connectors.item import KINDS, Item, Person, Ref
from rules.model import Case, Crowd, Referenced, Ruling, Start
from rules.model.partners import Agreement, Inside, Public, Role

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRETS = ("SEC-4711", "ana@acme.example", "jira.acme.example", "Lima")
"""Written into public text by mistake; never shown."""
INSIDE = Inside(people=("Ana Lima",), hosts=("acme.example",))
ENGINEERS = ("eng-1", "eng-2", "eng-3")
GRAINS = {"day": (1, 1), "month": (1, 28), "quarter": (1, 90)}


@dataclass(frozen=True)
class Pair:
    """Two cases, and whether the filter holds for them."""

    agreement: Agreement
    one: Case
    other: Case
    shared: bool


@dataclass(frozen=True)
class Told:
    """The shared inputs of both."""

    agreement: Agreement
    title: Any
    notes: Any
    state: str
    due: date | None
    delivered: date | None
    roles: tuple[str, ...]
    holds: bool | None


def pair(random: Random) -> Pair:
    told = _told(random)
    return Pair(told.agreement, _case(told, random), _case(told, random), told.holds is True)


def _told(random: Random) -> Told:
    fields = {
        "title": "public_title",
        "status": "status",
        "due": random.choice([*GRAINS]),
        "delivered": random.choice([*GRAINS]),
        "notes": "public_notes",
        "owner": "role",
        "priority": "text",
    }
    for name in random.sample([*fields], random.choice([0, 0, 1, 3])):
        del fields[name]
    agreement = Agreement(
        partner="globex",
        name="Globex",
        owner="pia@acme.example",
        where={"label": "partner/globex", "points": {"min": 3}},
        fields=fields,
        statuses={"todo": "Planned", "done": "Delivered"},
        public=Public(body=random.random() < 0.8),
        roles=(Role("Engineering", ENGINEERS), Role("Design", ("des-1", "des-2"))),
    )
    return Told(
        agreement,
        _text(random),
        _text(random),
        random.choice(["todo", "in_progress", "done", "done", "cancelled"]),
        random.choice([None, date(2026, 10, 1), date(2027, 1, 1)]),
        date(2026, 7, 1),
        tuple(random.sample(["eng", "des"], random.choice([0, 1, 2]))),
        random.choice([True, True, True, False, None]),
    )


def _text(random: Random) -> tuple[str, str]:
    """How a public text is written, and the text."""
    how = random.choice(["field", "field", "body", "nowhere", "empty", "list", "open", "twice", "blank field"])
    return how, random.choice(
        ["Sign-on for your staff", f"Ask {' or '.join(SECRETS)} about it", "Two\nlines, of *text*"]
    )


def _case(told: Told, random: Random) -> Case:
    item = _item(told, random)
    above = tuple(_item(told, random) for _ in range(random.randint(0, 2)))
    return Case(
        item,
        above,
        (Referenced(Ref("mentions", _word(random), "body"), _item(told, random)),) * random.randint(0, 2),
        state_since=_moment(random),
        rulings={item.id: (Ruling(kind="exempt", target=_word(random), author="Ana", made_at=_moment(random)),)},
        crowds={item.id: Crowd(random.randint(1, 9), random.randint(0, 9), random.randint(0, 9))},
        start=Start(_moment(random), item, random.randint(0, 9)),
        old=random.random() < 0.5,
    )


def _item(told: Told, random: Random) -> Item:
    key = f"{random.choice(['WEB', 'PAY'])}-{random.randint(1, 9999)}"
    fields: dict[str, Any] = {"Private": _word(random), "Public title draft": _word(random), "Title": _word(random)}
    fields |= {"priority": _word(random), "Notes": _word(random), "Public": _word(random)}
    blocks = [_private(random)]
    for name, (how, text) in (("title", told.title), ("notes", told.notes)):
        _write(name, how, text, fields, blocks, random)
    done = told.state == "done"
    closed = _within(told.delivered, told.agreement.fields.get("delivered", ""), random) if done else _day(random)
    return Item(
        tracker=random.choice(["acme-jira", "acme-github"]),
        native_id=_word(random),
        container=_word(random),
        key=key,
        address=f"jira:{key}",
        kind=random.choice(KINDS),
        type=_word(random),
        title=_word(random),
        url=f"https://jira.acme.example/{key}",
        status=_word(random),
        status_category=told.state,  # type: ignore[arg-type]
        created_at=_moment(random),
        updated_at=_moment(random),
        closed_at=_zoned(closed, random),
        body="\n".join([*blocks, _private(random)]),
        labels=(*(("partner/globex",) if told.holds is not False else ()), _word(random)),
        assignees=tuple(_assignees(told.roles, random)),
        reporter=_person(_word(random), random),
        parent=random.choice(["", f"jira:{_word(random)}"]),
        goals=(_word(random),),
        components=(_word(random),) * random.randint(0, 2),
        versions=(_word(random),),
        milestone=_word(random),
        sprint=_word(random),
        points=None if told.holds is None else random.randint(3, 9),
        priority=_word(random),
        due=_within(told.due, told.agreement.fields.get("due", ""), random),
        draft=random.choice([None, True, False]),
        branch=_word(random),
        fields=fields,
        refs=(Ref("links", _word(random), "body"),) * random.randint(0, 2),
    )


def _write(name: str, how: str, text: str, fields: dict[str, Any], blocks: list[str], random: Random) -> None:
    """The text where people would write it; what is written wrongly is private and differs."""
    field = f"Public {name}"
    marked = (
        f"Public title: {text.splitlines()[0]}" if name == "title" else f"Public notes:\n{text}\nEnd of public notes"
    )
    match how:
        case "field":
            fields[field] = text
        case "body":
            blocks.append(marked)
        case "blank field":
            fields[field] = " "
            blocks.append(marked)
        case "empty":
            fields[field] = ""
        case "list":
            fields[field] = [_word(random), _word(random)]
        case "open":
            blocks.append("" if name == "title" else f"Public notes:\n{_word(random)}")
        case "twice":
            blocks += [marked.replace(text.splitlines()[0], _word(random)) for _ in range(2)]


def _assignees(roles: tuple[str, ...], random: Random) -> list[Person]:
    people = [_person(_word(random), random) for _ in range(random.randint(0, 2))]
    for role, known in (("eng", ENGINEERS), ("des", ("des-1", "des-2"))):
        if role in roles:
            people += [_person(each, random) for each in random.sample(known, random.randint(1, len(known)))]
    random.shuffle(people)
    return people


def _person(native_id: str, random: Random) -> Person:
    return Person(native_id, _word(random), f"{_word(random)}@acme.example", bot=random.random() < 0.2)


def _within(start: date | None, grain: str, random: Random) -> date | None:
    """A day that reads the same by this grain; any day, or none, where it is not shown."""
    if grain not in GRAINS:
        return random.choice([None, _day(random)])
    low, high = GRAINS[grain]
    return None if start is None else start + timedelta(days=random.randint(low, high) - 1)


def _zoned(day: date | None, random: Random) -> datetime | None:
    """A moment of that day in UTC, told in some zone."""
    if day is None:
        return None
    moment = datetime(day.year, day.month, day.day, random.randint(0, 23), random.randint(0, 59), tzinfo=UTC)
    return moment.astimezone(timezone(timedelta(hours=random.randint(-12, 12))))


def _moment(random: Random) -> datetime:
    return NOW - timedelta(minutes=random.randint(1, 2_000_000))


def _day(random: Random) -> date:
    return _moment(random).date()


def _word(random: Random) -> str:
    return "".join(random.choice("bcdfghklmnprstvz") + random.choice("aeiou") for _ in range(5))


def _private(random: Random) -> str:
    return "\n".join(f"{_word(random).title()} {_word(random)}: {_word(random)}." for _ in range(random.randint(1, 4)))


def differences(sharing: Any, made: Pair) -> str:
    """What is wrong with what a partner would see of a pair; empty where nothing is.

    :param sharing: has ``Sharing`` and ``Withheld``; a leak may be seeded in it
    """
    agreed = sharing.Sharing(made.agreement, sharing.Redactor(INSIDE))
    one, other = agreed.share(made.one, NOW), agreed.share(made.other, NOW)
    if one != other or repr(one) != repr(other):
        return f"they differ:\n{one}\n{other}"
    withheld = isinstance(one, sharing.Withheld)
    if withheld is made.shared:
        return f"shared: {made.shared}, and it is {one}"
    values = {} if withheld else one.values
    if told := [secret for secret in SECRETS if any(secret in value for value in values.values())]:
        return f"{told} is told"
    if strange := values.keys() - made.agreement.fields.keys():
        return f"{strange} is not agreed"
    return ""


def without(case: Case, **changes: Any) -> Case:
    return replace(case, item=replace(case.item, **changes))
