from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "amphitheatre.web.office"
    label = "office"
