from django.apps import AppConfig


class Mirrors(AppConfig):
    name = "syncd.mirrors"
    label = "mirrors"
