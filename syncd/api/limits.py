"""How much one token, or one person in person, may ask.

Counted in the memory of each process, by the minute: two web processes let through twice as much, and a restart forgets.
It keeps a script that has gone wild from taking all the room, nothing more.
"""

import time

from django.core.cache import cache

from syncd.api.problems import Problem

PER_MINUTE = 600


def spend(who: str) -> None:
    """:raises Problem: it was too much for this minute (429)"""
    minute, second = divmod(int(time.time()), 60)
    key = f"api:{who}:{minute}"
    cache.add(key, 0, timeout=120)
    try:
        asked = cache.incr(key)
    except ValueError:  # there was no room for it in the cache: then there were not many
        return
    if asked > PER_MINUTE:
        wait = 60 - second
        raise Problem(429, f"{PER_MINUTE} requests a minute are enough: wait {wait} s.", {"Retry-After": str(wait)})
