"""Letters about what is shared: the way in for partners' people, what changed to them, and word to whoever owns the
relationship. All leave by the outbox of ``syncd/notify``."""

from syncd.sharing.letters.entrance import admit, wanted
from syncd.sharing.letters.round import prune, write

__all__ = ["admit", "prune", "wanted", "write"]
