"""Sharing with outside parties: what a partner sees of an item, and why.

Pure, and by allow-list: what no agreement names is never shown. ``projection.share`` is the way in.
"""
