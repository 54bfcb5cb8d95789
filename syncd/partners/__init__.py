"""The outside: what partners see, and nothing but the copy that was made for them.

``models`` is the copy, written by the worker and read here; ``desk`` is what partners write. Nothing in this room
refers to anything inside, and none of its code can reach it: ``side`` answers for ``/p/`` with middleware, addresses
and a database connection of its own.
"""
