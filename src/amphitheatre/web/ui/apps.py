from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "amphitheatre.web.ui"
    label = "ui"
