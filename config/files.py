"""Reads the folder that an operator writes. All mistakes are told at once, and before any network call.

The folder is, in this order: the one asked for (``--config DIR``), ``$SYNCD_CONFIG``, ``./config`` where
that holds a ``syncd.yaml``, ``/etc/syncd``. Only ``syncd.yaml`` must be there.
"""

import difflib
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pydantic import ValidationError
from pydantic_core import to_json

from config import checks, yaml
from config.agreements import agreements, inside
from config.models.partners import PartnersFile
from config.models.rules import RulesFile
from config.models.service import Service
from config.models.strategy import StrategyFile
from config.policy import policy
from config.problems import ConfigError, Fault, KeyPath, Problem, dotted
from config.schema import FILES
from config.sentences import faults
from connectors.settings import Secret, SecretMissing, Strict
from rules.model import Policy
from rules.model.partners import Agreement, Inside

SYSTEM_FOLDER = Path("/etc/syncd")


@dataclass(frozen=True)
class Config:
    """Everything an operator has set. ``hash`` changes with the meaning of the files, not with comments."""

    folder: Path
    service: Service
    strategy: StrategyFile
    rules: RulesFile
    partners: PartnersFile
    hash: str
    documents: Mapping[str, yaml.Document] = field(repr=False, compare=False)
    """The files as written, by name, to tell the line of a value."""

    def policy(self) -> Policy:
        """Strategy and rules as judgement works with them."""
        return policy(self.strategy, self.rules)

    def agreements(self) -> tuple[Agreement, ...]:
        """The agreements with partners as sharing works with them."""
        return agreements(self.partners)

    def inside(self, partner: str, people: Iterable[str] = ()) -> Inside:
        """What text shared with a partner must not name; ``people`` are all whom the trackers know."""
        return inside(self.service, self.partners, partner, people)

    def check_secrets(self) -> list[Problem]:
        """Every secret that is referred to and cannot be read, or cannot be sent as it is, with its line."""
        problems = []
        for name, file in (("syncd.yaml", self.service), ("partners.yaml", self.partners)):
            for path, secret in _secrets(file, ()):
                if what := _wrong(path, secret):
                    problems.append(_problem(name, self.documents[name], Fault(path, what)))
        return problems

    def advice(self) -> list[Problem]:
        """What is allowed and yet unwise."""
        document = self.documents["rules.yaml"]
        return [_problem("rules.yaml", document, fault) for fault in self._untried()]

    def _untried(self) -> Iterator[Fault]:
        for index, rule in enumerate(self.rules.rules):
            if rule.mode == "enforce" and not (rule.examples.match and rule.examples.nomatch):
                what = f"the rule {rule.id} is enforced without examples"
                yield Fault(("rules", index, "id"), what, "add match and nomatch")


def load(folder: Path | None = None) -> Config:
    """The configuration in ``folder``, or in the first of the usual places.

    :raises ConfigError: with all mistakes that were found
    """
    folder = find(folder)
    return _load(folder, {name: _document(folder / name) for name in FILES})


def load_draft(folder: Path, config: Config) -> Config:
    """A draft beside a configuration: files that its folder does not hold are the configuration's own.

    :raises ConfigError: with all mistakes that were found, or because there is none of the files
    """
    there = [name for name in FILES if (folder / name).is_file()]
    if not there:
        raise ConfigError(folder, [Problem(str(folder), 0, 0, "", f"holds no draft: none of {', '.join(FILES)}")])
    drafted = {name: _document(folder / name) for name in there}
    return _load(folder, {name: drafted.get(name) or config.documents[name] for name in FILES})


def _load(folder: Path, documents: Mapping[str, yaml.Document]) -> Config:
    problems = list(_strangers(folder, documents))
    files: dict[str, Strict] = {}
    for name, document in documents.items():
        problems += [Problem(name, *flaw.mark, "", flaw.message, flaw.hint) for flaw in document.flaws]
        try:
            if document.root:
                files[name] = _shaped(name, document)
        except ValidationError as error:
            problems += [_problem(name, document, fault) for fault in faults(error, name, document.value)]
    problems += [_problem(name, documents[name], fault) for name, fault in checks.faults(files, folder)]
    if problems:
        raise ConfigError(folder, sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column)))
    return _config(folder, documents, files)


def find(folder: Path | None = None) -> Path:
    """The folder that holds ``syncd.yaml``.

    :raises ConfigError: it is in none of the usual places, or not in the one asked for
    """
    asked = folder or (Path(named) if (named := os.environ.get("SYNCD_CONFIG")) else None)
    places = [asked] if asked else [Path("config"), SYSTEM_FOLDER]
    for place in places:
        if (place / "syncd.yaml").is_file():
            return place
    looked = " and in ".join(map(str, places))
    if asked and asked.is_file():
        remedy = "that is a file: name its folder"
    elif misnamed := next((place / "syncd.yml" for place in places if (place / "syncd.yml").is_file()), None):
        remedy = f"rename {misnamed} to syncd.yaml"
    else:
        remedy = "name its folder with --config or SYNCD_CONFIG"
    raise ConfigError(asked, [Problem("syncd.yaml", 0, 0, "", f"looked for in {looked}, and not there", remedy)])


def _document(path: Path) -> yaml.Document:
    """A file that is not there is an empty one: only ``syncd.yaml`` has keys that must be written."""
    try:
        return yaml.read(path.read_bytes())
    except FileNotFoundError:
        if path.is_symlink():  # else a link that broke would read like a strategy that was given up
            return _unread(f"is a link to {path.readlink()}, which is not there", "mend or remove the link")
        return yaml.read(b"")
    except OSError as error:
        return _unread(f"cannot be read: {error.strerror}", "check the owner and mode of the file")


def _unread(message: str, hint: str) -> yaml.Document:
    return yaml.Document(None, None, (yaml.Flaw(yaml.Mark(0, 0), message, hint),))


def _strangers(folder: Path, documents: Mapping[str, yaml.Document]) -> Iterator[Problem]:
    """Files that were probably meant to be one of ours, and would be passed over in silence."""
    missing = [name for name in documents if not (folder / name).exists()]
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        meant = difflib.get_close_matches(path.name, missing, n=1, cutoff=0.85)
        if path.name not in documents and meant:
            yield Problem(path.name, 0, 0, "", "not a file that syncd reads", f'did you mean "{meant[0]}"?')


def _shaped(name: str, document: yaml.Document) -> Strict:
    """The file by its model; as JSON, so that what passes is what the published schema says."""
    value = {} if document.value is None else document.value
    return FILES[name].model_validate_json(to_json(value), strict=True)


def _problem(file: str, document: yaml.Document, fault: Fault) -> Problem:
    mark = document.mark(fault.path, at_key=fault.at_key)
    return Problem(file, *mark, dotted(fault.path), fault.message, fault.hint)


def _config(folder: Path, documents: Mapping[str, yaml.Document], files: Mapping[str, Strict]) -> Config:
    meaning = b"\n".join(file.model_dump_json().encode() for file in files.values())
    return Config(
        folder=folder,
        service=cast("Service", files["syncd.yaml"]),
        strategy=cast("StrategyFile", files["strategy.yaml"]),
        rules=cast("RulesFile", files["rules.yaml"]),
        partners=cast("PartnersFile", files["partners.yaml"]),
        hash=hashlib.sha256(meaning).hexdigest(),
        documents=documents,
    )


def _wrong(path: KeyPath, secret: Secret) -> str:
    """What is wrong with a secret, without a letter of it; empty where nothing is."""
    try:
        value = secret.reveal()
    except SecretMissing as error:
        return str(error)
    if path[-1] != "private_key" and not value.isprintable():  # a key in PEM has lines
        return f"the secret in {secret.env or secret.file} holds a line break or another control character: write it in one line"
    return ""


def _secrets(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, Secret]]:
    """Every reference to a secret below ``value``, with its path."""
    if isinstance(value, Secret):
        yield path, value
    elif isinstance(value, Strict):
        for name, entry in value:
            yield from _secrets(entry, (*path, name))
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            yield from _secrets(entry, (*path, index))
