"""What is wrong with a condition, where, and which word was probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from reprlib import Repr

Path = tuple[str | int, ...]
"""Keys and indices from the outermost condition to the mistake: ``("any", 0, "label")``."""


class BadCondition(ValueError):
    """A condition that cannot be compiled. ``message`` says what was expected there."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(f"{spell(path)}: {message}" if path else message)
        self.path = path
        self.message = message


def spell(path: Path) -> str:
    """A path as people write it: ``any[0].label``."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).lstrip(".")


def written(value: object) -> str:
    """A value as it was written, cut short: aliases of YAML can make small files of huge values."""
    return _SHORT.repr(value)


_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxdict, _SHORT.maxtuple = 3, 4, 4, 4
_SHORT.maxstring = _SHORT.maxother = 80


def unknown(what: str, word: object, known: Iterable[str]) -> str:
    """The message for a word that is not among those allowed, with the nearest of them."""
    allowed = sorted(known)
    close = get_close_matches(str(word)[:LIKE], allowed, n=1)
    remedy = f"did you mean {close[0]!r}?" if close else f"allowed are {', '.join(allowed)}"
    return f"unknown {what} {written(word)}: {remedy}"


def listed(words: Iterable[str], joint: str = "or") -> str:
    """``a``, ``a or b``, ``a, b or c``; a long list is cut short. Empty for no words."""
    return _listed(tuple(words), joint)


@lru_cache(maxsize=4_096)
def _listed(shown: tuple[str, ...], joint: str) -> str:
    """The same few words come again and again."""
    if len(shown) < 2:
        return "".join(shown)
    if len(shown) > SHOWN:
        shown = (*shown[: SHOWN - 1], f"{len(shown) - SHOWN + 1} more")
    return f"{', '.join(shown[:-1])} {joint} {shown[-1]}"


SHOWN = 6
LIKE = 100
"""Characters by which words are compared."""
