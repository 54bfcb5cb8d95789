"""What must hold between the entries of a file, and between the files, beyond the shape of each entry."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from config.checks import logos, mirrors, partners, rules, strategy
from config.checks.entries import unique
from config.models.partners import PartnersFile
from config.models.rules import RulesFile
from config.models.service import Service
from config.models.strategy import StrategyFile
from config.problems import Fault, KeyPath
from connectors.settings import Strict


def faults(files: Mapping[str, Strict], folder: Path) -> Iterator[tuple[str, Fault]]:
    """All that does not hold between ``files``, by name, of which each has the right shape.

    What a file says about another that is missing from ``files`` is not checked.

    :param folder: holds them, and the pictures that they name
    """
    service, goals = files.get("syncd.yaml"), files.get("strategy.yaml")
    trackers = {tracker.name: tracker.kind for tracker in service.trackers} if isinstance(service, Service) else None
    for name, file in files.items():
        match file:
            case Service():
                found = _service(file)
            case StrategyFile():
                found = strategy.faults(file, trackers)
            case RulesFile():
                found = rules.faults(file, goals if isinstance(goals, StrategyFile) else None, trackers)
            case PartnersFile():
                places = mirrors.faults(file, service) if isinstance(service, Service) else ()
                found = chain(partners.faults(file, trackers), places, logos.faults(file, folder))
            case _:
                raise AssertionError(f"no checks for {name}")
        yield from ((name, fault) for fault in found)


def _service(file: Service) -> Iterator[Fault]:
    for names in _names(file):
        yield from unique(names)


def _names(file: Service) -> Iterator[list[tuple[KeyPath, str]]]:
    """Names of ``syncd.yaml`` that must each stand once."""
    yield [(("trackers", i, "name"), tracker.name) for i, tracker in enumerate(file.trackers)]
    yield [(("notify", i, "name" if place.name else "url"), place.key) for i, place in enumerate(file.notify)]
    yield [(("webhooks", i, "name"), hook.name) for i, hook in enumerate(file.webhooks)]
