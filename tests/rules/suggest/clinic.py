"""A clinic product's goals and work, small enough to reason about."""

from typing import Any

GOALS: list[dict[str, Any]] = [
    {"id": "activation", "title": "New clinics are live in a day", "why": "Set-up and onboarding need our staff"},
    {"id": "billing", "title": "Invoices are paid on time", "why": "Payment intents fail and checkout is slow"},
    {"id": "trust", "title": "Patient records stay private", "why": "Audit log, encryption and access control"},
    {"id": "mobile", "title": "Doctors work from their phone", "why": "Offline sync in the Android and iOS apps"},
]


def accepted(each: int = 12) -> list[tuple[dict[str, Any], str]]:
    """Links that no text tells: the label alone decides."""
    areas = {"activation": "area/imports", "billing": "area/ledger", "trust": "area/vault", "mobile": "area/native"}
    return [
        ({"title": f"Change number {n}", "labels": [area, "debt"]}, goal)
        for n in range(each)
        for goal, area in areas.items()
    ]
