"""From the store to the partners' copies: see ``story``."""

from syncd.worker.publish.story import publish

__all__ = ["publish"]
