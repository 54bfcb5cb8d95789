"""The pages about items and trackers."""
