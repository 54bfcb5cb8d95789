"""Loopback trackers that speak the real HTTP APIs: the demo's world and the tests' main double."""
