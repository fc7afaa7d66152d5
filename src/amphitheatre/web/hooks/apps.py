from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "amphitheatre.web.hooks"
