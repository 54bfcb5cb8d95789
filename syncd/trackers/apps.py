from django.apps import AppConfig


class TrackersConfig(AppConfig):
    name = "syncd.trackers"
