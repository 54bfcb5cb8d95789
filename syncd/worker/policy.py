"""What is judged by: the version in force, and when an edit becomes one.

    a folder is looked at → is it another one than last time? → how much would change? → little enough:
    a new version; too much, or by hand only: it is held, and ``syncd plan`` and ``syncd apply`` are told

What the folder said when it was last looked at is on record, so that an edit is measured once, and
what was undone is not done again by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import structlog
from django.utils import timezone

from config import files
from config.files import Config
from config.models.changes import Changes
from config.models.strategy import Source
from config.problems import ConfigError
from rules.model import Policy
from syncd.review import records
from syncd.strategy import versions
from syncd.strategy.models import Draft, StrategyVersion
from syncd.strategy.source import goals_from
from syncd.strategy.versions import OldForm, Written
from syncd.trackers import cases
from syncd.trackers.models import Item, Stream
from syncd.trackers.writing import writing
from syncd.worker.plan.effect import Effect, measure

FOLDER = "the folder"
"""Author of an edit that takes effect by itself: who wrote it is known to the folder's own history."""

REMEDY = "`syncd plan` shows what it would change, `syncd apply` puts it in force"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class InForce:
    """What is judged by, and what was until now where that changed."""

    policy: Policy
    version: StrategyVersion
    before: Policy | None = None
    """The policy in force until now, where it is another one and can still be read."""
    changed: bool = False
    """Whether what ``version`` touches is still to be marked as due (``strategy.versions.marked`` says when it
    was). Where ``before`` is not known then, everything is to be judged anew."""


def in_force(config: Config) -> InForce:
    """The version to judge by. What was written since is put in force, or held and told once."""
    version = _rested(_followed(config, written(config)))
    policy = versions.policy_of(version)
    unmarked = versions.unmarked(version)
    return InForce(policy, version, _before(unmarked), bool(unmarked))


def current(config: Config) -> Policy:
    """What is judged by now, for those who only read: of an empty store, what the folder says."""
    newest = versions.newest()
    try:
        return versions.policy_of(newest) if newest else written(config).policy
    except OldForm:
        return written(config).policy


def written(config: Config) -> Written:
    """What the folder says; goals that are kept in a tracker come from their pages."""
    files = {name: config.documents[name].value or {} for name in versions.FILES}
    policy, source = config.policy(), config.strategy.source
    if source is None:
        return Written(files, policy)
    pages = Item.objects.filter(tracker__name=source.tracker, container=_data_source(source), deleted_at=None)
    goals, complaints = goals_from(cases.one(page) for page in pages.values(*cases.COLUMNS))
    for complaint in complaints:
        log.warning("goal_unreadable", data_source=source.data_source, reason=complaint)
    return Written(files, versions.with_goals(policy, goals))


def waiting(config: Config) -> str:
    """What the folder says and is not in force, in words; empty where the folder is in force. For those who
    only read: the folder is not looked at."""
    newest, draft = versions.newest(), written(config)
    if newest is None or newest.hash == draft.hash:
        return ""
    seen = look(config)
    if seen is None or seen.hash != draft.hash:
        return ""  # nobody looked at it yet: the next judging does
    if seen.state == Draft.HELD:
        return f"An edit of {config.folder} is held: {seen.because}. {REMEDY}"
    return f"Version {newest.id}, by {newest.author}, is in force, and not what {config.folder} says. {REMEDY}"


def _data_source(source: Source) -> str:
    return str(UUID(source.data_source))


def effective(draft: Written) -> Policy:
    """What would be judged by: rules and checks that lost their word rest in monitor."""
    return versions.with_demoted(draft.policy, records.demoted(draft.policy))


def folder_of(config: Config) -> str:
    """The name under which a folder is on record."""
    return str(Path(config.folder).resolve())


def look(config: Config) -> Draft | None:
    """What became of the folder when it was last looked at."""
    return Draft.objects.filter(folder=folder_of(config)).first()


def note(config: Config, draft: Written, state: str, because: str = "", effect: Effect | None = None) -> None:
    """Put on record what became of what the folder says."""
    Draft.objects.update_or_create(
        folder=folder_of(config),
        defaults={
            "hash": draft.hash,
            "state": state,
            "because": because,
            "effect": effect.as_json() if effect else {},
            "seen_at": timezone.now(),
        },
    )


def _followed(config: Config, draft: Written) -> StrategyVersion:
    """The newest version, after the folder was looked at."""
    newest = versions.newest()
    if newest is None:
        return _put_in_force(config, draft, None, versions.FIRST, "", None)
    if not _readable(newest):
        return _put_in_force(config, draft, newest, FOLDER, "taken over: the version before cannot be read", None)
    seen = look(config)
    if newest.hash == draft.hash or draft.says_as(versions.written_of(newest)):
        if seen is None or (seen.hash, seen.state) != (draft.hash, Draft.IN_FORCE):
            note(config, draft, Draft.IN_FORCE)
        return newest
    if _is_outdated(config):
        return newest
    if seen and seen.hash == draft.hash:
        return _still_held(config, draft, newest, seen) if seen.state == Draft.HELD else newest
    return _considered(config, draft, newest)


def _is_outdated(config: Config) -> bool:
    """Whether the files were edited since they were read, by a pass that takes its time: who reads them as they
    are now looks at the edit, and an old reading must not undo it."""
    try:
        return files.load(config.folder).hash != config.hash
    except ConfigError:
        return True


def _considered(config: Config, draft: Written, newest: StrategyVersion) -> StrategyVersion:
    """An edit that is seen for the first time."""
    effect = measure(versions.policy_of(newest), effective(draft), timezone.now())
    because = "" if _coming_in(config) else why_held(config.service.changes, effect)
    if not because:
        return _put_in_force(config, draft, newest, *_by(config, draft, newest), effect)
    with writing():
        note(config, draft, Draft.HELD, because, effect)
    log.warning("edit_held", reason=because, consequence=f"version {newest.id} stays in force", remedy=REMEDY)
    return newest


def _coming_in(config: Config) -> bool:
    """Whether goals that are kept in a tracker are still being read for the first time: nothing is held then."""
    source = config.strategy.source
    streams = Stream.objects.filter(filled_at=None)
    return source is not None and streams.filter(tracker__name=source.tracker, native_id=_data_source(source)).exists()


def why_held(changes: Changes, effect: Effect, does: str = "change the links or flags of") -> str:
    """Why an edit does not take effect by itself, in words; empty if it does.

    :param does: what the edit does to the items that change
    """
    if not changes.automatic:
        return "edits wait for syncd apply (changes.automatic is false in syncd.yaml)"
    if effect.share > changes.blast_radius and effect.changed > changes.small:
        of = f"{effect.changed:,} of {effect.judged:,} items"
        allowed = f"changes.blast_radius allows {changes.blast_radius:.0%}"
        return f"it would {does} {of} ({effect.share:.0%}), and {allowed}"
    return ""


def _still_held(config: Config, draft: Written, newest: StrategyVersion, seen: Draft) -> StrategyVersion:
    """A held edit takes effect once ``changes`` allows it; it is not measured again for that."""
    effect = Effect(**{name: value for name, value in seen.effect.items() if name != "share"})
    if why_held(config.service.changes, effect):
        return newest
    return _put_in_force(config, draft, newest, *_by(config, draft, newest), effect)


def _put_in_force(
    config: Config, draft: Written, newest: StrategyVersion | None, author: str, message: str, effect: Effect | None
) -> StrategyVersion:
    """Make the version, unless somebody else made one meanwhile: then theirs is in force."""
    with writing():
        now = versions.newest()
        if now and (newest is None or now.id != newest.id):
            return now
        told = effect.as_json() if effect else {}
        demoted = records.demoted(draft.policy)
        made = versions.add(draft, author=author, message=message, effect=told, demoted=demoted)
        note(config, draft, Draft.IN_FORCE, effect=effect)
    log.info("version_in_force", version=made.id, author=author, message=message)
    return made


def _by(config: Config, draft: Written, newest: StrategyVersion) -> tuple[str, str]:
    """Author and message of an edit that takes effect by itself."""
    before = versions.written_of(newest).files
    edited = [name for name in versions.FILES if draft.files[name] != before.get(name)]
    if not edited and config.strategy.source:
        return config.strategy.source.tracker, "the pages with the goals changed"
    return FOLDER, f"{' and '.join(edited)} changed"


def _rested(version: StrategyVersion) -> StrategyVersion:
    """The same files in a version of its own, where rules lost their word or have it back."""
    says = versions.written_of(version)
    now, then = records.demoted(says.policy), frozenset(version.demoted)
    if now == then:
        return version
    with writing():
        newest = versions.newest()
        if newest is None or newest.id != version.id:
            return newest or version
        return versions.add(says, author="syncd", message=_told(now - then, then - now), demoted=now)


def _told(lost: Collection[str], back: Collection[str]) -> str:
    parts = [f"{', '.join(sorted(lost))} dropped to monitor: people do not act on it"] if lost else []
    parts += [f"{', '.join(sorted(back))} counts again"] if back else []
    return "; ".join(parts)


def _readable(version: StrategyVersion) -> bool:
    """Whether today's models still read it; an older form gives way to what the folder says."""
    try:
        versions.written_of(version)
    except OldForm as error:
        log.warning("version_unreadable", reason=str(error), consequence="the folder is in force from now on")
        return False
    return True


def _before(unmarked: list[StrategyVersion]) -> Policy | None:
    """What was in force until the one version whose reach is not marked; None where that is not one, or not known."""
    previous = versions.before(unmarked[0]) if len(unmarked) == 1 else None
    try:
        return versions.policy_of(previous) if previous else None
    except OldForm:
        return None
