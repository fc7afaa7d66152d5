from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "amphitheatre.web.studio"
    label = "studio"

    def ready(self) -> None:
        from amphitheatre.web.studio import signals

        signals.connect()
