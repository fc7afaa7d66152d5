from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "amphitheatre.web.studio"
    label = "studio"

    def ready(self) -> None:
        from amphitheatre.web.programme.domain.readiness import rules
        from amphitheatre.web.studio import signals
        from amphitheatre.web.studio.domain.readiness import shown_otherwise

        rules.append(shown_otherwise)
        signals.connect()
