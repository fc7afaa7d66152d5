from django.apps import AppConfig


class AllianceConfig(AppConfig):
    name = "amphitheatre.web.alliance"
