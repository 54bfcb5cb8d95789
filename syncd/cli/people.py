"""``syncd people``: who may come in, from the command line."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.problems import nearest
from syncd.cli.numbers import between
from syncd.cli.output import ago, json_lines, table
from syncd.cli.session import Exit, database_errors, fail, session, user

if TYPE_CHECKING:
    from config.files import Config
    from syncd.accounts.models import User

ROLES = ("operator", "pm", "viewer")
SCOPES = ("read", "decide", "operate")

EMAIL = Annotated[str, typer.Argument(metavar="EMAIL", help="E-mail address of the person.")]
ROLE = Annotated[str, typer.Option("--role", metavar="ROLE", help="operator, pm or viewer.")]


def register(app: typer.Typer) -> None:
    family = typer.Typer(help="Who may come in, and as what.", no_args_is_help=True, rich_markup_mode=None)
    family.command("list")(list_people)
    for command in (add, link, role, disable, enable, token):
        family.command()(command)
    app.add_typer(family, name="people")


def list_people(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each person.")] = False,
) -> None:
    """Everybody who was ever let in."""
    _store(context)
    from syncd.accounts.models import User

    with database_errors():
        people = list(User.objects.order_by("-is_active", "email"))
    if as_json:
        json_lines(map(_row, people))
        return
    rows = ([p.email, p.role if p.is_active else "shut out", ago(p.last_login), p.name] for p in people)
    table(["e-mail", "role", "last sign-in", "name"], rows, empty="Nobody yet: syncd people add EMAIL --role operator")


def add(
    context: typer.Context,
    email: EMAIL,
    role: ROLE = "viewer",
    name: Annotated[str, typer.Option(metavar="NAME", help="What the pages call them.")] = "",
) -> None:
    """Let somebody in. Prints the one-time link with which they come in for the first time."""
    config = _store(context)
    from django.core.exceptions import ValidationError

    from syncd.accounts import people

    with database_errors():
        try:
            person = people.add(_me(), email, _role(role), name)
        except ValidationError as error:
            fail(f"{email}: {' '.join(error.messages)}", Exit.USAGE)
        print(f"{person.email} is {person.role}; once, within an hour: {_link(config, person)}")


def link(
    context: typer.Context,
    email: EMAIL,
    forget_second_factor: Annotated[
        bool,
        typer.Option("--forget-second-factor", help="They have lost it: authenticator app, passkeys and codes go."),
    ] = False,
) -> None:
    """A fresh one-time link for somebody who is known."""
    config = _store(context)
    from syncd.accounts import people

    with database_errors():
        person = _known(email)
        if not person.is_active:
            fail(f"{person.email} is shut out: syncd people enable {person.email}", Exit.USAGE)
        if forget_second_factor:
            people.forget_second_factor(_me(), person)
        print(_link(config, person))


def role(context: typer.Context, email: EMAIL, role: Annotated[str, typer.Argument(metavar="ROLE")]) -> None:
    """Give somebody another role."""
    _store(context)
    from syncd.accounts import people

    with database_errors():
        person = _known(email)
        try:
            people.set_role(_me(), person, _role(role))
        except people.LastOperator:
            fail("there must be an operator: make somebody else one first", Exit.USAGE)
        print(f"{person.email} is {person.role}")


def disable(context: typer.Context, email: EMAIL) -> None:
    """Shut somebody out, and sign them out everywhere. What they decided stays."""
    _store(context)
    from syncd.accounts import people

    with database_errors():
        person = _known(email)
        try:
            people.shut_out(_me(), person)
        except people.LastOperator:
            fail("there must be an operator: make somebody else one first", Exit.USAGE)
        print(f"{person.email} is shut out")


def enable(context: typer.Context, email: EMAIL) -> None:
    """Let somebody in again."""
    _store(context)
    from syncd.accounts import people

    with database_errors():
        person = _known(email)
        people.let_in(_me(), person)
        print(f"{person.email} is {person.role}")


def token(
    context: typer.Context,
    email: EMAIL,
    name: Annotated[str, typer.Option(metavar="NAME", help="What the token is for.")],
    scope: Annotated[
        list[str] | None, typer.Option(metavar="SCOPE", help="read, decide or operate; repeat it. Default: read.")
    ] = None,
    days: Annotated[int, typer.Option(metavar="N", parser=between(1, 366), help="How long it lasts.")] = 90,
) -> None:
    """Make an API token that speaks for somebody; it is printed once."""
    scopes = scope or ["read"]
    if unknown := next((word for word in scopes if word not in SCOPES), None):
        fail(f"--scope {unknown}: {nearest(unknown, SCOPES)}", Exit.USAGE)
    _store(context)
    from syncd.accounts import tokens

    with database_errors():
        person = _known(email)
        _, text = tokens.make(_me(), person, name, scopes, timedelta(days=days))
        print(text)


def _store(context: typer.Context) -> "Config":
    here = session(context)
    config = here.config()
    here.store(config)
    return config


def _known(email: str) -> "User":
    from syncd.accounts.models import User

    person = User.objects.filter(email=User.objects.normalize_email(email)).first()
    if person is None:
        known = User.objects.values_list("email", flat=True)
        fail(f"nobody here has the address {email}; {nearest(email, known)}".rstrip("; "), Exit.USAGE)
    return person


def _role(word: str) -> str:
    if word not in ROLES:
        fail(f"role {word}: {nearest(word, ROLES)}", Exit.USAGE)
    return word


def _link(config: "Config", person: "User") -> str:
    from syncd.accounts import links

    return links.make(_me(), person, base=config.service.web.public_url)


def _me() -> str:
    """Who types, for the security log."""
    name = user()
    return f"command line ({name})" if name else "command line"


def _row(person: "User") -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "active": person.is_active,
        "created_at": person.created_at,
        "last_login_at": person.last_login,
    }
