"""How much is measured."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Scale:
    """``items`` in each tracker; ``sizes`` for the growth of memory, ``stores`` for that of pages; of ``rounds`` the
    median counts."""

    items: int
    sizes: tuple[int, ...] = (1_000, 10_000, 50_000)
    stores: tuple[int, ...] = (1_000, 100_000)
    rounds: int = 3
    latency_ms: int = 100

    @classmethod
    def quick(cls, items: int) -> Self:
        return cls(items, sizes=(items,), stores=(items,), rounds=1, latency_ms=20)
