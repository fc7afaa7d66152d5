from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "amphitheatre.web.programme"
