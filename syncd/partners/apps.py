from django.apps import AppConfig


class Partners(AppConfig):
    name = "syncd.partners"
    label = "partners"

    def ready(self) -> None:
        from syncd.partners import databases  # noqa: PLC0415 - models are not there before

        databases.watch()
