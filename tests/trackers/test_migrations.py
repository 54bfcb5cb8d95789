"""What the models say is what a store is brought up to."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_no_model_differs_from_its_migrations():
    written = MigrationLoader(None)
    detector = MigrationAutodetector(written.project_state(), ProjectState.from_apps(apps))
    assert detector.changes(written.graph) == {}
