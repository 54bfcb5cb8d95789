"""Mirrors: the partner's copy in the partner's own tools. What is there, what is to be written, what they changed.

Fed from the copy (``syncd.partners``) alone: rows know public ids and values of the copy, and nothing of the work
behind them. ``syncd/worker/mirror.py`` tells how they are written.
"""
