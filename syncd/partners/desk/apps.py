from django.apps import AppConfig


class Desk(AppConfig):
    name = "syncd.partners.desk"
    label = "desk"
