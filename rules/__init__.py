"""Pure judgement: values in, verdicts with reasons out.

No I/O, no clock (``now`` is an argument), no Django. ``model.py`` holds the nouns; ``engine.judge``
is the way in.
"""
