"""Speaks to trackers.

A connector is one folder with fixed file names:

* ``settings.py``: what an operator writes about such a tracker, validated;
* ``client.py``: authenticated endpoints over the vendor's own library, dicts out;
* ``parse.py``: pure functions from those dicts to :class:`connectors.item.Item`;
* ``connector.py``: the connector itself, which fulfils :class:`connectors.base.Connector`.

Nothing in here knows Django, the database or the rules.
"""
