"""``syncd explain ITEM``: why an item is tied to its goals, or is not."""
