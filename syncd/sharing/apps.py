from django.apps import AppConfig


class Sharing(AppConfig):
    name = "syncd.sharing"
    label = "sharing"
