"""What operators wrote about partners, as the nouns that sharing works with."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from config.models import partners as written
from config.models.partners import PartnersFile
from config.models.service import Service
from connectors.item import STATUS_CATEGORIES, StatusCategory
from connectors.settings import TrackerSettings
from rules.model.partners import Agreement, Commitment, Inside, Place, Public, Role, Side, SignIn


def agreements(file: PartnersFile) -> tuple[Agreement, ...]:
    """The agreements, in the order of the file."""
    return tuple(_agreement(partner, file.company) for partner in file.partners)


def inside(service: Service, file: PartnersFile, partner: str, people: Iterable[str] = ()) -> Inside:
    """What text that is shared with ``partner`` must not name.

    :param people: full names of everybody the trackers know, without bots
    """
    return Inside(
        people=tuple(people),
        hosts=tuple(dict.fromkeys(_hosts(service, file))),
        projects=tuple(key for tracker in service.trackers for key in _scope(tracker, "projects")),
        words=(
            *(name for tracker in service.trackers for name in _scope(tracker, "repositories")),
            *_others(file, partner),
        ),
    )


def _agreement(partner: written.Partner, company: str) -> Agreement:
    share = partner.share
    return Agreement(
        partner=partner.id,
        name=partner.name,
        company=company,
        logo=partner.logo or "",
        owner=partner.owner,
        cadence=partner.cadence,
        mutual=partner.mutual,
        ours=partner.contacts.ours,
        theirs=partner.contacts.theirs,
        sign_in=SignIn(partner.sign_in.issuer, partner.sign_in.domains) if partner.sign_in else None,
        where=share.where,
        fields=share.fields.model_dump(exclude_none=True),
        statuses=_statuses(share.statuses),
        public=Public(share.public.title, share.public.notes, share.public.body),
        roles=tuple(Role(name, people) for name, people in share.roles.items()),
        links=share.links,
        never=share.never,
        places=tuple(map(_place, partner.mirrors)),
        commitments=tuple(_commitment(promise, partner.id) for promise in partner.commitments),
    )


def _statuses(words: written.Statuses) -> Mapping[StatusCategory, str]:
    return {state: word for state in STATUS_CATEGORIES if (word := getattr(words, state))}


def _place(mirror: written.Mirror) -> Place:
    if mirror.notion:
        return Place("notion", mirror.notion.tracker, mirror.notion.data_source)
    if mirror.github:
        return Place("github", mirror.github.tracker, mirror.github.repository)
    if mirror.jira:
        return Place("jira", mirror.jira.tracker, mirror.jira.project)
    return Place("page", expires=mirror.page.expires if mirror.page else 0)


def _commitment(promise: written.Commitment, partner: str) -> Commitment:
    """``who`` is the word partner, its id, or whatever our company calls itself."""
    side: Side = "theirs" if promise.who in ("partner", partner) else "ours"
    return Commitment(promise.id, side, promise.what, promise.by, promise.success, promise.items)


def _hosts(service: Service, file: PartnersFile) -> Iterator[str]:
    """Where the trackers and our own pages are, and the domains of the owners' addresses."""
    for url in (*(tracker.url for tracker in service.trackers), service.web.public_url):
        host = (urlsplit(url).hostname or "").lower()
        yield from (host, host.removeprefix("api."))
    for partner in file.partners:
        if domain := partner.owner.rpartition("@")[2].lower():
            yield domain


def _scope(tracker: TrackerSettings, name: str) -> tuple[str, ...]:
    return getattr(getattr(tracker, "scope", None), name, None) or ()


def _others(file: PartnersFile, partner: str) -> Iterator[str]:
    """That there is another partner is nobody's business."""
    for other in file.partners:
        if other.id != partner:
            yield from (other.name, other.id)
