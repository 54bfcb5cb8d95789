"""``partners.yaml``: what is shared with whom, and what was promised."""

from typing import Annotated, Literal, Self

from pydantic import Field, RootModel, StringConstraints, model_validator

from config.models.conditions import Condition
from config.models.people import Domain, Issuer
from config.models.values import Day, Id, ItemName, OneOrMore, Text
from connectors.settings import Duration, Secret, Strict
from rules.model.partners import PUBLIC_NOTES, PUBLIC_TITLE

Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Mail = Annotated[str, StringConstraints(pattern=r"^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$")]


class Fields(Strict):
    """The allow-list: a field that is not named here is never shown."""

    title: Literal["public_title"] | None = Field(
        None, description="public_title: the text written for outsiders; empty stays empty."
    )
    status: Literal["status"] | None = Field(None, description="status: the words under statuses.")
    due: Literal["day", "month", "quarter"] | None = Field(
        None, description="day, month or quarter: how exactly the due date is shown."
    )
    delivered: Literal["day", "month", "quarter"] | None = Field(
        None, description="day, month or quarter: how exactly the date of delivery is shown."
    )
    notes: Literal["public_notes"] | None = Field(
        None, description="public_notes: the notes written for outsiders; empty stays empty."
    )
    owner: Literal["role"] | None = Field(None, description="role: what the owner does, never who it is.")


class Statuses(Strict):
    """The partner's words for our states; a state without a word is not shown."""

    todo: Text | None = Field(None, description="Word for work that has not begun.")
    in_progress: Text | None = Field(None, description="Word for work that is under way.")
    done: Text | None = Field(None, description="Word for work that is delivered.")
    cancelled: Text | None = Field(None, description="Word for work that was given up.")


class Public(Strict):
    """Where people write the text for outsiders. Other text is never shown."""

    title: OneOrMore = Field(
        (PUBLIC_TITLE,), description="Names of fields that hold the title; the first with text counts."
    )
    notes: OneOrMore = Field(
        (PUBLIC_NOTES,), description="Names of fields that hold the notes; the first with text counts."
    )
    body: bool = Field(
        True,
        description="Whether marked lines in the description count where no field holds text; docs/sharing.md shows them.",
    )


class Share(Strict):
    """What the partner sees."""

    where: Condition = Field(description="Which items are shared.")
    fields: Fields = Field(description="Which fields are shown, each with its transform.")
    statuses: Statuses = Field(Statuses(), description="The partner's words for our states.")
    public: Public = Field(Public(), description="Where people write the text for outsiders.")
    roles: dict[Text, OneOrMore] = Field(
        {},
        description="What people do, in the partner's words: {Engineering: [ana@acme.example]}; who is in no role is not told.",
    )
    links: tuple[Host, ...] = Field(
        (),
        description="Hosts that shared text may name and link to, such as docs.acme.example; other links become text.",
    )
    never: OneOrMore = Field((), description="Words and phrases that are taken out of shared text.")

    @model_validator(mode="after")
    def _statuses_have_words(self) -> Self:
        if self.fields.status and not self.statuses.model_dump(exclude_none=True):
            raise ValueError("fields shows the status, but statuses has no words for it")
        return self


class Page(Strict):
    """A page of ours, behind a link."""

    expires: Duration = Field(7_776_000.0, ge=3600, description="How long a link to the page works, such as 90d.")


class NotionMirror(Strict):
    """A data source in the partner's Notion."""

    tracker: Text = Field(description="Name of a Notion tracker in syncd.yaml.")
    data_source: Text = Field(description="Id of the data source.")


class GitHubMirror(Strict):
    """A repository that both sides read."""

    tracker: Text = Field(description="Name of a GitHub tracker in syncd.yaml.")
    repository: str = Field(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$", description="The repository, as owner/name.")


class JiraMirror(Strict):
    """A project in the partner's Jira."""

    tracker: Text = Field(description="Name of a Jira tracker in syncd.yaml.")
    project: str = Field(pattern=r"^[A-Z][A-Z0-9_]+$", description="The project's key, in capitals.")


class Mirror(Strict):
    """A place where the partner's copy is kept: exactly one of page, notion, github and jira."""

    page: Page | None = Field(None, description="A page of ours, behind a link.")
    notion: NotionMirror | None = Field(None, description="A data source in Notion.")
    github: GitHubMirror | None = Field(None, description="A repository's issues at GitHub.")
    jira: JiraMirror | None = Field(None, description="A project in Jira.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if sum(place is not None for place in (self.page, self.notion, self.github, self.jira)) != 1:
            raise ValueError("expected exactly one of page, notion, github and jira")
        return self


class Commitment(Strict):
    """Who delivers what by when, and what success is. Frozen once both sides accept."""

    id: Id = Field(description="Stable name (letters, digits, . _ -), unique within the partner.")
    who: Id = Field(description="Who delivers: partner, or the short name of your own company.")
    what: Text = Field(description="What is delivered, in words that both sides read.")
    by: Day = Field(description="The day by which, such as 2026-12-15.")
    success: Text = Field(description="How both sides will know that it succeeded.")
    items: tuple[ItemName, ...] = Field(
        (), description="The work behind it, as TRACKER:KEY; never shown to the partner."
    )


class Contacts(Strict):
    """Who hears of changes. Addresses are never shown."""

    ours: tuple[Mail, ...] = Field((), description="Further people of yours, besides the owner; e-mail addresses.")
    theirs: tuple[Mail, ...] = Field((), description="People of the partner; e-mail addresses.")


class SignIn(Strict):
    """Sign-in of the partner's people through their own identity provider (OpenID Connect)."""

    issuer: Issuer = Field(description="Address of the provider; its /.well-known/openid-configuration is read.")
    client_id: Text = Field(description="What the provider calls syncd.")
    client_secret: Secret = Field(description="The secret that goes with it.")
    domains: tuple[Domain, ...] = Field(
        (),
        description="Domains of the e-mail addresses that are let in, if the provider has verified them; "
        "empty: only contacts.theirs.",
    )


class SignIns(RootModel[dict[str, SignIn]]):
    """The ways to sign in of all partners, by partner: what the partner side is told of the configuration."""


class Partner(Strict):
    """An outside party and the agreement with it."""

    id: Id = Field(description="Stable name (letters, digits, . _ -).")
    name: Text = Field(description="The partner's name, as it reads on its page.")
    logo: Text | None = Field(
        None, description="The partner's logo for its page: a PNG, JPEG or WebP file of at most 256 KiB in this folder."
    )
    owner: Text = Field(description="Who of yours owns the relationship; an e-mail address.")
    cadence: Literal["weekly", "biweekly", "monthly", "quarterly"] = Field(
        description="How often your side gives word at the least: weekly, biweekly, monthly or quarterly."
    )
    mutual: tuple[Literal["date", "scope", "success"], ...] = Field(
        (), description="What changes only with both sides' consent: date, scope, success."
    )
    contacts: Contacts = Field(Contacts(), description="Who hears of changes, on both sides.")
    sign_in: SignIn | None = Field(
        None, description="The partner's own identity provider; left out, its people sign in by a link in a letter."
    )
    share: Share = Field(description="What the partner sees, and nothing else.")
    mirrors: tuple[Mirror, ...] = Field((), description="Where the partner's copy is kept.")
    commitments: tuple[Commitment, ...] = Field((), description="What each side promised.")


class PartnersFile(Strict):
    """Agreements with outside parties."""

    company: Text = Field("Our team", description="What your own company is called on the partners' pages.")
    partners: tuple[Partner, ...] = Field((), description="The partners.")

    @property
    def sign_ins(self) -> SignIns:
        """How people of each partner sign in by their own identity provider, where that was agreed."""
        return SignIns({partner.id: partner.sign_in for partner in self.partners if partner.sign_in})
