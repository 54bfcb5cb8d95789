"""Pure judgement: values in, verdicts with reasons out.

No I/O, no clock (``now`` is an argument), no Django. ``model`` holds the nouns; the way in is
``engine.Judge``, and ``explain`` tells what came out.
"""
