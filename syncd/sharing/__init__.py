"""Our side of the partner tracker: what was approved, what stands in the copy, what waits, what was disclosed."""
