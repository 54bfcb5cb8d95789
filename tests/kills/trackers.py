"""Trackers in a process of their own, which survives the passes that are killed. They give ten rows at once however
many are asked for, so that a few items are several pages. Run as ``python -m tests.kills.trackers DIR``."""

import sys
from pathlib import Path

from syncd.sandbox.world import build, write_config
from tests.contract.worlds import asking_for_less

ITEMS, PORTION = 25, 10
"""Three pages a stream."""


def main() -> None:
    with build(items=ITEMS) as trackers:
        for service in trackers.services.values():
            answer = service.handle
            service.handle = lambda request, answer=answer: answer(asking_for_less(request, PORTION))  # type: ignore[method-assign]
        write_config(trackers, Path(sys.argv[1]), items=ITEMS)
        print(trackers.url, flush=True)
        sys.stdin.read()  # until nobody is there any more


if __name__ == "__main__":
    main()
