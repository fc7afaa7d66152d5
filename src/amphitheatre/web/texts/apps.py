from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "amphitheatre.web.texts"
